//! Removal of secrets from texts.

use zeroize::Zeroizing;

pub use alicloud_wire::Secret;
pub(crate) use alicloud_wire::sensitive::REDACTED;

/// A redactor that removes known secrets from texts of the service, such as the string to sign that a signature
/// error quotes.
#[derive(Default)]
pub(crate) struct Redactor(Vec<Zeroizing<String>>);

impl Redactor {
    /// Adds a secret in every form in which a text can contain it: plain, percent-encoded, and
    /// percent-encoded twice as in an HMAC-SHA1 string to sign.
    pub(crate) fn add(&mut self, secret: &str) {
        // Shorter texts are not secrets, and removing them would garble the rest of the text.
        if secret.len() < 6 {
            return;
        }
        let encoded = alicloud_wire::percent_encode(secret);
        let double_encoded = alicloud_wire::percent_encode(&encoded);
        // The longest form first: a shorter one may overlap with it.
        for form in [double_encoded.as_ref(), encoded.as_ref(), secret] {
            if !self.0.iter().any(|known| known.as_str() == form) {
                self.0.push(Zeroizing::new(form.to_owned()));
            }
        }
    }

    /// Returns the text without the secrets.
    pub(crate) fn redact(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for secret in &self.0 {
            if text.contains(secret.as_str()) {
                text = text.replace(secret.as_str(), REDACTED);
            }
        }
        text
    }

    /// Returns the bytes without the secrets, or `None` if they contain none of them, so that bytes
    /// that are not UTF-8 can stay unchanged.
    pub(crate) fn redact_bytes(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        let is_contained = |secret: &Zeroizing<String>| {
            bytes.windows(secret.len()).any(|window| window == secret.as_bytes())
        };
        self.0
            .iter()
            .any(is_contained)
            .then(|| self.redact(&String::from_utf8_lossy(bytes)).into_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redacts_plain_and_encoded_forms() {
        let mut redactor = Redactor::default();
        redactor.add("tok+/==");
        for text in ["tok+/==", "tok%2B%2F%3D%3D", "tok%252B%252F%253D%253D"] {
            assert_eq!(redactor.redact(&format!("a {text} b")), "a <redacted> b");
        }
        assert_eq!(redactor.redact_bytes(b"\xfftok+/=="), Some("\u{fffd}<redacted>".into()));
        assert_eq!(redactor.redact_bytes(b"\xff"), None);
    }
}
