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
use lines::Lines;
pub(crate) use lines::{FILE, inner_path};

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
        let bytes =
            fs::read(&path).map_err(|error| files::io_error(&path, "cannot be read", &error))?;
        let text = String::from_utf8(bytes).map_err(|error| {
            let valid = error.as_bytes().iter().take(error.utf8_error().valid_up_to());
            let line = valid.filter(|byte| **byte == b'\n').count() + 1;
            CommandError::new(format!(
                "error: {}:{line}: not UTF-8; save the file as UTF-8",
                path.display()
            ))
        })?;
        Project::parse(root, text)
    }

    /// Reads a project from the text of its file.
    pub(crate) fn parse(root: PathBuf, text: String) -> Result<Self, CommandError> {
        Self::parse_added(root, text, None)
    }

    /// Reads this project with a further entry.
    pub(crate) fn with_entry(&self, entry: &str) -> Result<Self, CommandError> {
        let old = self.text.trim_end();
        let mut new = format!("\n{entry}\n");
        if old.contains("\r\n") {
            new = new.replace('\n', "\r\n");
        }
        Self::parse_added(self.root.clone(), format!("{old}{new}"), Some(old.len()))
    }

    fn parse_added(
        root: PathBuf,
        text: String,
        added_at: Option<usize>,
    ) -> Result<Self, CommandError> {
        let file = root.join(FILE).display().to_string();
        let lines = Lines { text: &text, file, added_at };
        let document: Document = toml::from_str(&text).map_err(|error| lines.toml_error(&error))?;
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
    let values = [&version, &path, &git, &rev, &tag, &branch].into_iter().flatten();
    for value in values {
        if value.is_empty() || value.contains(char::is_control) {
            return Err(lines.error(
                table.span().start,
                &format!("[runtime] has an invalid value {value:?}; write one line of text"),
            ));
        }
    }
    if let Some(version) = version.as_ref().filter(|version| !is_version_requirement(version)) {
        return Err(lines.error(
            table.span().start,
            &format!("[runtime] has an invalid version {version:?}; write one such as \"0.1\""),
        ));
    }
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

/// Returns whether cargo could accept a version requirement, such as `^0.1` or `>=1.2, <2`.
fn is_version_requirement(version: &str) -> bool {
    let is_start = |first: char| first.is_ascii_digit() || "^~=<>*".contains(first);
    let is_valid = |other: char| other.is_ascii_alphanumeric() || ".+-*^~<>=, ".contains(other);
    version.starts_with(is_start) && version.chars().all(is_valid)
}
