//! Relative paths: generated manifests contain no absolute path.

use std::path::{Component, Path, PathBuf};

use crate::diagnostics::CommandError;

/// Returns the path from one folder to another, with `/` as separator. Relative folders are resolved against the
/// current one; symbolic links are not followed.
///
/// # Errors
///
/// Returns an error if the current folder is needed and unknown.
///
/// # Examples
///
/// ```
/// use std::path::Path;
///
/// let path = alicloud_codegen::paths::relative(Path::new("a/b/crate"), Path::new("a/runtime"))?;
/// assert_eq!(path, "../../runtime");
/// # Ok::<(), alicloud_codegen::diagnostics::CommandError>(())
/// ```
pub fn relative(from: &Path, to: &Path) -> Result<String, CommandError> {
    let (from, to) = (absolute(from)?, absolute(to)?);
    let shared = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    let up = from.components().skip(shared).map(|_| "..".to_owned());
    let down = to
        .components()
        .skip(shared)
        .map(|component| component.as_os_str().to_string_lossy().into_owned());
    Ok(up.chain(down).collect::<Vec<_>>().join("/"))
}

/// Returns the absolute path, with `.` and `..` resolved lexically.
fn absolute(path: &Path) -> Result<PathBuf, CommandError> {
    let path = std::path::absolute(path)
        .map_err(|error| CommandError::new(format!("error: {}: {error}", path.display())))?;
    let mut normalized = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => _ = normalized.pop(),
            other => normalized.push(other),
        }
    }
    Ok(normalized)
}
