//! Files by their paths.

use std::collections::BTreeMap;
use std::path::PathBuf;

/// Files by their paths, relative to the folder of the crates.
pub type Tree = BTreeMap<PathBuf, String>;
