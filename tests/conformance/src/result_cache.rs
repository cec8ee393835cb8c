//! Results of earlier runs: reused while the description, the generator and the decoder are the same.

use std::fs;
use std::path::{Path, PathBuf};

use alicloud_codegen::diagnostics::CommandError;
use alicloud_codegen::sha256;
use serde::{Deserialize, Serialize};

use super::documents::Document;
use super::files::write_if_changed;
use super::row::{DocumentResult, Row};
use super::summary::Summary;

/// The results of earlier runs, one file per document.
pub(super) struct ResultCache {
    work_dir: PathBuf,
    /// Hash of the generator and the decoder.
    tools_hash: String,
}

/// The first line of a cached result; the rows follow.
#[derive(Serialize, Deserialize)]
struct Header {
    key: String,
    summary: Summary,
}

impl ResultCache {
    pub(super) fn new(repository: &Path, work_dir: &Path) -> Result<Self, CommandError> {
        let fail = |error: std::io::Error| {
            CommandError::new(format!("error: the executable of xtask cannot be read: {error}"))
        };
        let generator = fs::read(std::env::current_exe().map_err(fail)?).map_err(fail)?;
        let mut tools_hash = sha256(&generator);
        let wire = repository.join("crates").join("alicloud-wire");
        hash_sources(&wire, &mut tools_hash)?;
        Ok(ResultCache { work_dir: work_dir.to_owned(), tools_hash })
    }

    /// Returns a hash of everything that the result of a document depends on.
    pub(super) fn key(&self, document: &Document) -> String {
        let description = fs::read(&document.file).map(|bytes| sha256(&bytes)).unwrap_or_default();
        sha256(format!("{} {} {description}", self.tools_hash, document.stem).as_bytes())
    }

    fn file(&self, document: &Document) -> PathBuf {
        self.work_dir.join(&document.stem).join("rows.jsonl")
    }

    /// Returns the stored result of a document, if it is complete and was stored under this key.
    pub(super) fn load(&self, document: &Document, key: &str) -> Option<DocumentResult> {
        let text = fs::read_to_string(self.file(document)).ok()?;
        let mut lines = text.lines();
        let header: Header = serde_json::from_str(lines.next()?).ok()?;
        if header.key != key {
            return None;
        }
        let rows: Vec<Row> = lines.map(serde_json::from_str).collect::<Result<_, _>>().ok()?;
        let is_complete = rows.len() == header.summary.examples;
        is_complete.then_some(DocumentResult { summary: header.summary, rows })
    }

    /// Stores a result for later runs.
    pub(super) fn store(
        &self,
        document: &Document,
        key: &str,
        result: &DocumentResult,
    ) -> Result<(), CommandError> {
        let header = Header { key: key.to_owned(), summary: result.summary.clone() };
        let mut text = serde_json::to_string(&header).unwrap_or_default();
        for row in &result.rows {
            text.push('\n');
            text.push_str(&serde_json::to_string(row).unwrap_or_default());
        }
        text.push('\n');
        write_if_changed(&self.file(document), &text)
    }
}

/// Adds the sources of a crate to a hash, in the order of their names.
fn hash_sources(folder: &Path, hash: &mut String) -> Result<(), CommandError> {
    let fail = |error: std::io::Error| {
        CommandError::new(format!("error: {}: cannot be read: {error}", folder.display()))
    };
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(fail)? {
        paths.push(entry.map_err(fail)?.path());
    }
    paths.sort();
    for path in paths {
        let is_test = path.file_name().is_some_and(|name| name == "tests" || name == "benches");
        if path.is_dir() && !is_test {
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
    fn results_are_reused_until_the_description_or_the_tools_change() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.json");
        fs::write(&file, "{}").unwrap();
        let document = Document { file: file.clone(), stem: "a".to_owned() };
        let work_dir = folder.path().join("work");
        let cache = ResultCache { work_dir: work_dir.clone(), tools_hash: "t".to_owned() };
        let key = cache.key(&document);
        assert!(cache.load(&document, &key).is_none());

        let summary = Summary { stem: "a".to_owned(), operations: 3, ..Summary::default() };
        cache.store(&document, &key, &DocumentResult { summary, rows: Vec::new() }).unwrap();
        assert_eq!(cache.load(&document, &key).unwrap().summary.operations, 3);

        fs::write(&file, "{ }").unwrap();
        assert!(cache.load(&document, &cache.key(&document)).is_none());
        let other_tools = ResultCache { work_dir, tools_hash: "u".to_owned() };
        assert_ne!(other_tools.key(&document), cache.key(&document));
    }
}
