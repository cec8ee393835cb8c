//! The clients that run the cases, and the results that they return.

use serde::Deserialize;
use serde_json::Value;

use crate::access_key::AccessKey;
use crate::cases::Invocation;
use crate::driver::Driver;
use crate::our_client;
use crate::protocol::Protocol;

pub(crate) enum InteropClient {
    Ours,
    Official(Box<Driver>),
}

/// One call that a client has to make.
pub(crate) struct ClientCall<'a> {
    /// Host and port of the service.
    pub(crate) endpoint: &'a str,
    pub(crate) key: AccessKey,
    pub(crate) protocol: Protocol,
    pub(crate) invocation: Invocation,
}

/// The output of a client for one call.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct ClientOutput {
    #[serde(flatten)]
    pub(crate) result: CallResult,
    /// Whether the call was made without types, because the client has none for it.
    #[serde(default)]
    pub(crate) is_generic: bool,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CallResult {
    /// The decoded response, with the field names of the service.
    Response(Value),
    /// The error of the service, as the client reports it.
    ServiceError(ServiceError),
    /// An error of the client itself, which is not an error of the service.
    ClientError(String),
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct ServiceError {
    pub(crate) code: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) status: Option<u16>,
    pub(crate) request_id: Option<String>,
}

impl InteropClient {
    pub(crate) async fn call(&mut self, call: ClientCall<'_>) -> ClientOutput {
        match self {
            InteropClient::Ours => our_client::call(call).await,
            InteropClient::Official(driver) => driver.call(&call).await,
        }
    }
}
