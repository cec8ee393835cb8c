//! Calls with our client.

use alicloud_cdn::Client;
use alicloud_core::wire::Node;
use alicloud_core::{Call, RateLimits};
use serde::Serialize;

use crate::call_result::{CallResult, ClientOutput};
use crate::our_result::call_result;
use crate::written::call::{ClientCall, OurCall};

pub(crate) fn our_call<T>(call: impl FnOnce(&Client) -> Call<T> + 'static) -> OurCall
where
    T: Node + Default + Serialize + Send + 'static,
{
    Box::new(|client| {
        let call = call(client).no_retry();
        Box::pin(async { call_result(call.await) })
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
    result.into()
}
