//! Logs requests: readable lines on stderr, and JSON lines in a file.

mod redact;

use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use alicloud_fake::{Delivery, RecordedRequest};
use serde_json::{Value, json};

pub(crate) struct RequestLog {
    verbose: bool,
    file: Option<Mutex<File>>,
}

impl RequestLog {
    pub(crate) fn open(verbose: bool, path: Option<&Path>) -> io::Result<Self> {
        let file = match path {
            None => None,
            Some(path) => {
                let file = File::options().create(true).append(true).open(path);
                let with_path = |error: io::Error| {
                    io::Error::new(
                        error.kind(),
                        format!(
                            "cannot open {}: {error}; check the path and its permissions",
                            path.display()
                        ),
                    )
                };
                Some(Mutex::new(file.map_err(with_path)?))
            }
        };
        Ok(Self { verbose, file })
    }

    pub(crate) fn add(&self, request: &RecordedRequest) {
        if self.verbose {
            print_to_stderr(&log_line(request));
        }
        if let Some(file) = &self.file {
            let entry = format!("{}\n", json_entry(request));
            let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
            // A single write, so that a reader never sees part of a line.
            if let Err(error) = file.write_all(entry.as_bytes()) {
                print_to_stderr(&format!("warning: cannot record a request: {error}"));
            }
        }
    }
}

fn print_to_stderr(line: &str) {
    // The service continues if stderr is closed.
    let _ = writeln!(io::stderr(), "{line}");
}

/// Formats a request without anything that could be secret.
fn log_line(request: &RecordedRequest) -> String {
    let scheme = request.scheme.map_or("unsigned", |scheme| scheme.as_str());
    // The client can send any text as the operation's name.
    let operation = request.operation.as_deref().unwrap_or("-").escape_debug();
    let response = &request.response;
    let code = response.code.as_deref().unwrap_or("-").escape_debug();
    let status = response.status.as_u16();
    let line = format!("{} {operation} {scheme} {status} {code}", request.method);
    match response.delivery {
        Delivery::Complete => line,
        delivery => format!("{line} {}", delivery_name(delivery)),
    }
}

fn json_entry(request: &RecordedRequest) -> Value {
    // Earlier times cannot be formatted.
    let time = humantime::format_rfc3339_millis(request.received_at.max(SystemTime::UNIX_EPOCH));
    json!({
        "received_at": time.to_string(),
        "request_id": request.request_id,
        "method": request.method.as_str(),
        "path": request.path,
        "product": request.product,
        "version": request.version,
        "operation": request.operation,
        "scheme": request.scheme.map(|scheme| scheme.as_str()),
        "params": redact::redacted(&request.params),
        "status": request.response.status.as_u16(),
        "code": request.response.code,
        "delivery": delivery_name(request.response.delivery),
    })
}

fn delivery_name(delivery: Delivery) -> &'static str {
    match delivery {
        Delivery::Complete => "complete",
        Delivery::Truncated(_) => "truncated",
        Delivery::ConnectionReset => "connection_reset",
        Delivery::ConnectionClosed => "connection_closed",
        Delivery::Raw => "raw",
        _ => "no_response",
    }
}
