//! `alicloud-codegen init`: creates a project file.

use std::path::Path;
use std::process::ExitCode;

use alicloud_codegen::diagnostics::CommandError;
use alicloud_codegen::files::Transaction;
use alicloud_codegen::metadata::BASE_URL;
use clap::Args;

use crate::output::print;
use crate::project::{FILE, Project, Source, guard};

/// Arguments of `alicloud-codegen init`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Read descriptions from SOURCE: the URL of a metadata service, or a file or folder
    #[arg(long, value_name = "SOURCE")]
    source: Option<String>,
    /// Depend on the runtime crates in DIR instead of those of the registry
    #[arg(long, value_name = "DIR", conflicts_with = "runtime_git")]
    runtime_path: Option<String>,
    /// Depend on the runtime crates of the Git repository URL
    #[arg(long, value_name = "URL")]
    runtime_git: Option<String>,
}

/// Runs `alicloud-codegen init`.
pub(crate) fn run(arguments: &Arguments, folder: Option<&Path>) -> Result<ExitCode, CommandError> {
    let _guard = guard(folder)?;
    let root = folder.unwrap_or(Path::new(""));
    let path = root.join(FILE);
    if path.exists() {
        return Err(CommandError::new(format!(
            "error: {}: already exists; add products with `alicloud-codegen add PRODUCT VERSION`",
            path.display()
        )));
    }
    let source = match &arguments.source {
        Some(source) => format!("source = {}", quoted(source)),
        None => format!("# source = {BASE_URL:?}"),
    };
    let runtime = match (&arguments.runtime_path, &arguments.runtime_git) {
        (Some(path), _) => format!("path = {}", quoted(path)),
        (None, Some(url)) => format!("git = {}", quoted(url)),
        (None, None) => format!("version = {:?}", env!("CARGO_PKG_VERSION")),
    };
    let text = format!(
        "\
# What `alicloud-codegen generate` writes into this repository. `alicloud-codegen add` adds products.

# Where descriptions come from: the URL of a metadata service, or a file or folder.
{source}

# Where the generated code finds alicloud-core and alicloud-wire: `version`, `path`, or `git` with `rev`, `tag` or
# `branch`.
[runtime]
{runtime}
"
    );
    if let Some(source) = &arguments.source {
        Source::parse(source, root, "--source")?;
    }
    Project::parse(root.to_owned(), text.clone())?;
    let mut transaction = Transaction::default();
    transaction.write(&path, text);
    transaction.commit()?;
    print(&format!(
        "{}: created; add a product with `alicloud-codegen add PRODUCT VERSION`\n",
        path.display()
    ))?;
    Ok(ExitCode::SUCCESS)
}

/// Returns a TOML string. Strings of JSON are strings of TOML, except for one character.
pub(crate) fn quoted(text: &str) -> String {
    serde_json::Value::from(text.replace('\u{7f}', "")).to_string()
}
