//! Source files of a package, read within limits, and errors at their lines.

use std::fs;
use std::path::{Path, PathBuf};

use alicloud_codegen::diagnostics::CommandError;
use alicloud_codegen::files;

use super::super::change::code;

/// The largest package that is read, in bytes. The largest official one has about 40 MB.
const MAX_BYTES: u64 = 256 << 20;

/// A Python file.
pub(super) struct Source {
    pub(super) path: PathBuf,
    pub(super) text: String,
}

impl Source {
    /// Returns an error about a line, counted from 1.
    pub(super) fn fail(&self, line: usize, what: impl AsRef<str>) -> CommandError {
        CommandError::new(format!(
            "error: {}:{line}: {}: this is not the generated source that `cargo xtask specs check` can read; compare this version by hand",
            self.path.display(),
            what.as_ref()
        ))
    }

    /// Returns an error about a line that was not expected there.
    pub(super) fn unexpected(&self, line: usize, text: &str) -> CommandError {
        self.fail(line, format!("unexpected line {}", code(text.trim())))
    }
}

/// Reads files, up to a total size.
pub(super) struct Reader {
    remaining: u64,
}

impl Reader {
    pub(super) fn new() -> Self {
        Reader { remaining: MAX_BYTES }
    }

    pub(super) fn read(&mut self, path: &Path) -> Result<Source, CommandError> {
        let fail = |what: &str| CommandError::new(format!("error: {}: {what}", path.display()));
        let size = fs::metadata(path).map_or(0, |metadata| metadata.len());
        self.remaining = self
            .remaining
            .checked_sub(size)
            .ok_or_else(|| fail("the package has more than 256 MiB; give an official one"))?;
        let bytes = files::read(path)?
            .ok_or_else(|| fail("no such file; give the folder of an installed package"))?;
        let text =
            String::from_utf8(bytes).map_err(|_| fail("not UTF-8; install the package again"))?;
        Ok(Source { path: path.to_owned(), text })
    }
}

/// Returns what follows `start` at the beginning of a line, up to `end`.
pub(super) fn between<'a>(line: &'a str, start: &str, end: &str) -> Option<&'a str> {
    Some(line.strip_prefix(start)?.split_once(end)?.0)
}
