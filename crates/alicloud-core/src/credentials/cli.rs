//! The file of the official command line.

mod mode;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::assume_role::AssumeRoleSource;
use super::document::{Document, Fields};
use super::file;
use super::provider_context::Seams;
use super::source::{Asked, Fetched, Kept, Source, provider};
use super::{CredentialsError, ProvideCredentials};
use mode::Mode;

const FILE: &str = "ALIBABA_CLOUD_CONFIG_FILE";
const PROFILE: &str = "ALIBABA_CLOUD_PROFILE";
const SWITCHES: [&str; 2] = ["ALIBABA_CLOUD_CLI_PROFILE_DISABLED", "ALIBABA_CLOUD_IGNORE_PROFILE"];

/// A profile of the official command line, as `aliyun configure` writes it to `~/.aliyun/config.json`.
///
/// For a developer's computer and for build jobs that have the command line: what works there works
/// here. The file is [`file`](CliProfile::file), else `ALIBABA_CLOUD_CONFIG_FILE`, else the one in the
/// home directory; the profile is [`profile`](CliProfile::profile), else `ALIBABA_CLOUD_PROFILE`, else
/// the one that the file calls `current`.
///
/// The modes, in any case of letters: `AK`, `StsToken`, `RamRoleArn`, `EcsRamRole`, `OIDC`,
/// `ChainableRamRoleArn` (a role on top of the profile `source_profile`, over any number of profiles),
/// `CredentialsURI`, `External`. Of `CloudSSO` and `OAuth` the credentials that the command line left in
/// the file are used until they end; logging in is its business.
///
/// The file is read at each refresh and never written. The result is kept as
/// [`CachingCredentialsProvider`](super::CachingCredentialsProvider) describes.
///
/// ```
/// use alicloud_core::credentials::CliProfile;
///
/// let provider = CliProfile::new().profile("purge-only");
/// ```
///
/// # Errors
///
/// Absent when `ALIBABA_CLOUD_CLI_PROFILE_DISABLED` or `ALIBABA_CLOUD_IGNORE_PROFILE` is set, when there
/// is no such file, when the profile that the environment names is not in it, or when it was never
/// filled in. Failed for everything that is wrong with a file or a profile that is there: the error
/// names both, and the key.
pub struct CliProfile(Kept<CliSource>);

/// The fetching part of [`CliProfile`].
#[derive(Clone, Debug, Default)]
pub(super) struct CliSource {
    file: Option<PathBuf>,
    profile: Option<String>,
}

impl CliProfile {
    /// The profile that the environment and the file choose.
    pub fn new() -> Self {
        CliProfile(Kept::new(CliSource::default()))
    }

    /// Another file.
    #[must_use]
    pub fn file(self, path: impl Into<PathBuf>) -> Self {
        CliProfile(self.0.with(|source, _| source.file = Some(path.into())))
    }

    /// The profile of this name.
    #[must_use]
    pub fn profile(self, name: impl Into<String>) -> Self {
        CliProfile(self.0.with(|source, _| source.profile = Some(name.into())))
    }
}

impl Default for CliProfile {
    fn default() -> Self {
        CliProfile::new()
    }
}

provider!(
    CliProfile, CliSource,
    variables transport direct_transport processes clock nonces
);

impl Source for CliSource {
    const NAME: &'static str = "cli_profile";

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

fn absent(reason: String) -> CredentialsError {
    CredentialsError::absent(CliSource::NAME, reason)
}

fn failed(reason: String) -> CredentialsError {
    CredentialsError::failed(CliSource::NAME, reason)
}

/// Who decided which profile it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Chosen {
    Program,
    Environment,
    File,
}

/// What credentials come from once the file is read; nothing of the file is left.
type Provider = Arc<dyn ProvideCredentials>;

impl CliSource {
    /// The profile, in words, and what it stands for.
    fn resolve(&self, seams: &Seams) -> Result<(String, Provider), CredentialsError> {
        if let Some(switch) = SWITCHES.iter().find(|switch| seams.variables.is_on(switch)) {
            return Err(absent(format!("{switch} is set")));
        }
        let (path, document) = self.document(seams)?;
        let root = document.fields();
        let (name, chosen) = self.choose(root, seams)?;
        let file = ConfigFile { path: &path, root };
        let provider = match file.find(&name) {
            None => Err(file.not_there(&name, chosen)),
            Some(fields) if chosen == Chosen::File && is_blank(fields) => {
                Err(absent(format!("{} has no access key", file.describe(&name))))
            }
            Some(_) => file.provider(&name, seams).map_err(failed),
        };
        Ok((file.describe(&name), provider?))
    }

    fn document(&self, seams: &Seams) -> Result<(PathBuf, Document), CredentialsError> {
        let told = match &self.file {
            Some(path) => Some(path.clone()),
            None => seams.variables.text(FILE).map_err(failed)?.map(PathBuf::from),
        };
        let is_told = told.is_some();
        let usual = || Some(seams.variables.home()?.join(".aliyun").join("config.json"));
        let path = told.or_else(usual);
        let path = path.ok_or_else(|| absent("there is no home directory".to_owned()))?;
        let shown = path.display();
        let text = match file::read(&path).map_err(failed)? {
            Some(text) => text,
            None if is_told => return Err(failed(format!("{shown} does not exist"))),
            None => return Err(absent(format!("{shown} does not exist"))),
        };
        let document = Document::parse(text.as_bytes());
        let document = document.map_err(|reason| failed(format!("{shown} {reason}")))?;
        Ok((path, document))
    }

    fn choose(
        &self,
        root: Fields<'_>,
        seams: &Seams,
    ) -> Result<(String, Chosen), CredentialsError> {
        if let Some(name) = &self.profile {
            return Ok((name.clone(), Chosen::Program));
        }
        if let Some(name) = seams.variables.text(PROFILE).map_err(failed)? {
            return Ok((name, Chosen::Environment));
        }
        Ok((root.text("current").unwrap_or("default").to_owned(), Chosen::File))
    }
}

/// Whether a profile is as it is before it was ever filled in.
fn is_blank(fields: Fields<'_>) -> bool {
    let mode = fields.text("mode").unwrap_or("AK");
    let keys = ["access_key_id", "access_key_secret"];
    mode.eq_ignore_ascii_case("AK") && keys.iter().all(|key| fields.text(key).is_none())
}

/// The file as it was read.
struct ConfigFile<'a> {
    path: &'a Path,
    root: Fields<'a>,
}

impl<'a> ConfigFile<'a> {
    fn find(&self, name: &str) -> Option<Fields<'a>> {
        self.root.objects("profiles").find(|profile| profile.text("name") == Some(name))
    }

    fn describe(&self, name: &str) -> String {
        format!("the profile {name:?} in {}", self.path.display())
    }

    fn not_there(&self, name: &str, chosen: Chosen) -> CredentialsError {
        let shown = self.path.display();
        match chosen {
            Chosen::Program => failed(format!("{shown} has no profile {name:?}")),
            // It may be one of the other file.
            Chosen::Environment => {
                absent(format!("{shown} has no profile {name:?}, which {PROFILE} names"))
            }
            Chosen::File if self.root.objects("profiles").next().is_none() => {
                absent(format!("{shown} has no `profiles`"))
            }
            Chosen::File => {
                failed(format!("{shown} has no profile {name:?}, which is the `current` one"))
            }
        }
    }

    /// What a profile stands for: follows `source_profile` to the one that has something of its own, and
    /// takes the roles on the way back.
    fn provider(&self, name: &str, seams: &Seams) -> Result<Provider, String> {
        let mut roles = Vec::new();
        let mut way = vec![name];
        let mut at = name;
        let mut provider = loop {
            let about = |reason: String| format!("{}: {reason}", self.describe(at));
            let Some(fields) = self.find(at) else {
                return Err(format!(
                    "{} does not exist, but is a `source_profile`",
                    self.describe(at)
                ));
            };
            match mode::read(fields, seams).map_err(about)? {
                Mode::Own(provider) => break provider,
                Mode::Role { source, role } => {
                    if way.contains(&source) {
                        let circle = way.join(" → ");
                        return Err(about(format!(
                            "`source_profile` goes in a circle: {circle} → {source}"
                        )));
                    }
                    roles.push(role);
                    way.push(source);
                    at = source;
                }
            }
        };
        while let Some(role) = roles.pop() {
            let source = AssumeRoleSource { base: provider, role };
            provider = Arc::new(Asked { source, seams: seams.clone() });
        }
        Ok(provider)
    }
}
