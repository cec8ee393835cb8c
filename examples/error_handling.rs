//! Shows what an error says, with a `FakeTransport`. The README shows this program.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "an example may panic")]

use alicloud_cdn::model::DescribeRefreshTaskByIdRequest;
use alicloud_cdn::{Client, error_code};
use alicloud_core::testing::FakeTransport;
use alicloud_core::{Credentials, Outcome};

#[tokio::main]
async fn main() -> Result<(), alicloud_cdn::Error> {
    let operation = "DescribeRefreshTaskById";
    let fake = FakeTransport::new()
        .error(operation, 429, "Throttling.User", "Too many requests.")
        .error(operation, 400, "InvalidTaskId.Malformed", "The task id is malformed.");
    let client: Client = Client::builder()
        .credentials(Credentials::new("id", "secret"))
        .transport(fake.clone())
        .build()?;

    let request = DescribeRefreshTaskByIdRequest::new(["oops"]);
    let error = client.describe_refresh_task_by_id(request).await.unwrap_err();
    assert_eq!(error.code(), Some(error_code::INVALID_TASK_ID_MALFORMED));
    assert_eq!(error.outcome(), Outcome::Rejected);
    assert_eq!(error.attempts(), 2); // the throttled attempt was retried
    assert_eq!(fake.requests()[0].param("TaskId"), Some("oops"));
    println!("{error}");
    Ok(())
}
