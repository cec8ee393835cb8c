//! Our calls of all operations. The build script lists them.

use alicloud_core::wire::Request;
use alicloud_core::{Client, Operation};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::our_client::{OurCall, OurOperation};
use crate::our_result::call_result;

macro_rules! operations {
    ($($krate:ident { $($operation:ident $request:ident,)* })*) => {
        /// All operations of all committed products.
        pub(crate) static OPERATIONS: &[OurOperation] = &[$($(
            OurOperation {
                product: &$krate::PRODUCT,
                operation: &$krate::operations::$operation,
                call: call::<$krate::model::$request>,
            },
        )*)*];
    };
}

include!(concat!(env!("OUT_DIR"), "/operations.rs"));

/// Creates the typed call of an operation from the values of its parameters.
fn call<R>(
    client: &Client,
    operation: &'static Operation,
    parameters: &Value,
) -> Result<OurCall, String>
where
    R: Request + Serialize + DeserializeOwned,
    R::Response: Serialize,
{
    let request: R = serde_json::from_value(parameters.clone())
        .map_err(|error| format!("the parameters are no request: {error}"))?;
    let serialized = serde_json::to_value(&request)
        .map_err(|error| format!("the request cannot be serialized: {error}"))?;
    let call = client.call(operation, &request).no_retry();
    Ok(OurCall { request: serialized, result: Box::pin(async { call_result(call.await) }) })
}
