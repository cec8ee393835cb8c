//! Credentials that a program prints.

use std::time::{Duration, UNIX_EPOCH};

use alicloud_wire::reading;

use super::document::{Document, Fields};
use super::process::ProcessLimits;
use super::provider_context::Seams;
use super::source::{Fetched, Kept, Source, provider};
use super::{Credentials, CredentialsError};
use crate::secret::Secret;

const DISABLED: &str = "ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS";

/// Credentials that a program prints, such as one that asks a vault or a single sign-on.
///
/// The command is split into words as a shell would, with quotes and backslashes, and run without one:
/// there are no variables, no pipes and no `~`. It prints, as for the official command line:
///
/// ```json
/// {"mode": "StsToken", "access_key_id": "…", "access_key_secret": "…", "sts_token": "…",
///  "expiration": "2026-01-02T03:04:05Z"}
/// ```
///
/// `mode` is `AK` or `StsToken`. It may run for 60 seconds and print 64 KiB, and is killed beyond that.
/// The result is kept as [`CachingCredentialsProvider`](super::CachingCredentialsProvider) describes; nothing is written to a file.
///
/// ```
/// use alicloud_core::credentials::ExternalProcess;
///
/// let provider = ExternalProcess::new("vault-login --role 'cdn purge'");
/// ```
///
/// # Errors
///
/// Failed when `ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS` is set, when the command cannot be split or
/// started, passes a limit or fails, and when what it prints is not as above. Neither the command nor
/// its output is shown.
pub struct ExternalProcess(Kept<ExternalSource>);

/// The fetching part of [`ExternalProcess`].
#[derive(Clone, Debug)]
pub(super) struct ExternalSource {
    /// As secret as its arguments.
    pub(super) command: Secret,
}

impl ExternalProcess {
    /// What this command prints.
    pub fn new(command: impl Into<Secret>) -> Self {
        ExternalProcess(Kept::new(ExternalSource { command: command.into() }))
    }
}

provider!(ExternalProcess, ExternalSource, variables processes clock nonces);

impl Source for ExternalSource {
    const NAME: &'static str = "external";

    fn fetch<'a>(&'a self, seams: &'a Seams) -> Fetched<'a> {
        Box::pin(async move {
            let ran = self.run(seams).await;
            ran.map_err(|reason| CredentialsError::failed(Self::NAME, reason))
        })
    }
}

impl ExternalSource {
    async fn run(&self, seams: &Seams) -> Result<Credentials, String> {
        if seams.variables.is_on(DISABLED) {
            return Err(format!("{DISABLED} is set, so the command is not run"));
        }
        let words = shlex::split(self.command.expose());
        let words = words.ok_or("the command ends inside of quotes, or with a backslash")?;
        let (program, arguments) = words.split_first().ok_or("the command is empty")?;
        let printed = seams.processes.run(program, arguments, ProcessLimits::default()).await;
        let printed = printed.map_err(|error| format!("the command: {error}"))?;
        let document = Document::parse(printed.expose().as_bytes());
        let document = document.map_err(|reason| format!("what the command printed {reason}"))?;
        let read = read(document.fields());
        read.map_err(|reason| format!("what the command printed {reason}"))
    }
}

fn read(fields: Fields<'_>) -> Result<Credentials, String> {
    let text = |name| fields.text(name).ok_or_else(|| format!("has no `{name}`"));
    let mode = text("mode")?;
    let with_token = match mode.to_ascii_lowercase().as_str() {
        "ak" => false,
        "ststoken" => true,
        _ => return Err("has another `mode` than AK or StsToken".to_owned()),
    };
    let mut credentials = Credentials::new(text("access_key_id")?, text("access_key_secret")?)
        .with_provider(ExternalSource::NAME);
    if with_token {
        credentials = credentials.with_security_token(text("sts_token")?);
    }
    let end = match (fields.text("expiration"), fields.number("expiration")) {
        (_, Some(seconds)) if seconds < 1 << 40 => Some(UNIX_EPOCH + Duration::from_secs(seconds)),
        (Some(time), _) => {
            let reason = "has an `expiration` that is not a time such as 2026-01-02T03:04:05Z";
            Some(reading::time(time).ok_or(reason)?)
        }
        _ => None,
    };
    Ok(match end {
        Some(end) => credentials.with_expiration(end),
        None => credentials,
    })
}
