//! What a profile of the CLI says about other things than credentials.

use std::collections::BTreeMap;

use super::{CliSource, ConfigFile, disabling_variable};
use crate::variables::Variables;

/// Region and endpoints of a profile.
#[derive(Debug, Default)]
pub(crate) struct ProfileSettings {
    /// The profile and its file, for messages.
    pub(crate) description: String,
    pub(crate) region: Option<String>,
    /// The endpoint of all products.
    pub(crate) endpoint: Option<String>,
    /// Endpoints of single products, by product code.
    pub(crate) endpoints: BTreeMap<String, String>,
    /// `vpc` for private endpoints.
    pub(crate) endpoint_type: Option<String>,
}

impl ProfileSettings {
    /// Reads the profile with this name, or the one that the default chain of credentials uses. Without a file there
    /// are no settings, unless the program names a profile.
    ///
    /// # Errors
    ///
    /// Why the file cannot be used, or that it has no such profile.
    pub(crate) fn read(
        variables: &Variables,
        profile: Option<&str>,
    ) -> Result<ProfileSettings, String> {
        if let Some(variable) = disabling_variable(variables)? {
            return match profile {
                Some(name) => {
                    Err(format!("the profile {name:?} is skipped, because {variable} is set"))
                }
                None => Ok(ProfileSettings::default()),
            };
        }
        let source = CliSource { profile: profile.map(str::to_owned), ..CliSource::default() };
        let (path, document) = match source.load(variables) {
            Ok(loaded) => loaded,
            Err(error) if error.is_absent() && profile.is_none() => {
                return Ok(ProfileSettings::default());
            }
            Err(error) => return Err(error.to_string()),
        };
        let root = document.fields();
        let (name, origin) =
            source.profile_name(root, variables).map_err(|error| error.to_string())?;
        let file = ConfigFile { path: &path, root };
        let Some(fields) = file.find(&name) else {
            return Err(file.missing_profile(&name, origin).to_string());
        };
        let text = |key| fields.text(key).map(str::to_owned);
        Ok(ProfileSettings {
            description: file.describe(&name),
            region: text("region_id"),
            endpoint: text("endpoint"),
            endpoints: fields.object("endpoints").map(|object| object.texts()).unwrap_or_default(),
            endpoint_type: text("endpoint_type"),
        })
    }
}
