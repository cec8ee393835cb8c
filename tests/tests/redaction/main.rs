//! No `Debug` or `Display` output, error or trace event contains a secret.
//!
//! One test collects the output of the runtime for known secrets and searches it. In the end it adds a
//! secret to the output, to check that the search finds one. The others do the same for the secrets in the
//! parameters and responses of generated products and of generic calls.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests may panic"
)]

mod credentials;
mod names;
mod parameters;

use std::fmt::{Debug, Display, Write as _};
use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use alicloud_cdn::model::DescribeRefreshTaskByIdRequest;
use alicloud_core::{Credentials, Error};

const SECRET: &str = "Sup3rSecretAccessKeySecret";
const TOKEN: &str = "HiddenSecurityToken";

/// The collected output.
#[derive(Default)]
struct Output(String);

impl Output {
    fn debug(&mut self, value: &impl Debug) {
        write!(self.0, "{value:?}\n{value:#?}\n").unwrap();
    }

    fn display(&mut self, value: &impl Display) {
        write!(self.0, "{value}\n{value:#}\n").unwrap();
    }

    fn error(&mut self, error: &Error) {
        self.debug(error);
        self.display(error);
        let mut source = std::error::Error::source(error);
        while let Some(error) = source {
            self.debug(&error);
            self.display(&error);
            source = error.source();
        }
    }

    /// Returns the secrets that the output contains.
    fn leaks(&self, secrets: &[String]) -> Vec<String> {
        secrets.iter().filter(|secret| self.0.contains(secret.as_str())).cloned().collect()
    }
}

/// A writer that collects trace events.
#[derive(Clone, Default)]
struct TraceWriter(Arc<Mutex<Vec<u8>>>);

impl TraceWriter {
    /// Records every event of this thread until the guard is dropped.
    fn subscribe(&self) -> tracing::subscriber::DefaultGuard {
        let writer = self.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_writer(move || writer.clone())
            .with_ansi(false)
            .finish();
        tracing::subscriber::set_default(subscriber)
    }
}

impl Write for TraceWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn credentials() -> Credentials {
    Credentials::new("LTAIVisibleKeyId", SECRET).with_security_token(TOKEN)
}

fn ids() -> DescribeRefreshTaskByIdRequest {
    DescribeRefreshTaskByIdRequest::new(["12345678"])
}
