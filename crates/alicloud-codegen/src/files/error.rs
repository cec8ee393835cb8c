//! The error of a file.

use std::path::Path;

use crate::diagnostics::CommandError;

/// Returns the error for a file that could not be used.
pub fn io_error(path: &Path, what: &str, error: &dyn std::fmt::Display) -> CommandError {
    CommandError::new(format!("error: {}: {what}: {error}", path.display()))
}
