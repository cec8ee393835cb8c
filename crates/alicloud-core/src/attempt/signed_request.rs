//! What is known of a request that was sent.

use bytes::Bytes;
use http::Request;

use crate::assemble::Signed;
use crate::credentials::Credentials;
use crate::secret::{Redactor, Secret};

/// What of a request must not be seen in whatever a service answers to it, and what was signed.
pub(crate) struct Sent {
    credentials: Option<Credentials>,
    signature: Option<String>,
    pub(crate) string_to_sign: Option<String>,
    pub(crate) canonical_request: Option<String>,
}

impl Sent {
    /// A request, and what is to be known of it when it is gone.
    pub(super) fn split(
        signed: Signed,
        credentials: Option<Credentials>,
    ) -> (Request<Bytes>, Sent) {
        let Signed { request, canonical_request, string_to_sign, signature } = signed;
        (request, Sent { credentials, signature, string_to_sign, canonical_request })
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
        redactor
    }

    /// The text that was signed, and the canonical request that its hash was made of.
    pub(super) fn signed_texts(&self) -> Option<(&str, Option<&str>)> {
        Some((self.string_to_sign.as_deref()?, self.canonical_request.as_deref()))
    }

    /// Whether these are the credentials that it was signed with.
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
