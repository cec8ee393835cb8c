//! The profiles of the parsed configuration file.

use std::path::Path;
use std::sync::Arc;

use super::mode::{self, Mode, ProfileProvider};
use crate::credentials::CredentialsError;
use crate::credentials::assume_role::AssumeRoleSource;
use crate::credentials::document::Fields;
use crate::credentials::provider_context::ProviderContext;
use crate::credentials::source::SourceProvider;

/// Name of the provider.
pub(super) const NAME: &str = "cli_profile";

pub(super) const PROFILE_VARIABLE: &str = "ALIBABA_CLOUD_PROFILE";

pub(super) fn absent(reason: String) -> CredentialsError {
    CredentialsError::absent(NAME, reason)
}

pub(super) fn failed(reason: String) -> CredentialsError {
    CredentialsError::failed(NAME, reason)
}

/// Where the name of the profile comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NameOrigin {
    Program,
    Environment,
    File,
}

/// The parsed file.
pub(super) struct ConfigFile<'a> {
    pub(super) path: &'a Path,
    pub(super) root: Fields<'a>,
}

impl<'a> ConfigFile<'a> {
    pub(super) fn find(&self, name: &str) -> Option<Fields<'a>> {
        self.root.objects("profiles").find(|profile| profile.text("name") == Some(name))
    }

    pub(super) fn describe(&self, name: &str) -> String {
        format!("the profile {name:?} in {}", self.path.display())
    }

    pub(super) fn missing_profile(&self, name: &str, origin: NameOrigin) -> CredentialsError {
        let missing = format!("{} has no profile {name:?}", self.path.display());
        match origin {
            NameOrigin::Program => {
                failed(format!("{missing}; run `aliyun configure --profile {name:?}` to create it"))
            }
            // It may be a profile of the file of the SDKs.
            NameOrigin::Environment => absent(format!("{missing} (set by {PROFILE_VARIABLE})")),
            NameOrigin::File if self.root.objects("profiles").next().is_none() => {
                let shown = self.path.display();
                absent(format!("{shown} has no `profiles`; run `aliyun configure`"))
            }
            NameOrigin::File => failed(format!(
                "{missing}, which is the value of `current`; run `aliyun configure --profile {name:?}` to create it"
            )),
        }
    }

    /// Returns the provider that a profile configures. Follows `source_profile` to a profile with
    /// credentials, and assumes the roles of the profiles on the path in reverse order.
    pub(super) fn provider(
        &self,
        name: &str,
        context: &ProviderContext,
    ) -> Result<ProfileProvider, String> {
        let mut roles = Vec::new();
        let mut path = vec![name];
        let mut current = name;
        let mut provider = loop {
            let in_profile = |reason: String| format!("{}: {reason}", self.describe(current));
            let Some(fields) = self.find(current) else {
                return Err(format!(
                    "{} does not exist; correct the `source_profile` that names it",
                    self.describe(current)
                ));
            };
            match mode::read(fields, context).map_err(in_profile)? {
                Mode::Provider(provider) => break provider,
                Mode::ChainedRole { source_profile, role } => {
                    if path.contains(&source_profile) {
                        let cycle = path.join(" → ");
                        return Err(in_profile(format!(
                            "`source_profile` forms a cycle: {cycle} → {source_profile}; remove one of them"
                        )));
                    }
                    roles.push(role);
                    path.push(source_profile);
                    current = source_profile;
                }
            }
        };
        while let Some(role) = roles.pop() {
            let source = AssumeRoleSource { base: provider, role };
            provider = Arc::new(SourceProvider { source, context: context.clone() });
        }
        Ok(provider)
    }
}
