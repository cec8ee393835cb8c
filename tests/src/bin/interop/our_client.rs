//! Calls with our client.

use alicloud_cdn::Client;
use alicloud_core::wire::Node;
use alicloud_core::{Call, Error, RateLimits};
use serde::Serialize;

use crate::call::{ClientCall, OurCall};
use crate::call_result::{CallResult, ClientOutput, ServiceError};

pub(crate) fn our_call<T>(call: impl FnOnce(&Client) -> Call<T> + 'static) -> OurCall
where
    T: Node + Default + Serialize + Send + 'static,
{
    Box::new(|client| {
        let call = call(client).no_retry();
        Box::pin(async { call.await.map_or_else(error_result, response_result) })
    })
}

pub(crate) async fn call(call: ClientCall<'_>) -> ClientOutput {
    let client = Client::builder()
        .endpoint(format!("http://{}", call.endpoint))
        .credentials(call.key.credentials())
        .signature(call.protocol.signature)
        .format(call.protocol.format)
        .rate_limiter(RateLimits::off())
        .no_proxy()
        .build();
    let result = match client {
        Ok(client) => (call.invocation.our_call)(&client).await,
        Err(error) => CallResult::ClientError(error.to_string()),
    };
    ClientOutput { result, is_generic: false }
}

fn response_result(response: impl Serialize) -> CallResult {
    serde_json::to_value(response)
        .map_or_else(|error| CallResult::ClientError(error.to_string()), CallResult::Response)
}

fn error_result(error: Error) -> CallResult {
    if error.status().is_none() {
        return CallResult::ClientError(error.to_string());
    }
    CallResult::ServiceError(ServiceError {
        code: error.code().map(str::to_owned),
        message: error.message().map(str::to_owned),
        status: error.status().map(|status| status.as_u16()),
        request_id: error.request_id().map(str::to_owned),
    })
}
