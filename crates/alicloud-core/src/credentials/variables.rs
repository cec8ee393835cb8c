//! The environment of the process, as a seam.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

/// Environment variables: those of the process, or fixed ones in a test.
///
/// This is the only place of the crate that reads the environment; the home directory comes from here,
/// too. `Debug` shows no value.
#[derive(Clone, Default)]
pub struct Variables {
    fixed: Option<Arc<BTreeMap<String, String>>>,
}

/// A variable that is set to something that is not Unicode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotText;

impl Variables {
    /// The variables of this process.
    pub fn from_env() -> Self {
        Variables::default()
    }

    /// These variables and no others. Without `HOME` there is no home directory either.
    pub fn from_pairs<K: Into<String>, V: Into<String>>(
        variables: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let variables =
            variables.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        Variables { fixed: Some(Arc::new(variables)) }
    }

    /// A variable that is set and not empty.
    pub(crate) fn get(&self, name: &str) -> Result<Option<String>, NotText> {
        let value = match &self.fixed {
            Some(variables) => variables.get(name).cloned(),
            None => {
                #[allow(clippy::disallowed_methods, reason = "this is the environment's one seam")]
                let value = std::env::var_os(name);
                value.map(|value| value.into_string().map_err(|_| NotText)).transpose()?
            }
        };
        Ok(value.filter(|value| !value.is_empty()))
    }

    /// The same, with an error that can stand in a message.
    pub(super) fn text(&self, name: &str) -> Result<Option<String>, String> {
        self.get(name).map_err(|NotText| format!("{name} is not text"))
    }

    /// Whether a switch is on. Whatever is not a clear no is a yes: most switches forbid something.
    pub(super) fn is_on(&self, name: &str) -> bool {
        let no = ["false", "0", "no", "off"];
        match self.get(name) {
            Ok(Some(value)) => !no.iter().any(|no| value.trim().eq_ignore_ascii_case(no)),
            Ok(None) => false,
            Err(NotText) => true,
        }
    }

    /// The home directory of the user.
    pub(super) fn home(&self) -> Option<PathBuf> {
        let names: &[&str] = if cfg!(windows) { &["USERPROFILE", "HOME"] } else { &["HOME"] };
        names.iter().find_map(|name| self.get(name).ok().flatten()).map(PathBuf::from)
    }
}

impl fmt::Debug for Variables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.fixed {
            Some(variables) => f.debug_set().entries(variables.keys()).finish(),
            None => f.write_str("Variables of the process"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_switch_is_on_unless_it_says_no() {
        for (value, on) in [("true", true), ("TRUE", true), ("1", true), ("x", true)]
            .into_iter()
            .chain([("", false), ("false", false), ("No", false), ("0", false)])
        {
            assert_eq!(Variables::from_pairs([("SWITCH", value)]).is_on("SWITCH"), on, "{value}");
        }
        assert!(!Variables::from_pairs::<String, String>([]).is_on("SWITCH"));
    }
}
