//! A role for the bearer of a token.

use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::document::Document;
use super::file;
use super::provider_context::Seams;
use super::role::{Role, role_setters};
use super::source::{Fetched, Kept, Source, provider};
use super::sts::{self, Proof};
use super::{Credentials, CredentialsError};
use crate::secret::Secret;
use crate::sign::timestamp;

const ROLE: &str = "ALIBABA_CLOUD_ROLE_ARN";
const PROVIDER: &str = "ALIBABA_CLOUD_OIDC_PROVIDER_ARN";
const TOKEN_FILE: &str = "ALIBABA_CLOUD_OIDC_TOKEN_FILE";

/// The credentials of a role, for a token of an identity provider (`AssumeRoleWithOIDC`).
///
/// For pods of a Kubernetes cluster (RRSA) and for jobs of a build service: neither needs an access
/// key. The cluster sets `ALIBABA_CLOUD_ROLE_ARN`, `ALIBABA_CLOUD_OIDC_PROVIDER_ARN` and
/// `ALIBABA_CLOUD_OIDC_TOKEN_FILE`, and [`new`](OidcRole::new) needs nothing more.
///
/// The file is read at each refresh, because its owner replaces it. The token travels in a POST form,
/// never in a URL. The result is kept as [`CachingCredentialsProvider`](super::CachingCredentialsProvider) describes.
///
/// ```
/// use alicloud_core::credentials::OidcRole;
///
/// let provider = OidcRole::new()
///     .role_arn("acs:ram::123456789012****:role/deploy")
///     .provider_arn("acs:ram::123456789012****:oidc-provider/github")
///     .token_file("/var/run/secrets/token");
/// ```
///
/// # Errors
///
/// Absent when nothing names a provider or a token file. Failed when only a part of the three is
/// known, when the file cannot be read, is empty or has more than 1 MiB, and when STS refuses; if the
/// token has ended by then, the error says so.
pub struct OidcRole(Kept<OidcSource>);

/// The fetching part of [`OidcRole`].
#[derive(Clone, Debug, Default)]
pub(super) struct OidcSource {
    /// Its ARN is empty as long as it is not known.
    pub(super) role: Role,
    pub(super) provider_arn: Option<String>,
    pub(super) token_file: Option<PathBuf>,
}

impl OidcRole {
    /// The role, the provider and the token file that the environment names.
    pub fn new() -> Self {
        OidcRole(Kept::new(OidcSource::default()))
    }

    /// The ARN of the role.
    #[must_use]
    pub fn role_arn(self, arn: impl Into<String>) -> Self {
        OidcRole(self.0.with(|source, _| source.role.arn = arn.into()))
    }

    /// The ARN of the identity provider, as RAM knows it.
    #[must_use]
    pub fn provider_arn(self, arn: impl Into<String>) -> Self {
        OidcRole(self.0.with(|source, _| source.provider_arn = Some(arn.into())))
    }

    /// The file that holds the token.
    #[must_use]
    pub fn token_file(self, path: impl Into<PathBuf>) -> Self {
        OidcRole(self.0.with(|source, _| source.token_file = Some(path.into())))
    }
}

impl Default for OidcRole {
    fn default() -> Self {
        OidcRole::new()
    }
}

role_setters!(OidcRole, role);
provider!(OidcRole, OidcSource, variables transport clock nonces);

impl OidcSource {
    async fn take(&self, seams: &Seams) -> Result<Credentials, CredentialsError> {
        let failed = |reason: String| CredentialsError::failed(Self::NAME, reason);
        let variable = |told: Option<String>, name| match told.filter(|told| !told.is_empty()) {
            Some(told) => Ok(Some(told)),
            None => seams.variables.text(name).map_err(failed),
        };
        let arn = variable(Some(self.role.arn.clone()), ROLE)?;
        let provider = variable(self.provider_arn.clone(), PROVIDER)?;
        let file = match &self.token_file {
            Some(path) => Some(path.clone()),
            None => variable(None, TOKEN_FILE)?.map(PathBuf::from),
        };
        let (arn, provider, file) = match (arn, provider, file) {
            (Some(arn), Some(provider), Some(file)) => (arn, provider, file),
            // A role alone is also what other programs read from there.
            (_, None, None) => {
                let reason = format!("{PROVIDER} and {TOKEN_FILE} are not set");
                return Err(CredentialsError::absent(Self::NAME, reason));
            }
            (arn, provider, _) => {
                let missing = match (arn, provider) {
                    (None, _) => ROLE,
                    (_, None) => PROVIDER,
                    _ => TOKEN_FILE,
                };
                let reason = format!("a part of it is set, but {missing} is not");
                return Err(failed(reason));
            }
        };
        let token = token(&file).map_err(failed)?;
        let role = Role { arn, ..self.role.clone() };
        let proof = Proof::Oidc { provider_arn: &provider, token: &token };
        match sts::take(&role, proof, seams).await {
            Ok(credentials) => Ok(credentials.with_provider(Self::NAME)),
            Err(reason) => {
                let from = format!("{reason} (token from {})", file.display());
                Err(failed(match end_of(&token) {
                    Some(end) if UNIX_EPOCH + end <= seams.clock.now() => format!(
                        "{from}; that token ended at {}: is somebody still renewing it?",
                        timestamp(UNIX_EPOCH + end),
                    ),
                    _ => from,
                }))
            }
        }
    }
}

impl Source for OidcSource {
    const NAME: &'static str = "oidc_role_arn";

    fn fetch<'a>(&'a self, seams: &'a Seams) -> Fetched<'a> {
        Box::pin(self.take(seams))
    }
}

/// The token in a file, which may end with a line break.
fn token(path: &Path) -> Result<Secret, String> {
    let shown = path.display();
    let text = match file::read(path)? {
        Some(text) => text,
        None => return Err(format!("the token file {shown} does not exist")),
    };
    match text.trim() {
        "" => Err(format!("the token file {shown} is empty")),
        token => Ok(Secret::new(token)),
    }
}

/// Until when a token says it is valid, since 1970. Only for an explanation: STS is the judge.
fn end_of(token: &Secret) -> Option<Duration> {
    let payload = token.expose().split('.').nth(1)?;
    let payload = zeroize::Zeroizing::new(URL_SAFE_NO_PAD.decode(payload).ok()?);
    let seconds = Document::parse(&payload).ok()?.fields().number("exp")?;
    // What lies beyond the calendar has not ended.
    (seconds < 1 << 40).then(|| Duration::from_secs(seconds))
}
