//! Compares our results with those of an independent decoder of the same examples.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use alicloud_codegen::diagnostics::CommandError;
use serde::Deserialize;

use super::row::{DocumentResult, Row};

/// The file with the decoder's results, in the folder of the descriptions.
const FILE_NAME: &str = "verdicts.jsonl";

/// The rules of the independent decoder that we support in XML: any name of the document element,
/// and scalars of another type. Its other rules repair examples that no service sends.
const SUPPORTED_XML_RULES: [&str; 9] = [
    "empty-array-as-none",
    "free-object-as-any",
    "int32-overflow",
    "json-as-string",
    "null",
    "number-as-string",
    "string-01-as-bool",
    "string-as-number",
    "x:root-name",
];

/// The verdicts of the independent decoder on all examples.
#[derive(Debug, Default)]
pub(super) struct Oracle {
    verdicts: BTreeMap<(String, String, String, String), OracleResult>,
}

#[derive(Debug, Clone, Deserialize)]
struct OracleResult {
    product: String,
    version: String,
    op: String,
    #[serde(rename = "type")]
    format: String,
    verdict: String,
    /// The rules that decoding needed.
    #[serde(default)]
    rules: Vec<String>,
    #[serde(default)]
    json_vs_xml: Option<String>,
}

/// Reads the verdicts in the given folders. Returns `None` if there are none.
pub(super) fn read(paths: &[PathBuf]) -> Result<Option<Oracle>, CommandError> {
    let mut oracle = Oracle::default();
    for file in paths.iter().map(|path| path.join(FILE_NAME)).filter(|file| file.is_file()) {
        let text = fs::read_to_string(&file).map_err(|error| {
            CommandError::new(format!("error: {}: cannot be read: {error}", file.display()))
        })?;
        oracle.add(&text).map_err(|error| {
            CommandError::new(format!("error: {}: not a list of verdicts: {error}", file.display()))
        })?;
    }
    Ok((!oracle.verdicts.is_empty()).then_some(oracle))
}

impl Oracle {
    fn add(&mut self, text: &str) -> Result<(), serde_json::Error> {
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            let verdict: OracleResult = serde_json::from_str(line)?;
            let key = key(&verdict.product, &verdict.version, &verdict.op, &verdict.format);
            self.verdicts.insert(key, verdict);
        }
        Ok(())
    }

    /// Adds the verdict, and how our result differs from it, to each row.
    pub(super) fn annotate(&self, results: &mut [DocumentResult]) {
        for row in results.iter_mut().flat_map(|result| &mut result.rows) {
            let key = key(&row.product, &row.version, &row.op, &row.format);
            let Some(verdict) = self.verdicts.get(&key) else { continue };
            row.verdict = Some(verdict.verdict.clone());
            row.disagreement = verdict.disagreement(row);
        }
    }
}

/// Returns the key of a verdict. The verdicts have the lower-case product names of file names.
fn key(product: &str, version: &str, op: &str, format: &str) -> (String, String, String, String) {
    (product.to_ascii_lowercase(), version.to_owned(), op.to_owned(), format.to_owned())
}

impl OracleResult {
    /// Returns whether we have to decode the example completely.
    fn must_decode(&self) -> bool {
        match (self.verdict.as_str(), self.format.as_str()) {
            ("strict", _) | ("lenient", "json") => true,
            ("lenient", _) => {
                self.rules.iter().all(|rule| SUPPORTED_XML_RULES.contains(&rule.as_str()))
            }
            _ => false,
        }
    }

    /// Returns whether we have to decode the response, even if some fields have decode issues.
    fn must_be_readable(&self) -> bool {
        self.must_decode() || matches!(self.verdict.as_str(), "inconsistent" | "lossy")
    }

    /// Returns how our result differs from the verdict, or `None` if it agrees.
    fn disagreement(&self, row: &Row) -> Option<String> {
        let rules = match self.rules.is_empty() {
            true => String::new(),
            false => format!(" by {}", self.rules.join(" and ")),
        };
        if self.must_decode() && !row.ok {
            return Some(format!("oracle: {}{rules}; ours: not decoded completely", self.verdict));
        }
        if self.must_be_readable() && row.error.is_some() {
            return Some(format!("oracle: {}{rules}; ours: not decoded", self.verdict));
        }
        if self.must_be_readable() && row.error.is_none() && !row.ok && row.issues.is_empty() {
            return Some("ours: incomplete without a decode issue".to_owned());
        }
        if row.is_json() && row.ok && row.equal == Some(false) {
            return Some("ours: the value differs from the example".to_owned());
        }
        // `equal` is absent if the oracle could not decode the XML.
        if !row.is_json() && self.json_vs_xml.as_deref() == Some("equal") && row.equal != Some(true)
        {
            return Some(format!("oracle: XML equals JSON{rules}; ours: they differ"));
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn row(format: &str, ok: bool, equal: bool) -> Row {
        serde_json::from_value(json!({
            "product": "Cdn", "version": "1", "op": "Op", "type": format, "ok": ok, "value": {},
            "issues": if ok { json!([]) } else { json!([{ "path": "A", "reason": "no" }]) },
            "error": null, "equal": equal, "differences": [],
        }))
        .unwrap()
    }

    fn disagreement(verdict: serde_json::Value, row: Row) -> Option<String> {
        let mut oracle = Oracle::default();
        let mut line = json!({ "product": "cdn", "version": "1", "op": "Op" });
        line.as_object_mut().unwrap().extend(verdict.as_object().unwrap().clone());
        oracle.add(&line.to_string()).unwrap();
        let mut results = [DocumentResult { rows: vec![row], ..DocumentResult::default() }];
        oracle.annotate(&mut results);
        results[0].rows[0].disagreement.clone()
    }

    #[test]
    fn json_has_to_decode_to_the_example() {
        let strict = json!({ "type": "json", "verdict": "strict" });
        assert_eq!(disagreement(strict.clone(), row("json", true, true)), None);
        assert!(disagreement(strict.clone(), row("json", false, true)).is_some());
        assert!(disagreement(strict, row("json", true, false)).is_some());
        let inconsistent = json!({ "type": "json", "verdict": "inconsistent" });
        assert_eq!(disagreement(inconsistent, row("json", false, false)), None);
    }

    #[test]
    fn xml_has_to_decode_if_only_the_root_name_or_scalar_types_differ() {
        let lenient = |rule: &str| json!({ "type": "xml", "verdict": "lenient", "rules": [rule] });
        assert!(disagreement(lenient("x:root-name"), row("xml", false, true)).is_some());
        assert_eq!(disagreement(lenient("x:children-as-string"), row("xml", false, true)), None);
        let equal = json!({ "type": "xml", "verdict": "strict", "json_vs_xml": "equal" });
        assert!(disagreement(equal.clone(), row("xml", true, false)).is_some());
        assert_eq!(disagreement(equal, row("xml", true, true)), None);
    }
}
