//! The descriptions that the command reads.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use alicloud_codegen::diagnostics::CommandError;

/// A description, and the name of its output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Document {
    pub(super) file: PathBuf,
    /// The name of its crates and folder, from the file name. Unique in a run: two files can describe
    /// the same product.
    pub(super) stem: String,
}

/// Returns the given files and the `*.json` files in the given folders, ordered by path.
pub(super) fn find(paths: &[PathBuf]) -> Result<Vec<Document>, CommandError> {
    let mut files = BTreeSet::new();
    for path in paths {
        if path.is_dir() {
            let previous_len = files.len();
            collect(path, &mut files)?;
            if files.len() == previous_len {
                return Err(CommandError::new(format!(
                    "error: {}: no descriptions in this folder; pass a folder with *.json files",
                    path.display()
                )));
            }
        } else {
            files.insert(path.clone());
        }
    }
    let mut used = BTreeSet::new();
    Ok(files
        .into_iter()
        .map(|file| {
            let stem = unique(&stem(&file), &mut used);
            Document { file, stem }
        })
        .collect())
}

fn collect(folder: &Path, files: &mut BTreeSet<PathBuf>) -> Result<(), CommandError> {
    let fail = |error: std::io::Error| {
        CommandError::new(format!("error: {}: cannot be read: {error}", folder.display()))
    };
    for entry in fs::read_dir(folder).map_err(fail)? {
        let path = entry.map_err(fail)?.path();
        if path.is_file() && path.extension().is_some_and(|extension| extension == "json") {
            files.insert(path);
        }
    }
    Ok(())
}

/// Returns a name for a folder and a crate, derived from a file name.
fn stem(file: &Path) -> String {
    let name = file.file_stem().map(|name| name.to_string_lossy()).unwrap_or_default();
    let words: Vec<String> = name
        .split(|character: char| !character.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    match words.join("-") {
        stem if stem.is_empty() => "document".to_owned(),
        stem => stem,
    }
}

/// Returns the stem, with a number added if it is used already.
fn unique(stem: &str, used: &mut BTreeSet<String>) -> String {
    let mut name = stem.to_owned();
    for number in 2_usize.. {
        if used.insert(name.clone()) {
            break;
        }
        name = format!("{stem}-{number}");
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stems_are_plain_and_unique() {
        let mut used = BTreeSet::new();
        let mut stem = |file: &str| unique(&super::stem(Path::new(file)), &mut used);
        assert_eq!(stem("a/aligenie__iap_1.0.json"), "aligenie-iap-1-0");
        assert_eq!(stem("b/aligenie-iap-1.0.json"), "aligenie-iap-1-0-2");
        assert_eq!(stem("R-kvstore__2015-01-01.json"), "r-kvstore-2015-01-01");
        assert_eq!(stem("../文档.json"), "document");
    }

    #[test]
    fn folders_are_replaced_by_their_descriptions() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.json", "a.json", "verdicts.jsonl", "README.md"] {
            fs::write(folder.path().join(name), "{}").unwrap();
        }
        let documents = find(&[folder.path().to_owned()]).unwrap();
        let stems: Vec<&str> = documents.iter().map(|document| document.stem.as_str()).collect();
        assert_eq!(stems, ["a", "b"]);
        assert!(find(&[tempfile::tempdir().unwrap().path().to_owned()]).is_err());
    }
}
