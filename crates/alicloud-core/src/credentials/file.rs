//! Small files, read whole and wiped.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use zeroize::Zeroizing;

/// The largest file that is read.
const MAX: u64 = 1 << 20;

/// The text of a file, or nothing where there is none. The error names the path.
///
/// What is no file is refused before it is opened: a pipe that nobody writes to would hang. Links are
/// followed, because Kubernetes mounts tokens as links.
pub(super) fn read(path: &Path) -> Result<Option<Zeroizing<String>>, String> {
    let shown = path.display();
    let refuse = |error: &io::Error| match error.kind() {
        // A folder on the way that is not one means as much as no file.
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Ok(None),
        _ => Err(format!("{shown} cannot be read: {error}")),
    };
    let about = match std::fs::metadata(path) {
        Ok(about) => about,
        Err(error) => return refuse(&error),
    };
    if !about.is_file() {
        return Err(format!("{shown} is not a file"));
    }
    let too_large = || Err(format!("{shown} is larger than 1 MiB"));
    if about.len() > MAX {
        return too_large();
    }
    // As large as it can get: growing would leave copies behind.
    let room = usize::try_from(about.len()).unwrap_or_default() + 1;
    let mut bytes = Zeroizing::new(Vec::with_capacity(room));
    let read = File::open(path).and_then(|file| file.take(MAX + 1).read_to_end(&mut bytes));
    if let Err(error) = read {
        return refuse(&error);
    }
    if bytes.len() as u64 > MAX {
        return too_large();
    }
    match String::from_utf8(std::mem::take(&mut *bytes)) {
        Ok(text) => Ok(Some(Zeroizing::new(text))),
        Err(error) => {
            drop(Zeroizing::new(error.into_bytes()));
            Err(format!("{shown} is not text in UTF-8"))
        }
    }
}
