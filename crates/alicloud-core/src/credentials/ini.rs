//! A provider that reads the credentials file of the official SDKs.

mod text;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::CredentialsFuture;
use super::assume_role::AssumeRoleSource;
use super::ecs::EcsSource;
use super::file;
use super::oidc::{OidcSource, PROVIDER_VARIABLE, ROLE_VARIABLE, TOKEN_FILE_VARIABLE};
use super::provider_context::ProviderContext;
use super::role::{Role, Setting};
use super::source::{CachedSource, Source, SourceProvider, provider};
use super::{Credentials, CredentialsError, ProvideCredentials};
use crate::variables::no_home;
use text::{Ini, Section};

const FILE_VARIABLE: &str = "ALIBABA_CLOUD_CREDENTIALS_FILE";
const PROFILE_VARIABLE: &str = "ALIBABA_CLOUD_PROFILE";

/// Names of the default file, which differ among the official SDKs.
const FILE_NAMES: [&str; 2] = ["credentials", "credentials.ini"];

/// Types of other SDKs. Neither has an access key that could sign requests.
const UNSUPPORTED_TYPES: [&str; 2] = ["rsa_key_pair", "bearer"];

/// A provider that reads a profile of the credentials file of the official SDKs,
/// `~/.alibabacloud/credentials` or `~/.alibabacloud/credentials.ini`.
///
/// The path of the file is [`file`](IniProfile::file), else `ALIBABA_CLOUD_CREDENTIALS_FILE`, else
/// the two default files in this order. The name of the profile is
/// [`profile`](IniProfile::profile), else `ALIBABA_CLOUD_PROFILE`, else `default`.
///
/// ```ini
/// [default]
/// type = access_key            # or ecs_ram_role, ram_role_arn, oidc_role_arn
/// access_key_id = LTAI5tExample
/// access_key_secret = secret
///
/// [deploy]
/// type = ram_role_arn
/// access_key_id = LTAI5tExample
/// access_key_secret = secret
/// role_arn = acs:ram::123456789012****:role/deploy
/// role_session_name = deploy   # optional, like policy
/// ```
///
/// `ecs_ram_role` has the optional key `role_name`. `oidc_role_arn` has the keys `role_arn`,
/// `oidc_provider_arn` and `oidc_token_file_path`. `ALIBABA_CLOUD_ROLE_ARN`,
/// `ALIBABA_CLOUD_OIDC_PROVIDER_ARN` and `ALIBABA_CLOUD_OIDC_TOKEN_FILE` complete a profile without
/// them. Keys and values are separated by `=` or `:`. `#` and `;` begin a comment unless the value is
/// quoted.
///
/// The file is read at each refresh. Credentials are cached as described for
/// [`CachingCredentialsProvider`](super::CachingCredentialsProvider).
///
/// # Errors
///
/// * Absent if no default file exists, the profile of `ALIBABA_CLOUD_PROFILE` or the default profile
///   is not in the file, or its type is `rsa_key_pair` or `bearer`, which this crate does not support.
/// * Failed if the configured file or the profile set with [`profile`](IniProfile::profile) does not
///   exist, or a file or profile is invalid. The error names the file, the profile, and the key or
///   line.
///
/// # Examples
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use alicloud_core::credentials::{IniProfile, ProvideCredentials};
///
/// let directory = tempfile::tempdir()?;
/// let path = directory.path().join("credentials");
/// let text = "[purge]\ntype = access_key\naccess_key_id = id\naccess_key_secret = secret\n";
/// std::fs::write(&path, text)?;
///
/// let provider = IniProfile::new().file(&path).profile("purge");
/// assert_eq!(provider.credentials().await?.access_key_id(), "id");
/// # Ok(()) }
/// ```
pub struct IniProfile(CachedSource<IniSource>);

/// The uncached source of [`IniProfile`].
#[derive(Clone, Debug, Default)]
pub(super) struct IniSource {
    file: Option<PathBuf>,
    profile: Option<String>,
}

impl IniProfile {
    /// Creates a provider that reads the default files and the default profile.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::credentials::{IniProfile, ProvideCredentials};
    ///
    /// assert_eq!(IniProfile::new().name(), "profile");
    /// ```
    pub fn new() -> Self {
        IniProfile(CachedSource::new(IniSource::default()))
    }

    /// Sets the path of the file.
    #[must_use]
    pub fn file(self, path: impl Into<PathBuf>) -> Self {
        IniProfile(self.0.configure(|source, _| source.file = Some(path.into())))
    }

    /// Sets the name of the profile.
    #[must_use]
    pub fn profile(self, name: impl Into<String>) -> Self {
        IniProfile(self.0.configure(|source, _| source.profile = Some(name.into())))
    }
}

impl Default for IniProfile {
    fn default() -> Self {
        IniProfile::new()
    }
}

provider!(
    IniProfile, IniSource,
    variables transport direct_transport clock nonces
);

impl Source for IniSource {
    const NAME: &'static str = "profile";

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

type ProfileProvider = Arc<dyn ProvideCredentials>;

impl IniSource {
    /// Returns the description of the profile, for messages, and the provider that it configures.
    fn resolve(
        &self,
        context: &ProviderContext,
    ) -> Result<(String, ProfileProvider), CredentialsError> {
        let failed = |reason| CredentialsError::failed(Self::NAME, reason);
        let configured = match &self.file {
            Some(path) => Some(path.clone()),
            None => context.variables.text(FILE_VARIABLE).map_err(failed)?.map(PathBuf::from),
        };
        let name = match &self.profile {
            Some(name) => name.clone(),
            None => context
                .variables
                .text(PROFILE_VARIABLE)
                .map_err(failed)?
                .unwrap_or_else(|| "default".to_owned()),
        };
        let must_exist = configured.is_some();
        let paths = match (configured, context.variables.home()) {
            (Some(path), _) => vec![path],
            (None, Some(home)) => {
                FILE_NAMES.map(|name| home.join(".alibabacloud").join(name)).into()
            }
            (None, None) => return Err(CredentialsError::absent(Self::NAME, no_home())),
        };
        let mut reasons = Vec::new();
        for path in &paths {
            let shown = path.display();
            match file::read(path, 1).map_err(failed)? {
                None if must_exist && self.file.is_none() => {
                    return Err(failed(format!("{shown} does not exist; correct {FILE_VARIABLE}")));
                }
                None if must_exist => {
                    return Err(failed(format!("{shown} does not exist; correct the path")));
                }
                None => reasons.push(format!("{shown} does not exist")),
                Some(text) => match find_profile(path, &text, &name, context)? {
                    Some(profile) => return Ok(profile),
                    None => reasons.push(format!("{shown} has no profile {name:?}")),
                },
            }
        }
        let reason = reasons.join(", ");
        Err(match self.profile {
            Some(_) => failed(format!("{reason}; add a section of this name")),
            None => CredentialsError::absent(Self::NAME, reason),
        })
    }
}

/// Returns the description and the provider of a profile, or `None` if the file does not have it.
fn find_profile(
    path: &Path,
    text: &str,
    name: &str,
    context: &ProviderContext,
) -> Result<Option<(String, ProfileProvider)>, CredentialsError> {
    let failed = |reason| CredentialsError::failed(IniSource::NAME, reason);
    let shown = path.display();
    let ini = Ini::parse(text).map_err(|line| {
        let reason = "is neither a [section] nor of the form key = value";
        failed(format!("{shown}: line {line} {reason}"))
    })?;
    let Some(section) = ini.section(name) else { return Ok(None) };
    let profile = format!("the profile {name:?} in {shown}");
    let kind = section.get("type").unwrap_or_default();
    if UNSUPPORTED_TYPES.contains(&kind) {
        let reason = format!("{profile} is skipped, because the type {kind} is not supported");
        return Err(CredentialsError::absent(IniSource::NAME, reason));
    }
    let provider = read_profile(&section, context);
    let provider = provider.map_err(|reason| failed(format!("{profile}: {reason}")))?;
    Ok(Some((profile, provider)))
}

/// Returns the provider that a profile configures. Errors name the key.
fn read_profile(
    section: &Section<'_>,
    context: &ProviderContext,
) -> Result<ProfileProvider, String> {
    let required =
        |key: &str| section.get(key).ok_or_else(|| format!("`{key}` is missing or empty; add it"));
    let complete =
        |key: &str, variable| context.variables.complete(key, section.get(key), variable);
    let access_key = || -> Result<Credentials, String> {
        let id = required("access_key_id")?;
        Ok(Credentials::new(id, required("access_key_secret")?).with_provider("access_key"))
    };
    let read_role = || -> Result<Role, String> {
        let role = Role {
            arn: complete("role_arn", ROLE_VARIABLE)?,
            session: section.get("role_session_name").map(str::to_owned),
            policy: section.get("policy").map(str::to_owned),
            ..Role::default()
        };
        role.validate().map_err(|(setting, reason)| format!("`{}` {reason}", key_for(setting)))?;
        Ok(role)
    };
    Ok(match required("type")? {
        "access_key" => Arc::new(access_key()?),
        "ram_role_arn" => {
            let base = Arc::new(access_key()?);
            source_provider(AssumeRoleSource { base, role: read_role()? }, context)
        }
        "ecs_ram_role" => {
            let role = section.get("role_name").map(str::to_owned);
            source_provider(EcsSource { role, ..EcsSource::default() }, context)
        }
        "oidc_role_arn" => {
            let source = OidcSource {
                role: read_role()?,
                provider_arn: Some(complete("oidc_provider_arn", PROVIDER_VARIABLE)?),
                token_file: Some(complete("oidc_token_file_path", TOKEN_FILE_VARIABLE)?.into()),
            };
            source_provider(source, context)
        }
        _ => {
            let known = "access_key, ram_role_arn, ecs_ram_role and oidc_role_arn";
            return Err(format!("`type` is not one of {known}"));
        }
    })
}

fn source_provider<S: Source>(source: S, context: &ProviderContext) -> ProfileProvider {
    Arc::new(SourceProvider { source, context: context.clone() })
}

fn key_for(setting: Setting) -> &'static str {
    match setting {
        Setting::Arn => "role_arn",
        Setting::Session => "role_session_name",
        // The file has no keys for these, so they are never invalid.
        Setting::Duration => "duration",
        Setting::Endpoint => "endpoint",
        Setting::Region => "region",
    }
}
