//! Scripted responses from a file.

mod entry;

use std::error::Error;
use std::fs;
use std::path::Path;

use alicloud_fake::ScriptedResponse;
use serde_json::{Deserializer, Value};

/// Reads the responses of a file, each as many times as it says.
pub(crate) fn read(path: &Path) -> Result<Vec<ScriptedResponse>, Box<dyn Error>> {
    let name = path.display();
    let text = fs::read_to_string(path).map_err(|error| {
        format!("cannot read {name}: {error}; check the path and its permissions")
    })?;
    let mut responses = Vec::new();
    let mut values = Deserializer::from_str(&text).into_iter::<Value>();
    loop {
        let line = line_of_next_value(&text, values.byte_offset());
        let Some(value) = values.next() else { return Ok(responses) };
        let value = value.map_err(|error| {
            format!("{name}:{}: {error}; write one JSON object per response", error.line())
        })?;
        let entry = entry::parse(value).map_err(|error| format!("{name}:{line}: {error}"))?;
        responses.extend(entry);
    }
}

/// Returns the number of the line on which the next value after `offset` starts.
fn line_of_next_value(text: &str, offset: usize) -> usize {
    let (before, rest) = text.split_at_checked(offset).unwrap_or((text, ""));
    let blank = rest.len() - rest.trim_start().len();
    let line_breaks = |text: &str| text.matches('\n').count();
    1 + line_breaks(before) + line_breaks(rest.get(..blank).unwrap_or_default())
}
