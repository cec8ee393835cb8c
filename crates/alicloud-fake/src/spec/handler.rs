//! Operations of a description that the caller answers.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use http::StatusCode;
use serde_json::Value;

use crate::error_code::ServiceError;
use crate::request::{ParsedRequest, lossy_text};
use crate::verify;

/// A call that a function of [`Spec::handle`](crate::Spec::handle) answers.
///
/// The `Debug` output omits the parameters, since they can contain a private key or a token.
#[derive(Clone)]
#[non_exhaustive]
pub struct ReceivedCall {
    /// The access key that signed the call; `None` if it is not signed.
    pub access_key_id: Option<String>,
    /// The decoded parameters in the order received, those of the query before those of a form.
    pub params: Vec<(String, String)>,
    /// The time of receipt, by the service's clock.
    pub received_at: SystemTime,
}

impl ReceivedCall {
    fn new(request: &ParsedRequest, received_at: SystemTime) -> Self {
        let params =
            request.params().map(|param| (lossy_text(&param.name), lossy_text(&param.value)));
        Self {
            access_key_id: verify::access_key_id(request),
            params: params.collect(),
            received_at,
        }
    }

    /// Returns the value of the first parameter with this name.
    pub fn param(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

impl fmt::Debug for ReceivedCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReceivedCall")
            .field("access_key_id", &self.access_key_id)
            .field("received_at", &self.received_at)
            .finish_non_exhaustive()
    }
}

/// An error of an operation, sent in the format that the request asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperationError {
    status: StatusCode,
    code: String,
    message: String,
}

impl OperationError {
    /// Creates an error.
    pub fn new(status: StatusCode, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { status, code: code.into(), message: message.into() }
    }
}

impl From<OperationError> for ServiceError {
    fn from(error: OperationError) -> Self {
        Self::new(error.status, error.code, error.message)
    }
}

type Function = dyn Fn(&ReceivedCall) -> Result<Value, OperationError> + Send + Sync;

/// A function that answers the calls of an operation.
#[derive(Clone)]
pub(super) struct Handler(Arc<Function>);

impl Handler {
    pub(super) fn new(
        function: impl Fn(&ReceivedCall) -> Result<Value, OperationError> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(function))
    }

    pub(super) fn call(
        &self,
        request: &ParsedRequest,
        now: SystemTime,
    ) -> Result<Value, OperationError> {
        (self.0)(&ReceivedCall::new(request, now))
    }
}

impl fmt::Debug for Handler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Handler")
    }
}
