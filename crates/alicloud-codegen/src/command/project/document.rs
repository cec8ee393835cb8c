//! The keys of an alicloud.toml.

use serde::Deserialize;
use toml::Spanned;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Document {
    /// The address of a metadata service, or a file or folder with descriptions.
    pub(super) source: Option<Spanned<String>>,
    pub(super) runtime: Option<Spanned<RuntimeTable>>,
    #[serde(default, rename = "product")]
    pub(super) products: Vec<Spanned<ProductTable>>,
}

/// Where the runtime crates are: exactly one of `version`, `path` and `git`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuntimeTable {
    pub(super) version: Option<String>,
    pub(super) path: Option<String>,
    pub(super) git: Option<String>,
    pub(super) rev: Option<String>,
    pub(super) tag: Option<String>,
    pub(super) branch: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProductTable {
    pub(super) product: Spanned<String>,
    pub(super) version: Spanned<String>,
    pub(super) operations: Option<Spanned<Vec<Spanned<String>>>>,
    #[serde(default)]
    pub(super) output: Output,
    pub(super) path: Spanned<String>,
    pub(super) name: Option<Spanned<String>>,
    pub(super) overlay: Option<Spanned<String>>,
    pub(super) docs: Option<Spanned<String>>,
    pub(super) description: Option<Spanned<String>>,
}

/// What the code of a product becomes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Output {
    /// A module of an existing crate
    #[default]
    Module,
    /// One crate
    Crate,
    /// Two crates: the types alone, and the client
    Crates,
}

impl Output {
    /// Returns the value of the key.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Output::Module => "module",
            Output::Crate => "crate",
            Output::Crates => "crates",
        }
    }
}
