//! The two operations of STS that return credentials of a role.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::{Request, Response, StatusCode, header};
use zeroize::Zeroizing;

use super::Credentials;
use super::document::Document;
use super::http::{Timeouts, USER_AGENT, send};
use super::provider_context::ProviderContext;
use super::role::{InvalidSetting, Role};
use crate::error::{Error, ErrorData, ErrorResponse};
use crate::policy::skew::AttemptTiming;
use crate::product::Endpoint;
use crate::secret::{Redactor, Secret};
use crate::sign::{self, rpc};
use crate::transport::TransportErrorKind;

const TIMEOUTS: Timeouts =
    Timeouts { read: Duration::from_secs(10), total: Duration::from_secs(15) };

/// Delays before the retries. The operations change nothing, so retries are safe.
const RETRY_DELAYS: [Duration; 2] = [Duration::from_millis(200), Duration::from_millis(800)];

/// How a request is authenticated.
pub(super) enum Authentication<'a> {
    /// Signed with credentials (`AssumeRole`).
    Signed(&'a Credentials),
    /// Not signed, with the token of an identity provider (`AssumeRoleWithOIDC`).
    Oidc { provider_arn: &'a str, token: &'a Secret },
}

/// Requests credentials of a role from STS. Errors contain the error code and the request id.
pub(super) async fn assume_role(
    role: &Role,
    authentication: Authentication<'_>,
    context: &ProviderContext,
) -> Result<Credentials, String> {
    let role = role.clone().with_environment(&context.variables)?;
    let describe = |(setting, reason): InvalidSetting| format!("{} {reason}", setting.describe());
    role.validate().map_err(describe)?;
    let endpoint = role.sts_endpoint().map_err(describe)?;
    let transport = context.transport()?;
    let mut delays = RETRY_DELAYS.iter();
    let mut is_clock_corrected = false;
    loop {
        let sent_at = context.clock.now();
        let signed_time = context.skew.correct(endpoint.host(), sent_at);
        let form = Form::new(&role, &authentication, signed_time, context)?;
        let start = context.clock.elapsed();
        let result = send(&*transport, &*context.clock, form.request(&endpoint)?, TIMEOUTS).await;
        let (reason, is_retryable) = match result {
            Ok(response) if response.status().is_success() => {
                let credentials = parse_credentials(response)?;
                return Ok(credentials.with_account_of(&role.arn));
            }
            Ok(response) => {
                let headers = response.headers().clone();
                let (error, is_retryable) = read_rejection(response, &form.redactor);
                let duration = context.clock.elapsed().saturating_sub(start);
                let timing = AttemptTiming { sent_at, signed_time, duration };
                if !is_clock_corrected
                    && error.is_clock_skew()
                    && context.skew.learn(endpoint.host(), &headers, timing)
                {
                    is_clock_corrected = true;
                    continue;
                }
                let id = error.request_id().map(|id| format!(" [request id {id}]"));
                (format!("{error}{}", id.unwrap_or_default()), is_retryable)
            }
            Err(error) => {
                // These would fail in the same way again.
                let is_permanent = matches!(
                    error.kind,
                    TransportErrorKind::Request
                        | TransportErrorKind::Tls
                        | TransportErrorKind::ProxyCredentials
                        | TransportErrorKind::TooLarge
                );
                (error.message, !is_permanent)
            }
        };
        match delays.next().filter(|_| is_retryable) {
            Some(delay) => context.clock.sleep(*delay).await,
            None => return Err(format!("STS at {}: {reason}", endpoint.host())),
        }
    }
}

/// The form of one request, and its secrets.
struct Form {
    body: Zeroizing<String>,
    redactor: Redactor,
}

impl Form {
    fn new(
        role: &Role,
        authentication: &Authentication<'_>,
        signed_time: SystemTime,
        context: &ProviderContext,
    ) -> Result<Form, String> {
        let time = sign::timestamp(signed_time);
        let default_session = || {
            let seconds = signed_time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
            format!("alicloud-rust-{seconds}")
        };
        let session = role.session.clone().unwrap_or_else(default_session);
        let duration = role.duration_seconds();
        let mut pairs = vec![
            ("Format", "JSON"),
            ("Version", "2015-04-01"),
            ("Timestamp", &time),
            ("RoleArn", &role.arn),
            ("RoleSessionName", &session),
            ("DurationSeconds", &duration),
        ];
        pairs.extend(role.policy.as_deref().map(|policy| ("Policy", policy)));
        let mut redactor = Redactor::for_credentials();
        match authentication {
            Authentication::Oidc { provider_arn, token } => {
                redactor.add(token.expose());
                pairs.extend([
                    ("Action", "AssumeRoleWithOIDC"),
                    ("OIDCProviderArn", provider_arn),
                    ("OIDCToken", token.expose()),
                ]);
                Ok(Form { body: Zeroizing::new(sign::canonical_query(&pairs)), redactor })
            }
            Authentication::Signed(credentials) => {
                let nonce = context.nonces.nonce();
                let nonce =
                    nonce.map_err(|error| format!("no random bytes for a nonce: {error}"))?;
                let secret = credentials.access_key_secret().expose();
                redactor.add(secret);
                pairs.extend([
                    ("Action", "AssumeRole"),
                    ("AccessKeyId", credentials.access_key_id()),
                    ("SignatureMethod", "HMAC-SHA1"),
                    ("SignatureNonce", &nonce),
                    ("SignatureVersion", "1.0"),
                ]);
                if let Some(id) = &role.external_id {
                    redactor.add(id.expose());
                    pairs.push(("ExternalId", id.expose()));
                }
                if let Some(token) = credentials.security_token() {
                    redactor.add(token.expose());
                    pairs.push(("SecurityToken", token.expose()));
                }
                let canonical = rpc::canonical_query("POST", &pairs);
                let signature = rpc::signature(secret, canonical.string_to_sign());
                redactor.add(&signature);
                Ok(Form { body: rpc::with_signature(canonical.as_str(), &signature), redactor })
            }
        }
    }

    /// Returns a request with all parameters in its body, because URLs are logged.
    fn request(&self, endpoint: &Endpoint) -> Result<Request<Bytes>, String> {
        Request::post(format!("{endpoint}/"))
            .header(header::HOST, endpoint.host())
            .header(header::ACCEPT, "application/json")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::USER_AGENT, USER_AGENT)
            .body(Bytes::from_owner(self.body.clone()))
            .map_err(|_| "the request is invalid".to_owned())
    }
}

fn parse_credentials(response: Response<Bytes>) -> Result<Credentials, String> {
    let document = Document::from_body(response.into_body())
        .map_err(|reason| format!("the response of STS {reason}"))?;
    let fields = document.fields().object("Credentials");
    let fields = fields.ok_or("the response of STS has no `Credentials`")?;
    fields.temporary_credentials().map_err(|reason| format!("the response of STS {reason}"))
}

/// Returns the error of an error response, and whether the request can be retried.
fn read_rejection(response: Response<Bytes>, redactor: &Redactor) -> (Error, bool) {
    let (head, body) = response.into_parts();
    let response = ErrorResponse::read(head.status, &head.headers, &body, redactor, None);
    let error = Error::new(ErrorData::Response(response.without_body()));
    let is_retryable = error.is_throttling()
        || head.status.is_server_error() && head.status != StatusCode::NOT_IMPLEMENTED;
    (error, is_retryable)
}
