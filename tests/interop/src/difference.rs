//! Differences between the results of two clients for the same case.

use std::collections::BTreeMap;
use std::fmt;

/// One difference between the results of two clients, or between ours and the service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Difference {
    pub(crate) aspect: Aspect,
    pub(crate) ours: Option<String>,
    /// The value of the other client, or of the service for [`Aspect::OursAgainstService`].
    pub(crate) theirs: Option<String>,
}

/// What differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Aspect {
    /// The number of requests.
    RequestCount,
    /// The signature scheme of the request.
    SignatureScheme,
    /// The status and error code that the service responded with.
    ServiceResponse,
    /// A decoded parameter of the request.
    Parameter(String),
    /// Whether the result is a response, an error of the service or an error of the client.
    ResultKind,
    /// A field of the response.
    Field(String),
    /// The request id that the other client reports, if it is not the one that the service sent.
    RequestId,
    /// A part of our result that differs from what the service sent. Expected differences are between
    /// clients, so none covers it.
    OursAgainstService(&'static str),
    /// A parameter of our request that differs from the description. No expected difference covers it.
    OurParameter(String),
    /// A field that our client decoded differently from what the service sent. No expected difference covers it.
    OurField(String),
    /// A parameter that our client adds because it is absent and makes the call safe to repeat.
    AddedToken(String),
    /// A field of the response whose type the other client declares differently.
    DeclaredType(String),
    /// Whether the client has the operation.
    Operation,
    /// The error code.
    Code,
    /// The HTTP status.
    Status,
    /// The error message.
    Message,
}

impl Aspect {
    /// Returns whether it concerns what was sent, and not what was made of the response.
    pub(crate) fn is_of_request(&self) -> bool {
        matches!(
            self,
            Aspect::RequestCount
                | Aspect::SignatureScheme
                | Aspect::ServiceResponse
                | Aspect::Parameter(_)
                | Aspect::OurParameter(_)
                | Aspect::AddedToken(_)
                | Aspect::Operation
        )
    }

    pub(crate) fn is_parameter(&self, name: &str) -> bool {
        matches!(self, Aspect::Parameter(other) if other == name)
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.aspect {
            Aspect::RequestCount => f.write_str("number of requests")?,
            Aspect::SignatureScheme => f.write_str("signature scheme")?,
            Aspect::ServiceResponse => f.write_str("response of the service")?,
            Aspect::Parameter(name) => write!(f, "parameter {name}")?,
            Aspect::ResultKind => f.write_str("kind of result")?,
            Aspect::Field(path) => write!(f, "field {path}")?,
            Aspect::RequestId => f.write_str("request id")?,
            Aspect::OursAgainstService(part) => f.write_str(part)?,
            Aspect::OurParameter(name) => write!(f, "parameter {name}")?,
            Aspect::OurField(path) => write!(f, "field {path}")?,
            Aspect::AddedToken(name) => write!(f, "added parameter {name}")?,
            Aspect::DeclaredType(path) => write!(f, "declared type of {path}")?,
            Aspect::Operation => f.write_str("operation")?,
            Aspect::Code => f.write_str("error code")?,
            Aspect::Status => f.write_str("status")?,
            Aspect::Message => f.write_str("message")?,
        }
        let text = |value: &Option<String>| match value {
            Some(text) => format!("{text:?}"),
            None => "absent".to_owned(),
        };
        let other = match self.aspect {
            Aspect::OursAgainstService(_) => "service",
            Aspect::OurParameter(_) | Aspect::OurField(_) => "description",
            _ => "theirs",
        };
        write!(f, ": ours {}, {other} {}", text(&self.ours), text(&self.theirs))
    }
}

/// The differences of one case, each once.
#[derive(Default)]
pub(crate) struct Differences(pub(crate) Vec<Difference>);

impl Differences {
    pub(crate) fn add(&mut self, aspect: Aspect, ours: Option<String>, theirs: Option<String>) {
        let difference = Difference { aspect, ours, theirs };
        if !self.0.contains(&difference) {
            self.0.push(difference);
        }
    }

    /// Adds a difference unless the values are equal.
    pub(crate) fn compare(&mut self, aspect: Aspect, ours: Option<String>, theirs: Option<String>) {
        if ours != theirs {
            self.add(aspect, ours, theirs);
        }
    }

    /// Adds a difference for each name with different values.
    pub(crate) fn compare_all(
        &mut self,
        aspect: fn(String) -> Aspect,
        ours: BTreeMap<String, String>,
        mut theirs: BTreeMap<String, String>,
    ) {
        for (name, text) in ours {
            let their_text = theirs.remove(&name);
            self.compare(aspect(name), Some(text), their_text);
        }
        for (name, text) in theirs {
            self.add(aspect(name), None, Some(text));
        }
    }
}
