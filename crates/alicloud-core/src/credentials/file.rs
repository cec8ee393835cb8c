//! Reads small files that contain secrets.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use zeroize::Zeroizing;

/// Maximum size of the configuration file, in MiB: the CLI and its plugins store other data in it, too.
pub(super) const CONFIG_MEBIBYTES: u64 = 16;

/// Returns the text of a file, or `None` if it does not exist. The text is wiped when it is dropped.
///
/// Only regular files are opened: opening a pipe without a writer would block. Links are followed,
/// because Kubernetes mounts tokens as links.
///
/// # Errors
///
/// An error that names the path if the file cannot be read, is not a regular file, is larger than
/// this number of MiB, or is not UTF-8.
pub(super) fn read(path: &Path, max_mebibytes: u64) -> Result<Option<Zeroizing<String>>, String> {
    let shown = path.display();
    let max_bytes = max_mebibytes << 20;
    let read_error = |error: &io::Error| match error.kind() {
        // If a parent is not a directory, the file does not exist either.
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Ok(None),
        _ => Err(format!("cannot read {shown}: {error}")),
    };
    let metadata = match std::fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) => return read_error(&error),
    };
    if !metadata.is_file() {
        return Err(format!("{shown} is not a file"));
    }
    let too_large = || Err(format!("{shown} is larger than {max_mebibytes} MiB"));
    if metadata.len() > max_bytes {
        return too_large();
    }
    // Growing the buffer would leave copies in memory that are not wiped.
    let capacity = usize::try_from(metadata.len()).unwrap_or_default() + 1;
    let mut bytes = Zeroizing::new(Vec::with_capacity(capacity));
    let read = File::open(path).and_then(|file| file.take(max_bytes + 1).read_to_end(&mut bytes));
    if let Err(error) = read {
        return read_error(&error);
    }
    if bytes.len() as u64 > max_bytes {
        return too_large();
    }
    match String::from_utf8(std::mem::take(&mut *bytes)) {
        Ok(text) => Ok(Some(Zeroizing::new(text))),
        Err(error) => {
            drop(Zeroizing::new(error.into_bytes()));
            Err(format!("{shown} is not UTF-8 text"))
        }
    }
}
