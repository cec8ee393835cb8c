//! The products of a source, and where their descriptions are.

use std::fs;
use std::path::{Path, PathBuf};

use alicloud_codegen::diagnostics::{CommandError, Diagnostics};
use alicloud_codegen::files;
use alicloud_codegen::metadata::{CatalogProduct, Metadata};
use alicloud_codegen::{names, spec};

use crate::output::spinner;
use crate::project::Source;

/// The description of a product in a file.
pub(crate) struct DescriptionFile {
    pub(crate) product: String,
    pub(crate) version: String,
    pub(crate) path: PathBuf,
}

/// Returns the products of a source, sorted by code.
pub(crate) fn products(source: &Source) -> Result<Vec<CatalogProduct>, CommandError> {
    match source {
        Source::Service(service) => listed(service),
        Source::Files(path) => {
            let mut products: Vec<CatalogProduct> = Vec::new();
            for file in description_files(path)? {
                match products.last_mut().filter(|last| last.code == file.product) {
                    Some(last) => last.versions.push(file.version),
                    None => products.push(CatalogProduct {
                        code: file.product,
                        name: String::new(),
                        default_version: None,
                        versions: vec![file.version],
                    }),
                }
            }
            Ok(products)
        }
    }
}

fn listed(service: &Metadata) -> Result<Vec<CatalogProduct>, CommandError> {
    let spinner = spinner("downloading the list of products".to_owned());
    let products = service.products();
    spinner.finish_and_clear();
    products
}

/// Returns the descriptions of a file or folder, sorted by product and version. In a folder, they are
/// `PRODUCT/VERSION/api.json`, `PRODUCT/VERSION/api-docs.json` or `PRODUCT__VERSION.json`.
pub(crate) fn description_files(path: &Path) -> Result<Vec<DescriptionFile>, CommandError> {
    if path.is_file() {
        let bytes = spec::read_bytes(path)?;
        let spec = spec::parse(&bytes, path, &mut Diagnostics::new(path))?;
        let (product, version) = (spec.product, spec.version);
        return Ok(vec![DescriptionFile { product, version, path: path.to_owned() }]);
    }
    let mut found = Vec::new();
    for (name, path) in entries(path)? {
        if path.is_dir() {
            for (version, folder) in entries(&path)? {
                let files = ["api.json", "api-docs.json"].map(|file| folder.join(file));
                if let Some(path) = files.into_iter().find(|file| file.is_file()) {
                    found.push(DescriptionFile { product: name.clone(), version, path });
                }
            }
        } else if let Some((product, version)) =
            name.strip_suffix(".json").and_then(|stem| stem.split_once("__"))
        {
            let (product, version) = (product.to_owned(), version.to_owned());
            found.push(DescriptionFile { product, version, path });
        }
    }
    // Other names cannot be parts of URLs and paths.
    found.retain(|file| names::is_plain(&file.product) && names::is_plain(&file.version));
    if found.is_empty() {
        return Err(CommandError::new(format!(
            "error: {}: no descriptions; the folder needs files PRODUCT/VERSION/api.json, PRODUCT/VERSION/api-docs.json or PRODUCT__VERSION.json",
            path.display()
        )));
    }
    found.sort_by(|a, b| (&a.product, &a.version).cmp(&(&b.product, &b.version)));
    Ok(found)
}

fn entries(folder: &Path) -> Result<Vec<(String, PathBuf)>, CommandError> {
    let fail = |error| files::io_error(folder, "cannot be read", &error);
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder).map_err(fail)? {
        let entry = entry.map_err(fail)?;
        entries.push((entry.file_name().to_string_lossy().into_owned(), entry.path()));
    }
    Ok(entries)
}

/// Checks that a product and a version can be parts of URLs and paths.
pub(crate) fn check_names(product: &str, version: &str) -> Result<(), CommandError> {
    for (what, name) in [("product", product), ("version", version)] {
        if !names::is_plain(name) {
            return Err(CommandError::new(format!(
                "error: invalid {what} {name:?}; use letters, digits, `-`, `_` and `.`"
            )));
        }
    }
    Ok(())
}

/// Returns the code of a product as the source spells it, and the version or the only one to choose.
///
/// # Errors
///
/// Returns an error with similar names, or with the existing versions.
pub(crate) fn choose(
    products: &[CatalogProduct],
    product: &str,
    version: Option<&str>,
    place: &str,
) -> Result<(String, String), CommandError> {
    let Some(known) = products.iter().find(|known| known.code.eq_ignore_ascii_case(product)) else {
        let names = products.iter().map(|product| product.code.as_str());
        return Err(CommandError::new(format!(
            "error: {place}unknown product {product:?}{}; `alicloud-codegen list` prints all products",
            names::suggestion(product, names)
        )));
    };
    let version = match version {
        Some(version) if known.versions.iter().any(|known| known == version) => version,
        Some(version) => {
            return Err(CommandError::new(format!(
                "error: {place}{} has no version {version:?}; its versions are {}",
                known.code,
                known.versions.join(", ")
            )));
        }
        None => {
            let newest = known.default_version.as_ref().or_else(|| known.versions.last());
            newest.map(String::as_str).ok_or_else(|| {
                CommandError::new(format!("error: {place}{} has no versions", known.code))
            })?
        }
    };
    Ok((known.code.clone(), version.to_owned()))
}
