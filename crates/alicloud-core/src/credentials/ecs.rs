//! A provider that reads the credentials of an ECS instance's role.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode, Uri};
use zeroize::Zeroizing;

use super::CredentialsFuture;
use super::document::Document;
use super::http::{HttpError, Timeouts, describe_body, send};
use super::provider_context::ProviderContext;
use super::source::{CachedSource, Source, provider};
use super::{Credentials, CredentialsError};
use crate::product::{Endpoint, EndpointText};
use crate::secret::{Redactor, Secret};
use crate::time::Clock;
use crate::transport::{Transport, TransportErrorKind};

const DISABLED_VARIABLE: &str = "ALIBABA_CLOUD_ECS_METADATA_DISABLED";
const ROLE_VARIABLE: &str = "ALIBABA_CLOUD_ECS_METADATA";
const V1_DISABLED_VARIABLE: &str = "ALIBABA_CLOUD_IMDSV1_DISABLED";
const V1_IS_DISABLED: &str =
    "requests without one are disabled by ALIBABA_CLOUD_IMDSV1_DISABLED or disable_imds_v1";
const DEFAULT_ENDPOINT: &str = "http://100.100.100.200";
const ROLES_PATH: &str = "/latest/meta-data/ram/security-credentials/";

/// 1 s for the connection and the head of the response, and 1 s for its body.
const TIMEOUTS: Timeouts = Timeouts { read: Duration::from_secs(1), total: Duration::from_secs(2) };

/// A provider that reads the credentials of the RAM role of this ECS instance from its metadata
/// service.
///
/// Each refresh requests a token and sends it with the other requests (IMDSv2). If the service returns
/// no token, or a request with the token fails, requests are sent without one (IMDSv1), unless
/// `ALIBABA_CLOUD_IMDSV1_DISABLED` or [`disable_imds_v1`](EcsMetadata::disable_imds_v1) forbids that.
/// Each request takes at most 2 s and never uses a proxy.
///
/// The name of the role is [`role`](EcsMetadata::role), else `ALIBABA_CLOUD_ECS_METADATA`, else it
/// is requested from the service. Credentials are cached as described for
/// [`CachingCredentialsProvider`](super::CachingCredentialsProvider).
///
/// # Errors
///
/// * Absent if `ALIBABA_CLOUD_ECS_METADATA_DISABLED` is set, there is no metadata service (this is
///   not an ECS instance), or the instance has no role.
/// * Failed if the role is known and the service returns no valid credentials for it. If requests with
///   and without a token fail, the error is that of the request with the token.
///
/// # Examples
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), alicloud_core::credentials::CredentialsError> {
/// use alicloud_core::credentials::{EcsMetadata, ProvideCredentials};
/// use alicloud_core::testing::{FakeTransport, ManualClock};
///
/// let service = FakeTransport::new().respond_json("", r#"{
///     "Code": "Success", "AccessKeyId": "STS.Example", "AccessKeySecret": "secret",
///     "SecurityToken": "token", "Expiration": "2026-01-02T09:04:05Z"
/// }"#);
/// let provider = EcsMetadata::new()
///     .role("web-server")
///     .direct_transport(service)
///     .clock(ManualClock::from_unix_seconds(1_767_323_045));
/// # let provider = provider.variables(alicloud_core::credentials::Variables::from_pairs([("", "")]));
/// assert_eq!(provider.credentials().await?.access_key_id(), "STS.Example");
/// # Ok(()) }
/// ```
pub struct EcsMetadata(CachedSource<EcsSource>);

/// The uncached source of [`EcsMetadata`].
#[derive(Clone, Debug, Default)]
pub(super) struct EcsSource {
    pub(super) role: Option<String>,
    pub(super) endpoint: Option<EndpointText>,
    pub(super) disable_imds_v1: bool,
}

impl EcsMetadata {
    /// Creates a provider for the metadata service of this instance.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::credentials::{EcsMetadata, ProvideCredentials};
    ///
    /// let provider = EcsMetadata::new().role("web-server").disable_imds_v1();
    /// assert_eq!(provider.name(), "ecs_ram_role");
    /// ```
    pub fn new() -> Self {
        EcsMetadata(CachedSource::new(EcsSource::default()))
    }

    /// Sets the name of the role, which saves a request.
    #[must_use]
    pub fn role(self, name: impl Into<String>) -> Self {
        EcsMetadata(self.0.configure(|source, _| source.role = Some(name.into())))
    }

    /// Forbids requests without a token (IMDSv1).
    #[must_use]
    pub fn disable_imds_v1(self) -> Self {
        EcsMetadata(self.0.configure(|source, _| source.disable_imds_v1 = true))
    }

    /// Sets the endpoint of the service, such as `http://127.0.0.1:1338` for a test. Defaults to
    /// `http://100.100.100.200`.
    #[must_use]
    pub fn endpoint(self, endpoint: impl Into<String>) -> Self {
        EcsMetadata(
            self.0.configure(|source, _| source.endpoint = Some(EndpointText(endpoint.into()))),
        )
    }
}

impl Default for EcsMetadata {
    fn default() -> Self {
        EcsMetadata::new()
    }
}

provider!(EcsMetadata, EcsSource, variables direct_transport clock nonces);

impl Source for EcsSource {
    const NAME: &'static str = "ecs_ram_role";

    fn fetch<'a>(&'a self, context: &'a ProviderContext) -> CredentialsFuture<'a> {
        Box::pin(self.fetch_credentials(context))
    }
}

fn absent(reason: impl Into<String>) -> CredentialsError {
    CredentialsError::absent(EcsSource::NAME, reason.into())
}

fn failed(reason: impl Into<String>) -> CredentialsError {
    CredentialsError::failed(EcsSource::NAME, reason.into())
}

impl EcsSource {
    async fn fetch_credentials(
        &self,
        context: &ProviderContext,
    ) -> Result<Credentials, CredentialsError> {
        let variables = &context.variables;
        if variables.is_on(DISABLED_VARIABLE).map_err(failed)? {
            return Err(absent(format!("skipped, because {DISABLED_VARIABLE} is set")));
        }
        let endpoint = self.endpoint.as_ref().map_or(DEFAULT_ENDPOINT, |endpoint| &endpoint.0);
        let endpoint = Endpoint::parse(endpoint).map_err(failed)?;
        let transport = context.direct_transport().map_err(absent)?;
        let requires_token =
            self.disable_imds_v1 || variables.is_on(V1_DISABLED_VARIABLE).map_err(failed)?;
        let clock = &*context.clock;
        let mut session = Session { endpoint, transport, clock, token: None, requires_token };
        if let Err(error) = session.fetch_token().await {
            let reason = error.reason;
            if matches!(error.kind, Some(TransportErrorKind::Connect | TransportErrorKind::Dns)) {
                // A request without a token would fail in the same way, after another second.
                return Err(absent(format!(
                    "there is no metadata service, so this is not an ECS instance: {reason}"
                )));
            }
            if requires_token {
                return Err(absent(format!(
                    "the metadata service returned no token, and {V1_IS_DISABLED}: {reason}"
                )));
            }
        }
        let configured = match &self.role {
            Some(role) => Some(role.clone()),
            None => variables.text(ROLE_VARIABLE).map_err(failed)?,
        };
        let role = match &configured {
            Some(role) => role.clone(),
            None => match session.fetch_role().await {
                Err(error) if session.discard_token() => {
                    session.fetch_role().await.map_err(|_| error)?
                }
                result => result?,
            },
        };
        let name = role.trim();
        let is_valid = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
        if name.is_empty() || name.len() > 64 || !name.bytes().all(is_valid) {
            return Err(match configured {
                Some(_) => failed(format!(
                    "the name of the role is invalid; set {ROLE_VARIABLE} or the role of the provider to at most 64 letters, digits or characters of . - _"
                )),
                // For example the page of a gateway that responds to all requests.
                None => absent("the response names no role, so it is not from a metadata service"),
            });
        }
        let credentials = match session.fetch_credentials(name).await {
            Err(error) if session.discard_token() => {
                session.fetch_credentials(name).await.map_err(|_| error)
            }
            result => result,
        };
        // The account would need another request.
        credentials.map(|credentials| credentials.with_limit_scope(format!("role/{name}")))
    }
}

/// Requests to the service, with its token.
struct Session<'a> {
    endpoint: Endpoint,
    transport: Arc<dyn Transport>,
    clock: &'a dyn Clock,
    token: Option<Secret>,
    /// Whether requests without a token are disabled.
    requires_token: bool,
}

/// The error of a request to the service.
struct MetadataError {
    kind: Option<TransportErrorKind>,
    status: Option<StatusCode>,
    reason: String,
}

impl From<HttpError> for MetadataError {
    fn from(error: HttpError) -> Self {
        MetadataError { kind: Some(error.kind), status: None, reason: error.message }
    }
}

impl Session<'_> {
    async fn fetch_token(&mut self) -> Result<(), MetadataError> {
        // Strict servers reject a PUT without a length.
        let headers =
            [("x-aliyun-ecs-metadata-token-ttl-seconds", "21600"), ("content-length", "0")];
        let response = self.send(Method::PUT, "/latest/api/token", &headers).await?;
        let body = body_text(response);
        let token = body.trim();
        // The token is sent as a header; the page of a gateway cannot be.
        if token.is_empty()
            || token.len() > 4096
            || !token.bytes().all(|byte| byte.is_ascii_graphic())
        {
            let reason = "the response is not a token".to_owned();
            return Err(MetadataError { kind: None, status: None, reason });
        }
        self.token = Some(Secret::new(token));
        Ok(())
    }

    /// Returns whether a request that failed can be sent without the token that it had.
    fn discard_token(&mut self) -> bool {
        !self.requires_token && self.token.take().is_some()
    }

    async fn fetch_role(&self) -> Result<String, CredentialsError> {
        match self.send(Method::GET, ROLES_PATH, &[]).await {
            Ok(response) => Ok(body_text(response).lines().next().unwrap_or_default().to_owned()),
            Err(MetadataError { status: Some(StatusCode::NOT_FOUND), .. }) => {
                Err(absent("this instance has no RAM role; attach one in the ECS console"))
            }
            Err(error) => {
                Err(absent(format!("the metadata service returned no role: {}", error.reason)))
            }
        }
    }

    async fn fetch_credentials(&self, role: &str) -> Result<Credentials, CredentialsError> {
        let role_error = |reason: String| failed(format!("the role {role:?}: {reason}"));
        let response = self.send(Method::GET, &format!("{ROLES_PATH}{role}"), &[]).await;
        let response = response.map_err(|error| role_error(error.reason))?;
        let document = Document::from_body(response.into_body());
        let document = document.map_err(|reason| role_error(format!("the response {reason}")))?;
        let fields = document.fields();
        match fields.text("Code") {
            Some("Success") => {}
            _ => return Err(role_error("the response has no `Code` of Success".to_owned())),
        }
        let credentials = fields
            .temporary_credentials()
            .map_err(|reason| role_error(format!("the response {reason}")))?;
        Ok(credentials.with_provider(EcsSource::NAME))
    }

    fn redactor(&self) -> Redactor {
        let mut redactor = Redactor::for_credentials();
        if let Some(token) = &self.token {
            redactor.add(token.expose());
        }
        redactor
    }

    /// Sends a request and returns the response if it has a status of success. Errors do not quote
    /// the body, which can contain secrets.
    async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
    ) -> Result<Response<Bytes>, MetadataError> {
        let invalid = || MetadataError {
            kind: Some(TransportErrorKind::Request),
            status: None,
            reason: "the request is invalid".to_owned(),
        };
        let uri: Uri = format!("{}{path}", self.endpoint).parse().map_err(|_| invalid())?;
        let mut request = Request::builder().method(method).uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(token) = &self.token {
            request = request.header("x-aliyun-ecs-metadata-token", token.expose());
        }
        let request = request.body(Bytes::new()).map_err(|_| invalid())?;
        let response = send(&*self.transport, self.clock, request, TIMEOUTS).await?;
        match response.status() {
            status if status.is_success() => Ok(response),
            status => {
                let mut reason = format!(
                    "HTTP {} from {} {}",
                    status.as_u16(),
                    self.endpoint,
                    describe_body(&response, &self.redactor()),
                );
                let is_refused = matches!(status.as_u16(), 401 | 403) && self.token.is_some();
                if is_refused && self.requires_token {
                    reason = format!("{reason}: the token was rejected, and {V1_IS_DISABLED}");
                }
                Err(MetadataError { kind: None, status: Some(status), reason })
            }
        }
    }
}

fn body_text(response: Response<Bytes>) -> Zeroizing<String> {
    Zeroizing::new(String::from_utf8_lossy(response.body()).into_owned())
}
