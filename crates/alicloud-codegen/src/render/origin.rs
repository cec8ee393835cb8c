//! Where generated files come from.

use super::runtime::Runtime;

/// Where the generated files come from, and where they will be.
#[derive(Debug, Clone)]
pub(crate) struct Origin {
    /// How every file starts.
    pub(crate) mark: String,
    /// The path of the description for the headers of the files; never an absolute path.
    pub(crate) description: String,
    pub(crate) sha256: String,
    /// How the manifests refer to the runtime crates.
    pub(crate) runtime: Runtime,
}

impl Origin {
    /// Returns the path of a file in the folder of the description.
    pub(super) fn beside(&self, file: &str) -> String {
        match self.description.rsplit_once('/') {
            Some((folder, _)) => format!("{folder}/{file}"),
            None => file.to_owned(),
        }
    }
}
