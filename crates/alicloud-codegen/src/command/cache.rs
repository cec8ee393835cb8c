//! The cache of downloaded descriptions, by their hashes.

use std::path::PathBuf;

use alicloud_codegen::files::{self, Transaction};
use alicloud_codegen::sha256;

/// Returns a description from the cache. One that was changed on disk is not in it.
pub(crate) fn get(hash: &str) -> Option<Vec<u8>> {
    let bytes = files::read(&file(hash)?).ok()??;
    (sha256(&bytes) == hash).then_some(bytes)
}

/// Stores a description. Without a cache, the next command downloads it again, and `update` cannot say what has
/// changed.
pub(crate) fn put(hash: &str, bytes: &[u8]) {
    let Some(file) = file(hash).filter(|_| get(hash).is_none()) else { return };
    let mut transaction = Transaction::default();
    transaction.write(file, bytes);
    _ = transaction.commit();
}

fn file(hash: &str) -> Option<PathBuf> {
    let is_hash = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hash.then_some(())?;
    Some(folder()?.join(format!("{hash}.json")))
}

/// Returns the folder of the cache: `ALICLOUD_CODEGEN_CACHE`, or a folder below the user's cache folder.
pub(crate) fn folder() -> Option<PathBuf> {
    #[allow(
        clippy::disallowed_methods,
        reason = "the only code of the command that reads the environment"
    )]
    let variable =
        |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    if let Some(folder) = variable("ALICLOUD_CODEGEN_CACHE") {
        return Some(folder);
    }
    let folder = if cfg!(windows) {
        variable("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        variable("HOME").map(|home| home.join("Library/Caches"))
    } else {
        variable("XDG_CACHE_HOME").or_else(|| variable("HOME").map(|home| home.join(".cache")))
    };
    Some(folder?.join("alicloud-codegen"))
}
