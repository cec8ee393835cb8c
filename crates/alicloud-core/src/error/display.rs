//! The one line that a person reads.

use std::error::Error as StdError;
use std::fmt::{self, Write as _};

use super::{AccessDenied, Error, ErrorResponse, Kind, Outcome, Stop, signature};

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operation) = &self.0.operation {
            write!(f, "{} {}: ", operation.product_code(), operation.name())?;
        }
        self.write_what(f)?;
        if self.operation().is_some() {
            self.write_facts(f)?;
        }
        if let Some(link) = self.help_url() {
            write!(f, "; see {}", one_line(link, 300))?;
        }
        Ok(())
    }
}

impl Error {
    /// What happened.
    fn write_what(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.kind {
            Kind::Configuration(reason) | Kind::Unsendable(reason) => f.write_str(reason)?,
            Kind::Invalid(invalid) => write!(f, "{invalid}")?,
            Kind::Credentials(error) => write!(f, "no credentials: {error}")?,
            Kind::Transport { error, host } => {
                write!(f, "{error} ({host})")?;
                write_causes(f, error.source())?;
            }
            Kind::Deadline { limit, before, .. } => {
                write!(f, "not done within {limit:?}")?;
                if let Some(before) = before {
                    f.write_str("; the attempt before: ")?;
                    before.write_what(f)?;
                }
            }
            Kind::Response(response) => write_response(f, response)?,
            Kind::Decode { response, reason } => {
                write!(f, "HTTP {}, but {}", response.status.as_u16(), one_line(reason, 300))?;
                write_body(f, response)?;
            }
        }
        Ok(())
    }

    /// What to know beside what happened, in brackets.
    fn write_facts(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.outcome() {
            Outcome::NotSent => " [not sent",
            Outcome::Rejected => " [rejected",
            Outcome::Unknown => " [outcome unknown",
        })?;
        if let Some(id) = self.request_id() {
            write!(f, ", request id {}", one_line(id, 100))?;
        }
        if self.0.attempts > 0 {
            write!(f, ", attempt {}", self.0.attempts)?;
        }
        match &self.0.stop {
            Some(Stop::Budget) => {
                f.write_str(", not repeated because the retry budget is used up")?;
            }
            Some(Stop::Deadline { wait, limit }) => write!(
                f,
                ", not repeated because a wait of {wait:?} would end after the call's {limit:?}"
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
        Some(code) => write!(f, "{} (HTTP {status})", one_line(code, 200))?,
        None => write!(f, "HTTP {status}")?,
    }
    match (&response.message, &response.mismatch) {
        (Some(message), Some(mismatch)) => {
            write!(f, ": {} ({mismatch})", one_line(signature::without_text(message), 1_000))?;
        }
        (Some(message), None) => write!(f, ": {}", one_line(message, 1_000))?,
        (None, _) => {}
    }
    match &response.access_denied {
        Some(denied) if denied.is_object() => {
            write!(f, " (denied: {})", one_line(&AccessDenied(denied).to_string(), 300))
        }
        _ => Ok(()),
    }
}

/// What a body without meaning begins with, which often names the proxy it comes from.
fn write_body(f: &mut fmt::Formatter<'_>, response: &ErrorResponse) -> fmt::Result {
    if response.body.is_empty() {
        return f.write_str(" (the body is empty)");
    }
    let kind = response.content_type.as_deref().unwrap_or("no content type");
    write!(f, " ({}, begins {:?})", one_line(kind, 100), excerpt(&response.body, 120))
}

/// All causes beneath an error. The one at the bottom is the one that helps.
fn write_causes(
    f: &mut fmt::Formatter<'_>,
    mut cause: Option<&(dyn StdError + 'static)>,
) -> fmt::Result {
    let mut last = String::new();
    while let Some(error) = cause {
        let text = one_line(&error.to_string(), 300);
        // Many errors repeat the one beneath them.
        if !last.contains(&text) {
            write!(f, ": {text}")?;
        }
        last = text;
        cause = error.source();
    }
    Ok(())
}

/// The text of a body without tags, on one line.
pub(super) fn excerpt(body: &[u8], most: usize) -> String {
    // Tags and their attributes can be long, so more is read than is shown.
    let head = body.get(..body.len().min(most * 8)).unwrap_or_default();
    let text = String::from_utf8_lossy(head);
    let mut out = String::new();
    let mut inside = false;
    for character in text.chars() {
        match character {
            '<' => inside = true,
            '>' if inside => {
                inside = false;
                out.push(' ');
            }
            character if !inside => out.push(character),
            _ => {}
        }
    }
    let out = if out.trim().is_empty() { &text } else { out.as_str() };
    one_line(out, most)
}

/// At most so many characters, none of them a control character: what a service or a proxy sends must
/// not forge a second line in a log.
pub(super) fn one_line(text: &str, most: usize) -> String {
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
            if count == most {
                out.push('…');
                return out;
            }
            count += 1;
            out.push(character);
        }
    }
    out
}
