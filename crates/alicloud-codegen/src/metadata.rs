//! The metadata service: a site with descriptions and a list of the products that have one.

mod download;

use std::path::Path;

use serde::Deserialize;

use crate::diagnostics::CommandError;
use crate::names;
use crate::spec::Spec;

pub use download::FetchError;

/// The site where Alibaba Cloud publishes its descriptions.
pub const BASE_URL: &str = "https://api.aliyun.com";

/// A metadata service.
///
/// # Examples
///
/// ```
/// use alicloud_codegen::metadata::Metadata;
///
/// let mirror = Metadata::new("https://mirror.example.com/", "--source")?;
/// let url = mirror.description_url("Sts", "2015-04-01");
/// assert!(url.starts_with("https://mirror.example.com/meta/v1/products/Sts/"));
/// # Ok::<(), alicloud_codegen::diagnostics::CommandError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metadata {
    /// Without trailing slashes.
    base_url: String,
}

/// A product in the list of a metadata service.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CatalogProduct {
    /// The product code.
    pub code: String,
    /// The name that people use.
    #[serde(default, alias = "shortName")]
    pub name: String,
    /// The version that new programs should use.
    #[serde(default, rename = "defaultVersion")]
    pub default_version: Option<String>,
    /// All versions.
    #[serde(default)]
    pub versions: Vec<String>,
}

impl Metadata {
    /// Creates a client for the service at this URL. `setting` is where the URL comes from, for the message.
    ///
    /// # Errors
    ///
    /// Returns an error if it is not an `http` or `https` URL of a site or folder.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_codegen::metadata::{BASE_URL, Metadata};
    ///
    /// assert!(Metadata::new(BASE_URL, "--source").is_ok());
    /// let error = Metadata::new("ftp://mirror.example.com", "--source").unwrap_err();
    /// assert!(error.to_string().starts_with("error: --source: invalid URL; "));
    /// ```
    pub fn new(base_url: &str, setting: &str) -> Result<Self, CommandError> {
        let is_valid = ["http://", "https://"]
            .iter()
            .any(|scheme| base_url.strip_prefix(scheme).is_some_and(|host| !host.is_empty()))
            && base_url.bytes().all(|byte| byte.is_ascii_graphic())
            && !base_url.contains(['?', '#', '@']);
        match is_valid {
            true => Ok(Metadata { base_url: base_url.trim_end_matches('/').to_owned() }),
            false => Err(CommandError::new(format!(
                "error: {setting}: invalid URL; write https://host or http://host:port, without user, query and fragment"
            ))),
        }
    }

    /// Returns the URL of a description.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_codegen::metadata::Metadata;
    ///
    /// let mirror = Metadata::new("https://mirror.example.com", "--source")?;
    /// assert_eq!(
    ///     mirror.description_url("Sts", "2015-04-01"),
    ///     "https://mirror.example.com/meta/v1/products/Sts/versions/2015-04-01/api-docs.json"
    /// );
    /// # Ok::<(), alicloud_codegen::diagnostics::CommandError>(())
    /// ```
    pub fn description_url(&self, product: &str, version: &str) -> String {
        format!("{}{}", self.base_url, description_path(product, version))
    }

    /// Downloads a description, at most 64 MiB in at most two minutes.
    ///
    /// # Errors
    ///
    /// Returns an error if the service does not respond with a complete document.
    pub fn description(&self, product: &str, version: &str) -> Result<Vec<u8>, FetchError> {
        download::download(&self.description_url(product, version))
    }

    /// Downloads the list of products, sorted by code.
    ///
    /// # Errors
    ///
    /// Returns an error if the service does not respond with such a list.
    pub fn products(&self) -> Result<Vec<CatalogProduct>, CommandError> {
        let url = format!("{}/meta/v1/products.json", self.base_url);
        let bytes = download::download(&url)?;
        let mut products: Vec<CatalogProduct> = serde_json::from_slice(&bytes).map_err(|error| {
            CommandError::new(format!(
                "error: {url}: not a list of products: {error}; check the address of the metadata service"
            ))
        })?;
        // Other names cannot be parts of URLs and paths.
        products.retain(|product| names::is_plain(&product.code));
        for product in &mut products {
            product.versions.retain(|version| names::is_plain(version));
            product.versions.sort_unstable();
        }
        if products.is_empty() {
            return Err(CommandError::new(format!(
                "error: {url}: the list of products is empty; check the address of the metadata service"
            )));
        }
        products.sort_by(|a, b| a.code.cmp(&b.code));
        Ok(products)
    }
}

/// Returns the path of the URL of a description.
pub fn description_path(product: &str, version: &str) -> String {
    format!("/meta/v1/products/{product}/versions/{version}/api-docs.json")
}

/// Checks that a description is that of this product and version. `source` is its file or URL.
///
/// # Errors
///
/// Returns an error if it is another one.
///
/// # Examples
///
/// ```
#[doc = include_str!("doctest/gadget.txt")]
/// use alicloud_codegen::diagnostics::Diagnostics;
/// use alicloud_codegen::metadata::check_identity;
/// use alicloud_codegen::spec;
///
/// let file = Path::new("gadget.json");
/// let spec = spec::parse(DESCRIPTION, file, &mut Diagnostics::new(file))?;
/// assert!(check_identity(&spec, file, "gadget", "2026-01-01").is_ok());
/// assert!(check_identity(&spec, file, "Widget", "2026-01-01").is_err());
/// # Ok(())
/// # }
/// ```
pub fn check_identity(
    spec: &Spec,
    source: &Path,
    product: &str,
    version: &str,
) -> Result<(), CommandError> {
    if spec.product.eq_ignore_ascii_case(product) && spec.version == version {
        return Ok(());
    }
    Err(CommandError::new(format!(
        "error: {} at /info: expected {product} {version}, got {:?} {:?}; correct the product or version (no file was changed)",
        source.display(),
        spec.product,
        spec.version
    )))
}
