//! An operation that is known from its description alone.

use http::{Method, StatusCode};

use super::example::Examples;
use super::route::Route;
use crate::error_code::Refusal;
use crate::format::Format;
use crate::request::Incoming;
use crate::response::Outcome;

#[derive(Debug)]
pub(crate) struct Described {
    pub(crate) name: String,
    pub(super) methods: Vec<Method>,
    /// `None` for an operation that is called by its name.
    pub(crate) route: Option<Route>,
    pub(super) required: Vec<Required>,
    /// Whether it is called without a signature.
    pub(crate) open: bool,
    pub(super) throttled: Option<(StatusCode, String)>,
    pub(super) examples: Examples,
    pub(super) status: StatusCode,
}

/// A parameter that has to be there.
#[derive(Debug)]
pub(super) struct Required {
    pub(super) name: String,
    pub(super) place: Place,
}

#[derive(Debug)]
pub(super) enum Place {
    /// Query or form, whichever.
    Pairs,
    Header,
    Body,
}

impl Required {
    fn is_in(&self, request: &Incoming) -> bool {
        match self.place {
            Place::Pairs => request.pairs().any(|pair| self.names(&pair.key)),
            Place::Header => request.headers.contains_key(&self.name),
            Place::Body => !request.body.is_empty(),
        }
    }

    /// A list or an object is spread over several pairs: `Name.1`, `Name.Field`.
    fn names(&self, key: &[u8]) -> bool {
        key.strip_prefix(self.name.as_bytes()).is_some_and(|rest| matches!(rest, [] | [b'.', ..]))
    }
}

impl Described {
    pub(crate) fn takes(&self, method: &Method) -> bool {
        self.methods.contains(method)
    }

    pub(crate) fn throttling(&self) -> Refusal {
        const MESSAGE: &str = "Request was denied due to request throttling.";
        match &self.throttled {
            Some((status, code)) => Refusal::new(*status, code.clone(), MESSAGE),
            None => Refusal::bad_request("Throttling.User", MESSAGE),
        }
    }

    pub(crate) fn carry_out(&self, request: &Incoming) -> Result<Outcome, Refusal> {
        if let Some(missing) = self.required.iter().find(|required| !required.is_in(request)) {
            return Err(Refusal::missing(&missing.name));
        }
        let example = match Format::asked_by(request)? {
            Format::Json => &self.examples.json,
            Format::Xml => &self.examples.xml,
        };
        match example {
            Ok(example) => Ok(Outcome::Example { status: self.status, example: example.clone() }),
            Err(why) => Err(Refusal::no_example(&self.name, why)),
        }
    }
}
