//! `DescribeRefreshTaskById`.

use alicloud_fake::{FakeService, Task};
use serde_json::Value;

use crate::client::{send, service, xml_texts};
use crate::sign::Call;

async fn describe(service: &FakeService, nonce: &str, ids: &str) -> Value {
    let call = Call { nonce, params: &[("TaskId", ids)], ..Call::default() };
    send(service, call.acs3()).await.json()
}

fn paths(response: &Value) -> Vec<&str> {
    response["Tasks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|task| task["ObjectPath"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn the_total_count_is_that_of_objects() {
    let service = service()
        .task(Task::new("1", "http://example.com/a"))
        .task(Task::new("2", "http://example.com/b"))
        .task(Task::new("1", "http://example.com/c"))
        .start()
        .await
        .unwrap();
    let response = describe(&service, "1", "1").await;
    assert_eq!(paths(&response), ["http://example.com/a", "http://example.com/c"]);
    assert_eq!(response["TotalCount"], 2);
    let response = describe(&service, "2", "2,1,2").await;
    assert_eq!(response["TotalCount"], 3);
}

#[tokio::test]
async fn unknown_ids_are_omitted() {
    let service = service().start().await.unwrap();
    let response = describe(&service, "1", "999,12345678").await;
    assert_eq!(response["TotalCount"], 1);
    let response = describe(&service, "2", "999").await;
    assert_eq!(response["Tasks"], serde_json::json!([]));
    assert_eq!(response["TotalCount"], 0);

    let xml = Call { params: &[("TaskId", "999")], ..Call::default() };
    let xml = send(&service, xml.rpc()).await.body;
    assert!(!xml.contains("Tasks"));
    assert_eq!(xml_texts(&xml, "TotalCount"), ["0"]);
}

#[tokio::test]
async fn the_task_id_is_required() {
    let service = service().start().await.unwrap();
    let call = Call { params: &[], ..Call::default() };
    let response = send(&service, call.acs3()).await;
    assert_eq!(response.status, 400);
    assert_eq!(response.code().unwrap(), "MissingTaskId");
    assert_eq!(response.error_field("Message").unwrap(), "TaskId is mandatory for this action.");
}

#[tokio::test]
async fn one_to_ten_numeric_ids_are_allowed() {
    let service = service().start().await.unwrap();
    let ten = "1,2,3,4,5,6,7,8,9,10";
    assert_eq!(describe(&service, ten, ten).await["TotalCount"], 0);
    for invalid in
        ["", ",", "1,", ",1", "1,,2", "1, 2", "1;2", "abc", "-1", "１", "1,2,3,4,5,6,7,8,9,10,11"]
    {
        let call = Call {
            nonce: &format!("invalid {invalid}"),
            params: &[("TaskId", invalid)],
            ..Call::default()
        };
        // In ACS3 the nonce is a header, which cannot contain all of these characters.
        let response = send(&service, call.rpc_form()).await;
        assert_eq!(response.status, 400, "{invalid}");
        assert_eq!(response.code().unwrap(), "InvalidTaskId.Malformed");
    }
}

#[tokio::test]
async fn tasks_can_change_while_a_client_polls() {
    let service = service()
        .tasks([Task {
            status: "Refreshing".to_owned(),
            progress: "0%".to_owned(),
            ..Task::new("1", "http://example.com/a")
        }])
        .start()
        .await
        .unwrap();
    assert_eq!(describe(&service, "1", "12345678").await["TotalCount"], 0);
    assert_eq!(describe(&service, "2", "1").await["Tasks"][0]["Process"], "0%");
    service.set_tasks([Task::new("1", "http://example.com/a")]);
    assert_eq!(describe(&service, "3", "1").await["Tasks"][0]["Process"], "100%");
    service.add_task(Task::new("1", "http://example.com/b"));
    assert_eq!(describe(&service, "4", "1").await["TotalCount"], 2);
}
