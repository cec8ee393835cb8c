//! Operations that are known only from a description.

use std::sync::Arc;
use std::time::SystemTime;

use http::{Method, StatusCode};
use serde_json::Value;

use super::example::{Example, Examples};
use super::handler::Handler;
use super::route::Route;
use crate::error_code::ServiceError;
use crate::format::{Format, ResponseFields};
use crate::request::ParsedRequest;

#[derive(Debug, Clone)]
pub(crate) struct DescribedOperation {
    pub(crate) name: String,
    pub(super) methods: Vec<Method>,
    /// `None` for an operation that is called by name.
    pub(crate) route: Option<Route>,
    pub(super) required: Vec<RequiredParam>,
    /// Whether calls need no signature.
    pub(crate) anonymous: bool,
    /// Status and code of the error for calls above the rate limit.
    pub(super) throttled: Option<(StatusCode, String)>,
    pub(super) examples: Examples,
    /// Answers the calls instead of the examples.
    pub(super) handler: Option<Handler>,
    /// The status of a success.
    pub(super) status: StatusCode,
}

/// The answer to a call.
pub(crate) enum Answer {
    Example { status: StatusCode, example: Arc<Example> },
    Fields(ResponseFields),
}

/// A required parameter.
#[derive(Debug, Clone)]
pub(super) struct RequiredParam {
    pub(super) name: String,
    pub(super) location: ParamLocation,
}

#[derive(Debug, Clone)]
pub(super) enum ParamLocation {
    QueryOrForm,
    Header,
    Body,
}

impl RequiredParam {
    fn is_present_in(&self, request: &ParsedRequest) -> bool {
        match self.location {
            ParamLocation::QueryOrForm => request.params().any(|param| self.matches(&param.name)),
            ParamLocation::Header => request.headers.contains_key(&self.name),
            ParamLocation::Body => !request.body.is_empty(),
        }
    }

    /// Lists and objects are sent as several parameters: `Name.1`, `Name.Field`.
    fn matches(&self, name: &[u8]) -> bool {
        name.strip_prefix(self.name.as_bytes()).is_some_and(|rest| matches!(rest, [] | [b'.', ..]))
    }
}

impl DescribedOperation {
    pub(crate) fn allows_method(&self, method: &Method) -> bool {
        self.methods.contains(method)
    }

    pub(crate) fn throttled_error(&self) -> ServiceError {
        const MESSAGE: &str = "Request was denied due to request throttling.";
        match &self.throttled {
            Some((status, code)) => ServiceError::new(*status, code.clone(), MESSAGE),
            None => ServiceError::bad_request("Throttling.User", MESSAGE),
        }
    }

    pub(crate) fn execute(
        &self,
        request: &ParsedRequest,
        now: SystemTime,
    ) -> Result<Answer, ServiceError> {
        if let Some(missing) =
            self.required.iter().find(|required| !required.is_present_in(request))
        {
            return Err(ServiceError::missing_param(&missing.name));
        }
        if let Some(handler) = &self.handler {
            return self.fields(handler.call(request, now)?).map(Answer::Fields);
        }
        let example = match Format::requested_by(request)? {
            Format::Json => &self.examples.json,
            Format::Xml => &self.examples.xml,
        };
        match example {
            Ok(example) => Ok(Answer::Example { status: self.status, example: example.clone() }),
            Err(reason) => {
                let remedy = format!("Answer its calls with `Spec::handle({:?}, …)`.", self.name);
                Err(ServiceError::no_example(&self.name, &format!("{reason} {remedy}")))
            }
        }
    }

    /// Returns the fields of a handler's response.
    fn fields(&self, response: Value) -> Result<ResponseFields, ServiceError> {
        match response {
            Value::Object(fields) => Ok(fields),
            _ => Err(ServiceError::no_example(&self.name, "Its handler did not return an object.")),
        }
    }
}
