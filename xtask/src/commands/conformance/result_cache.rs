//! Which documents are done: same description, same generator, same decoder.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::codegen::diagnostics::Failure;
use crate::codegen::sha256;

use super::documents::Document;
use super::harness::put;
use super::row::{Finished, Row, Summary};

/// What the results of all documents of a run depend on.
pub(super) struct Stamps {
    home: PathBuf,
    tools: String,
}

/// The first line of a kept result; the rows follow.
#[derive(Serialize, Deserialize)]
struct Head {
    stamp: String,
    summary: Summary,
}

impl Stamps {
    pub(super) fn new(repository: &Path, home: &Path) -> Result<Self, Failure> {
        let fail = |error: std::io::Error| {
            Failure::new(format!("error: this program cannot be read: {error}"))
        };
        let generator = fs::read(std::env::current_exe().map_err(fail)?).map_err(fail)?;
        let mut tools = sha256(&generator);
        let wire = repository.join("crates").join("alicloud-wire");
        hash_sources(&wire, &mut tools)?;
        Ok(Stamps { home: home.to_owned(), tools })
    }

    /// What the result of a document depends on. An unreadable one is never kept.
    pub(super) fn of(&self, document: &Document) -> String {
        let description = fs::read(&document.file).map(|bytes| sha256(&bytes)).unwrap_or_default();
        sha256(format!("{} {} {description}", self.tools, document.stem).as_bytes())
    }

    fn file(&self, document: &Document) -> PathBuf {
        self.home.join(&document.stem).join("rows.jsonl")
    }

    /// The result of an earlier run, where it still holds.
    pub(super) fn kept(&self, document: &Document, stamp: &str) -> Option<Finished> {
        let text = fs::read_to_string(self.file(document)).ok()?;
        let mut lines = text.lines();
        let head: Head = serde_json::from_str(lines.next()?).ok()?;
        if head.stamp != stamp {
            return None;
        }
        let rows: Vec<Row> = lines.map(serde_json::from_str).collect::<Result<_, _>>().ok()?;
        (rows.len() == head.summary.examples).then_some(Finished { summary: head.summary, rows })
    }

    /// Keeps a result for later runs.
    pub(super) fn keep(
        &self,
        document: &Document,
        stamp: &str,
        done: &Finished,
    ) -> Result<(), Failure> {
        let head = Head { stamp: stamp.to_owned(), summary: done.summary.clone() };
        let mut text = serde_json::to_string(&head).unwrap_or_default();
        for row in &done.rows {
            text.push('\n');
            text.push_str(&serde_json::to_string(row).unwrap_or_default());
        }
        text.push('\n');
        put(&self.file(document), &text)
    }
}

/// Adds the sources of a crate to a hash, in the order of their names.
fn hash_sources(folder: &Path, hash: &mut String) -> Result<(), Failure> {
    let fail = |error: std::io::Error| {
        Failure::new(format!("error: {}: cannot be read: {error}", folder.display()))
    };
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(fail)? {
        paths.push(entry.map_err(fail)?.path());
    }
    paths.sort();
    for path in paths {
        let tests = path.file_name().is_some_and(|name| name == "tests" || name == "benches");
        if path.is_dir() && !tests {
            hash_sources(&path, hash)?;
        } else if path.extension().is_some_and(|extension| extension == "rs" || extension == "toml")
        {
            let text = fs::read(&path).map_err(fail)?;
            *hash = sha256(format!("{hash} {}", sha256(&text)).as_bytes());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_is_kept_until_the_description_changes() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.json");
        fs::write(&file, "{}").unwrap();
        let document = Document { file: file.clone(), stem: "a".to_owned() };
        let stamps = Stamps { home: folder.path().join("home"), tools: "t".to_owned() };
        let stamp = stamps.of(&document);
        assert!(stamps.kept(&document, &stamp).is_none());

        let summary = Summary { stem: "a".to_owned(), operations: 3, ..Summary::default() };
        stamps.keep(&document, &stamp, &Finished { summary, rows: Vec::new() }).unwrap();
        assert_eq!(stamps.kept(&document, &stamp).unwrap().summary.operations, 3);

        fs::write(&file, "{ }").unwrap();
        assert!(stamps.kept(&document, &stamps.of(&document)).is_none());
        let other = Stamps { home: stamps.home.clone(), tools: "u".to_owned() };
        assert_ne!(other.of(&document), stamps.of(&document));
    }
}
