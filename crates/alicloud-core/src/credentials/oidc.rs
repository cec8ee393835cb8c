//! A provider that assumes a RAM role with an OIDC token.

use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::CredentialsFuture;
use super::document::Document;
use super::file;
use super::provider_context::ProviderContext;
use super::role::{Role, role_setters};
use super::source::{CachedSource, Source, provider};
use super::sts::{self, Authentication};
use super::{Credentials, CredentialsError};
use crate::secret::Secret;
use crate::sign::timestamp;

pub(super) const ROLE_VARIABLE: &str = "ALIBABA_CLOUD_ROLE_ARN";
pub(super) const PROVIDER_VARIABLE: &str = "ALIBABA_CLOUD_OIDC_PROVIDER_ARN";
pub(super) const TOKEN_FILE_VARIABLE: &str = "ALIBABA_CLOUD_OIDC_TOKEN_FILE";

/// A provider of the credentials of a RAM role, assumed with the token of an identity provider
/// (`AssumeRoleWithOIDC`).
///
/// Use it in pods of a Kubernetes cluster (RRSA) and in jobs of a CI service, which need no access
/// key this way. Role, identity provider and token file default to the variables
/// `ALIBABA_CLOUD_ROLE_ARN`, `ALIBABA_CLOUD_OIDC_PROVIDER_ARN` and `ALIBABA_CLOUD_OIDC_TOKEN_FILE`,
/// which the cluster sets.
///
/// The token file is read at each refresh, because the cluster replaces it. The token is sent in a
/// POST form, not in a URL. Credentials are cached as described for
/// [`CachingCredentialsProvider`](super::CachingCredentialsProvider).
///
/// # Errors
///
/// * Absent if the program configures none of the three and not all variables are set: other
///   providers use them, too.
/// * Failed if the program configures only some of the three; if the file cannot be read, is empty or
///   larger than 1 MiB; and if STS rejects the request. That error says so if the token has expired.
///
/// # Examples
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use alicloud_core::credentials::{OidcRole, ProvideCredentials};
/// use alicloud_core::testing::{FakeTransport, ManualClock};
///
/// let directory = tempfile::tempdir()?;
/// let token_file = directory.path().join("token");
/// std::fs::write(&token_file, "header.payload.signature")?;
///
/// let sts = FakeTransport::new().respond_json("AssumeRoleWithOIDC", r#"{"Credentials": {
///     "AccessKeyId": "STS.Example", "AccessKeySecret": "secret", "SecurityToken": "token",
///     "Expiration": "2026-01-02T04:04:05Z"
/// }}"#);
/// let provider = OidcRole::new()
///     .role_arn("acs:ram::123456789012****:role/deploy")
///     .provider_arn("acs:ram::123456789012****:oidc-provider/github")
///     .token_file(&token_file)
///     .transport(sts)
///     .clock(ManualClock::from_unix_seconds(1_767_323_045));
/// # let provider = provider.variables(alicloud_core::credentials::Variables::from_pairs([("", "")]));
/// assert_eq!(provider.credentials().await?.access_key_id(), "STS.Example");
/// # Ok(()) }
/// ```
pub struct OidcRole(CachedSource<OidcSource>);

/// The uncached source of [`OidcRole`].
#[derive(Clone, Debug, Default)]
pub(super) struct OidcSource {
    /// Its ARN is empty if it is not configured.
    pub(super) role: Role,
    pub(super) provider_arn: Option<String>,
    pub(super) token_file: Option<PathBuf>,
}

impl OidcRole {
    /// Creates a provider that is configured by the environment variables.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::credentials::{OidcRole, ProvideCredentials};
    ///
    /// assert_eq!(OidcRole::new().name(), "oidc_role_arn");
    /// ```
    pub fn new() -> Self {
        OidcRole(CachedSource::new(OidcSource::default()))
    }

    /// Sets the ARN of the role. Defaults to `ALIBABA_CLOUD_ROLE_ARN`.
    #[must_use]
    pub fn role_arn(self, arn: impl Into<String>) -> Self {
        OidcRole(self.0.configure(|source, _| source.role.arn = arn.into()))
    }

    /// Sets the ARN of the identity provider in RAM. Defaults to `ALIBABA_CLOUD_OIDC_PROVIDER_ARN`.
    #[must_use]
    pub fn provider_arn(self, arn: impl Into<String>) -> Self {
        OidcRole(self.0.configure(|source, _| source.provider_arn = Some(arn.into())))
    }

    /// Sets the path of the token file. Defaults to `ALIBABA_CLOUD_OIDC_TOKEN_FILE`.
    #[must_use]
    pub fn token_file(self, path: impl Into<PathBuf>) -> Self {
        OidcRole(self.0.configure(|source, _| source.token_file = Some(path.into())))
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
    /// Returns whether the program configures a part, as opposed to the environment.
    fn is_configured(&self) -> bool {
        !self.role.arn.is_empty() || self.provider_arn.is_some() || self.token_file.is_some()
    }

    async fn assume_role(
        &self,
        context: &ProviderContext,
    ) -> Result<Credentials, CredentialsError> {
        let failed = |reason: String| CredentialsError::failed(Self::NAME, reason);
        let or_variable = |configured: Option<String>, variable| match configured
            .filter(|configured| !configured.is_empty())
        {
            Some(configured) => Ok(Some(configured)),
            None => context.variables.text(variable).map_err(failed),
        };
        let arn = or_variable(Some(self.role.arn.clone()), ROLE_VARIABLE)?;
        let provider = or_variable(self.provider_arn.clone(), PROVIDER_VARIABLE)?;
        let file = match &self.token_file {
            Some(path) => Some(path.clone()),
            None => or_variable(None, TOKEN_FILE_VARIABLE)?.map(PathBuf::from),
        };
        let (arn, provider, file) = match (arn, provider, file) {
            (Some(arn), Some(provider), Some(file)) => (arn, provider, file),
            (_, None, None) => {
                let reason = format!("{PROVIDER_VARIABLE} and {TOKEN_FILE_VARIABLE} are not set");
                return Err(CredentialsError::absent(Self::NAME, reason));
            }
            (arn, provider, _) => {
                let missing = match (arn, provider) {
                    (None, _) => ROLE_VARIABLE,
                    (_, None) => PROVIDER_VARIABLE,
                    _ => TOKEN_FILE_VARIABLE,
                };
                let reason = format!(
                    "{missing} is not set, but other OIDC settings are; set {ROLE_VARIABLE}, {PROVIDER_VARIABLE} and {TOKEN_FILE_VARIABLE}"
                );
                return Err(match self.is_configured() {
                    true => failed(reason),
                    false => CredentialsError::absent(Self::NAME, reason),
                });
            }
        };
        let token = read_token(&file).map_err(failed)?;
        let role = Role { arn, ..self.role.clone() };
        let authentication = Authentication::Oidc { provider_arn: &provider, token: &token };
        match sts::assume_role(&role, authentication, context).await {
            Ok(credentials) => Ok(credentials.with_provider(Self::NAME)),
            Err(reason) => {
                let reason = format!("{reason} (token from {})", file.display());
                Err(failed(match token_expiration(&token) {
                    Some(expiration) if UNIX_EPOCH + expiration <= context.clock.now() => format!(
                        "{reason}; the token expired at {}: check that its issuer renews the file",
                        timestamp(UNIX_EPOCH + expiration),
                    ),
                    _ => reason,
                }))
            }
        }
    }
}

impl Source for OidcSource {
    const NAME: &'static str = "oidc_role_arn";

    fn fetch<'a>(&'a self, context: &'a ProviderContext) -> CredentialsFuture<'a> {
        Box::pin(self.assume_role(context))
    }
}

/// Reads a token from a file, without a trailing line break.
fn read_token(path: &Path) -> Result<Secret, String> {
    let shown = path.display();
    let text = match file::read(path, 1)? {
        Some(text) => text,
        None => return Err(format!("the token file {shown} does not exist; correct the path")),
    };
    match text.trim() {
        "" => Err(format!("the token file {shown} is empty; check that its issuer writes it")),
        token => Ok(Secret::new(token)),
    }
}

/// Returns the expiration in a token, since 1970. Only for messages; STS decides.
fn token_expiration(token: &Secret) -> Option<Duration> {
    let payload = token.expose().split('.').nth(1)?;
    let payload = zeroize::Zeroizing::new(URL_SAFE_NO_PAD.decode(payload).ok()?);
    let seconds = Document::parse(&payload).ok()?.fields().number("exp")?;
    // A larger number may be out of range of `SystemTime`, and has not expired.
    (seconds < 1 << 40).then(|| Duration::from_secs(seconds))
}
