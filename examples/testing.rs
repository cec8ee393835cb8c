//! Tests a program that uses a client, without a network: typed responses, a fault between them, and
//! assertions on the requests that were sent.

use alicloud_cdn::Client;
use alicloud_cdn::model::{
    CdnTask, DescribeRefreshTaskByIdRequest, DescribeRefreshTaskByIdResponse, TaskStatus,
};
use alicloud_core::testing::{FakeTransport, Fault, ManualClock};
use alicloud_core::{Credentials, Error, Format};

/// The code under test: returns whether all of these tasks are complete.
async fn are_complete(client: &Client, ids: &[&str]) -> Result<bool, Error> {
    let request = DescribeRefreshTaskByIdRequest::new(ids.iter().copied());
    let response = client.describe_refresh_task_by_id(request).await?;
    Ok(!response.tasks.is_empty()
        && response.tasks.iter().all(|task| task.status == Some(TaskStatus::Complete)))
}

fn client(fake: &FakeTransport, format: Format) -> Result<Client, Error> {
    Client::builder()
        .credentials(Credentials::new("id", "secret"))
        .transport(fake.clone())
        .clock(ManualClock::from_unix_seconds(1_767_323_045))
        .format(format)
        .build()
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    // Responses have public fields and a default, so a test sets only what it needs.
    let mut task = CdnTask::default();
    task.status = Some(TaskStatus::Refreshing);
    let mut in_progress = DescribeRefreshTaskByIdResponse::default();
    in_progress.tasks = vec![task.clone()];
    task.status = Some(TaskStatus::Complete);
    let mut complete = DescribeRefreshTaskByIdResponse::default();
    complete.tasks = vec![task];

    // Only the network is fake: encoding, signing, retries and decoding are the real ones.
    for format in [Format::Json, Format::Xml] {
        let fake = FakeTransport::new()
            .respond("DescribeRefreshTaskById", &in_progress)
            .fault("DescribeRefreshTaskById", Fault::ConnectionRefused)
            .respond("DescribeRefreshTaskById", &complete);
        let client = client(&fake, format)?;

        assert!(!are_complete(&client, &["1", "2"]).await?);
        assert!(
            are_complete(&client, &["1", "2"]).await?,
            "the refused connection was not retried"
        );
        let requests = fake.requests();
        assert_eq!(requests.len(), 3);
        assert!(requests.iter().all(|request| request.param("TaskId") == Some("1,2")));
    }
    println!("passed in JSON and in XML");
    Ok(())
}
