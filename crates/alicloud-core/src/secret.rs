//! Text that must never be shown.

use std::fmt;
use std::sync::Arc;

use zeroize::Zeroizing;

/// A secret: an access key secret, a security token.
///
/// It is wiped when its last clone is dropped, and neither `Debug` nor `Display` shows it. Reading it
/// takes a deliberate [`expose`](Secret::expose).
///
/// ```
/// use alicloud_core::Secret;
///
/// let secret = Secret::new("s3cr3t");
/// assert_eq!(format!("{secret} {secret:?}"), "<redacted> <redacted>");
/// assert_eq!(secret.expose(), "s3cr3t");
/// ```
#[derive(Clone)]
pub struct Secret(Arc<Zeroizing<String>>);

impl Secret {
    /// Takes a text into custody. Give the `String` itself where you have one: a `&str` leaves your
    /// own copy behind.
    pub fn new(text: impl Into<String>) -> Self {
        Secret(Arc::new(Zeroizing::new(text.into())))
    }

    /// The text itself.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Secret::new(text)
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Secret::new(text)
    }
}

/// What stands where a secret was.
pub(crate) const REDACTED: &str = "<redacted>";

/// Takes known secrets out of texts that others wrote, such as the service's own string to sign in
/// the message of a signature error.
#[derive(Default)]
pub(crate) struct Redactor(Vec<Zeroizing<String>>);

impl Redactor {
    /// Remembers a secret in the spellings in which it can stand in a text: as it is, escaped, and
    /// escaped twice as inside an HMAC-SHA1 string to sign.
    pub(crate) fn add(&mut self, secret: &str) {
        // A text this short is no secret, and taking it out would make nonsense of the rest.
        if secret.len() < 6 {
            return;
        }
        let once = alicloud_wire::percent_encode(secret);
        let twice = alicloud_wire::percent_encode(&once);
        // The longest spelling first: it contains no shorter one, but may overlap with it.
        for spelling in [twice.as_ref(), once.as_ref(), secret] {
            if !self.0.iter().any(|known| known.as_str() == spelling) {
                self.0.push(Zeroizing::new(spelling.to_owned()));
            }
        }
    }

    /// The text without the secrets.
    pub(crate) fn redact(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for needle in &self.0 {
            if text.contains(needle.as_str()) {
                text = text.replace(needle.as_str(), REDACTED);
            }
        }
        text
    }

    /// The bytes without the secrets; bytes that are not text stay as they are when none of the
    /// secrets stands in them.
    pub(crate) fn redact_bytes(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        let holds = |needle: &Zeroizing<String>| {
            bytes.windows(needle.len()).any(|window| window == needle.as_bytes())
        };
        self.0.iter().any(holds).then(|| self.redact(&String::from_utf8_lossy(bytes)).into_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_each_spelling() {
        let mut redactor = Redactor::default();
        redactor.add("tok+/==");
        for text in ["tok+/==", "tok%2B%2F%3D%3D", "tok%252B%252F%253D%253D"] {
            assert_eq!(redactor.redact(&format!("a {text} b")), "a <redacted> b");
        }
        assert_eq!(redactor.redact_bytes(b"\xfftok+/=="), Some("\u{fffd}<redacted>".into()));
        assert_eq!(redactor.redact_bytes(b"\xff"), None);
    }
}
