//! stdout, and whether what was written there has arrived.

use std::fmt::Display;
use std::io::{self, Write};
use std::sync::OnceLock;

static FAILED: OnceLock<String> = OnceLock::new();

/// Writes a line, with its colours where a terminal shows them.
pub(super) fn coloured(line: impl Display) {
    let mut out = anstream::AutoStream::auto(io::stdout().lock());
    check(writeln!(out, "{line}"));
}

/// Writes text as it is.
pub(crate) fn plain(text: &[u8]) {
    let mut out = io::stdout().lock();
    check(out.write_all(text).and_then(|()| out.flush()));
}

/// Remembers the first failure. When nobody reads any more, as behind `head`, there is nobody to tell.
fn check(written: io::Result<()>) {
    if let Err(error) = written
        && error.kind() != io::ErrorKind::BrokenPipe
    {
        let _ = FAILED.set(error.to_string());
    }
}

/// Why something that was written has not arrived.
pub(crate) fn failure() -> Option<&'static str> {
    FAILED.get().map(String::as_str)
}
