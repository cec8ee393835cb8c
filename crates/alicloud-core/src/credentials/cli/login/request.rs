//! A request with a token of a login.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Request, header};
use zeroize::Zeroizing;

use crate::credentials::document::Document;
use crate::credentials::http::{Timeouts, USER_AGENT, describe_body, send};
use crate::credentials::provider_context::ProviderContext;
use crate::secret::{Redactor, Secret};

const TIMEOUTS: Timeouts =
    Timeouts { read: Duration::from_secs(10), total: Duration::from_secs(15) };

/// The error of a request with a token.
pub(super) struct TokenError {
    reason: String,
    /// Whether the service rejected the token, or would.
    pub(super) needs_new_token: bool,
}

impl From<String> for TokenError {
    fn from(reason: String) -> Self {
        TokenError { reason, needs_new_token: false }
    }
}

impl TokenError {
    /// Returns the message, with the remedy if it is a new token.
    pub(super) fn describe(self, remedy: &str) -> String {
        match self.needs_new_token {
            true => format!("{}; {remedy}", self.reason),
            false => self.reason,
        }
    }
}

/// A request with a token in a header or in the body.
pub(super) struct TokenRequest<'a> {
    pub(super) url: String,
    pub(super) content_type: &'static str,
    pub(super) bearer_token: Option<&'a Secret>,
    pub(super) body: Zeroizing<String>,
}

impl TokenRequest<'_> {
    /// Sends the request and returns the response, which must be a JSON object.
    pub(super) async fn send(
        self,
        context: &ProviderContext,
        redactor: &Redactor,
    ) -> Result<Document, TokenError> {
        let length = self.body.len();
        let mut request = Request::post(self.url)
            .header(header::ACCEPT, "application/json")
            .header(header::CONTENT_TYPE, self.content_type)
            // Strict servers reject a POST without a length.
            .header(header::CONTENT_LENGTH, length)
            .header(header::USER_AGENT, USER_AGENT);
        if let Some(token) = self.bearer_token {
            let value = Zeroizing::new(format!("Bearer {}", token.expose()));
            let mut value = HeaderValue::from_str(&value).map_err(|_| TokenError {
                reason: "the token contains a character that no token has".to_owned(),
                needs_new_token: true,
            })?;
            value.set_sensitive(true);
            request = request.header(header::AUTHORIZATION, value);
        }
        let request = request.body(Bytes::from_owner(self.body));
        let request = request.map_err(|_| "the request is invalid".to_owned())?;
        let host = request.uri().host().unwrap_or_default().to_owned();
        let transport = context.transport()?;
        let response = send(&*transport, &*context.clock, request, TIMEOUTS).await;
        let response = response.map_err(|error| error.message)?;
        let status = response.status();
        if !status.is_success() {
            let body = describe_body(&response, redactor);
            let reason = format!("HTTP {} from {host} {body}", status.as_u16());
            return Err(match status.as_u16() {
                400 | 401 | 403 => TokenError {
                    reason: format!("the token was rejected: {reason}"),
                    needs_new_token: true,
                },
                _ => reason.into(),
            });
        }
        let document = Document::from_body(response.into_body());
        Ok(document.map_err(|reason| format!("the response of {host} {reason}"))?)
    }
}
