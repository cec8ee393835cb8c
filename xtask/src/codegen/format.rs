//! Rendered text to the text of a file, and the proof that it is what it claims to be.
//!
//! The templates lay Rust out as rustfmt does, so no formatter has to be installed, and the text is
//! the same whatever version of one is there. What is left are the edges: blanks at the end of a
//! line, blank lines in a row, the line break at the end.

use std::path::Path;

use super::diagnostics::Failure;

/// Tidies a file and parses it, when it is Rust.
///
/// A name or a text of a description that became code by accident is found here, before anything is
/// written.
pub(crate) fn format(path: &Path, text: &str) -> Result<String, Failure> {
    let mut out = String::with_capacity(text.len() + 1);
    let mut blank = true;
    for line in text.lines().map(str::trim_end) {
        if line.is_empty() && blank {
            continue;
        }
        blank = line.is_empty();
        out.push_str(line);
        out.push('\n');
    }
    while out.ends_with("\n\n") {
        out.pop();
    }
    if path.extension().is_some_and(|extension| extension == "rs")
        && let Err(error) = syn::parse_file(&out)
    {
        return Err(Failure::new(format!(
            "error: {}: what would be written is not Rust: {error}: this is a bug in the generator, please report it with the description",
            path.display()
        )));
    }
    Ok(out)
}
