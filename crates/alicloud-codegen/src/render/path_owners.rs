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
    pub(crate) fn claim(&mut self, path: &Path, cause: &str) -> Result<(), CommandError> {
        let key = path.to_string_lossy().to_lowercase();
        match self.owners.insert(key, cause.to_owned()) {
            None => Ok(()),
            Some(other) => Err(CommandError::new(format!(
                "error: {}: {other} and {cause} need the same file: rename one of them, or leave one out",
                path.display()
            ))),
        }
    }

    /// Records the files of a product, which are written below `root`. `cause` is the product in messages.
    ///
    /// # Errors
    ///
    /// If another product has a file of the same path, in any case.
    ///
    /// # Examples
    ///
    /// ```
    #[doc = include_str!("../doctest/gadget.txt")]
    #[doc = include_str!("../doctest/generated.txt")]
    /// use alicloud_codegen::render::PathOwners;
    ///
    /// let mut owners = PathOwners::default();
    /// owners.claim_all(Path::new("crates"), &generated.tree, "gadget.json")?;
    /// let error = owners.claim_all(Path::new("crates"), &generated.tree, "copy.json").unwrap_err();
    /// assert!(error.to_string().contains("gadget.json and copy.json need the same file"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn claim_all(&mut self, root: &Path, tree: &Tree, cause: &str) -> Result<(), CommandError> {
        tree.keys().try_for_each(|path| self.claim(&root.join(path), cause))
    }
}
