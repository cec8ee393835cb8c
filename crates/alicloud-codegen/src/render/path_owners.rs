//! What each file of a run is for.

use std::collections::BTreeMap;
use std::path::Path;

use super::tree::Tree;
use crate::diagnostics::CommandError;

/// What each file of a run is for, so that none is written twice.
#[derive(Debug, Default)]
pub struct PathOwners {
    /// By path in lower case, because some file systems do not distinguish upper and lower case.
    owners: BTreeMap<String, String>,
}

impl PathOwners {
    /// Records what a file is for.
    ///
    /// # Errors
    ///
    /// If the same path is already used for something else.
    pub fn claim(&mut self, path: &Path, cause: &str) -> Result<(), CommandError> {
        let key = path.to_string_lossy().to_lowercase();
        match self.owners.insert(key, cause.to_owned()) {
            None => Ok(()),
            Some(other) => Err(CommandError::new(format!(
                "error: {}: {other} and {cause} need the same file: rename one of them, or leave one out",
                path.display()
            ))),
        }
    }

    /// Records the files of a product. See [`claim`](Self::claim).
    pub fn claim_all(&mut self, root: &Path, tree: &Tree, cause: &str) -> Result<(), CommandError> {
        tree.keys().try_for_each(|path| self.claim(&root.join(path), cause))
    }
}
