//! Errors as objects for structured logs. The documentation of [`Error`] lists the fields.

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::TransportError;
use super::display::{code_line, help_line, message_line, request_id_line};
use super::{Error, Outcome};

impl Serialize for Error {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let has_signed_text = self.signature_mismatch().is_some();
        let message = self.message().map(|message| message_line(message, has_signed_text));
        let retry_after = self.retry_after().map(|delay| delay.as_millis());
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("kind", &self.kind())?;
        map.serialize_entry("summary", &format_args!("{self}"))?;
        entry(&mut map, "product", self.product())?;
        entry(&mut map, "operation", self.operation())?;
        entry(&mut map, "code", self.code().map(code_line))?;
        entry(&mut map, "message", message)?;
        entry(&mut map, "request_id", self.request_id().map(request_id_line))?;
        entry(&mut map, "status", self.status().map(|status| status.as_u16()))?;
        map.serialize_entry("outcome", outcome_text(self.outcome()))?;
        map.serialize_entry("attempts", &self.attempts())?;
        map.serialize_entry("is_transient", &self.is_transient())?;
        entry(&mut map, "retry_after_ms", retry_after.and_then(|delay| u64::try_from(delay).ok()))?;
        entry(&mut map, "transport_error", self.transport_error().map(transport_error_text))?;
        entry(&mut map, "help_url", self.help_url().map(help_line))?;
        map.end()
    }
}

/// Adds a field, unless it is absent.
fn entry<M: SerializeMap>(
    map: &mut M,
    name: &str,
    value: Option<impl Serialize>,
) -> Result<(), M::Error> {
    value.map_or(Ok(()), |value| map.serialize_entry(name, &value))
}

fn outcome_text(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::NotSent => "not_sent",
        Outcome::Rejected => "rejected",
        Outcome::Unknown => "unknown",
    }
}

fn transport_error_text(error: &TransportError) -> &'static str {
    error.kind().as_str()
}
