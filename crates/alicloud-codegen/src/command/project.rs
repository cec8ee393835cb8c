//! The project file `alicloud.toml`: what to generate, from what, and where to.

mod document;
mod entries;
mod guard;
mod lines;

use std::fs;
use std::path::{Path, PathBuf};

use alicloud_codegen::diagnostics::CommandError;
use alicloud_codegen::files;
use alicloud_codegen::metadata::{BASE_URL, Metadata};
use alicloud_codegen::render::RuntimeSource;
use toml::Spanned;

pub(crate) use document::Output;
use document::{Document, RuntimeTable};
pub(crate) use entries::Entry;
pub(crate) use guard::guard;
pub(crate) use lines::FILE;
use lines::Lines;

/// A project.
#[derive(Debug)]
pub(crate) struct Project {
    /// The folder of the project file.
    pub(crate) root: PathBuf,
    /// The text of the project file.
    pub(crate) text: String,
    pub(crate) source: Source,
    /// Where the runtime crates are; a path is relative to the root.
    pub(crate) runtime: RuntimeSource,
    pub(crate) entries: Vec<Entry>,
}

/// Where descriptions come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    Service(Metadata),
    /// A file or a folder.
    Files(PathBuf),
}

impl Source {
    /// Returns the source that a text names; a path is relative to this folder. `setting` is where the text comes from.
    pub(crate) fn parse(text: &str, root: &Path, setting: &str) -> Result<Self, CommandError> {
        if text.contains("://") {
            return Metadata::new(text, setting).map(Source::Service);
        }
        let path = root.join(text);
        match text.is_empty() || !path.exists() {
            true => Err(CommandError::new(format!(
                "error: {setting}: no file or folder {text:?}; write its path, or https://HOST for a metadata service"
            ))),
            false => Ok(Source::Files(path)),
        }
    }
}

impl Project {
    /// Reads the project of a folder; without one, of the nearest folder from the current one up.
    pub(crate) fn read(folder: Option<&Path>) -> Result<Self, CommandError> {
        let Some(root) = find(folder)? else {
            let folder = folder.unwrap_or(Path::new(""));
            return Err(CommandError::new(format!(
                "error: {}: not found; run `alicloud-codegen init` to create it",
                folder.join(FILE).display()
            )));
        };
        let path = root.join(FILE);
        let text = fs::read_to_string(&path)
            .map_err(|error| files::io_error(&path, "cannot be read", &error))?;
        Project::parse(root, text)
    }

    /// Reads a project from the text of its file.
    pub(crate) fn parse(root: PathBuf, text: String) -> Result<Self, CommandError> {
        let lines = Lines(&text);
        let document: Document = toml::from_str(&text).map_err(|error| {
            // The error's `Display` has several lines; messages have one.
            let start = error.span().map_or(0, |span| span.start);
            lines.error(start, &format!("{}; correct or remove the key", error.message()))
        })?;
        let source = match &document.source {
            Some(source) => {
                let setting = format!("{} `source`", lines.place(source.span().start));
                Source::parse(source.get_ref(), &root, &setting)?
            }
            None => Source::Service(Metadata::new(BASE_URL, FILE)?),
        };
        let runtime = runtime(document.runtime.as_ref(), &lines)?;
        let entries = entries::check(document.products, &lines)?;
        Ok(Project { root, source, runtime, entries, text })
    }

    /// Returns the path of a file of the project.
    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.root.join(file)
    }
}

/// Returns the folder of the nearest project file.
pub(crate) fn find(folder: Option<&Path>) -> Result<Option<PathBuf>, CommandError> {
    if let Some(folder) = folder {
        return Ok(folder.join(FILE).is_file().then(|| folder.to_owned()));
    }
    let current = std::path::absolute(".")
        .map_err(|error| files::io_error(Path::new("."), "cannot be read", &error))?;
    // The current folder stays relative, so that messages are short.
    let found = current.ancestors().position(|folder| folder.join(FILE).is_file());
    Ok(found.map(|up| match up {
        0 => PathBuf::new(),
        up => std::iter::repeat_n("..", up).collect(),
    }))
}

fn runtime(
    table: Option<&Spanned<RuntimeTable>>,
    lines: &Lines<'_>,
) -> Result<RuntimeSource, CommandError> {
    let Some(table) = table else {
        return Ok(RuntimeSource::Version(env!("CARGO_PKG_VERSION").to_owned()));
    };
    let invalid = || {
        lines.error(
            table.span().start,
            "[runtime] needs exactly one of `version`, `path` and `git`, and at most one of `rev`, `tag` and `branch` beside `git`",
        )
    };
    let RuntimeTable { version, path, git, rev, tag, branch } = table.get_ref().clone();
    let mut references = [("rev", rev), ("tag", tag), ("branch", branch)]
        .into_iter()
        .filter_map(|(key, value)| Some((key, value?)));
    let (reference, other) = (references.next(), references.next());
    match (version, path, git) {
        (Some(version), None, None) if reference.is_none() => Ok(RuntimeSource::Version(version)),
        (None, Some(path), None) if reference.is_none() => Ok(RuntimeSource::Path(path)),
        (None, None, Some(url)) if other.is_none() => Ok(RuntimeSource::Git { url, reference }),
        _ => Err(invalid()),
    }
}
