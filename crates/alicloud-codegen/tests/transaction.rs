//! Files that change together: all of them, or none.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use alicloud_codegen::files::Transaction;
use tempfile::TempDir;

/// Returns every file and folder by its path.
fn tree(folder: &Path) -> BTreeMap<PathBuf, Option<String>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(tree(&path));
            found.insert(path, None);
        } else {
            found.insert(path.clone(), Some(fs::read_to_string(&path).unwrap()));
        }
    }
    found
}

fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("old")).unwrap();
    fs::write(folder.path().join("old/a.txt"), "a").unwrap();
    fs::write(folder.path().join("old/b.txt"), "b").unwrap();
    folder
}

#[test]
fn files_are_written_replaced_and_removed() {
    let folder = folder();
    let path = |path: &str| folder.path().join(path);
    let mut transaction = Transaction::default();
    transaction.write(path("old/a.txt"), "new a");
    transaction.remove(path("old/b.txt"));
    transaction.write(path("old/c.txt"), "c");
    transaction.write(path("new/inner/d.txt"), "d");
    transaction.write(path("new/e.txt"), "e");
    transaction.commit().unwrap();
    let expected = [
        ("new", None),
        ("new/e.txt", Some("e")),
        ("new/inner", None),
        ("new/inner/d.txt", Some("d")),
        ("old", None),
        ("old/a.txt", Some("new a")),
        ("old/c.txt", Some("c")),
    ];
    let expected = expected.map(|(name, text)| (path(name), text.map(str::to_owned)));
    assert_eq!(tree(folder.path()), BTreeMap::from(expected));
}

#[test]
fn a_change_that_fails_undoes_the_others() {
    // What fails: a file in a file, a folder as a file, and a file to remove that does not exist.
    for (is_removed, name) in
        [(false, "old/a.txt/x.txt"), (false, "old"), (true, "old/z.txt"), (true, "zz/z.txt")]
    {
        let folder = folder();
        let before = tree(folder.path());
        let path = |path: &str| folder.path().join(path);
        let mut transaction = Transaction::default();
        transaction.write(path("new/e.txt"), "e");
        transaction.write(path("old/a.txt"), "new a");
        transaction.remove(path("old/b.txt"));
        transaction.write(path("old/c.txt"), "c");
        match is_removed {
            true => transaction.remove(path(name)),
            false => transaction.write(path(name), "x"),
        }
        let message = transaction.commit().unwrap_err().to_string();
        assert!(message.starts_with("error: "), "{message}");
        assert_eq!(tree(folder.path()), before, "{name}: {message}");
    }
}
