//! A call of an operation, before a client makes it.

use alicloud_cdn::Client;
use alicloud_core::BoxFuture;
use serde_json::Value;

use crate::access_key::AccessKey;
use crate::call_result::CallResult;
use crate::protocol::Protocol;

/// One call that a client has to make.
pub(crate) struct ClientCall<'a> {
    /// Host and port of the service.
    pub(crate) endpoint: &'a str,
    pub(crate) key: AccessKey,
    pub(crate) protocol: Protocol,
    pub(crate) invocation: Invocation,
}

/// A call of an operation.
pub(crate) struct Invocation {
    pub(crate) operation: &'static str,
    pub(crate) our_call: OurCall,
    /// The parameters for the official clients.
    pub(crate) parameters: Value,
}

/// A typed call that is made once a client is given.
pub(crate) type OurCall = Box<dyn FnOnce(&Client) -> BoxFuture<'static, CallResult>>;
