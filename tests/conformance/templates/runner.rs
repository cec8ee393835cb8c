//! Shared code of the drivers: reads examples from a file and writes one row per example to another.

use std::fs::File;
use std::io::{BufRead as _, BufReader, BufWriter, Error, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};

use alicloud_wire::{Bytes, DecodeError, DecodeIssue, Node, macro_support};
use serde_json::{Value, json};

/// A decoder for a response of any type.
pub type Read = fn(&[u8]) -> Result<(Box<dyn Node>, Vec<DecodeIssue>), DecodeError>;

/// Decodes JSON as a `T`.
pub fn json<T: Node + Default + 'static>(
    text: &[u8],
) -> Result<(Box<dyn Node>, Vec<DecodeIssue>), DecodeError> {
    let decoded = alicloud_wire::from_json::<T>(text)?;
    Ok((Box::new(decoded.value), decoded.issues))
}

/// Decodes XML as a `T`.
pub fn xml<T: Node + Default + 'static>(
    text: &[u8],
) -> Result<(Box<dyn Node>, Vec<DecodeIssue>), DecodeError> {
    let decoded = alicloud_wire::from_xml::<T>(text)?;
    Ok((Box::new(decoded.value), decoded.issues))
}

/// Returns the bytes of a response that is a file, without decoding them.
pub fn bytes(text: &[u8]) -> Result<(Box<dyn Node>, Vec<DecodeIssue>), DecodeError> {
    Ok((Box::new(Bytes::copy_from_slice(text)), Vec::new()))
}

/// Decodes the examples in the file of the first argument and writes rows to the file of the second.
pub fn run(operations: &[(&str, Read, Read)]) -> Result<(), Error> {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(examples), Some(rows)) = (arguments.next(), arguments.next()) else {
        return Err(Error::other("usage: driver EXAMPLES ROWS"));
    };
    let mut rows = BufWriter::new(File::create(rows)?);
    for line in BufReader::new(File::open(examples)?).lines() {
        let example: Value = serde_json::from_str(&line?)?;
        let row = catch_unwind(AssertUnwindSafe(|| row(&example, operations)))
            .unwrap_or_else(|_| failed("the decoder panicked"));
        writeln!(rows, "{row}")?;
    }
    rows.flush()
}

fn row(example: &Value, operations: &[(&str, Read, Read)]) -> Value {
    let text = |key: &str| example.get(key).and_then(Value::as_str).unwrap_or_default();
    let Some((_, json, xml)) = operations.iter().find(|(name, ..)| *name == text("op")) else {
        return failed("the operation was not generated");
    };
    let read = if text("type") == "xml" { xml } else { json };
    match read(text("text").as_bytes()) {
        Ok((node, issues)) => {
            let issues: Vec<Value> = issues
                .iter()
                .map(|issue| json!({ "path": issue.path, "reason": issue.reason }))
                .collect();
            match macro_support::serialize(&*node, serde_json::value::Serializer) {
                Ok(value) => json!({ "value": value, "issues": issues, "error": null }),
                Err(error) => failed(&format!("the value cannot be serialized: {error}")),
            }
        }
        Err(error) => failed(&error.to_string()),
    }
}

fn failed(reason: &str) -> Value {
    json!({ "value": null, "issues": [], "error": reason })
}
