//! The generated client with the fake service, which verifies every request with its own code.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests may panic"
)]

use alicloud_cdn::model::{DescribeRefreshTaskByIdRequest, TaskStatus};
use alicloud_cdn::{Client, error_code};
use alicloud_core::testing::DeterministicNonce;
use alicloud_core::{Credentials, Error, Format, Outcome, SignatureVersion};
use alicloud_fake::{
    Account, DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET, FakeService, ScriptedResponse,
    SignatureScheme, Task,
};
use http::StatusCode;

const PROTOCOLS: [(SignatureVersion, Format); 4] = [
    (SignatureVersion::Acs3, Format::Json),
    (SignatureVersion::Acs3, Format::Xml),
    (SignatureVersion::Hmac1, Format::Json),
    (SignatureVersion::Hmac1, Format::Xml),
];

fn client(service: &FakeService, signature: SignatureVersion, format: Format) -> Client {
    Client::builder()
        .endpoint(service.endpoint())
        .credentials(Credentials::new(DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET))
        .signature(signature)
        .format(format)
        .build()
        .unwrap()
}

fn ids() -> DescribeRefreshTaskByIdRequest {
    DescribeRefreshTaskByIdRequest::new(["12345678", "23456789"])
}

/// Makes a call to which the service sends this response.
async fn call_with_response(
    response: ScriptedResponse,
) -> Result<alicloud_cdn::model::DescribeRefreshTaskByIdResponse, Error> {
    let service = FakeService::builder().start().await.unwrap();
    for _ in 0..3 {
        service.enqueue(response.clone());
    }
    client(&service, SignatureVersion::Acs3, Format::Json)
        .describe_refresh_task_by_id(ids())
        .no_retry()
        .await
}

fn json(body: &'static str) -> ScriptedResponse {
    ScriptedResponse::json(StatusCode::OK, body)
}

#[tokio::test]
async fn all_signatures_and_formats_give_equal_values() {
    let service = FakeService::builder().start().await.unwrap();
    let mut responses = Vec::new();
    for (signature, format) in PROTOCOLS {
        let response =
            client(&service, signature, format).describe_refresh_task_by_id(ids()).await.unwrap();
        assert_eq!(response.total_count, Some(2));
        assert!(response.request_id.is_some());
        responses.push(response.tasks);
    }
    assert!(responses.windows(2).all(|pair| pair[0] == pair[1]), "{responses:?}");
    let schemes: Vec<_> = service.requests().iter().map(|request| request.scheme).collect();
    use SignatureScheme::{Acs3HmacSha256, RpcHmacSha1};
    assert_eq!(
        schemes,
        [Some(Acs3HmacSha256), Some(Acs3HmacSha256), Some(RpcHmacSha1), Some(RpcHmacSha1)]
    );
}

#[tokio::test]
async fn temporary_credentials_need_the_exact_token() {
    let account = Account::new("STS.id", "secret").security_token("token/+= with signs~*");
    let service = FakeService::builder().account(account).start().await.unwrap();
    for (signature, format) in PROTOCOLS {
        let client: Client = Client::builder()
            .endpoint(service.endpoint())
            .credentials(
                Credentials::new("STS.id", "secret").with_security_token("token/+=withsigns~*"),
            )
            .signature(signature)
            .format(format)
            .build()
            .unwrap();
        let error = client.describe_refresh_task_by_id(ids()).await.unwrap_err();
        assert!(error.is_auth(), "another token is rejected: {error}");
    }
    let account = Account::new("STS.id", "secret").security_token("token/+=signs~*");
    let service = FakeService::builder().account(account).start().await.unwrap();
    for (signature, format) in PROTOCOLS {
        let client: Client = Client::builder()
            .endpoint(service.endpoint())
            .credentials(
                Credentials::new("STS.id", "secret").with_security_token("token/+=signs~*"),
            )
            .signature(signature)
            .format(format)
            .build()
            .unwrap();
        assert_eq!(client.describe_refresh_task_by_id(ids()).await.unwrap().total_count, Some(2));
    }
}

#[tokio::test]
async fn a_wrong_secret_is_rejected_and_no_secret_is_shown() {
    let service = FakeService::builder().start().await.unwrap();
    for (signature, format) in PROTOCOLS {
        let client: Client = Client::builder()
            .endpoint(service.endpoint())
            .credentials(Credentials::new(DEFAULT_ACCESS_KEY_ID, "hunter2-hunter2"))
            .signature(signature)
            .format(format)
            .build()
            .unwrap();
        let error = client.describe_refresh_task_by_id(ids()).await.unwrap_err();
        assert_eq!(error.code(), Some("SignatureDoesNotMatch"));
        assert_eq!(error.outcome(), Outcome::Rejected);
        assert!(error.is_auth() && error.request_id().is_some());
        let output = format!("{error} {error:?} {client:?}");
        assert!(
            !output.contains("hunter2") && !output.contains(DEFAULT_ACCESS_KEY_SECRET),
            "{output}"
        );
    }
    assert_eq!(service.requests().len(), PROTOCOLS.len(), "a wrong secret is not retried");
}

#[tokio::test]
async fn a_duplicate_nonce_leaves_the_outcome_unknown() {
    let service = FakeService::builder().start().await.unwrap();
    let client: Client = Client::builder()
        .endpoint(service.endpoint())
        .credentials(Credentials::new(DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET))
        .nonce_source(DeterministicNonce::constant("3156853299f313e23d1673dc12e1703d"))
        .build()
        .unwrap();
    client.describe_refresh_task_by_id(ids()).await.unwrap();
    let error = client.describe_refresh_task_by_id(ids()).await.unwrap_err();
    assert_eq!(error.code(), Some("SignatureNonceUsed"));
    assert_eq!(error.outcome(), Outcome::Unknown);
}

#[tokio::test]
async fn invalid_ids_are_not_sent() {
    let service = FakeService::builder().start().await.unwrap();
    let client = client(&service, SignatureVersion::Acs3, Format::Json);
    let eleven: Vec<String> = (1..=11).map(|id| id.to_string()).collect();
    for (ids, expected) in [
        (vec![], "at least 1"),
        (eleven, "items.chunks(10)"),
        (vec!["1".to_owned(), "2,3".to_owned()], "item 2 contains a comma"),
        (vec!["1".to_owned(), " ".to_owned()], "item 2 is empty"),
    ] {
        let request = DescribeRefreshTaskByIdRequest::new(ids);
        let error = client.describe_refresh_task_by_id(request).await.unwrap_err();
        let message = error.to_string();
        assert!(message.contains("TaskId") && message.contains(expected), "{message}");
        assert!(error.is_invalid_request());
        assert_eq!(error.outcome(), Outcome::NotSent);
    }
    assert!(service.requests().is_empty());
}

#[tokio::test]
async fn error_codes_of_the_service_have_constants() {
    let service = FakeService::builder().start().await.unwrap();
    for (signature, format) in PROTOCOLS {
        let request = DescribeRefreshTaskByIdRequest::new(["not-a-number"]);
        let error = client(&service, signature, format)
            .describe_refresh_task_by_id(request)
            .await
            .unwrap_err();
        assert_eq!(error.code(), Some(error_code::INVALID_TASK_ID_MALFORMED));
        assert_eq!(error.status(), Some(StatusCode::BAD_REQUEST));
        let message = error.to_string();
        for part in [
            "Cdn DescribeRefreshTaskById",
            "InvalidTaskId.Malformed",
            "HTTP 400",
            error.request_id().unwrap(),
        ] {
            assert!(message.contains(part), "{part} in {message}");
        }
    }
}

#[tokio::test]
async fn a_task_can_have_several_objects() {
    let service = FakeService::builder()
        .tasks([Task::new("777", "http://example.com/1"), Task::new("777", "http://example.com/2")])
        .start()
        .await
        .unwrap();
    for (signature, format) in PROTOCOLS {
        let request = DescribeRefreshTaskByIdRequest::new(["777"]);
        let response =
            client(&service, signature, format).describe_refresh_task_by_id(request).await.unwrap();
        assert_eq!((response.tasks.len(), response.total_count), (2, Some(2)));
    }
}

#[tokio::test]
async fn unknown_task_ids_give_an_empty_list() {
    let service = FakeService::builder().start().await.unwrap();
    for (signature, format) in PROTOCOLS {
        let request = DescribeRefreshTaskByIdRequest::new(["999"]);
        let response =
            client(&service, signature, format).describe_refresh_task_by_id(request).await.unwrap();
        assert_eq!((response.tasks.len(), response.total_count), (0, Some(0)));
    }
}

#[tokio::test]
async fn undocumented_values_and_types_are_decoded() {
    let response = call_with_response(json(
        r#"{"Tasks": [{"Status": "Paused", "New": {"a": [1]}}], "Other": null}"#,
    ))
    .await
    .unwrap();
    let status = response.tasks[0].status.as_ref().unwrap();
    assert!(status.is_unknown() && status.as_str() == "Paused");

    let response = call_with_response(json(
        r#"{"TotalCount": "2", "Tasks": [{"TaskId": 12345678, "Process": 99.370}]}"#,
    ))
    .await
    .unwrap();
    assert_eq!(response.total_count, Some(2));
    assert_eq!(response.tasks[0].task_id.as_deref(), Some("12345678"));
    assert_eq!(
        response.tasks[0].progress.as_ref().map(|progress| progress.as_str()),
        Some("99.370"),
        "a number keeps its exact text"
    );

    for empty in
        [r#"{"Tasks": []}"#, r#"{"Tasks": null}"#, r#"{"Tasks": ""}"#, r#"{"Tasks": {}}"#, "{}"]
    {
        assert!(
            call_with_response(json(Box::leak(empty.to_owned().into_boxed_str())))
                .await
                .unwrap()
                .tasks
                .is_empty(),
            "{empty}"
        );
    }
    let wrapped = call_with_response(json(r#"{"Tasks": {"CDNTask": [{"Status": "Complete"}]}}"#))
        .await
        .unwrap();
    assert_eq!(wrapped.tasks[0].status, Some(TaskStatus::Complete));
}

#[tokio::test]
async fn fields_that_cannot_be_decoded_are_reported_as_issues() {
    let service = FakeService::builder().start().await.unwrap();
    service.enqueue(json(r#"{"TotalCount": "two", "Tasks": [{"TaskId": "1"}]}"#));
    let client = client(&service, SignatureVersion::Acs3, Format::Json);
    let response = client.describe_refresh_task_by_id(ids()).response().await.unwrap();
    assert_eq!(response.value.tasks.len(), 1);
    assert_eq!(response.value.total_count, None);
    let issue = &response.issues[0];
    assert_eq!((response.issues.len(), issue.path.as_str()), (1, "TotalCount"));
    assert!(issue.reason.contains("two"), "{issue}");
    assert!(response.body.starts_with(b"{\"TotalCount\""), "the body is available");
}

#[tokio::test]
async fn html_of_a_gateway_is_part_of_the_error() {
    let page =
        "<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>";
    let error = call_with_response(ScriptedResponse::html(StatusCode::BAD_GATEWAY, page))
        .await
        .unwrap_err();
    assert_eq!((error.status(), error.code()), (Some(StatusCode::BAD_GATEWAY), None));
    assert!(error.to_string().contains("502 Bad Gateway"), "{error}");

    let error = call_with_response(ScriptedResponse::html(StatusCode::OK, page)).await.unwrap_err();
    assert!(error.is_decode() && error.content_type().is_some(), "{error}");
    assert!(error.body().is_some_and(|body| body.starts_with(b"<!DOCTYPE")));
}

#[tokio::test]
async fn an_empty_body_is_an_error_with_the_status() {
    let error = call_with_response(json("")).await.unwrap_err();
    assert!(error.is_decode() && error.status() == Some(StatusCode::OK), "{error}");
    let error = call_with_response(ScriptedResponse::new(StatusCode::INTERNAL_SERVER_ERROR))
        .await
        .unwrap_err();
    assert!(
        error.is_server_error() && error.status() == Some(StatusCode::INTERNAL_SERVER_ERROR),
        "{error}"
    );
}
