//! The names in use in one scope.

use std::collections::{BTreeMap, BTreeSet};

/// The names in use in one scope.
#[derive(Debug, Default, Clone)]
pub(crate) struct Scope {
    used: BTreeSet<String>,
    /// The number to try next for a name, so that many equal names do not try each number again.
    next_numbers: BTreeMap<String, usize>,
}

impl Scope {
    /// Creates a scope that already has these names.
    pub(crate) fn with_names(names: &[&str]) -> Self {
        Scope {
            used: names.iter().map(|name| (*name).to_owned()).collect(),
            next_numbers: BTreeMap::new(),
        }
    }

    /// Returns whether a name is in use.
    pub(crate) fn contains(&self, name: &str) -> bool {
        self.used.contains(name)
    }

    /// Adds a name and returns it, with a number appended if it is already in use.
    pub(crate) fn claim(&mut self, name: &str) -> String {
        if self.used.insert(name.to_owned()) {
            return name.to_owned();
        }
        let mut number = self.next_numbers.get(name).copied().unwrap_or(2);
        let mut candidate = name.to_owned();
        while !self.used.insert(candidate.clone()) {
            // With a number it is no longer a keyword.
            let stem = name.strip_prefix("r#").unwrap_or(name);
            candidate = match stem.ends_with('_') {
                true => format!("{stem}{number}"),
                false
                    if stem.bytes().next().is_some_and(|byte| byte.is_ascii_uppercase())
                        && !stem.contains('_') =>
                {
                    format!("{stem}{number}")
                }
                false => format!("{stem}_{number}"),
            };
            number += 1;
        }
        self.next_numbers.insert(name.to_owned(), number);
        candidate
    }
}
