//! The data that is kept about a request after it was sent.

use bytes::Bytes;
use http::{HeaderName, Request};

use crate::assemble::SignedRequest;
use crate::credentials::Credentials;
use crate::header;
use crate::secret::{REDACTED, Redactor, Secret};

/// The secrets of a sent request, which must be redacted from its response, and the signed texts.
pub(crate) struct SentRequest {
    credentials: Option<Credentials>,
    signature: Option<String>,
    secret_headers: Vec<(HeaderName, Secret)>,
    pub(crate) string_to_sign: Option<String>,
    pub(crate) canonical_request: Option<String>,
}

impl SentRequest {
    /// Splits a signed request into the HTTP request and what must be kept of it.
    pub(super) fn split(
        signed: SignedRequest,
        credentials: Option<Credentials>,
    ) -> (Request<Bytes>, SentRequest) {
        let SignedRequest { request, canonical_request, string_to_sign, signature } = signed;
        let secret_headers = header::secrets(request.headers());
        let sent = SentRequest {
            credentials,
            signature,
            secret_headers,
            string_to_sign,
            canonical_request,
        };
        (request, sent)
    }

    pub(crate) fn redactor(&self) -> Redactor {
        let mut redactor = Redactor::default();
        if let Some(credentials) = &self.credentials {
            redactor.add(credentials.access_key_secret().expose());
            if let Some(token) = credentials.security_token() {
                redactor.add(token.expose());
            }
        }
        if let Some(signature) = &self.signature {
            redactor.add(signature);
        }
        for (_, value) in &self.secret_headers {
            redactor.add(value.expose());
        }
        redactor
    }

    /// Returns the text that was signed without secrets, also without those that are too short for the
    /// redactor.
    pub(crate) fn redact_signed_text(&self, text: &str, redactor: &Redactor) -> String {
        let mut text = redactor.redact(text);
        if !self.secret_headers.is_empty() {
            let lines = text.split('\n').map(|line| match line.split_once(':') {
                Some((name, _)) if self.secret_headers.iter().any(|(secret, _)| secret == name) => {
                    format!("{name}:{REDACTED}")
                }
                _ => line.to_owned(),
            });
            text = lines.collect::<Vec<_>>().join("\n");
        }
        text
    }

    /// Returns the string to sign and, for ACS3, the canonical request whose hash it contains.
    pub(super) fn signed_texts(&self) -> Option<(&str, Option<&str>)> {
        Some((self.string_to_sign.as_deref()?, self.canonical_request.as_deref()))
    }

    /// Returns whether the request was signed with these credentials.
    pub(super) fn is_signed_with(&self, other: Option<&Credentials>) -> bool {
        match (&self.credentials, other) {
            (Some(ours), Some(other)) => {
                ours.access_key_id() == other.access_key_id()
                    && ours.access_key_secret().expose() == other.access_key_secret().expose()
                    && ours.security_token().map(Secret::expose)
                        == other.security_token().map(Secret::expose)
            }
            (None, None) => true,
            _ => false,
        }
    }
}
