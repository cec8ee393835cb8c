//! Cleans up rendered text and verifies that it parses.
//!
//! The templates lay Rust out as rustfmt does. No formatter has to be installed, and the output does
//! not depend on its version. This step only removes trailing whitespace and extra blank lines, and
//! ends the file with one line break.

use std::path::Path;

use super::diagnostics::CommandError;

/// Cleans up the text of a file, and parses it if it is Rust.
///
/// Parsing catches names and texts of a description that were rendered as code, before anything is
/// written.
///
/// # Errors
///
/// Returns an error if a Rust file does not parse. This is a bug in the generator.
pub(crate) fn format(path: &Path, text: &str) -> Result<String, CommandError> {
    let mut out = String::with_capacity(text.len() + 1);
    let mut after_blank_line = true;
    for line in text.lines().map(str::trim_end) {
        if line.is_empty() && after_blank_line {
            continue;
        }
        after_blank_line = line.is_empty();
        out.push_str(line);
        out.push('\n');
    }
    while out.ends_with("\n\n") {
        out.pop();
    }
    if path.extension().is_some_and(|extension| extension == "rs")
        && let Err(error) = check_syntax(&out)
    {
        return Err(CommandError::new(format!(
            "error: {}: the generated file is invalid Rust: line {}: {}: this is a bug in the generator, report it together with the description",
            path.display(),
            error.line,
            error.message
        )));
    }
    Ok(out)
}

/// What is wrong about a Rust file.
pub(crate) struct SyntaxError {
    /// Counted from 1.
    pub(crate) line: usize,
    pub(crate) message: String,
}

/// Checks that a text is a Rust file.
pub(crate) fn check_syntax(text: &str) -> Result<(), SyntaxError> {
    let result = syn::parse_file(text).map(drop).map_err(|error| SyntaxError {
        line: error.span().start().line,
        message: error.to_string(),
    });
    // Its positions, and with them the text, would stay in memory until the thread ends.
    proc_macro2::extra::invalidate_current_thread_spans();
    result
}
