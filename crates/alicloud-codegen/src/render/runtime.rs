//! How generated crates depend on the runtime crates.

use std::fs;
use std::path::Path;

use toml::Table;

use crate::diagnostics::CommandError;
use crate::paths;

/// What the manifests of generated crates depend on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Runtime {
    /// Members of the workspace of the runtime crates, which are published together.
    Workspace,
    /// Crates outside of that workspace.
    External(External),
}

/// The manifests of crates outside of the workspace of the runtime crates.
///
/// # Examples
///
/// ```
#[doc = include_str!("../doctest/gadget.txt")]
/// use alicloud_codegen::render::{External, Runtime, RuntimeSource};
///
/// let external = External {
///     runtime: RuntimeSource::Version("0.1".to_owned()),
///     version: "0.1.0".to_owned(),
///     edition: "2024".to_owned(),
///     rust_version: "1.88".to_owned(),
///     license: None,
///     serde_json: "1".to_owned(),
///     has_workspace: false,
/// };
/// let settings = Settings { runtime: Runtime::External(external), ..Settings::default() };
/// let generated = generate(Path::new("gadget.json"), DESCRIPTION, &Overlay::default(), &settings)?;
/// let manifest = &generated.tree[Path::new("alicloud-gadget/Cargo.toml")];
/// assert!(manifest.contains("\nalicloud-core = { version = \"0.1\", default-features = false }\n"));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct External {
    /// Where the runtime crates are.
    pub runtime: RuntimeSource,
    /// The version of the generated crates.
    pub version: String,
    /// Their edition.
    pub edition: String,
    /// The oldest Rust that compiles them.
    pub rust_version: String,
    /// Their license, if it is known.
    pub license: Option<String>,
    /// The version requirement of serde_json, for their examples.
    pub serde_json: String,
    /// Whether the crates get a workspace of their own. Without one, they are not published.
    pub has_workspace: bool,
}

impl External {
    /// Returns the manifests of crates below `out` that use the runtime crates of a checkout of their
    /// repository: with relative paths, and with the values that members of its workspace inherit.
    ///
    /// # Errors
    ///
    /// Returns an error if the manifest of the checkout cannot be read, or if a value is missing in it.
    pub fn of_checkout(
        checkout: &Path,
        out: &Path,
        has_workspace: bool,
    ) -> Result<Self, CommandError> {
        let file = checkout.join("Cargo.toml");
        let text = fs::read_to_string(&file).map_err(|error| {
            CommandError::new(format!("error: {}: cannot be read: {error}", file.display()))
        })?;
        let manifest: Table = toml::from_str(&text)
            .map_err(|error| CommandError::new(format!("error: {}: {error}", file.display())))?;
        let workspace = manifest.get("workspace");
        let text = |table: &str, key: &[&str]| {
            let mut value = workspace.and_then(|workspace| workspace.get(table));
            for key in key {
                value = value.and_then(|value| value.get(key));
            }
            value.and_then(|value| value.as_str()).map(str::to_owned).ok_or_else(|| {
                CommandError::new(format!(
                    "error: {}: workspace.{table}.{} is not a string",
                    file.display(),
                    key.join(".")
                ))
            })
        };
        let crates = paths::relative(&out.join("crate"), &checkout.join("crates"))?;
        Ok(External {
            runtime: RuntimeSource::Path(crates),
            version: text("package", &["version"])?,
            edition: text("package", &["edition"])?,
            rust_version: text("package", &["rust-version"])?,
            license: Some(text("package", &["license"])?),
            serde_json: text("dependencies", &["serde_json", "version"])?,
            has_workspace,
        })
    }
}

/// Where the runtime crates `alicloud-core` and `alicloud-wire` are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RuntimeSource {
    /// In the registry: a version requirement.
    Version(String),
    /// In a folder: the path from a generated crate to it.
    Path(String),
    /// In a Git repository.
    Git {
        /// The URL of the repository.
        url: String,
        /// `rev`, `tag` or `branch`, and its value; `None` for the default branch.
        reference: Option<(&'static str, String)>,
    },
}

impl RuntimeSource {
    /// Returns the line of a manifest for a runtime crate; `options` are further keys.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_codegen::render::RuntimeSource;
    ///
    /// let runtime = RuntimeSource::Path("../runtime/crates".to_owned());
    /// assert_eq!(
    ///     runtime.dependency("alicloud-core", ", default-features = false"),
    ///     "alicloud-core = { path = \"../runtime/crates/alicloud-core\", default-features = false }"
    /// );
    /// ```
    pub fn dependency(&self, name: &str, options: &str) -> String {
        // Rust escapes characters in another way than TOML; JSON in the same.
        let quoted = |text: &str| serde_json::Value::from(text).to_string();
        match self {
            RuntimeSource::Version(version) => {
                format!("{name} = {{ version = {}{options} }}", quoted(version))
            }
            RuntimeSource::Path(crates) => {
                let path = quoted(&format!("{crates}/{name}"));
                format!("{name} = {{ path = {path}{options} }}")
            }
            RuntimeSource::Git { url, reference } => {
                let reference =
                    reference.as_ref().map(|(key, value)| format!(", {key} = {}", quoted(value)));
                let (url, reference) = (quoted(url), reference.unwrap_or_default());
                format!("{name} = {{ git = {url}{reference}{options} }}")
            }
        }
    }
}
