//! Standard output.

use std::io::{self, Write as _};

use alicloud_codegen::diagnostics::CommandError;

/// Prints to standard output. A closed pipe is not an error: `head` closes it, for example.
pub(super) fn print(text: &str) -> Result<(), CommandError> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(CommandError::new(format!("error: cannot write to standard output: {error}")))
        }
        _ => Ok(()),
    }
}
