//! A provider that runs a program.

use std::time::{Duration, UNIX_EPOCH};

use alicloud_wire::Timestamp;

use super::CredentialsFuture;
use super::command;
use super::document::{Document, Fields};
use super::process::ProcessLimits;
use super::provider_context::ProviderContext;
use super::source::{CachedSource, Source, provider};
use super::{Credentials, CredentialsError};
use crate::secret::Secret;

/// Forbids external processes and credentials URIs.
pub(super) const DISABLED_VARIABLE: &str = "ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS";

/// A provider that runs a program, for example a client of a vault or of single sign-on, and reads
/// credentials from its standard output.
///
/// The command is split into words as the Alibaba Cloud CLI does: at whitespace, with quotes, and with
/// a backslash before a special character or a line break. On Windows, a backslash is a path separator.
/// It runs without a shell: variables, pipes, comments and `~` are not supported. The output has the
/// format of the Alibaba Cloud CLI:
///
/// ```json
/// {"mode": "StsToken", "access_key_id": "…", "access_key_secret": "…", "sts_token": "…",
///  "expiration": "2026-01-02T03:04:05Z"}
/// ```
///
/// `mode` is `AK`, `StsToken` or missing. Only with `StsToken`, `sts_token` is required. `expiration` is
/// optional. The program is killed if it runs for more than 60 s or prints more
/// than 64 KiB. Credentials are cached in memory, as described for
/// [`CachingCredentialsProvider`](super::CachingCredentialsProvider).
///
/// # Errors
///
/// Failed, and never absent:
///
/// * `ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS` is set; unset it.
/// * The command is empty, its quotes are not closed, or it ends with a backslash.
/// * The program cannot be started, exceeds a limit, or exits with an error; run it manually.
/// * The output does not have the format above.
///
/// Errors show neither the command nor its output.
///
/// # Examples
///
/// ```
/// # #[cfg(unix)]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), alicloud_core::credentials::CredentialsError> {
/// use alicloud_core::credentials::{ExternalProcess, ProvideCredentials};
///
/// let json = r#"{"mode": "AK", "access_key_id": "id", "access_key_secret": "secret"}"#;
/// let provider = ExternalProcess::new(format!("echo '{json}'"));
/// # let provider = provider.variables(alicloud_core::credentials::Variables::from_pairs([("", "")]));
/// assert_eq!(provider.credentials().await?.access_key_id(), "id");
/// # Ok(()) }
/// # #[cfg(not(unix))]
/// # fn main() {}
/// ```
pub struct ExternalProcess(CachedSource<ExternalSource>);

/// The uncached source of [`ExternalProcess`].
#[derive(Clone, Debug)]
pub(super) struct ExternalSource {
    /// A secret, because its arguments can contain one.
    pub(super) command: Secret,
}

impl ExternalProcess {
    /// Creates a provider that runs this command.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::credentials::{ExternalProcess, ProvideCredentials};
    ///
    /// let provider = ExternalProcess::new("vault-login --role 'cdn purge'");
    /// assert_eq!(provider.name(), "external");
    /// ```
    pub fn new(command: impl Into<Secret>) -> Self {
        ExternalProcess(CachedSource::new(ExternalSource { command: command.into() }))
    }
}

provider!(ExternalProcess, ExternalSource, variables processes clock nonces);

impl Source for ExternalSource {
    const NAME: &'static str = "external";

    fn fetch<'a>(&'a self, context: &'a ProviderContext) -> CredentialsFuture<'a> {
        Box::pin(async move {
            let credentials = self.run(context).await;
            credentials.map_err(|reason| CredentialsError::failed(Self::NAME, reason))
        })
    }
}

impl ExternalSource {
    async fn run(&self, context: &ProviderContext) -> Result<Credentials, String> {
        if context.variables.is_on(DISABLED_VARIABLE)? {
            return Err(format!(
                "the command is not run, because {DISABLED_VARIABLE} is set; unset it"
            ));
        }
        let words = command::split(self.command.expose(), cfg!(windows))?;
        let words = words.split_first().filter(|(program, _)| !program.is_empty());
        let (program, arguments) = words.ok_or("the command is empty; set it")?;
        let output = context.processes.run(program, arguments, ProcessLimits::default()).await;
        let output = output.map_err(|error| format!("the command failed: {error}"))?;
        let document = Document::parse(output.expose().as_bytes());
        let document = document.map_err(|reason| format!("the output of the command {reason}"))?;
        let credentials = parse_credentials(document.fields());
        credentials.map_err(|reason| format!("the output of the command {reason}"))
    }
}

fn parse_credentials(fields: Fields<'_>) -> Result<Credentials, String> {
    let text = |name| fields.text(name).ok_or_else(|| format!("has no `{name}`"));
    let mode = fields.text("mode").unwrap_or("AK");
    let needs_token = mode.eq_ignore_ascii_case("StsToken");
    if !needs_token && !mode.eq_ignore_ascii_case("AK") {
        return Err("has a `mode` other than AK and StsToken".to_owned());
    }
    let mut credentials = Credentials::new(text("access_key_id")?, text("access_key_secret")?)
        .with_provider(ExternalSource::NAME);
    if needs_token || fields.text("sts_token").is_some() {
        credentials = credentials.with_security_token(text("sts_token")?);
    }
    let expiration = match (fields.text("expiration"), fields.number("expiration")) {
        (_, Some(seconds)) if seconds < 1 << 40 => Some(UNIX_EPOCH + Duration::from_secs(seconds)),
        (Some(time), _) => {
            let reason = "has an `expiration` that is not a time such as 2026-01-02T03:04:05Z";
            Some(Timestamp::from(time).value().ok_or(reason)?)
        }
        _ => None,
    };
    Ok(match expiration {
        Some(expiration) => credentials.with_expiration(expiration),
        None => credentials,
    })
}
