//! What a call would send, for eyes.

use std::fmt;

use bytes::Bytes;
use http::{Method, Request};

use crate::attempt::Sent;
use crate::secret::REDACTED;

/// What a call would send, without having sent it; see [`Call::preview`](crate::Call::preview).
///
/// The secret, the security token and the signature are taken out, so it may be logged. Parameters are
/// shown as they are. `Display` shows all of it, with a line for `curl` at the end.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Preview {
    /// The HTTP method.
    pub method: Method,
    /// The URL.
    pub url: String,
    /// The headers.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Bytes,
    /// The canonical request, for a signature that has one.
    pub canonical_request: Option<String>,
    /// What is signed.
    pub string_to_sign: Option<String>,
    /// Whether there were no credentials, so that it is signed with a placeholder.
    pub has_placeholder_credentials: bool,
}

impl Preview {
    pub(crate) fn new(
        request: Request<Bytes>,
        sent: Sent,
        has_placeholder_credentials: bool,
    ) -> Self {
        let redactor = sent.redactor();
        let (head, body) = request.into_parts();
        let headers = head
            .headers
            .iter()
            .map(|(name, value)| {
                let value = match value.is_sensitive() {
                    true => REDACTED.to_owned(),
                    false => redactor.redact(&String::from_utf8_lossy(value.as_bytes())),
                };
                (name.as_str().to_owned(), value)
            })
            .collect();
        Preview {
            method: head.method,
            url: redactor.redact(&head.uri.to_string()),
            headers,
            body: redactor.redact_bytes(&body).map_or(body, Bytes::from),
            canonical_request: sent.canonical_request.map(|text| redactor.redact(&text)),
            string_to_sign: sent.string_to_sign.map(|text| redactor.redact(&text)),
            has_placeholder_credentials,
        }
    }

    /// A command for `curl`. It lacks the signature, so it shows the request and does not repeat it.
    pub fn curl(&self) -> String {
        let mut out = format!("curl -X {} {}", self.method, quoted(&self.url));
        for (name, value) in &self.headers {
            out.push_str(" -H ");
            out.push_str(&quoted(&format!("{name}: {value}")));
        }
        if !self.body.is_empty() {
            out.push_str(" --data-raw ");
            out.push_str(&quoted(&String::from_utf8_lossy(&self.body)));
        }
        out
    }
}

impl fmt::Display for Preview {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.has_placeholder_credentials {
            writeln!(f, "(signed with a placeholder: there are no credentials)")?;
        }
        writeln!(f, "{} {}", self.method, self.url)?;
        for (name, value) in &self.headers {
            writeln!(f, "{name}: {value}")?;
        }
        if !self.body.is_empty() {
            writeln!(f, "\n{}", String::from_utf8_lossy(&self.body))?;
        }
        if let Some(text) = &self.canonical_request {
            writeln!(f, "\ncanonical request:\n{text}")?;
        }
        if let Some(text) = &self.string_to_sign {
            writeln!(f, "\nstring to sign:\n{text}")?;
        }
        write!(f, "\n{}", self.curl())
    }
}

/// A word of a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
