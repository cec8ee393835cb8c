//! Environment variables, replaceable in tests.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

/// Environment variables: those of the process, or fixed ones for tests.
///
/// Only this type reads the environment, including `HOME`. If that is not set or empty, the home
/// directory of the process is that of the user database. `Debug` shows no values.
///
/// # Examples
///
/// ```
/// use alicloud_core::credentials::Variables;
///
/// let variables = Variables::from_pairs([("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "s3cr3t")]);
/// assert!(!format!("{variables:?}").contains("s3cr3t"));
/// ```
#[derive(Clone, Default)]
pub struct Variables {
    fixed: Option<Arc<BTreeMap<String, String>>>,
}

/// The value of a variable is not Unicode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotUnicode;

impl Variables {
    /// Returns the variables of this process.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::credentials::{Environment, Variables};
    ///
    /// let environment = Environment::from_variables(Variables::from_env());
    /// assert!(format!("{environment:?}").contains("Variables of the process"));
    /// ```
    pub fn from_env() -> Self {
        Variables::default()
    }

    /// Returns exactly these variables. Without `HOME`, there is no home directory.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// use alicloud_core::credentials::{IniProfile, ProvideCredentials, Variables};
    ///
    /// let provider = IniProfile::new().variables(Variables::from_pairs([("HOME", "/nonexistent")]));
    /// assert!(provider.credentials().await.unwrap_err().is_absent());
    /// # }
    /// ```
    pub fn from_pairs<K: Into<String>, V: Into<String>>(
        variables: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let variables =
            variables.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        Variables { fixed: Some(Arc::new(variables)) }
    }

    /// Returns the value of a variable that is set and not empty.
    pub(crate) fn get(&self, name: &str) -> Result<Option<String>, NotUnicode> {
        let value = match &self.fixed {
            Some(variables) => variables.get(name).cloned(),
            None => {
                #[allow(clippy::disallowed_methods, reason = "the only access to the environment")]
                let value = std::env::var_os(name);
                value.map(|value| value.into_string().map_err(|_| NotUnicode)).transpose()?
            }
        };
        Ok(value.filter(|value| !value.is_empty()))
    }

    /// Returns the names of all variables.
    pub(crate) fn names(&self) -> Vec<String> {
        match &self.fixed {
            Some(variables) => variables.keys().cloned().collect(),
            None => {
                #[allow(clippy::disallowed_methods, reason = "the only access to the environment")]
                let all = std::env::vars_os();
                all.filter_map(|(name, _)| name.into_string().ok()).collect()
            }
        }
    }

    /// Returns the value of a variable, or `None` if it is not set or empty.
    ///
    /// # Errors
    ///
    /// A message that names the variable, if its value is not Unicode.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::credentials::Variables;
    ///
    /// let variables = Variables::from_pairs([("STORE", "redis://host"), ("EMPTY", "")]);
    /// assert_eq!(variables.text("STORE")?.as_deref(), Some("redis://host"));
    /// assert_eq!(variables.text("EMPTY")?, None);
    /// # Ok::<(), String>(())
    /// ```
    pub fn text(&self, name: &str) -> Result<Option<String>, String> {
        self.get(name).map_err(|NotUnicode| format!("{name} is not Unicode text; set it again"))
    }

    /// Returns a setting of a profile: the configured one, else the variable that completes it.
    ///
    /// # Errors
    ///
    /// A message that names the key and the variable if neither is set.
    pub(crate) fn complete(
        &self,
        key: &str,
        configured: Option<&str>,
        variable: &str,
    ) -> Result<String, String> {
        match configured {
            Some(text) => Ok(text.to_owned()),
            None => self.text(variable)?.ok_or_else(|| {
                format!("`{key}` is missing or empty; add it to the profile, or set {variable}")
            }),
        }
    }

    /// Returns whether a switch is on. A variable that is not set or empty is off.
    ///
    /// # Errors
    ///
    /// A message that names the variable and the accepted values, if it has another value: many of
    /// these variables forbid something, so a misspelled value must not be ignored.
    pub(crate) fn is_on(&self, name: &str) -> Result<bool, String> {
        match self.get(name) {
            Ok(Some(value)) => parse_switch(&value),
            Ok(None) => Some(false),
            Err(NotUnicode) => None,
        }
        .ok_or_else(|| format!("{name} must be {SWITCH_VALUES}; correct or unset it"))
    }

    /// Returns the home directory of the user: that of a variable, else that of the user database.
    /// Fixed variables have no user database.
    pub(crate) fn home(&self) -> Option<PathBuf> {
        let mut names = HOME_VARIABLES.iter();
        let configured = names.find_map(|name| self.get(name).ok().flatten()).map(PathBuf::from);
        match (configured, &self.fixed) {
            (None, None) => std::env::home_dir().filter(|home| !home.as_os_str().is_empty()),
            (configured, _) => configured,
        }
    }
}

/// The accepted values of a switch, for messages.
pub(crate) const SWITCH_VALUES: &str = "`true`, `1`, `yes` or `on`, or `false`, `0`, `no` or `off`";

/// Returns whether the text of a switch means on, or `None` if it is not one of the accepted values.
/// Ignores case and surrounding whitespace. An empty text means off.
pub(crate) fn parse_switch(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Some(true),
        "" | "false" | "0" | "no" | "off" => Some(false),
        _ => None,
    }
}

/// Variables with the path of the home directory, in the order in which they are read.
const HOME_VARIABLES: &[&str] = if cfg!(windows) { &["USERPROFILE", "HOME"] } else { &["HOME"] };

/// Returns the reason why there is no home directory.
pub(crate) fn no_home() -> String {
    format!("there is no home directory; set {}", HOME_VARIABLES.join(" or "))
}

impl fmt::Debug for Variables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.fixed {
            Some(variables) => f.debug_set().entries(variables.keys()).finish(),
            None => f.write_str("Variables of the process"),
        }
    }
}
