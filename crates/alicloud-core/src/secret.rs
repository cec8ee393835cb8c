//! Removal of secrets from texts.

mod spellings;

use self::spellings::spellings;
pub use alicloud_wire::Secret;
pub(crate) use alicloud_wire::sensitive::REDACTED;
use alicloud_wire::sensitive::is_secret_field;

/// Length in bytes from which a secret is removed wherever it occurs. A shorter one is only removed as a
/// whole word: `a` does not occur in `name`.
const MIN_LENGTH_ANYWHERE: usize = 6;

/// Number of spellings from which a further secret has few, which bounds the time of a search.
const MAX_SPELLINGS: usize = 4_096;

/// A redactor that removes known secrets from texts of the service, such as the string to sign that a signature
/// error quotes.
#[derive(Default)]
pub(crate) struct Redactor(Vec<Spelling>);

/// A form in which a text can contain a secret.
struct Spelling {
    text: Secret,
    /// Whether the text must not follow a letter or digit.
    starts_word: bool,
    /// Whether no letter or digit must follow the text.
    ends_word: bool,
    /// Whether the secret consists of letters only.
    is_letters: bool,
}

impl Redactor {
    /// Adds a secret in the forms in which a text can contain it: plain, percent-encoded once or twice as
    /// in an HMAC-SHA1 string to sign, escaped for JSON or XML, and combinations.
    pub(crate) fn add(&mut self, secret: &str) {
        let is_word = secret.len() < MIN_LENGTH_ANYWHERE;
        if secret.trim().is_empty() || secret.len() == 1 && !is_alphanumeric(secret.chars().next())
        {
            return;
        }
        if self.0.iter().any(|known| known.text.expose() == secret) {
            return;
        }
        let is_letters = secret.bytes().all(|byte| byte.is_ascii_alphabetic());
        let (starts_word, ends_word) = (
            is_word && is_alphanumeric(secret.chars().next()),
            is_word && is_alphanumeric(secret.chars().next_back()),
        );
        let max_count = MAX_SPELLINGS.saturating_sub(self.0.len());
        for text in spellings(secret, max_count) {
            self.0.push(Spelling { text, starts_word, ends_word, is_letters });
        }
    }

    /// Returns the text without the secrets.
    pub(crate) fn redact(&self, text: &str) -> String {
        self.replace(text.as_bytes(), |_| true)
            .map_or_else(|| text.to_owned(), |text| String::from_utf8_lossy(&text).into_owned())
    }

    /// Returns an error code without the secrets. A secret of letters only is not searched: a code such as
    /// `InvalidPassword` contains the password `Password`, and decides about retries.
    pub(crate) fn redact_code(&self, code: &str) -> String {
        self.replace(code.as_bytes(), |spelling| !spelling.is_letters)
            .map_or_else(|| code.to_owned(), |code| String::from_utf8_lossy(&code).into_owned())
    }

    /// Returns the bytes without the secrets, or `None` if they contain none of them.
    pub(crate) fn redact_bytes(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        self.replace(bytes, |_| true)
    }

    /// Replaces the longest secret at each position.
    fn replace(&self, bytes: &[u8], is_searched: impl Fn(&Spelling) -> bool) -> Option<Vec<u8>> {
        let mut by_first_byte = vec![Vec::new(); 256];
        for spelling in self.0.iter().filter(|spelling| is_searched(spelling)) {
            if let Some(first) = spelling.text.expose().as_bytes().first()
                && let Some(list) = by_first_byte.get_mut(usize::from(*first))
            {
                list.push(spelling);
            }
        }
        by_first_byte.iter_mut().for_each(|list| {
            list.sort_by_key(|spelling| std::cmp::Reverse(spelling.text.expose().len()));
        });
        let mut out: Option<Vec<u8>> = None;
        let (mut position, mut copied) = (0, 0);
        while let Some(byte) = bytes.get(position) {
            let candidates = by_first_byte.get(usize::from(*byte)).into_iter().flatten();
            let found = candidates.into_iter().find(|spelling| spelling.is_at(bytes, position));
            let Some(found) = found else {
                position += 1;
                continue;
            };
            let out = out.get_or_insert_default();
            out.extend_from_slice(bytes.get(copied..position).unwrap_or_default());
            out.extend_from_slice(REDACTED.as_bytes());
            position += found.text.expose().len();
            copied = position;
        }
        let mut out = out?;
        out.extend_from_slice(bytes.get(copied..).unwrap_or_default());
        Some(out)
    }
}

impl Spelling {
    fn is_at(&self, bytes: &[u8], position: usize) -> bool {
        let (before, rest) = bytes.split_at_checked(position).unwrap_or((bytes, &[]));
        let Some(after) = rest.strip_prefix(self.text.expose().as_bytes()) else { return false };
        (!self.starts_word || is_word_boundary(before))
            && !(self.ends_word && after.first().is_some_and(u8::is_ascii_alphanumeric))
    }
}

fn is_alphanumeric(character: Option<char>) -> bool {
    character.is_some_and(|character| character.is_ascii_alphanumeric())
}

/// Returns whether a word can start after these bytes: after no letter or digit, except one of an escape
/// sequence, such as `%3D`, `\n` or `\u003d`.
fn is_word_boundary(before: &[u8]) -> bool {
    let ends_with_escape = |start: &[u8], digits: usize| {
        let split = before.len().checked_sub(digits).and_then(|at| before.split_at_checked(at));
        split.is_some_and(|(head, tail)| {
            head.ends_with(start) && tail.iter().all(u8::is_ascii_hexdigit)
        })
    };
    !before.last().is_some_and(u8::is_ascii_alphanumeric)
        || ends_with_escape(b"%", 2)
        || ends_with_escape(b"%25", 2)
        || ends_with_escape(b"\\u", 4)
        || [&b"\\n"[..], b"\\r", b"\\t"].iter().any(|escape| before.ends_with(escape))
}

/// Returns a text that is shown with `<redacted>` where it contains the percent-encoded form.
pub(crate) fn with_plain_placeholder(text: &str) -> String {
    let encoded = alicloud_wire::percent_encode(REDACTED);
    let double_encoded = alicloud_wire::percent_encode(&encoded);
    text.replace(double_encoded.as_ref(), REDACTED).replace(encoded.as_ref(), REDACTED)
}

/// Returns a JSON or XML text without the values of fields whose names are those of secrets, also if it is
/// truncated or malformed. `None` if there are no such fields.
pub(crate) fn without_secret_fields(text: &str) -> Option<String> {
    let mut out: Option<String> = None;
    let (mut position, mut copied) = (0, 0);
    while let Some(value) = next_secret_value(text, &mut position) {
        let out = out.get_or_insert_default();
        out.push_str(text.get(copied..value.start).unwrap_or_default());
        out.push_str(REDACTED);
        (position, copied) = (value.end, value.end);
    }
    let mut out = out?;
    out.push_str(text.get(copied..).unwrap_or_default());
    Some(out)
}

/// Returns the place of the next value of a field whose name is that of a secret.
fn next_secret_value(text: &str, position: &mut usize) -> Option<std::ops::Range<usize>> {
    loop {
        let rest = text.get(*position..)?;
        let start = *position + rest.find(['"', '<'])?;
        let rest = text.get(start + 1..)?;
        *position = start + 1;
        let is_json = text.as_bytes().get(start) == Some(&b'"');
        let name_length = if is_json { string_length(rest) } else { rest.find('>') };
        let Some(name) = name_length.and_then(|length| rest.get(..length)) else { continue };
        let after = rest.get(name.len() + 1..).unwrap_or_default();
        let value = match is_json {
            // Otherwise the quote can be the end of a string.
            true => after.trim_start().strip_prefix(':').map(str::trim_start),
            false => Some(after),
        };
        let Some(value) = value.filter(|_| is_secret_field(name)) else { continue };
        let value_start = text.len() - value.len();
        let range = match value.strip_prefix('"').filter(|_| is_json) {
            Some(string) => {
                value_start + 1..value_start + 1 + string_length(string).unwrap_or(string.len())
            }
            None if is_json => {
                let is_number = value.starts_with(|first: char| first.is_ascii_digit());
                let end = value.find([',', '}', ']']).unwrap_or(value.len());
                value_start..value_start + if is_number { end } else { 0 }
            }
            None => value_start..value_start + value.find('<').unwrap_or(value.len()),
        };
        if !range.is_empty() {
            return Some(range);
        }
    }
}

/// Returns the length of a JSON string without its quotes, if it is complete.
fn string_length(text: &str) -> Option<usize> {
    let mut is_escaped = false;
    text.bytes().position(|byte| {
        let is_end = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        is_end
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redacts_plain_and_encoded_forms() {
        let mut redactor = Redactor::default();
        redactor.add("tok+/==");
        for text in ["tok+/==", "tok%2B%2F%3D%3D", "tok%252B%252F%253D%253D", r"tok+\/=="] {
            assert_eq!(redactor.redact(&format!("a {text} b")), "a <redacted> b");
        }
        assert_eq!(redactor.redact_bytes(b"\xfftok+/=="), Some(b"\xff<redacted>".to_vec()));
        assert_eq!(redactor.redact_bytes(b"\xff"), None);
    }

    #[test]
    fn redacts_a_short_secret_as_a_word_only() {
        let mut redactor = Redactor::default();
        redactor.add("abc");
        for (text, expected) in [
            ("abcd xabc", "abcd xabc"),
            ("Password=abc&B=1", "Password=<redacted>&B=1"),
            ("Password%3Dabc%26B%3D1", "Password%3D<redacted>%26B%3D1"),
            ("Password%253Dabc%2526B", "Password%253D<redacted>%2526B"),
            (r#"{\"Password\":\"abc\"}"#, r#"{\"Password\":\"<redacted>\"}"#),
            (r"a\nabc\n", r"a\n<redacted>\n"),
            ("abc", "<redacted>"),
        ] {
            assert_eq!(redactor.redact(text), expected);
        }
    }

    #[test]
    fn redacts_fields_by_name() {
        for (text, expected) in [
            (
                r#"{"Id": "a", "AccessKeySecret" : "x\"y", "B": 1"#,
                r#"{"Id": "a", "AccessKeySecret" : "<redacted>", "B": 1"#,
            ),
            (r#"{"Password":"cut o"#, r#"{"Password":"<redacted>"#),
            (r#"{"Password":1234}"#, r#"{"Password":<redacted>}"#),
            ("<A><SecurityToken>x</SecurityToken>", "<A><SecurityToken><redacted></SecurityToken>"),
        ] {
            assert_eq!(without_secret_fields(text).as_deref(), Some(expected));
        }
        for text in [r#"{"PasswordInherit":"a","Password":null}"#, "\"", "<", "", "Password: a"] {
            assert_eq!(without_secret_fields(text), None, "{text}");
        }
    }
}
