//! The input of a call.

use alicloud_wire::{InvalidParameter, RequestParts};
use bytes::Bytes;

use crate::call::header::CallHeader;
use crate::call::response::ResponseType;
use crate::client::{CallOptions, Client};
use crate::error;
use crate::product::{OperationRef, ResponseKind};

/// The input of a call, independent of the type of its response.
pub(crate) struct CallInput {
    pub(crate) client: Client,
    pub(crate) operation: OperationRef,
    pub(crate) parts: Result<RequestParts, InvalidParameter>,
    /// The headers that the user set for this call.
    pub(crate) headers: Vec<CallHeader>,
    pub(crate) options: CallOptions,
    pub(crate) response_type: ResponseType,
}

impl CallInput {
    /// Creates the input of a call with the options of the client. Not generic, since it is part of each method
    /// of a generated client.
    pub(crate) fn new(
        client: &Client,
        operation: OperationRef,
        parts: Result<RequestParts, InvalidParameter>,
    ) -> Box<Self> {
        Box::new(CallInput {
            client: client.clone(),
            operation,
            parts,
            headers: Vec::new(),
            options: client.shared().options,
            // Replaced when the call is sent: the decoder of a type is compiled only for calls that are.
            response_type: ResponseType::of::<()>(),
        })
    }

    /// Returns whether a response is an error, although its status reports success.
    pub(crate) fn reports_error(&self, response: &http::Response<Bytes>) -> bool {
        self.operation.response_kind() == ResponseKind::Structured
            && error::reports_error(response.body(), self.response_type.fields)
    }

    /// Returns whether executing the call twice has the same effect as executing it once: because of
    /// the operation, or because of an idempotency token by which the service detects the duplicate.
    pub(crate) fn is_idempotent(&self) -> bool {
        let Ok(parts) = &self.parts else {
            return true;
        };
        let is_token =
            |name: &str, value: &str| name.eq_ignore_ascii_case("ClientToken") && !value.is_empty();
        self.operation.idempotency().is_idempotent()
            || parts.token.is_some()
            || parts.query.iter().chain(&parts.form).any(|(name, value)| is_token(name, value))
            || parts.headers.iter().any(|(name, value)| is_token(name, value))
            || self.headers.iter().any(|(name, value)| is_token(name, value))
    }
}
