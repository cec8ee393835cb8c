//! The result of an example, and the summary of a document.

use alicloud_codegen::diagnostics::CommandError;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::compare::{self, Difference, ExpectedFormat};
use super::documents::Document;
use super::prepare::Prepared;
use super::summary::Summary;

/// The output of a driver for one example.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Decoded {
    pub(super) value: Value,
    pub(super) issues: Vec<Issue>,
    pub(super) error: Option<String>,
}

/// A part of an example that could not be decoded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Issue {
    pub(super) path: String,
    pub(super) reason: String,
}

/// The result of one example: one line of the report.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Row {
    pub(super) product: String,
    pub(super) version: String,
    pub(super) op: String,
    #[serde(rename = "type")]
    pub(super) format: String,
    /// Whether every documented field of the example was decoded.
    pub(super) ok: bool,
    pub(super) value: Value,
    pub(super) issues: Vec<Issue>,
    /// Why the response as a whole could not be decoded.
    pub(super) error: Option<String>,
    /// For JSON, whether the decoded value equals the example; for XML, whether it equals the value
    /// decoded from the JSON example. `None` if they could not be compared.
    pub(super) equal: Option<bool>,
    pub(super) differences: Vec<Difference>,
    /// The verdict of the independent decoder.
    #[serde(default)]
    pub(super) verdict: Option<String>,
    /// How our result differs from that verdict.
    #[serde(default)]
    pub(super) disagreement: Option<String>,
}

impl Row {
    pub(super) fn is_json(&self) -> bool {
        self.format == "json"
    }

    /// Returns the first error, decode issue or difference.
    pub(super) fn reason(&self) -> String {
        let issue = self.issues.first().map(|issue| format!("{}: {}", issue.path, issue.reason));
        let difference = self.differences.first().map(ToString::to_string);
        self.error.clone().or(issue).or(difference).unwrap_or_default()
    }
}

/// The result of a document.
#[derive(Debug, Clone, Default)]
pub(super) struct DocumentResult {
    pub(super) summary: Summary,
    pub(super) rows: Vec<Row>,
}

impl DocumentResult {
    /// Returns the result of a document whose crates cannot be generated.
    pub(super) fn from_error(document: &Document, error: CommandError) -> Self {
        let summary = Summary {
            stem: document.stem.clone(),
            error: Some(error.to_string()),
            ..Summary::default()
        };
        DocumentResult { summary, rows: Vec::new() }
    }
}

/// Returns the rows of a document, one for each example, from the output of its driver.
pub(super) fn rows(prepared: &Prepared, decoded: Vec<Decoded>) -> Vec<Row> {
    let mut rows = Vec::with_capacity(prepared.examples.len());
    let mut decoded = decoded.into_iter();
    for example in &prepared.examples {
        let Decoded { value, issues, error } = decoded.next().unwrap_or_else(|| Decoded {
            error: Some("the driver stopped before this example".to_owned()),
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
            row.differences = compare::differences(
                &prepared.model,
                &row.op,
                ExpectedFormat::Json,
                &source,
                &row.value,
            );
            row.equal = Some(row.differences.is_empty());
        }
        rows.push(row);
    }
    compare_formats(&prepared.model, &mut rows);
    rows
}

/// Compares the values decoded from XML with those decoded from JSON.
fn compare_formats(model: &super::model::Model, rows: &mut [Row]) {
    let json: std::collections::BTreeMap<String, Value> = rows
        .iter()
        .filter(|row| row.is_json() && row.error.is_none())
        .map(|row| (row.op.clone(), row.value.clone()))
        .collect();
    for row in rows.iter_mut().filter(|row| !row.is_json() && row.error.is_none()) {
        if let Some(json) = json.get(&row.op) {
            row.differences =
                compare::differences(model, &row.op, ExpectedFormat::Xml, json, &row.value);
            row.equal = Some(row.differences.is_empty());
        }
    }
}
