//! The lines of a stored job: a header with the initial job, then one event per line.

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

/// A stored job, up to an event.
pub(super) struct Restored {
    pub(super) job: Job,
    pub(super) service: Option<ServiceId>,
}

impl Restored {
    /// Reads the first line.
    pub(super) fn from_header(line: &[u8]) -> Result<Self, StateErrorKind> {
        let Header { job, service, .. } = parse_header(line)?;
        Ok(Restored { job, service })
    }

    /// Reads the line of an event, the one with this number.
    pub(super) fn apply(&mut self, line: &[u8], number: usize) -> Result<(), StateErrorKind> {
        let event = serde_json::from_slice(line).map_err(|source| {
            let task_ids = self.job.task_ids().join(",");
            StateErrorKind::InvalidLine { number, source, task_ids }
        })?;
        self.job.apply(&event);
        Ok(())
    }
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
