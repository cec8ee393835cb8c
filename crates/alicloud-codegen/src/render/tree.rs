//! Files by their paths.

use std::collections::BTreeMap;
use std::path::PathBuf;

/// Files by their paths, relative to the folder of the crates.
///
/// # Examples
///
/// ```
#[doc = include_str!("../doctest/gadget.txt")]
#[doc = include_str!("../doctest/generated.txt")]
/// let manifests = generated.tree.keys().filter(|path| path.ends_with("Cargo.toml"));
/// assert_eq!(manifests.count(), 2);
/// # Ok(())
/// # }
/// ```
pub type Tree = BTreeMap<PathBuf, String>;
