//! The lines of a project file, for messages.

use std::path::{Component, Path};

use alicloud_codegen::diagnostics::CommandError;
use toml::Spanned;

/// The name of the project file.
pub(crate) const FILE: &str = "alicloud.toml";

/// The text of a project file, for the lines of messages.
pub(super) struct Lines<'a>(pub(super) &'a str);

impl Lines<'_> {
    /// Returns the file and the line of an offset.
    pub(super) fn place(&self, offset: usize) -> String {
        let line = self.0.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1;
        format!("{FILE}:{line}:")
    }

    pub(super) fn error(&self, offset: usize, message: &str) -> CommandError {
        CommandError::new(format!("error: {} {message}", self.place(offset)))
    }

    /// Returns the normalized form of a relative path that stays in the project, with `/` as separator.
    pub(super) fn inner_path(&self, path: &Spanned<String>) -> Result<String, CommandError> {
        let text = path.get_ref().replace('\\', "/");
        let mut parts = Vec::new();
        let mut is_inner = true;
        for component in Path::new(&text).components() {
            match component {
                Component::Normal(part) => parts.push(part.to_string_lossy().into_owned()),
                Component::CurDir => {}
                _ => is_inner = false,
            }
        }
        if is_inner && !parts.is_empty() && !text.contains(char::is_control) {
            return Ok(parts.join("/"));
        }
        Err(self.error(
            path.span().start,
            &format!(
                "{:?} is not a path inside of the project; write one such as \"src/aliyun/ecs\"",
                path.get_ref()
            ),
        ))
    }
}
