//! Which descriptions there are to look at.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::codegen::diagnostics::Failure;

/// A description and the name that its output goes by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Document {
    pub(super) file: PathBuf,
    /// Of the file's name, and different for each document of a run: two can be of one product.
    pub(super) stem: String,
}

/// The documents that some paths stand for, in the order of their names.
pub(super) fn find(paths: &[PathBuf]) -> Result<Vec<Document>, Failure> {
    let mut files = BTreeSet::new();
    for path in paths {
        if path.is_dir() {
            let before = files.len();
            collect(path, &mut files)?;
            if files.len() == before {
                return Err(Failure::new(format!(
                    "error: {}: no description in it: pass a folder with *.json files",
                    path.display()
                )));
            }
        } else {
            files.insert(path.clone());
        }
    }
    let mut taken = BTreeSet::new();
    Ok(files
        .into_iter()
        .map(|file| {
            let stem = distinct(&stem(&file), &mut taken);
            Document { file, stem }
        })
        .collect())
}

fn collect(folder: &Path, files: &mut BTreeSet<PathBuf>) -> Result<(), Failure> {
    let fail = |error: std::io::Error| {
        Failure::new(format!("error: {}: cannot be read: {error}", folder.display()))
    };
    for entry in fs::read_dir(folder).map_err(fail)? {
        let path = entry.map_err(fail)?.path();
        if path.is_file() && path.extension().is_some_and(|extension| extension == "json") {
            files.insert(path);
        }
    }
    Ok(())
}

/// A name for a folder and a crate, of a file's name.
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

fn distinct(stem: &str, taken: &mut BTreeSet<String>) -> String {
    let mut name = stem.to_owned();
    for number in 2_usize.. {
        if taken.insert(name.clone()) {
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
    fn a_stem_is_a_plain_name_that_no_other_document_has() {
        let mut taken = BTreeSet::new();
        let stem = |file: &str, taken: &mut BTreeSet<String>| {
            distinct(&super::stem(Path::new(file)), taken)
        };
        assert_eq!(stem("a/aligenie__iap_1.0.json", &mut taken), "aligenie-iap-1-0");
        assert_eq!(stem("b/aligenie-iap-1.0.json", &mut taken), "aligenie-iap-1-0-2");
        assert_eq!(stem("R-kvstore__2015-01-01.json", &mut taken), "r-kvstore-2015-01-01");
        assert_eq!(stem("../文档.json", &mut taken), "document");
    }

    #[test]
    fn a_folder_stands_for_the_descriptions_in_it() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.json", "a.json", "verdicts.jsonl", "README.md"] {
            fs::write(folder.path().join(name), "{}").unwrap();
        }
        let found = find(&[folder.path().to_owned()]).unwrap();
        assert_eq!(found.iter().map(|one| one.stem.as_str()).collect::<Vec<_>>(), ["a", "b"]);
        assert!(find(&[tempfile::tempdir().unwrap().path().to_owned()]).is_err());
    }
}
