//! What an independent decoder found in the same examples, and how we agree with it.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use serde::Deserialize;

use crate::codegen::diagnostics::Failure;

use super::row::{Finished, Row};

/// The file that an oracle is in, beside the descriptions.
const FILE: &str = "verdicts.jsonl";

/// What may be needed to read XML that we must read: any name of the document element, and scalars
/// of another kind. Everything else repairs examples that no service has sent.
const NEEDED_IN_XML: [&str; 9] = [
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

/// The verdicts on all examples.
#[derive(Debug, Default)]
pub(super) struct Oracle {
    verdicts: BTreeMap<(String, String, String, String), Verdict>,
}

#[derive(Debug, Clone, Deserialize)]
struct Verdict {
    product: String,
    version: String,
    op: String,
    #[serde(rename = "type")]
    format: String,
    verdict: String,
    #[serde(default)]
    rules: Vec<String>,
    #[serde(default)]
    json_vs_xml: Option<String>,
}

/// Reads the oracles that lie in some folders, if there is one.
pub(super) fn read(paths: &[PathBuf]) -> Result<Option<Oracle>, Failure> {
    let mut oracle = Oracle::default();
    for file in paths.iter().map(|path| path.join(FILE)).filter(|file| file.is_file()) {
        let text = fs::read_to_string(&file).map_err(|error| {
            Failure::new(format!("error: {}: cannot be read: {error}", file.display()))
        })?;
        oracle.add(&text).map_err(|error| {
            Failure::new(format!("error: {}: no oracle: {error}", file.display()))
        })?;
    }
    Ok((!oracle.verdicts.is_empty()).then_some(oracle))
}

impl Oracle {
    fn add(&mut self, text: &str) -> Result<(), serde_json::Error> {
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            let one: Verdict = serde_json::from_str(line)?;
            self.verdicts.insert(key(&one.product, &one.version, &one.op, &one.format), one);
        }
        Ok(())
    }

    /// Writes into each row what the oracle says, and in what we disagree.
    pub(super) fn judge(&self, finished: &mut [Finished]) {
        for row in finished.iter_mut().flat_map(|one| &mut one.rows) {
            let key = key(&row.product, &row.version, &row.op, &row.format);
            let Some(verdict) = self.verdicts.get(&key) else { continue };
            row.verdict = Some(verdict.verdict.clone());
            row.disagreement = verdict.disagreement(row);
        }
    }
}

/// The oracle goes by the names of files, which are in lower case.
fn key(product: &str, version: &str, op: &str, format: &str) -> (String, String, String, String) {
    (product.to_ascii_lowercase(), version.to_owned(), op.to_owned(), format.to_owned())
}

impl Verdict {
    /// Whether the example has to decode without a loss.
    fn must_decode(&self) -> bool {
        match (self.verdict.as_str(), self.format.as_str()) {
            ("strict", _) | ("lenient", "json") => true,
            ("lenient", _) => self.rules.iter().all(|rule| NEEDED_IN_XML.contains(&rule.as_str())),
            _ => false,
        }
    }

    /// Whether the response as a whole has to decode, whatever is wrong with some fields.
    fn must_be_readable(&self) -> bool {
        self.must_decode() || matches!(self.verdict.as_str(), "inconsistent" | "lossy")
    }

    fn disagreement(&self, row: &Row) -> Option<String> {
        let rules = match self.rules.is_empty() {
            true => String::new(),
            false => format!(" by {}", self.rules.join(" and ")),
        };
        if self.must_decode() && !row.ok {
            return Some(format!("{}{rules} there, not decoded here", self.verdict));
        }
        if self.must_be_readable() && row.error.is_some() {
            return Some(format!("{}{rules} there, not readable here", self.verdict));
        }
        if self.must_be_readable() && row.error.is_none() && !row.ok && row.issues.is_empty() {
            return Some("lost without a reason".to_owned());
        }
        if row.is_json() && row.ok && row.equal == Some(false) {
            return Some("the value is not the example's".to_owned());
        }
        // Where the XML as a whole counts as unreadable, there is nothing to compare.
        if !row.is_json() && self.json_vs_xml.as_deref() == Some("equal") && row.equal != Some(true)
        {
            return Some(format!("XML equals JSON there{rules}, not here"));
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

    fn judged(verdict: serde_json::Value, row: Row) -> Option<String> {
        let mut oracle = Oracle::default();
        let mut line = json!({ "product": "cdn", "version": "1", "op": "Op" });
        line.as_object_mut().unwrap().extend(verdict.as_object().unwrap().clone());
        oracle.add(&line.to_string()).unwrap();
        let mut finished = [Finished { rows: vec![row], ..Finished::default() }];
        oracle.judge(&mut finished);
        finished[0].rows[0].disagreement.clone()
    }

    #[test]
    fn json_must_decode_and_equal() {
        let strict = json!({ "type": "json", "verdict": "strict" });
        assert_eq!(judged(strict.clone(), row("json", true, true)), None);
        assert!(judged(strict.clone(), row("json", false, true)).is_some());
        assert!(judged(strict, row("json", true, false)).is_some());
        let inconsistent = json!({ "type": "json", "verdict": "inconsistent" });
        assert_eq!(judged(inconsistent, row("json", false, false)), None);
    }

    #[test]
    fn xml_must_decode_where_only_root_and_scalars_are_off() {
        let of = |rule: &str| json!({ "type": "xml", "verdict": "lenient", "rules": [rule] });
        assert!(judged(of("x:root-name"), row("xml", false, true)).is_some());
        assert_eq!(judged(of("x:children-as-string"), row("xml", false, true)), None);
        let equal = json!({ "type": "xml", "verdict": "strict", "json_vs_xml": "equal" });
        assert!(judged(equal.clone(), row("xml", true, false)).is_some());
        assert_eq!(judged(equal, row("xml", true, true)), None);
    }
}
