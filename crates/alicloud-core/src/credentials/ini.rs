//! The file of the official SDKs.

mod text;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::assume_role::AssumeRoleSource;
use super::ecs::EcsSource;
use super::file;
use super::oidc::OidcSource;
use super::provider_context::Seams;
use super::role::{Role, Setting};
use super::source::{Asked, Fetched, Kept, Source, provider};
use super::{Credentials, CredentialsError, ProvideCredentials};
use text::{Ini, Section};

const FILE: &str = "ALIBABA_CLOUD_CREDENTIALS_FILE";
const PROFILE: &str = "ALIBABA_CLOUD_PROFILE";

/// The official SDKs do not agree on the name of the file.
const NAMES: [&str; 2] = ["credentials", "credentials.ini"];

/// A profile of the official SDKs' own file, `~/.alibabacloud/credentials` or `credentials.ini`.
///
/// The file is [`file`](IniProfile::file), else `ALIBABA_CLOUD_CREDENTIALS_FILE`, else the two in the home
/// directory, one after the other; the profile is [`profile`](IniProfile::profile), else
/// `ALIBABA_CLOUD_PROFILE`, else `default`:
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
/// role_session_name = deploy   # may be left out, as may policy
/// ```
///
/// `ecs_ram_role` takes `role_name`; `oidc_role_arn` takes `role_arn`, `oidc_provider_arn` and
/// `oidc_token_file_path`. The file is read at each refresh, and the result is kept as
/// [`CachingCredentialsProvider`](super::CachingCredentialsProvider) describes.
///
/// ```
/// use alicloud_core::credentials::IniProfile;
///
/// let provider = IniProfile::new().profile("deploy");
/// ```
///
/// # Errors
///
/// Absent when there is no such file, or no such profile in it. Failed when a file or a profile that was
/// asked for by the program is not there, and for everything that is wrong with one that is: the error
/// names both, and the key or the line.
pub struct IniProfile(Kept<IniSource>);

/// The fetching part of [`IniProfile`].
#[derive(Clone, Debug, Default)]
pub(super) struct IniSource {
    file: Option<PathBuf>,
    profile: Option<String>,
}

impl IniProfile {
    /// The profile that the environment chooses.
    pub fn new() -> Self {
        IniProfile(Kept::new(IniSource::default()))
    }

    /// Another file.
    #[must_use]
    pub fn file(self, path: impl Into<PathBuf>) -> Self {
        IniProfile(self.0.with(|source, _| source.file = Some(path.into())))
    }

    /// The profile of this name.
    #[must_use]
    pub fn profile(self, name: impl Into<String>) -> Self {
        IniProfile(self.0.with(|source, _| source.profile = Some(name.into())))
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

    fn fetch<'a>(&'a self, seams: &'a Seams) -> Fetched<'a> {
        Box::pin(async move {
            let (profile, provider) = self.resolve(seams)?;
            match provider.credentials().await {
                Ok(credentials) => Ok(credentials.below(Self::NAME)),
                Err(error) => Err(error.in_profile(&profile).below(Self::NAME)),
            }
        })
    }
}

type Provider = Arc<dyn ProvideCredentials>;

impl IniSource {
    /// The profile, in words, and what it stands for.
    fn resolve(&self, seams: &Seams) -> Result<(String, Provider), CredentialsError> {
        let failed = |reason| CredentialsError::failed(Self::NAME, reason);
        let told = match &self.file {
            Some(path) => Some(path.clone()),
            None => seams.variables.text(FILE).map_err(failed)?.map(PathBuf::from),
        };
        let name = match &self.profile {
            Some(name) => name.clone(),
            None => seams
                .variables
                .text(PROFILE)
                .map_err(failed)?
                .unwrap_or_else(|| "default".to_owned()),
        };
        let must_exist = told.is_some();
        let paths = match (told, seams.variables.home()) {
            (Some(path), _) => vec![path],
            (None, Some(home)) => NAMES.map(|name| home.join(".alibabacloud").join(name)).into(),
            (None, None) => {
                return Err(CredentialsError::absent(Self::NAME, "there is no home directory"));
            }
        };
        let mut reasons = Vec::new();
        for path in &paths {
            let shown = path.display();
            match file::read(path).map_err(failed)? {
                None if must_exist => return Err(failed(format!("{shown} does not exist"))),
                None => reasons.push(format!("{shown} does not exist")),
                Some(text) => match in_file(path, &text, &name, seams).map_err(failed)? {
                    Some(found) => return Ok(found),
                    None => reasons.push(format!("{shown} has no profile {name:?}")),
                },
            }
        }
        let reason = reasons.join(", ");
        Err(match self.profile {
            Some(_) => failed(reason),
            None => CredentialsError::absent(Self::NAME, reason),
        })
    }
}

/// The profile of this name in a file, if it has one.
fn in_file(
    path: &Path,
    text: &str,
    name: &str,
    seams: &Seams,
) -> Result<Option<(String, Provider)>, String> {
    let shown = path.display();
    let ini = Ini::parse(text).map_err(|line| {
        format!("{shown}: line {line} is neither a [section] nor of the form key = value")
    })?;
    let Some(section) = ini.section(name) else { return Ok(None) };
    let profile = format!("the profile {name:?} in {shown}");
    let provider = read(&section, seams).map_err(|reason| format!("{profile}: {reason}"))?;
    Ok(Some((profile, provider)))
}

/// What a profile stands for. The error names the key.
fn read(section: &Section<'_>, seams: &Seams) -> Result<Provider, String> {
    let need = |key: &str| section.get(key).ok_or_else(|| format!("`{key}` is missing or empty"));
    let key = || -> Result<Credentials, String> {
        let key = Credentials::new(need("access_key_id")?, need("access_key_secret")?);
        Ok(key.with_provider("access_key"))
    };
    let role = || -> Result<Role, String> {
        let role = Role {
            arn: need("role_arn")?.to_owned(),
            session: section.get("role_session_name").map(str::to_owned),
            policy: section.get("policy").map(str::to_owned),
            ..Role::default()
        };
        role.check().map_err(|(setting, reason)| format!("`{}` {reason}", key_of(setting)))?;
        Ok(role)
    };
    Ok(match need("type")? {
        "access_key" => Arc::new(key()?),
        "ram_role_arn" => asked(AssumeRoleSource { base: Arc::new(key()?), role: role()? }, seams),
        "ecs_ram_role" => {
            let role = section.get("role_name").map(str::to_owned);
            asked(EcsSource { role, ..EcsSource::default() }, seams)
        }
        "oidc_role_arn" => {
            let source = OidcSource {
                role: role()?,
                provider_arn: Some(need("oidc_provider_arn")?.to_owned()),
                token_file: Some(PathBuf::from(need("oidc_token_file_path")?)),
            };
            asked(source, seams)
        }
        _ => {
            let known = "access_key, ram_role_arn, ecs_ram_role and oidc_role_arn";
            return Err(format!("`type` is none of {known}"));
        }
    })
}

fn asked<S: Source>(source: S, seams: &Seams) -> Provider {
    Arc::new(Asked { source, seams: seams.clone() })
}

fn key_of(setting: Setting) -> &'static str {
    match setting {
        Setting::Arn => "role_arn",
        Setting::Session => "role_session_name",
        // The file has no keys for these, so they are never wrong.
        Setting::Duration => "duration",
        Setting::Endpoint => "endpoint",
        Setting::Region => "region",
    }
}
