//! Profiles of a login in a browser. The CLI stores the tokens of the login, and the last credentials.

mod cloud_sso;
mod oauth;
mod save;
mod tokens;

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::{HeaderValue, Request, header};
use zeroize::Zeroizing;

pub(in crate::credentials) use self::tokens::LoginTokens;
use super::mode::{ProfileProvider, source_provider};
use crate::credentials::Credentials;
use crate::credentials::document::{Document, Fields};
use crate::credentials::http::{Timeouts, USER_AGENT, describe_body, send};
use crate::credentials::provider_context::ProviderContext;
use crate::credentials::source::Source;
use crate::secret::{Redactor, Secret};

const TIMEOUTS: Timeouts =
    Timeouts { read: Duration::from_secs(10), total: Duration::from_secs(15) };

/// Returns the provider of a profile in the mode `CloudSSO`. Errors name the key.
pub(super) fn cloud_sso(
    fields: Fields<'_>,
    context: &ProviderContext,
) -> Result<ProfileProvider, String> {
    provider(fields, context, cloud_sso::CloudSsoSource::read)
}

/// Returns the provider of a profile in the mode `OAuth`. Errors name the key.
pub(super) fn oauth(
    fields: Fields<'_>,
    context: &ProviderContext,
) -> Result<ProfileProvider, String> {
    provider(fields, context, oauth::OAuthSource::read)
}

/// Returns the stored credentials while they are valid, else a provider that exchanges the tokens.
fn provider<S: Source>(
    fields: Fields<'_>,
    context: &ProviderContext,
    read: impl FnOnce(Fields<'_>) -> Result<S, String>,
) -> Result<ProfileProvider, String> {
    Ok(match stored_credentials(fields, context.now()) {
        Some(credentials) => Arc::new(credentials.with_provider(S::NAME)),
        None => source_provider(read(fields)?, context),
    })
}

fn stored_credentials(fields: Fields<'_>, now: SystemTime) -> Option<Credentials> {
    let expiration = time(fields, "sts_expiration").filter(|expiration| *expiration > now)?;
    let credentials =
        Credentials::new(fields.text("access_key_id")?, fields.text("access_key_secret")?)
            .with_security_token(fields.text("sts_token")?);
    Some(credentials.with_expiration(expiration))
}

/// Returns a time, which the CLI stores in seconds since 1970, or as 0 if there is none.
fn time(fields: Fields<'_>, key: &str) -> Option<SystemTime> {
    let seconds = fields.number(key).filter(|seconds| (1..1 << 40).contains(seconds))?;
    Some(UNIX_EPOCH + Duration::from_secs(seconds))
}

/// Returns the remedy of a profile that needs a new login.
fn login_again(fields: Fields<'_>, mode: &str) -> String {
    let name = fields.text("name").unwrap_or("default");
    format!("log in again with `aliyun configure --profile {name:?} --mode {mode}`")
}

/// The error of a request with a token.
struct TokenError {
    reason: String,
    /// Whether the service rejected the token, or would.
    needs_new_token: bool,
}

impl From<String> for TokenError {
    fn from(reason: String) -> Self {
        TokenError { reason, needs_new_token: false }
    }
}

impl TokenError {
    /// Returns the message, with the remedy if it is a new token.
    fn describe(self, remedy: &str) -> String {
        match self.needs_new_token {
            true => format!("{}; {remedy}", self.reason),
            false => self.reason,
        }
    }
}

/// A request with a token in a header or in the body.
struct TokenRequest<'a> {
    url: String,
    content_type: &'static str,
    bearer_token: Option<&'a Secret>,
    body: Zeroizing<String>,
}

impl TokenRequest<'_> {
    /// Sends the request and returns the response, which must be a JSON object.
    async fn send(
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
