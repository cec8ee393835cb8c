//! The parts of the manifests that depend on where the crates are.

use super::origin::Origin;
use super::runtime::{External, Runtime};
use crate::ir::Product;

/// The parts of the manifests that depend on where the crates are.
pub(super) struct ManifestParts {
    pub(super) package: String,
    pub(super) wire: String,
    pub(super) core: String,
    pub(super) model: String,
    pub(super) serde_json: String,
    /// The sections at the end.
    pub(super) lints: String,
    is_published: bool,
}

impl ManifestParts {
    pub(super) fn new(origin: &Origin, product: &Product) -> Self {
        match &origin.runtime {
            Runtime::Workspace => ManifestParts {
                package: inherited_keys(product),
                wire: "alicloud-wire.workspace = true".to_owned(),
                core: "alicloud-core.workspace = true".to_owned(),
                model: match product.groups.is_empty() {
                    true => format!("{}.workspace = true", product.model_crate),
                    false => format!(
                        "{} = {{ workspace = true, default-features = false }}",
                        product.model_crate
                    ),
                },
                serde_json: "serde_json.workspace = true".to_owned(),
                lints: format!("{DOCS_RS}\n\n[lints]\nworkspace = true"),
                is_published: true,
            },
            Runtime::External(external) => ManifestParts {
                package: external_keys(external),
                wire: external.runtime.dependency("alicloud-wire", ""),
                core: external.runtime.dependency("alicloud-core", ", default-features = false"),
                model: format!(
                    "{0} = {{ path = \"../{0}\", default-features = false }}",
                    product.model_crate
                ),
                serde_json: format!("serde_json = {:?}", external.serde_json),
                lints: String::new(),
                is_published: false,
            },
        }
    }

    /// Returns the key that names the documentation of a published crate.
    pub(super) fn documentation(&self, name: &str) -> String {
        match self.is_published {
            true => format!("\ndocumentation = \"https://docs.rs/{name}\""),
            false => String::new(),
        }
    }
}

/// The settings of docs.rs, which shows all features and marks the items that need one.
const DOCS_RS: &str =
    "\n\n[package.metadata.docs.rs]\nall-features = true\nrustdoc-args = [\"--cfg\", \"docsrs\"]";

/// Returns the version and the keys that a package inherits from the workspace.
fn inherited_keys(product: &Product) -> String {
    let version = match &product.crate_version {
        Some(version) => format!("version = {version:?}"),
        None => "version.workspace = true".to_owned(),
    };
    let keys = ["edition", "rust-version", "license", "repository", "authors"];
    let mut lines = vec![version];
    lines.extend(keys.map(|key| format!("{key}.workspace = true")));
    lines.join("\n")
}

/// Returns the keys of a package outside of the workspace.
fn external_keys(external: &External) -> String {
    let External { version, edition, rust_version, .. } = external;
    let license = external.license.as_ref().map(|license| format!("\nlicense = {license:?}"));
    let publish = if external.has_workspace { "" } else { "\npublish = false" };
    format!(
        "version = {version:?}\nedition = {edition:?}\nrust-version = {rust_version:?}{}{publish}",
        license.unwrap_or_default()
    )
}
