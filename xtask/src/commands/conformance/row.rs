//! One row an example, and the sum of a document.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::codegen::diagnostics::Failure;

use super::compare::{self, Difference, Rules};
use super::documents::Document;
use super::prepare::Prepared;

/// What a driver says of one example.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Decoded {
    pub(super) value: Value,
    pub(super) issues: Vec<Issue>,
    pub(super) error: Option<String>,
}

/// A place of an example that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Issue {
    pub(super) path: String,
    pub(super) reason: String,
}

/// What became of one example.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Row {
    pub(super) product: String,
    pub(super) version: String,
    pub(super) op: String,
    #[serde(rename = "type")]
    pub(super) format: String,
    /// Whether everything in it that the description knows was read.
    pub(super) ok: bool,
    pub(super) value: Value,
    pub(super) issues: Vec<Issue>,
    /// Why the response as a whole could not be read.
    pub(super) error: Option<String>,
    /// JSON: whether the value is the example's; XML: whether it is that of the JSON example.
    pub(super) equal: Option<bool>,
    pub(super) differences: Vec<Difference>,
    /// What the oracle says of the example.
    #[serde(default)]
    pub(super) verdict: Option<String>,
    /// In what we are not of the oracle's opinion.
    #[serde(default)]
    pub(super) disagreement: Option<String>,
}

impl Row {
    pub(super) fn is_json(&self) -> bool {
        self.format == "json"
    }

    /// The first thing that is wrong with it, for a line on the terminal.
    pub(super) fn complaint(&self) -> String {
        let issue = self.issues.first().map(|issue| format!("{}: {}", issue.path, issue.reason));
        let difference = self.differences.first().map(ToString::to_string);
        self.error.clone().or(issue).or(difference).unwrap_or_default()
    }
}

/// The numbers of a document.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Summary {
    pub(super) stem: String,
    pub(super) product: String,
    pub(super) version: String,
    pub(super) operations: usize,
    pub(super) lines: usize,
    pub(super) examples: usize,
    pub(super) warnings: usize,
    /// From the description to formatted files in memory.
    pub(super) milliseconds: u64,
    /// Why it does not generate or compile.
    pub(super) failure: Option<String>,
}

/// A document with its rows.
#[derive(Debug, Clone, Default)]
pub(super) struct Finished {
    pub(super) summary: Summary,
    pub(super) rows: Vec<Row>,
}

impl Finished {
    pub(super) fn failed(document: &Document, failure: Failure) -> Self {
        let summary = Summary {
            stem: document.stem.clone(),
            failure: Some(failure.to_string()),
            ..Summary::default()
        };
        Finished { summary, rows: Vec::new() }
    }
}

/// The rows of a document, from what its driver decoded, in the order of the examples.
pub(super) fn rows(prepared: &Prepared, decoded: Vec<Decoded>) -> Vec<Row> {
    let mut rows = Vec::with_capacity(prepared.examples.len());
    let mut decoded = decoded.into_iter();
    for example in &prepared.examples {
        let Decoded { value, issues, error } = decoded.next().unwrap_or_else(|| Decoded {
            error: Some("the driver ended before this example".to_owned()),
            ..Decoded::default()
        });
        let mut row = Row {
            product: prepared.summary.product.clone(),
            version: prepared.summary.version.clone(),
            op: example.op.clone(),
            format: example.format.clone(),
            ok: error.is_none() && issues.is_empty(),
            value,
            issues,
            error,
            equal: None,
            differences: Vec::new(),
            verdict: None,
            disagreement: None,
        };
        if row.is_json()
            && row.error.is_none()
            && let Ok(source) = serde_json::from_str::<Value>(&example.text)
        {
            row.differences =
                compare::differences(&prepared.model, &row.op, Rules::Json, &source, &row.value);
            row.equal = Some(row.differences.is_empty());
        }
        rows.push(row);
    }
    compare_formats(&prepared.model, &mut rows);
    rows
}

/// Compares what came of the XML of an operation with what came of its JSON.
fn compare_formats(model: &super::model::Model, rows: &mut [Row]) {
    let json: std::collections::BTreeMap<String, Value> = rows
        .iter()
        .filter(|row| row.is_json() && row.error.is_none())
        .map(|row| (row.op.clone(), row.value.clone()))
        .collect();
    for row in rows.iter_mut().filter(|row| !row.is_json() && row.error.is_none()) {
        if let Some(json) = json.get(&row.op) {
            row.differences = compare::differences(model, &row.op, Rules::Xml, json, &row.value);
            row.equal = Some(row.differences.is_empty());
        }
    }
}
