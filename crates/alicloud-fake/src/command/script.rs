//! Responses from a file, for tests that are not written in Rust.

mod entry;

use std::error::Error;
use std::fs;
use std::path::Path;

use alicloud_fake::ScriptedResponse;
use serde_json::{Deserializer, Value};

/// Reads the responses of a file, each as often as it says.
pub(crate) fn read(path: &Path) -> Result<Vec<ScriptedResponse>, Box<dyn Error>> {
    let name = path.display();
    let text = fs::read_to_string(path).map_err(|error| format!("{name}: {error}"))?;
    let mut responses = Vec::new();
    let mut values = Deserializer::from_str(&text).into_iter::<Value>();
    loop {
        let line = line_after(&text, values.byte_offset());
        let Some(value) = values.next() else { return Ok(responses) };
        let value = value.map_err(|error| {
            format!("{name}:{}: {error}: write one JSON object for each response", error.line())
        })?;
        let entry = entry::read(value).map_err(|problem| format!("{name}:{line}: {problem}"))?;
        responses.extend(entry);
    }
}

/// The line on which the next value begins.
fn line_after(text: &str, offset: usize) -> usize {
    let (before, rest) = text.split_at_checked(offset).unwrap_or((text, ""));
    let blank = rest.len() - rest.trim_start().len();
    let lines = |text: &str| text.matches('\n').count();
    1 + lines(before) + lines(rest.get(..blank).unwrap_or_default())
}
