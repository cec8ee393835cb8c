//! How a program that uses a client is tested without a network: typed responses, faults in a row, and a
//! look at what was asked.

use alicloud_cdn::Client;
use alicloud_cdn::model::{
    CdnTask, DescribeRefreshTaskByIdRequest, DescribeRefreshTaskByIdResponse, TaskStatus,
};
use alicloud_core::testing::{FakeTransport, Fault, ManualClock};
use alicloud_core::{Credentials, Error, Format};

/// The code under test: are all of these tasks done?
async fn all_done(client: &Client, ids: &[&str]) -> Result<bool, Error> {
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
    // Responses are structs with public fields and a default, so a test builds what it needs.
    let mut task = CdnTask::default();
    task.status = Some(TaskStatus::Refreshing);
    let mut under_way = DescribeRefreshTaskByIdResponse::default();
    under_way.tasks = vec![task.clone()];
    task.status = Some(TaskStatus::Complete);
    let mut done = DescribeRefreshTaskByIdResponse::default();
    done.tasks = vec![task];

    // The fake stands below the real encoding, signing, repeating and decoding, in either format.
    for format in [Format::Json, Format::Xml] {
        let fake = FakeTransport::new()
            .respond("DescribeRefreshTaskById", &under_way)
            .fault("DescribeRefreshTaskById", Fault::Refused)
            .respond("DescribeRefreshTaskById", &done);
        let client = client(&fake, format)?;

        assert!(!all_done(&client, &["1", "2"]).await?);
        assert!(all_done(&client, &["1", "2"]).await?, "the refused connection was tried again");
        let requests = fake.requests();
        assert_eq!(requests.len(), 3);
        assert!(requests.iter().all(|request| request.param("TaskId") == Some("1,2")));
    }
    println!("the code under test does what it should, in JSON and in XML");
    Ok(())
}
