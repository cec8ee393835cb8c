//! Shows which calls are retried, which are not, and what is known about the outcome of a failed call.

use std::error::Error;
use std::time::Duration;

use alicloud_cdn::Client;
use alicloud_cdn::model::{DescribeRefreshTaskByIdRequest, RefreshObjectCachesRequest};
use alicloud_core::testing::{FakeTransport, Fault, ManualClock};
use alicloud_core::{Credentials, Outcome, RetryPolicy};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    // A service that throttles, then resets the connection, then responds.
    let fake = FakeTransport::new()
        .error(
            "DescribeRefreshTaskById",
            400,
            "Throttling.User",
            "Request was denied due to user flow control.",
        )
        .fault("DescribeRefreshTaskById", Fault::ConnectionReset)
        .respond_json("DescribeRefreshTaskById", r#"{"TotalCount": 0}"#)
        .fault("RefreshObjectCaches", Fault::ConnectionReset);
    let client: Client = Client::builder()
        .credentials(Credentials::new("id", "secret"))
        .transport(fake.clone())
        // This clock skips waits. A program uses the default clock.
        .clock(ManualClock::from_unix_seconds(1_767_323_045))
        .retry(RetryPolicy::new().max_attempts(5))
        .timeout(Duration::from_secs(30))
        .build()?;

    let request = DescribeRefreshTaskByIdRequest::new(["704225667"]);
    let response = client.describe_refresh_task_by_id(request.clone()).response().await?;
    println!("a read was retried: {} attempts, each with a new signature", response.attempts);

    // A write whose connection breaks may have been executed, so it is not retried.
    let refresh = RefreshObjectCachesRequest::new(["http://example.com/a.jpg"]);
    match client.refresh_object_caches(refresh).await {
        Err(error) if error.outcome() == Outcome::Unknown => {
            println!("look it up before you resend it: {error}")
        }
        other => return Err(format!("the outcome should be unknown: {other:?}").into()),
    }

    // A call can override the retry policy of its client.
    let fake =
        FakeTransport::new().error("DescribeRefreshTaskById", 503, "ServiceUnavailable", "Busy.");
    let client: Client = Client::builder()
        .credentials(Credentials::new("id", "secret"))
        .transport(fake.clone())
        .build()?;
    match client.describe_refresh_task_by_id(request).no_retry().await {
        Err(error) => println!("sent {} time: {error}", fake.requests().len()),
        Ok(_) => return Err("the service should have been busy".into()),
    }
    Ok(())
}
