//! The input of a call.

use std::borrow::Cow;
use std::time::SystemTime;

use alicloud_wire::{InvalidParameter, RequestParts};
use bytes::Bytes;

use crate::call::header::CallHeader;
use crate::call::response::ResponseType;
use crate::client::Client;
use crate::config::CallOptions;
use crate::error;
use crate::policy::limit::RateLimitPermit;
use crate::product::{Operation, ResponseKind};

/// The input of a call, independent of the type of its response.
pub(crate) struct CallInput {
    pub(crate) context: CallContext,
    pub(crate) parts: Result<RequestParts, InvalidParameter>,
    /// The headers that the user set for this call.
    pub(crate) headers: Vec<CallHeader>,
}

/// What all attempts of a call read.
pub(crate) struct CallContext {
    pub(crate) client: Client,
    pub(crate) operation: Cow<'static, Operation>,
    pub(crate) options: CallOptions,
    pub(crate) permit: Option<RateLimitPermit>,
    pub(crate) response_type: ResponseType,
}

impl CallContext {
    /// Returns the time to sign for a host, which is corrected if the local clock is wrong.
    pub(crate) fn signed_time(&self, host: &str, now: SystemTime) -> SystemTime {
        match self.options.clock_skew_correction {
            true => self.client.shared().skew.correct(host, now),
            false => now,
        }
    }
}

impl CallInput {
    /// Creates the input of a call with the options of the client. Not generic, since it is part of each method
    /// of a generated client.
    pub(crate) fn new(
        client: &Client,
        operation: Cow<'static, Operation>,
        parts: Result<RequestParts, InvalidParameter>,
    ) -> Box<Self> {
        let context = CallContext {
            client: client.clone(),
            operation,
            options: client.shared().options,
            permit: None,
            // Replaced when the call is sent: the decoder of a type is compiled only for calls that are.
            response_type: ResponseType::of::<()>(),
        };
        Box::new(CallInput { context, parts, headers: Vec::new() })
    }
}

impl CallContext {
    /// Returns whether a response is an error, although its status reports success.
    pub(crate) fn reports_error(&self, response: &http::Response<Bytes>) -> bool {
        self.operation.response_kind() == ResponseKind::Structured
            && error::reports_error(response.body(), self.response_type.fields)
    }
}
