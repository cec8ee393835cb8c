//! The one-line message of an error.

use std::error::Error as StdError;
use std::fmt::{self, Write as _};

use super::{AccessDenied, Error, ErrorData, ErrorResponse, NoRetryReason, Outcome, signature};
use crate::secret::REDACTED;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operation) = &self.0.operation {
            write!(f, "{} {}: ", operation.product_code(), operation.name())?;
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
            ErrorData::Transport { error, host } => {
                write!(f, "{error} ({host})")?;
                write_causes(f, error.source())?;
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
    if response.body.is_empty() {
        return f.write_str(" (empty body)");
    }
    let content_type = response.content_type.as_deref().unwrap_or("no content type");
    write!(f, " ({}, starts with {:?})", one_line(content_type, 100), excerpt(&response.body, 120))
}

/// Writes all causes of an error. The root cause is usually the useful one.
fn write_causes(
    f: &mut fmt::Formatter<'_>,
    mut cause: Option<&(dyn StdError + 'static)>,
) -> fmt::Result {
    let mut last = String::new();
    while let Some(error) = cause {
        let text = one_line(&error.to_string(), 300);
        // Many errors include the text of their cause.
        if !last.contains(&text) {
            write!(f, ": {text}")?;
        }
        last = text;
        cause = error.source();
    }
    Ok(())
}

/// Returns the text of a body without tags, on one line.
pub(super) fn excerpt(body: &[u8], max_chars: usize) -> String {
    // Tags and their attributes can be long, so read more than is shown.
    let head = body.get(..body.len().min(max_chars * 8)).unwrap_or_default();
    let text = String::from_utf8_lossy(head);
    // The placeholder of a secret looks like a tag.
    let parts: Vec<String> = text.split(REDACTED).map(without_tags).collect();
    let out = parts.join(REDACTED);
    let out = if out.trim().is_empty() { &text } else { out.as_str() };
    one_line(out, max_chars)
}

fn without_tags(text: &str) -> String {
    let mut out = String::new();
    let mut in_tag = false;
    for character in text.chars() {
        match character {
            '<' => in_tag = true,
            '>' if in_tag => {
                in_tag = false;
                out.push(' ');
            }
            character if !in_tag => out.push(character),
            _ => {}
        }
    }
    out
}

/// Returns at most `max_chars` characters of a text on one line, without control characters, so that a
/// service or a proxy cannot forge a second line in a log.
pub(super) fn one_line(text: &str, max_chars: usize) -> String {
    let mut out = String::new();
    let mut count = 0;
    for word in text.split(|character: char| character.is_whitespace() || character.is_control()) {
        if word.is_empty() {
            continue;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        for character in word.chars() {
            if count == max_chars {
                out.push('…');
                return out;
            }
            count += 1;
            out.push(character);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_keeps_the_placeholder_of_a_secret() {
        let body = b"<html><p>The password <redacted> is bad</p></html>";
        assert_eq!(excerpt(body, 100), "The password <redacted> is bad");
        assert_eq!(excerpt(b"<redacted>", 100), "<redacted>");
    }
}
