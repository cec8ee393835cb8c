//! The lines of a state file: a header with the initial job, then one event per line.

use std::fs::File;
use std::io::Read as _;

use serde::{Deserialize, Serialize};

use super::error::StateErrorKind;
use super::service_id::ServiceId;
use crate::job::{Event, Job};

/// Version of the file format; the only version that is read.
const VERSION: u32 = 2;

/// The first line.
#[derive(Serialize, Deserialize)]
struct Header<J, S> {
    #[serde(rename = "alicloud-cdn-refresh")]
    version: u32,
    /// `None` in files of programs that do not record it.
    #[serde(default = "Option::default", skip_serializing_if = "Option::is_none")]
    service: Option<S>,
    job: J,
}

/// Returns the first line.
pub(super) fn encode_header(job: &Job, service: Option<&ServiceId>) -> serde_json::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(&Header { version: VERSION, service, job })?;
    line.push(b'\n');
    Ok(line)
}

/// Returns the lines of events.
pub(super) fn encode_events(events: &[Event]) -> serde_json::Result<Vec<u8>> {
    let mut lines = Vec::new();
    for event in events {
        serde_json::to_writer(&mut lines, event)?;
        lines.push(b'\n');
    }
    Ok(lines)
}

/// The content of a file.
pub(super) struct Restored {
    pub(super) job: Job,
    pub(super) service: Option<ServiceId>,
    /// Length of all complete lines, in bytes.
    pub(super) length: usize,
}

/// Reads a file up to its last complete line.
pub(super) fn restore(file: &mut File) -> Result<Restored, StateErrorKind> {
    let mut text = Vec::new();
    file.read_to_end(&mut text).map_err(StateErrorKind::Read)?;
    // Anything after the last line break was being written when the program ended.
    let length = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    let mut lines = text.get(..length).unwrap_or_default().split(|byte| *byte == b'\n');
    let Header { mut job, service, .. } = parse_header(lines.next().unwrap_or_default())?;
    for (index, line) in lines.enumerate().filter(|(_, line)| !line.is_empty()) {
        let event = serde_json::from_slice(line).map_err(|source| {
            let task_ids = job.task_ids().join(",");
            StateErrorKind::InvalidLine { number: index + 2, source, task_ids }
        })?;
        job.apply(&event);
    }
    Ok(Restored { job, service, length })
}

fn parse_header(line: &[u8]) -> Result<Header<Job, ServiceId>, StateErrorKind> {
    // The version is parsed first, because other versions have other fields.
    #[derive(Deserialize)]
    struct Version {
        #[serde(rename = "alicloud-cdn-refresh")]
        version: u32,
    }
    match serde_json::from_slice(line) {
        Ok(Version { version: VERSION }) => {}
        Ok(Version { version }) => {
            return Err(StateErrorKind::OtherVersion { version, supported: VERSION });
        }
        Err(source) => return Err(StateErrorKind::InvalidHeader(source)),
    }
    serde_json::from_slice(line).map_err(StateErrorKind::InvalidHeader)
}
