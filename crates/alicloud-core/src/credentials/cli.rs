//! A provider that reads the configuration file of the Alibaba Cloud CLI.

mod config_file;
mod login;
mod mode;
mod settings;

use std::path::PathBuf;

use self::config_file::{ConfigFile, NAME, NameOrigin, PROFILE_VARIABLE, absent, failed};
use self::mode::ProfileProvider;
pub(crate) use self::settings::ProfileSettings;
use super::CredentialsFuture;
use super::document::{Document, Fields};
use super::file;
use super::provider_context::ProviderContext;
use super::source::{CachedSource, Source, provider};
use super::{CredentialsError, ProvideCredentials as _};
use crate::variables::{Variables, no_home};

const FILE_VARIABLE: &str = "ALIBABA_CLOUD_CONFIG_FILE";
const DISABLED_VARIABLES: [&str; 2] =
    ["ALIBABA_CLOUD_CLI_PROFILE_DISABLED", "ALIBABA_CLOUD_IGNORE_PROFILE"];

/// A provider that reads a profile of the Alibaba Cloud CLI, which `aliyun configure` writes to
/// `~/.aliyun/config.json`.
///
/// The path of the file is [`file`](CliProfile::file), else `ALIBABA_CLOUD_CONFIG_FILE`, else the
/// default in the home directory. The name of the profile is [`profile`](CliProfile::profile), else
/// `ALIBABA_CLOUD_PROFILE`, else the value of `current` in the file.
///
/// Supported modes, in upper or lower case: `AK`, `StsToken`, `RamRoleArn`, `RamRoleArnWithRoleName`
/// (assumes a role with the role of the ECS instance), `EcsRamRole`, `OIDC`, `ChainableRamRoleArn`
/// (assumes a role with the credentials of the profile `source_profile`, in chains of any length),
/// `CredentialsURI`, `External`, `CloudSSO` and `OAuth`.
///
/// The file is read at each refresh, and only written with
/// [`save_renewed_logins`](CliProfile::save_renewed_logins). Credentials are cached as described for
/// [`CachingCredentialsProvider`](super::CachingCredentialsProvider).
///
/// # Logins
///
/// For `CloudSSO` and `OAuth`, the credentials that the CLI stored are used until `sts_expiration`. After
/// that, the access token of the login is exchanged for new ones, over HTTPS:
///
/// * `CloudSSO`: until the access token expires (`cloud_sso_access_token_expire`). It cannot be renewed;
///   log in again with `aliyun configure --profile NAME --mode CloudSSO`.
/// * `OAuth`: if at most 20 minutes of the access token are left (`oauth_access_token_expire`), it is
///   renewed with the refresh token first. A new refresh token replaces the old one in the memory of this
///   provider. If the service rejects the old one from then on, the CLI and the next run of this program
///   have to log in again, with `aliyun configure --profile NAME --mode OAuth`;
///   [`save_renewed_logins`](CliProfile::save_renewed_logins) prevents that.
///
/// # Errors
///
/// * Absent if `ALIBABA_CLOUD_CLI_PROFILE_DISABLED` or `ALIBABA_CLOUD_IGNORE_PROFILE` is set, the
///   default file does not exist or is empty, the file has no profiles or not the one of
///   `ALIBABA_CLOUD_PROFILE`, the profile has no access key, or its mode is `BearerToken`, `Anonymous`
///   or `RsaKeyPair`, which cannot sign requests.
/// * Failed if the configured file, the profile set with [`profile`](CliProfile::profile) or the
///   current profile does not exist, or a file or profile is invalid. The error names the file, the
///   profile and the key.
///
/// # Examples
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use alicloud_core::credentials::{CliProfile, ProvideCredentials};
///
/// let directory = tempfile::tempdir()?;
/// let path = directory.path().join("config.json");
/// std::fs::write(&path, r#"{"current": "default", "profiles": [
///     {"name": "default", "mode": "AK", "access_key_id": "id-1", "access_key_secret": "s1"},
///     {"name": "purge", "mode": "AK", "access_key_id": "id-2", "access_key_secret": "s2"}
/// ]}"#)?;
///
/// let provider = CliProfile::new().file(&path).profile("purge");
/// # let provider = provider.variables(alicloud_core::credentials::Variables::from_pairs([("", "")]));
/// assert_eq!(provider.credentials().await?.access_key_id(), "id-2");
/// # Ok(()) }
/// ```
pub struct CliProfile(CachedSource<CliSource>);

/// The uncached source of [`CliProfile`].
#[derive(Clone, Debug, Default)]
pub(super) struct CliSource {
    file: Option<PathBuf>,
    profile: Option<String>,
    saves_logins: bool,
}

impl CliProfile {
    /// Creates a provider that reads the default file and the current profile.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::credentials::{CliProfile, ProvideCredentials};
    ///
    /// assert_eq!(CliProfile::new().name(), "cli_profile");
    /// ```
    pub fn new() -> Self {
        CliProfile(CachedSource::new(CliSource::default()))
    }

    /// Sets the path of the file.
    #[must_use]
    pub fn file(self, path: impl Into<PathBuf>) -> Self {
        CliProfile(self.0.configure(|source, _| source.file = Some(path.into())))
    }

    /// Sets the name of the profile.
    #[must_use]
    pub fn profile(self, name: impl Into<String>) -> Self {
        CliProfile(self.0.configure(|source, _| source.profile = Some(name.into())))
    }

    /// Saves renewed tokens and credentials of a login into the file, as the CLI does, so that the CLI and
    /// other programs use them, too. By default, the file is never written.
    ///
    /// Only the keys of the login of this profile change; the rest of the file stays as it is. The file is
    /// replaced in one step, and only its owner can read it. If another program has logged in or renewed the
    /// login meanwhile, its tokens stay. If the file cannot be written, the credentials are used anyway; an
    /// event of the feature `tracing` has the reason.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::credentials::CliProfile;
    ///
    /// let provider = CliProfile::new().profile("sso").save_renewed_logins();
    /// assert!(format!("{provider:?}").contains("saves_logins: true"));
    /// ```
    #[must_use]
    pub fn save_renewed_logins(self) -> Self {
        CliProfile(self.0.configure(|source, _| source.saves_logins = true))
    }
}

impl Default for CliProfile {
    fn default() -> Self {
        CliProfile::new()
    }
}

provider!(
    CliProfile, CliSource,
    variables transport direct_transport processes clock nonces skew
);

impl Source for CliSource {
    const NAME: &'static str = NAME;

    fn fetch<'a>(&'a self, context: &'a ProviderContext) -> CredentialsFuture<'a> {
        Box::pin(async move {
            let (profile, provider) = self.resolve(context)?;
            match provider.credentials().await {
                Ok(credentials) => Ok(credentials.nested_in(Self::NAME)),
                Err(error) => Err(error.with_profile(&profile).nested_in(Self::NAME)),
            }
        })
    }
}

/// Returns the variable that disables the file, if any.
fn disabling_variable(variables: &Variables) -> Result<Option<&'static str>, String> {
    for variable in DISABLED_VARIABLES {
        if variables.is_on(variable)? {
            return Ok(Some(variable));
        }
    }
    Ok(None)
}

impl CliSource {
    /// Returns the description of the profile, for messages, and the provider that it configures.
    fn resolve(
        &self,
        context: &ProviderContext,
    ) -> Result<(String, ProfileProvider), CredentialsError> {
        if let Some(variable) = disabling_variable(&context.variables).map_err(failed)? {
            return Err(absent(format!("skipped, because {variable} is set")));
        }
        let (path, document) = self.load(&context.variables)?;
        let mut context = context.clone();
        if self.saves_logins {
            context.login_tokens = context.login_tokens.saved_into(&path);
        }
        let root = document.fields();
        let (name, origin) = self.profile_name(root, &context.variables)?;
        let file = ConfigFile { path: &path, root };
        let provider = match file.find(&name) {
            None => Err(file.missing_profile(&name, origin)),
            Some(fields) => match skip_reason(fields, origin) {
                Some(reason) => Err(absent(format!("{} {reason}", file.describe(&name)))),
                None => file.provider(&name, &context).map_err(failed),
            },
        };
        Ok((file.describe(&name), provider?))
    }

    /// Reads the file.
    fn load(&self, variables: &Variables) -> Result<(PathBuf, Document), CredentialsError> {
        let configured = match &self.file {
            Some(path) => Some(path.clone()),
            None => variables.text(FILE_VARIABLE).map_err(failed)?.map(PathBuf::from),
        };
        let must_exist = configured.is_some();
        let default = || Some(variables.home()?.join(".aliyun").join("config.json"));
        let path = configured.or_else(default).ok_or_else(|| absent(no_home()))?;
        let shown = path.display();
        let text = match file::read(&path, file::CONFIG_MEBIBYTES).map_err(failed)? {
            Some(text) if text.trim().is_empty() && !must_exist => {
                return Err(absent(format!("{shown} is empty; run `aliyun configure`")));
            }
            Some(text) => text,
            None if must_exist && self.file.is_none() => {
                return Err(failed(format!("{shown} does not exist; correct {FILE_VARIABLE}")));
            }
            None if must_exist => {
                return Err(failed(format!("{shown} does not exist; correct the path")));
            }
            None => return Err(absent(format!("{shown} does not exist"))),
        };
        let document = Document::parse(text.as_bytes());
        let document =
            document.map_err(|reason| failed(format!("{shown} {reason}; correct the file")))?;
        Ok((path, document))
    }

    fn profile_name(
        &self,
        root: Fields<'_>,
        variables: &Variables,
    ) -> Result<(String, NameOrigin), CredentialsError> {
        if let Some(name) = &self.profile {
            return Ok((name.clone(), NameOrigin::Program));
        }
        if let Some(name) = variables.text(PROFILE_VARIABLE).map_err(failed)? {
            return Ok((name, NameOrigin::Environment));
        }
        Ok((root.text("current").unwrap_or("default").to_owned(), NameOrigin::File))
    }
}

/// Returns why a profile is skipped, so that a chain asks the next provider.
fn skip_reason(fields: Fields<'_>, origin: NameOrigin) -> Option<String> {
    match origin != NameOrigin::Program && is_unconfigured(fields) {
        true => Some("has no access key; run `aliyun configure`".to_owned()),
        false => mode::unsupported(fields),
    }
}

/// Returns whether a profile is the empty one that the CLI creates.
fn is_unconfigured(fields: Fields<'_>) -> bool {
    let mode = fields.text("mode").unwrap_or("AK");
    let keys = ["access_key_id", "access_key_secret"];
    mode.eq_ignore_ascii_case("AK") && keys.iter().all(|key| fields.text(key).is_none())
}
