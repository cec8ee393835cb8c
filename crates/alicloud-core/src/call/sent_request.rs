//! The data that is kept about a request after it was sent.

use std::sync::Arc;

use bytes::Bytes;
use http::Request;

use crate::credentials::Credentials;
use crate::error::SignedTexts;
use crate::request::{PreparedRequest, SignedRequest};
use crate::secret::{Redactor, Secret};

/// The secrets of a sent request, which must be redacted from its response, and the signed texts.
pub(crate) struct SentRequest {
    credentials: Option<Credentials>,
    signature: Option<String>,
    secrets: Arc<[Secret]>,
    secret_names: Arc<[String]>,
    pub(crate) string_to_sign: Option<Secret>,
    pub(crate) canonical_request: Option<Secret>,
}

impl SentRequest {
    /// Splits a signed request into the HTTP request and what must be kept of it.
    pub(crate) fn split(
        prepared: &PreparedRequest<'_>,
        signed: SignedRequest,
        credentials: Option<Credentials>,
    ) -> (Request<Bytes>, SentRequest) {
        let SignedRequest { request, canonical_request, string_to_sign, signature } = signed;
        let secrets = prepared.secrets();
        let sent = SentRequest {
            credentials,
            signature,
            secrets: secrets.map(|secrets| secrets.texts.clone()).unwrap_or_default(),
            secret_names: secrets.map(|secrets| secrets.names.clone()).unwrap_or_default(),
            string_to_sign,
            canonical_request,
        };
        (request, sent)
    }

    /// Returns a redactor for texts of the service, which can contain everything that was sent.
    pub(crate) fn redactor(&self) -> Redactor {
        let mut redactor = self.credentials_redactor();
        for secret in self.secrets.iter() {
            redactor.add(secret.expose());
        }
        redactor
    }

    /// Returns a redactor for what the client adds to the parameters.
    pub(crate) fn credentials_redactor(&self) -> Redactor {
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

    /// Returns what was signed, unless the request is anonymous.
    pub(crate) fn signed_texts(&self) -> Option<SignedTexts<'_>> {
        Some(SignedTexts {
            string_to_sign: self.string_to_sign.as_ref()?.expose(),
            canonical_request: self.canonical_request.as_ref().map(Secret::expose),
            secret_names: &self.secret_names,
        })
    }

    /// Returns whether the request was signed with these credentials.
    pub(crate) fn is_signed_with(&self, other: Option<&Credentials>) -> bool {
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

/// An extension of a sent request that contains secrets: the same request with a placeholder for each
/// secret.
#[derive(Clone)]
#[cfg_attr(not(feature = "testing"), expect(dead_code, reason = "only the test kit reads it"))]
pub(crate) struct ShownRequest(pub(crate) Arc<Request<Bytes>>);
