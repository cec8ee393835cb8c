//! Requests as lines: for people on stderr, for programs in a file.

mod redact;

use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use alicloud_fake::{Delivery, RecordedRequest};
use serde_json::{Value, json};

pub(crate) struct Journal {
    verbose: bool,
    file: Option<Mutex<File>>,
}

impl Journal {
    pub(crate) fn open(verbose: bool, path: Option<&Path>) -> io::Result<Self> {
        let file = match path {
            None => None,
            Some(path) => {
                let file = File::options().create(true).append(true).open(path);
                let named = |error: io::Error| {
                    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
                };
                Some(Mutex::new(file.map_err(named)?))
            }
        };
        Ok(Self { verbose, file })
    }

    pub(crate) fn add(&self, request: &RecordedRequest) {
        if self.verbose {
            say(&line(request));
        }
        if let Some(file) = &self.file {
            let entry = format!("{}\n", entry(request));
            let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
            // One write, so that a reader never sees half a line.
            if let Err(error) = file.write_all(entry.as_bytes()) {
                say(&format!("a request was not recorded: {error}"));
            }
        }
    }
}

fn say(line: &str) {
    // A closed stderr is no reason to stop answering.
    let _ = writeln!(io::stderr(), "{line}");
}

/// Method, operation, scheme and answer: nothing of a request that could be secret.
fn line(request: &RecordedRequest) -> String {
    let scheme = request.scheme.map_or("unsigned", |scheme| scheme.as_str());
    // The operation's name is whatever a client sent, so it is escaped.
    let action = request.action.as_deref().unwrap_or("-").escape_debug();
    let answer = &request.answer;
    let code = answer.code.as_deref().unwrap_or("-").escape_debug();
    let status = answer.status.as_u16();
    match delivery(answer.delivery) {
        None => format!("{} {action} {scheme} {status} {code}", request.method),
        Some(what) => format!("{} {action} {scheme} {status} {code} {what}", request.method),
    }
}

fn entry(request: &RecordedRequest) -> Value {
    // Before that year there is no text for a time.
    let time = humantime::format_rfc3339_millis(request.at.max(SystemTime::UNIX_EPOCH));
    json!({
        "time": time.to_string(),
        "request_id": request.request_id,
        "method": request.method.as_str(),
        "path": request.path,
        "product": request.product,
        "version": request.version,
        "action": request.action,
        "scheme": request.scheme.map(|scheme| scheme.as_str()),
        "parameters": redact::shown(&request.parameters),
        "status": request.answer.status.as_u16(),
        "code": request.answer.code,
        "delivery": delivery(request.answer.delivery).unwrap_or("whole"),
    })
}

/// What became of an answer that did not arrive as a whole.
fn delivery(delivery: Delivery) -> Option<&'static str> {
    match delivery {
        Delivery::Whole => None,
        Delivery::Cut(_) => Some("cut"),
        Delivery::Reset => Some("reset"),
        Delivery::Closed => Some("closed"),
        Delivery::Raw => Some("raw"),
        _ => Some("silent"),
    }
}
