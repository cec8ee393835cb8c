//! Our calls of derived cases.

use alicloud_core::{BoxFuture, Client, Operation, Product};
use serde_json::Value;

use crate::call_result::CallResult;

/// An operation with the type of its request.
pub(crate) struct OurOperation {
    pub(crate) product: &'static Product,
    pub(crate) operation: &'static Operation,
    pub(crate) call: Caller,
}

type Caller = fn(&Client, &'static Operation, &Value) -> Result<OurCall, String>;

/// A call that is sent when its result is awaited.
pub(crate) struct OurCall {
    /// The request, serialized again.
    pub(crate) request: Value,
    pub(crate) result: BoxFuture<'static, CallResult>,
}
