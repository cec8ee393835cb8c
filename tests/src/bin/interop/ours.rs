//! Our own client.

use alicloud_cdn::Client;
use alicloud_core::wire::Node;
use alicloud_core::{BoxFuture, Call, Error, RateLimits};
use serde::Serialize;

use crate::contestant::{self, Outcome, Refusal, Said};

/// A typed call of ours that waits for its client.
pub(crate) type Ours = Box<dyn FnOnce(&Client) -> BoxFuture<'static, Outcome>>;

pub(crate) fn ours<T>(call: impl FnOnce(&Client) -> Call<T> + 'static) -> Ours
where
    T: Node + Default + Serialize + Send + 'static,
{
    Box::new(|client| {
        let call = call(client).no_retry();
        Box::pin(async { call.await.map_or_else(refused, answered) })
    })
}

pub(crate) async fn call(call: contestant::Call<'_>) -> Said {
    let client = Client::builder()
        .endpoint(format!("http://{}", call.address))
        .credentials(call.key.credentials())
        .signature(call.way.signature)
        .format(call.way.format)
        .rate_limiter(RateLimits::off())
        .no_proxy()
        .build();
    let outcome = match client {
        Ok(client) => (call.ask.ours)(&client).await,
        Err(error) => Outcome::Broken(error.to_string()),
    };
    Said { outcome, by_name: false }
}

fn answered(response: impl Serialize) -> Outcome {
    serde_json::to_value(response)
        .map_or_else(|error| Outcome::Broken(error.to_string()), Outcome::Answer)
}

fn refused(error: Error) -> Outcome {
    if error.status().is_none() {
        return Outcome::Broken(error.to_string());
    }
    Outcome::Error(Refusal {
        code: error.code().map(str::to_owned),
        message: error.message().map(str::to_owned),
        status: error.status().map(|status| status.as_u16()),
        request_id: error.request_id().map(str::to_owned),
    })
}
