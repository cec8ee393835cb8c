//! Writing to stdout, with the first write error recorded.

use std::fmt::Display;
use std::io::{self, Write};
use std::sync::OnceLock;

static WRITE_ERROR: OnceLock<String> = OnceLock::new();

/// Writes a line, in color if stdout is a terminal that supports it.
pub(super) fn write_styled(line: impl Display) {
    let mut stdout = anstream::AutoStream::auto(io::stdout().lock());
    record(writeln!(stdout, "{line}"));
}

/// Writes bytes unchanged.
pub(crate) fn write_bytes(bytes: &[u8]) {
    let mut stdout = io::stdout().lock();
    record(stdout.write_all(bytes).and_then(|()| stdout.flush()));
}

/// Records the first error. A closed pipe does not count: the reader, such as `head`, has read enough.
fn record(result: io::Result<()>) {
    if let Err(error) = result
        && error.kind() != io::ErrorKind::BrokenPipe
    {
        let _ = WRITE_ERROR.set(error.to_string());
    }
}

/// Returns the first write error, if there was one.
pub(crate) fn write_error() -> Option<&'static str> {
    WRITE_ERROR.get().map(String::as_str)
}
