//! Removal of secrets from texts.

mod decoded;
mod fields;
mod pattern;
mod pieces;

use std::ops::Range;

pub use alicloud_wire::Secret;
pub(crate) use alicloud_wire::sensitive::REDACTED;
use http::{HeaderMap, HeaderValue};

use self::decoded::{CompactText, DecodedText, MAX_LEVELS};
pub(crate) use self::fields::{names_credentials, without_secret_fields};
use self::pattern::Pattern;
use self::pieces::PieceIndex;

/// Maximum number of patterns from which a further secret is only searched as it is, which bounds the time
/// of a search.
const MAX_PATTERNS: usize = 4_096;

/// Length in bytes from which a secret is also removed if whitespace interrupts it. A shorter one could be in the
/// words of a sentence.
const MIN_INTERRUPTED_LENGTH: usize = 8;

/// A redactor that removes known secrets from texts of the service, such as the string to sign that a signature
/// error quotes.
///
/// It decodes the text level by level (percent-encoding, escapes of JSON, and entities of XML and HTML, in
/// any mixture), searches each level, and replaces what the found secrets consist of in the text itself.
/// Invisible characters between the characters of a secret are ignored, because the text is shown
/// without them. In a long secret, whitespace and `U+FFFD` are ignored, too, and its pieces are removed.
#[derive(Default)]
pub(crate) struct Redactor {
    /// The patterns that start with each byte. Empty without patterns.
    by_first_byte: Vec<Vec<Pattern>>,
    count: usize,
    pieces: PieceIndex,
    searches_names: bool,
}

impl Redactor {
    /// Creates a redactor for what a source of credentials says, which can contain credentials that nobody knows
    /// yet. It also removes what follows the name of a secret.
    pub(crate) fn for_credentials() -> Redactor {
        Redactor { searches_names: true, ..Redactor::default() }
    }

    /// Adds a secret: as it is, in base64 and in hexadecimal.
    pub(crate) fn add(&mut self, secret: &str) {
        self.by_first_byte.resize_with(256, Vec::new);
        let is_complete = self.count < MAX_PATTERNS;
        let pem_data = pem_data(secret);
        for pattern in pem_data.iter().flat_map(|data| Pattern::all_of(data, is_complete)) {
            self.pieces.add(pattern.bytes());
        }
        let has_pieces = pem_data.is_none() && secret.len() >= MIN_INTERRUPTED_LENGTH;
        for pattern in Pattern::all_of(secret, is_complete) {
            let first = pattern.bytes().first().copied().unwrap_or_default();
            let Some(list) = self.by_first_byte.get_mut(usize::from(first)) else { continue };
            if list.iter().all(|known| known.bytes() != pattern.bytes()) {
                if has_pieces && !pattern.is_word_of_letters() {
                    self.pieces.add(pattern.bytes());
                }
                list.push(pattern);
                self.count += 1;
            }
        }
    }

    /// Returns the text without the secrets.
    pub(crate) fn redact(&self, text: &str) -> String {
        self.replace(text.as_bytes(), text.len(), false)
            .map_or_else(|| text.to_owned(), |text| String::from_utf8_lossy(&text).into_owned())
    }

    /// Returns an error code without the secrets. A short secret of letters only is not searched inside: a code
    /// such as `InvalidPassword` contains the password `Password`, and decides about retries.
    pub(crate) fn redact_code(&self, code: &str) -> String {
        self.replace(code.as_bytes(), code.len(), true)
            .map_or_else(|| code.to_owned(), |code| String::from_utf8_lossy(&code).into_owned())
    }

    /// Returns the first `max_len` bytes without the secrets, or `None` if they contain none of them. What
    /// follows is read too, so that no start of a secret is left.
    pub(crate) fn redact_bytes(&self, bytes: &[u8], max_len: usize) -> Option<Vec<u8>> {
        self.replace(bytes, max_len, false)
    }

    /// Returns headers without the secrets in their values.
    pub(crate) fn redact_headers(&self, headers: &HeaderMap) -> HeaderMap {
        let mut headers = headers.clone();
        for value in headers.values_mut() {
            if let Some(redacted) = self.redact_bytes(value.as_bytes(), value.len()) {
                *value = HeaderValue::from_bytes(&redacted)
                    .unwrap_or(HeaderValue::from_static(REDACTED));
            }
        }
        headers
    }

    fn replace(&self, bytes: &[u8], max_len: usize, is_code: bool) -> Option<Vec<u8>> {
        if self.count == 0 && !self.searches_names {
            return None;
        }
        let mut found = Vec::new();
        let mut text = DecodedText::new(bytes);
        for _ in 0..=MAX_LEVELS {
            self.search(&text, is_code, &mut found);
            self.search_pieces(&text, &mut found);
            if self.searches_names {
                let is_blank = |position| {
                    let source = bytes.get(text.source(position..position + 1));
                    source.is_some_and(|source| source.trim_ascii().is_empty())
                };
                let values = fields::named_values(text.bytes(), is_blank);
                found.extend(values.into_iter().map(|value| text.source(value)));
            }
            match text.decode() {
                Some(decoded) => text = decoded,
                None => break,
            }
        }
        found.sort_by_key(|range| (range.start, std::cmp::Reverse(range.end)));
        let mut out: Option<Vec<u8>> = None;
        let mut copied = 0;
        for range in found.into_iter().filter(|range| range.start < max_len) {
            if range.start >= copied {
                let out = out.get_or_insert_default();
                out.extend_from_slice(bytes.get(copied..range.start).unwrap_or_default());
                out.extend_from_slice(REDACTED.as_bytes());
            }
            copied = copied.max(range.end);
        }
        let mut out = out?;
        out.extend_from_slice(bytes.get(copied..max_len).unwrap_or_default());
        Some(out)
    }

    /// Adds the ranges of the secrets in a text: the longest one at each position.
    fn search(&self, text: &DecodedText, is_code: bool, found: &mut Vec<Range<usize>>) {
        let mut position = 0;
        while let Some(first) = text.bytes().get(position) {
            let candidates = self.by_first_byte.get(usize::from(*first)).into_iter().flatten();
            let is_searched = |pattern: &&Pattern| {
                !is_code || !pattern.is_word_of_letters() || pattern.bytes() == text.bytes()
            };
            let ranges = candidates
                .filter(is_searched)
                .filter_map(|pattern| pattern.find_at(text.bytes(), position));
            match ranges.max_by_key(|range| range.end) {
                Some(range) => {
                    position = range.end;
                    found.push(text.source(range));
                }
                None => position += 1,
            }
        }
    }

    /// Adds the ranges of the pieces of long secrets in a text. A piece that is a word, such as `AccessKeySecret` or
    /// `InvalidParameter`, is none: an error code decides about retries, and the name of a field about its value.
    fn search_pieces(&self, text: &DecodedText, found: &mut Vec<Range<usize>>) {
        const MAX_WORD_LENGTH: usize = 32;
        let compact = CompactText::new(text.bytes());
        let mut pieces = Vec::new();
        self.pieces.search(&compact, &mut pieces);
        let is_word = |range: &Range<usize>| {
            let piece = text.bytes().get(range.clone()).unwrap_or_default();
            let is_part = |byte: &u8| byte.is_ascii_alphabetic() || *byte == b'.';
            piece.len() <= MAX_WORD_LENGTH && piece.iter().all(is_part)
        };
        let pieces = pieces.into_iter().map(|piece| compact.original(piece));
        found.extend(pieces.filter(|piece| !is_word(piece)).map(|piece| text.source(piece)));
    }
}

/// Returns the data of a text in PEM format, without the lines around it, which are in every key.
fn pem_data(secret: &str) -> Option<&str> {
    let (_, data) = secret.trim_start().strip_prefix("-----BEGIN ")?.split_once("-----")?;
    Some(data.split_once("-----END ").map_or(data, |(data, _)| data))
}

/// Returns a text that is shown with `<redacted>` where it contains the percent-encoded form.
pub(crate) fn with_plain_placeholder(text: &str) -> String {
    let encoded = alicloud_wire::percent_encode(REDACTED);
    let double_encoded = alicloud_wire::percent_encode(&encoded);
    text.replace(double_encoded.as_ref(), REDACTED).replace(encoded.as_ref(), REDACTED)
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
        assert_eq!(redactor.redact_bytes(b"\xfftok+/==", 8), Some(b"\xff<redacted>".to_vec()));
        assert_eq!(redactor.redact_bytes(b"\xff", 1), None);
    }

    #[test]
    fn redacts_hexadecimal() {
        let mut redactor = Redactor::default();
        redactor.add("tok+/==");
        for text in ["746f6b2b2f3d3d", "746F6B2B2F3D3D"] {
            assert_eq!(redactor.redact(&format!("a {text} b")), "a <redacted> b");
        }
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
}
