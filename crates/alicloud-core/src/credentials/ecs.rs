//! The role of an ECS instance.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode, Uri};
use zeroize::Zeroizing;

use super::document::Document;
use super::http::{Failure, Limits, send};
use super::provider_context::Seams;
use super::source::{Fetched, Kept, Source, provider};
use super::{Credentials, CredentialsError};
use crate::clock::Clock;
use crate::endpoint::Endpoint;
use crate::secret::Secret;
use crate::transport::{Transport, TransportErrorKind};

const DISABLED: &str = "ALIBABA_CLOUD_ECS_METADATA_DISABLED";
const ROLE: &str = "ALIBABA_CLOUD_ECS_METADATA";
const V1_DISABLED: &str = "ALIBABA_CLOUD_IMDSV1_DISABLED";
const SERVICE: &str = "http://100.100.100.200";
const ROLES: &str = "/latest/meta-data/ram/security-credentials/";

/// A second for the connection and the head of the response, and another one for its body.
const LIMITS: Limits =
    Limits { read_timeout: Duration::from_secs(1), total: Duration::from_secs(2) };

/// The credentials of the RAM role of the ECS instance that the program runs on, from the metadata
/// service of that instance.
///
/// Nothing has to be set up in the program. The service is asked with a token first (its hardened
/// mode), and without one if that fails, unless `ALIBABA_CLOUD_IMDSV1_DISABLED` or
/// [`disable_imds_v1`](EcsMetadata::disable_imds_v1) forbids it. Each request has a second to connect and be
/// answered, and never goes through a proxy. The role is
/// [`role`](EcsMetadata::role), else `ALIBABA_CLOUD_ECS_METADATA`, else the one that the service names.
/// The result is kept as [`CachingCredentialsProvider`](super::CachingCredentialsProvider) describes.
///
/// ```
/// use alicloud_core::credentials::EcsMetadata;
///
/// let provider = EcsMetadata::new().role("web-server").disable_imds_v1();
/// ```
///
/// # Errors
///
/// Absent when `ALIBABA_CLOUD_ECS_METADATA_DISABLED` is set, when no metadata service answers as one
/// (this is no ECS instance), or when the instance has no role. Failed when the role is known and its
/// credentials cannot be had: another `Code` than `Success`, a web page, a missing field.
pub struct EcsMetadata(Kept<EcsSource>);

/// The fetching part of [`EcsMetadata`].
#[derive(Clone, Debug, Default)]
pub(super) struct EcsSource {
    pub(super) role: Option<String>,
    pub(super) endpoint: Option<String>,
    pub(super) disable_imds_v1: bool,
}

impl EcsMetadata {
    /// The metadata service of this instance.
    pub fn new() -> Self {
        EcsMetadata(Kept::new(EcsSource::default()))
    }

    /// The name of the role, which saves asking for it.
    #[must_use]
    pub fn role(self, name: impl Into<String>) -> Self {
        EcsMetadata(self.0.with(|source, _| source.role = Some(name.into())))
    }

    /// Never asks without a token.
    #[must_use]
    pub fn disable_imds_v1(self) -> Self {
        EcsMetadata(self.0.with(|source, _| source.disable_imds_v1 = true))
    }

    /// Where the service is, such as `http://127.0.0.1:1338` for a test. `http://100.100.100.200`
    /// unless told otherwise.
    #[must_use]
    pub fn endpoint(self, endpoint: impl Into<String>) -> Self {
        EcsMetadata(self.0.with(|source, _| source.endpoint = Some(endpoint.into())))
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

    fn fetch<'a>(&'a self, seams: &'a Seams) -> Fetched<'a> {
        Box::pin(self.ask(seams))
    }
}

fn absent(reason: impl Into<String>) -> CredentialsError {
    CredentialsError::absent(EcsSource::NAME, reason.into())
}

fn failed(reason: impl Into<String>) -> CredentialsError {
    CredentialsError::failed(EcsSource::NAME, reason.into())
}

impl EcsSource {
    async fn ask(&self, seams: &Seams) -> Result<Credentials, CredentialsError> {
        let variables = &seams.variables;
        if variables.is_on(DISABLED) {
            return Err(absent(format!("{DISABLED} is set")));
        }
        let endpoint = self.endpoint.as_deref().unwrap_or(SERVICE);
        let endpoint = Endpoint::parse(endpoint).map_err(failed)?;
        let transport = seams.direct().map_err(absent)?;
        let mut session = Session { endpoint, transport, clock: &*seams.clock, token: None };
        let token = session.fetch_token().await;
        if let Err(failure) = token {
            if matches!(failure.kind, Some(TransportErrorKind::Connect | TransportErrorKind::Dns)) {
                // Asking without a token would only take another second.
                let reason = failure.reason;
                return Err(absent(format!("there is no metadata service here: {reason}")));
            }
            if self.disable_imds_v1 || variables.is_on(V1_DISABLED) {
                let reason = failure.reason;
                return Err(absent(format!(
                    "the metadata service gave no token, and without one it must not be asked: {reason}"
                )));
            }
        }
        let told = match &self.role {
            Some(role) => Some(role.clone()),
            None => variables.text(ROLE).map_err(failed)?,
        };
        let role = match &told {
            Some(role) => role.clone(),
            None => session.discover().await?,
        };
        let name = role.trim();
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
        if name.is_empty() || name.len() > 64 || !name.bytes().all(is_name) {
            return Err(match told {
                Some(_) => failed("the name of the role is not one"),
                // A page of a gateway that answers everything, for example.
                None => absent("what answered named no role: it is no metadata service"),
            });
        }
        session.credentials(name).await
    }
}

/// The requests to the service, with the token that it gave.
struct Session<'a> {
    endpoint: Endpoint,
    transport: Arc<dyn Transport>,
    clock: &'a dyn Clock,
    token: Option<Secret>,
}

/// Why the service did not say what it was asked for.
struct Refusal {
    kind: Option<TransportErrorKind>,
    status: Option<StatusCode>,
    reason: String,
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Refusal { kind: Some(failure.kind), status: None, reason: failure.text }
    }
}

impl Session<'_> {
    async fn fetch_token(&mut self) -> Result<(), Refusal> {
        // The length, because a PUT without one is refused by strict servers.
        let headers =
            [("x-aliyun-ecs-metadata-token-ttl-seconds", "21600"), ("content-length", "0")];
        let response = self.send(Method::PUT, "/latest/api/token", &headers).await?;
        let body = text(response);
        let token = body.trim();
        // It becomes a header; a page, which a gateway may answer, cannot.
        if token.is_empty()
            || token.len() > 4096
            || !token.bytes().all(|byte| byte.is_ascii_graphic())
        {
            let reason = "what answered gave no token".to_owned();
            return Err(Refusal { kind: None, status: None, reason });
        }
        self.token = Some(Secret::new(token));
        Ok(())
    }

    async fn discover(&self) -> Result<String, CredentialsError> {
        match self.send(Method::GET, ROLES, &[]).await {
            Ok(response) => Ok(text(response).lines().next().unwrap_or_default().to_owned()),
            Err(Refusal { status: Some(StatusCode::NOT_FOUND), .. }) => {
                Err(absent("this instance has no RAM role"))
            }
            Err(refusal) => {
                Err(absent(format!("the metadata service named no role: {}", refusal.reason)))
            }
        }
    }

    async fn credentials(&self, role: &str) -> Result<Credentials, CredentialsError> {
        let about = |reason: String| failed(format!("the role {role:?}: {reason}"));
        let response = self.send(Method::GET, &format!("{ROLES}{role}"), &[]).await;
        let response = response.map_err(|refusal| about(refusal.reason))?;
        let document = Document::of_body(response.into_body());
        let document = document.map_err(|reason| about(format!("the answer {reason}")))?;
        let fields = document.fields();
        match fields.text("Code") {
            Some("Success") => {}
            _ => return Err(about("the answer has no `Code` that says Success".to_owned())),
        }
        let credentials = fields.temporary();
        let credentials = credentials.map_err(|reason| about(format!("the answer {reason}")))?;
        Ok(credentials.with_provider(EcsSource::NAME))
    }

    /// A response that is a success; its body is not in the error, since it could hold anything.
    async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
    ) -> Result<Response<Bytes>, Refusal> {
        let unsendable = || Refusal {
            kind: Some(TransportErrorKind::Request),
            status: None,
            reason: "the request cannot be written down".to_owned(),
        };
        let uri: Uri = format!("{}{path}", self.endpoint).parse().map_err(|_| unsendable())?;
        let mut request = Request::builder().method(method).uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(token) = &self.token {
            request = request.header("x-aliyun-ecs-metadata-token", token.expose());
        }
        let request = request.body(Bytes::new()).map_err(|_| unsendable())?;
        let response = send(&*self.transport, self.clock, request, LIMITS).await?;
        match response.status() {
            status if status.is_success() => Ok(response),
            status => Err(Refusal {
                kind: None,
                status: Some(status),
                reason: format!("HTTP {} from {}", status.as_u16(), self.endpoint),
            }),
        }
    }
}

fn text(response: Response<Bytes>) -> Zeroizing<String> {
    Zeroizing::new(String::from_utf8_lossy(response.body()).into_owned())
}
