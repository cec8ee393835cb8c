//! The lines of a project file, for messages.

use std::path::{Component, Path};

use alicloud_codegen::diagnostics::CommandError;
use toml::Spanned;

use crate::output::printable;

/// The name of the project file.
pub(crate) const FILE: &str = "alicloud.toml";

/// The text of a project file, for the lines of messages.
pub(super) struct Lines<'a> {
    pub(super) text: &'a str,
    /// The path of the file.
    pub(super) file: String,
    /// Where the entry starts that `alicloud-codegen add` is adding: the file does not have its lines.
    pub(super) added_at: Option<usize>,
}

impl Lines<'_> {
    /// Returns the file and the line of an offset, or the option that an added line comes from.
    pub(super) fn place(&self, offset: usize) -> String {
        let before = self.text.get(..offset).unwrap_or(self.text);
        if !self.is_added(offset) {
            let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
            return format!("{}:{line}:", self.file);
        }
        let start = before.rfind('\n').map_or(0, |end| end + 1);
        let line = self.text.get(start..).and_then(|rest| rest.lines().next());
        match line.and_then(|line| line.split_once(" = ")) {
            Some((key, _)) => format!("--{key}:"),
            None => "new entry:".to_owned(),
        }
    }

    /// Returns whether an offset is in the entry that is being added.
    pub(super) fn is_added(&self, offset: usize) -> bool {
        self.added_at.is_some_and(|start| offset >= start)
    }

    pub(super) fn error(&self, offset: usize, message: &str) -> CommandError {
        CommandError::new(format!("error: {} {message}", self.place(offset)))
    }

    /// Returns the error of a text that is not TOML, or that has other keys or types.
    pub(super) fn toml_error(&self, error: &toml::de::Error) -> CommandError {
        let start = error.span().map_or(0, |span| span.start);
        if self.is_added(start) {
            return CommandError::new(format!(
                "error: {}: `product` is not a list of [[product]] tables, so nothing can be added to it; write it as such tables",
                self.file
            ));
        }
        // The error's `Display` has several lines; messages have one.
        let message = printable(error.message());
        let rest = self.text.get(start..).unwrap_or_default();
        let remedy = if rest.starts_with(|first: char| first.is_ascii_digit())
            && message.ends_with("expected a string")
        {
            "write the value in quotes"
        } else if rest.starts_with("[product]") {
            "write [[product]]"
        } else {
            "correct or remove the key"
        };
        self.error(start, &format!("{message}; {remedy}"))
    }

    /// Returns the normalized form of a relative path that stays in the project, with `/` as separator.
    pub(super) fn inner_path(&self, path: &Spanned<String>) -> Result<String, CommandError> {
        inner_path(path.get_ref()).ok_or_else(|| {
            self.error(
                path.span().start,
                &format!(
                    "{:?} is not a path inside of the project; write one such as \"src/aliyun/ecs\"",
                    path.get_ref()
                ),
            )
        })
    }
}

/// Returns the normalized form of a relative path that stays in the project, with `/` as separator, or `None` for
/// another path.
pub(crate) fn inner_path(path: &str) -> Option<String> {
    let text = path.replace('\\', "/");
    // Absolute on Windows, and so nowhere a path of the project.
    let has_drive = text.as_bytes().get(1) == Some(&b':');
    let mut parts = Vec::new();
    for component in Path::new(&text).components() {
        match component {
            Component::Normal(part) => parts.push(part.to_string_lossy().into_owned()),
            Component::CurDir => {}
            _ => return None,
        }
    }
    let is_inner = !has_drive && !parts.is_empty() && !text.contains(char::is_control);
    is_inner.then(|| parts.join("/"))
}
