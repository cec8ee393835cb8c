//! The one-line message of an error.

use std::fmt::{self, Write as _};

use super::text::{excerpt, one_line};
use super::{
    AccessDenied, Error, ErrorData, ErrorResponse, NoRetryReason, Outcome, TransportError,
    signature,
};
use crate::secret;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operation) = &self.0.operation {
            write!(f, "{} {}: ", operation.product().code(), operation.name())?;
        }
        self.write_message(f)?;
        // An incomplete list is not a failed call.
        if self.operation().is_some() && self.incomplete_list().is_none() {
            self.write_details(f)?;
        }
        if let Some(link) = self.help_url() {
            write!(f, "; see {}", help_line(link))?;
        }
        Ok(())
    }
}

impl Error {
    /// Writes what happened.
    fn write_message(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.data {
            ErrorData::Configuration(reason) | ErrorData::BuildRequest(reason) => {
                f.write_str(reason)?
            }
            ErrorData::InvalidParameter(invalid) => write!(f, "{invalid}")?,
            ErrorData::Credentials(error) => write!(f, "no credentials: {error}")?,
            ErrorData::Transport { error, host, causes } => {
                write!(f, "{error} ({host}){causes}")?;
            }
            ErrorData::Deadline { timeout, previous_error, .. } => {
                write!(f, "timed out after {timeout:?}")?;
                if let Some(previous_error) = previous_error {
                    f.write_str("; previous attempt: ")?;
                    previous_error.write_message(f)?;
                }
            }
            ErrorData::Response(response) => write_response(f, response)?,
            ErrorData::IncompleteList(incomplete) => write!(f, "{incomplete}")?,
            ErrorData::Decode { response, reason } => {
                write!(f, "HTTP {}, but {}", response.status.as_u16(), one_line(reason, 300))?;
                write_body(f, response)?;
            }
        }
        Ok(())
    }

    /// Writes the outcome, the request id and the number of attempts, in brackets.
    fn write_details(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.outcome() {
            Outcome::NotSent => " [not sent",
            Outcome::Rejected => " [rejected",
            Outcome::Unknown => " [outcome unknown",
        })?;
        if let Some(id) = self.request_id() {
            write!(f, ", request id {}", request_id_line(id))?;
        }
        if self.0.attempts > 0 {
            write!(f, ", attempt {}", self.0.attempts)?;
        }
        match &self.0.no_retry_reason {
            Some(NoRetryReason::BudgetExhausted) => {
                f.write_str(", not retried because the retry budget is exhausted")?;
            }
            Some(NoRetryReason::DelayExceedsTimeout { delay, timeout }) => write!(
                f,
                ", not retried because a delay of {delay:?} would exceed the timeout of {timeout:?}"
            )?,
            None => {}
        }
        f.write_char(']')
    }
}

fn write_response(f: &mut fmt::Formatter<'_>, response: &ErrorResponse) -> fmt::Result {
    let status = response.status.as_u16();
    if !response.structured {
        write!(f, "HTTP {status} without an error code")?;
        return write_body(f, response);
    }
    match &response.code {
        Some(code) => write!(f, "{} (HTTP {status})", code_line(code))?,
        None => write!(f, "HTTP {status}")?,
    }
    match (&response.message, &response.signature_mismatch) {
        (Some(message), Some(mismatch)) => {
            write!(f, ": {} ({mismatch})", message_line(message, true))?;
        }
        (Some(message), None) => write!(f, ": {}", message_line(message, false))?,
        (None, _) => {}
    }
    match &response.access_denied {
        Some(denied) if denied.is_object() => {
            write!(f, " (denied: {})", one_line(&AccessDenied(denied).to_string(), 300))
        }
        _ => Ok(()),
    }
}

/// Returns the service's message. If it quotes the text that the service signed, that is omitted.
pub(super) fn message_line(message: &str, has_signed_text: bool) -> String {
    one_line(if has_signed_text { signature::strip_signed_text(message) } else { message }, 1_000)
}

pub(super) fn code_line(code: &str) -> String {
    one_line(code, 200)
}

pub(super) fn request_id_line(id: &str) -> String {
    one_line(id, 100)
}

pub(super) fn help_line(link: &str) -> String {
    one_line(link, 300)
}

/// Writes the start of an unstructured body, which often names the proxy that sent it.
fn write_body(f: &mut fmt::Formatter<'_>, response: &ErrorResponse) -> fmt::Result {
    if response.body_length == 0 {
        return f.write_str(" (empty body)");
    }
    let content_type = response.content_type.as_deref().unwrap_or("no content type");
    write!(f, " ({}, ", one_line(content_type, 100))?;
    match shown_body(response) {
        Some(body) => write!(f, "starts with {:?})", excerpt(body, 120)),
        None => write!(f, "{} bytes)", response.body_length),
    }
}

/// Returns the body, unless it was removed or names credentials: then only its size is shown.
fn shown_body(response: &ErrorResponse) -> Option<&[u8]> {
    let is_shown = !response.body.is_empty()
        && !secret::names_credentials(&String::from_utf8_lossy(&response.body));
    is_shown.then_some(response.body.as_ref())
}

/// Returns the start of the body for `Debug`, which escapes what is not printable.
fn debug_excerpt(response: &ErrorResponse) -> Option<String> {
    let text = String::from_utf8_lossy(shown_body(response)?);
    Some(text.chars().take(1_024).collect())
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("message", &format_args!("{self}"))
            .field("outcome", &self.outcome())
            .field("retry_after", &self.retry_after())
            .field("transport", &self.transport_error().map(TransportError::kind))
            .field("body", &self.response().and_then(debug_excerpt))
            .finish()
    }
}
