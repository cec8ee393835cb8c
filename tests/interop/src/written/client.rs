//! The clients that run the cases.

use serde_json::Value;

use crate::call_result::ClientOutput;
use crate::driver::{Driver, DriverCall};
use crate::written::call::ClientCall;
use crate::written::our_client;

pub(crate) enum InteropClient {
    Ours,
    Official(Box<Driver>),
}

impl InteropClient {
    pub(crate) async fn call(&mut self, call: ClientCall<'_>) -> ClientOutput {
        match self {
            InteropClient::Ours => our_client::call(call).await,
            InteropClient::Official(driver) => {
                let ClientCall { endpoint, key, protocol, invocation } = &call;
                driver
                    .call(&DriverCall {
                        product: "Cdn",
                        version: "2018-05-10",
                        endpoint,
                        key: *key,
                        protocol: *protocol,
                        operation: invocation.operation,
                        parameters: &invocation.parameters,
                        texts: &Value::Null,
                    })
                    .await
            }
        }
    }
}
