//! Scripted responses.

use alicloud_fake::{FakeService, ScriptedResponse};
use http::header::{DATE, HeaderName, HeaderValue};
use http::{Response, StatusCode};

use crate::client::{send, service};
use crate::sign::Call;

fn call(nonce: &str) -> Call<'_> {
    Call { nonce, ..Call::default() }
}

fn last_status_and_code(service: &FakeService) -> (u16, Option<String>) {
    let last = service.requests().pop().unwrap().response;
    (last.status.as_u16(), last.code)
}

#[tokio::test]
async fn a_response_is_sent_once_and_unchanged() {
    let service = service()
        .response(ScriptedResponse::json(StatusCode::OK, r#"{"Tasks":"not a list"#))
        .start()
        .await
        .unwrap();
    let response = send(&service, call("1").acs3()).await;
    assert_eq!(response.status, 200);
    assert_eq!(response.body, r#"{"Tasks":"not a list"#);
    assert_eq!(response.headers["content-type"], "application/json;charset=utf-8");
    assert_eq!(last_status_and_code(&service), (200, None));

    let regular = send(&service, call("2").acs3()).await;
    assert_eq!(regular.json()["TotalCount"], 1);
}

#[tokio::test]
async fn responses_are_sent_in_order_and_to_the_right_operation() {
    let service = service().start().await.unwrap();
    service.enqueue(
        ScriptedResponse::xml(StatusCode::OK, "<first/>").for_operation("DescribeRefreshQuota"),
    );
    service.enqueue(ScriptedResponse::xml(StatusCode::OK, "<second/>"));
    service.enqueue(ScriptedResponse::xml(StatusCode::OK, "<third/>"));
    let quota = |nonce| Call { operation: "DescribeRefreshQuota", ..call(nonce) };
    assert_eq!(send(&service, call("1").acs3()).await.body, "<second/>");
    // The operation is not simulated, but can be scripted.
    assert_eq!(send(&service, quota("2").rpc()).await.body, "<first/>");
    assert_eq!(send(&service, quota("3").acs3()).await.body, "<third/>");
    let regular = send(&service, quota("4").acs3()).await;
    assert_eq!(regular.code().unwrap(), "InvalidAction.NotFound");
}

#[tokio::test]
async fn a_request_must_be_valid_to_get_its_response() {
    let service = service()
        .response(ScriptedResponse::new(StatusCode::SERVICE_UNAVAILABLE))
        .response(ScriptedResponse::new(StatusCode::NO_CONTENT))
        .start()
        .await
        .unwrap();
    let guess = Call { secret: "guess", ..call("1") };
    let error = send(&service, guess.acs3()).await;
    assert_eq!(error.code().unwrap(), "SignatureDoesNotMatch");

    let scripted = send(&service, call("1").acs3()).await;
    assert_eq!((scripted.status, scripted.body.as_str()), (503, ""));

    // Detects a client that retries without signing again.
    let repeated = send(&service, call("1").acs3()).await;
    assert_eq!(repeated.code().unwrap(), "SignatureNonceUsed");
}

#[tokio::test]
async fn an_unsigned_request_gets_an_unverified_response() {
    let page = "<html><body><h1>502 Bad Gateway</h1></body></html>";
    let service = service()
        .response(ScriptedResponse::html(StatusCode::BAD_GATEWAY, page).skip_verification())
        .start()
        .await
        .unwrap();
    let response = send(&service, "GET / HTTP/1.1\r\nhost: h\r\n\r\n").await;
    assert_eq!((response.status, response.body.as_str()), (502, page));
    assert_eq!(response.headers["content-type"], "text/html");
    assert_eq!(last_status_and_code(&service), (502, None));
}

#[tokio::test]
async fn an_unverified_response_keeps_its_position_in_the_queue() {
    let service = service()
        .response(ScriptedResponse::json(StatusCode::OK, "1"))
        .response(ScriptedResponse::json(StatusCode::OK, "2").skip_verification())
        .start()
        .await
        .unwrap();
    let error = send(&service, "GET / HTTP/1.1\r\nhost: h\r\n\r\n").await;
    assert_eq!(error.code().unwrap(), "MissingAccessKeyId");
    assert_eq!(send(&service, call("1").acs3()).await.body, "1");
    assert_eq!(send(&service, call("1").acs3()).await.body, "2");
    // The previous request was not verified, but this one is.
    let replayed = send(&service, call("1").acs3()).await;
    assert_eq!(replayed.code().unwrap(), "SignatureNonceUsed");
}

#[tokio::test]
async fn an_error_is_in_the_requested_format() {
    let error = ScriptedResponse::error(StatusCode::BAD_REQUEST, "Throttling.User", "a < b ]]>")
        .header(HeaderName::from_static("x-acs-retry-after"), HeaderValue::from_static("1500"));
    let service = service().response(error.clone()).response(error).start().await.unwrap();
    for request in [call("1").acs3(), call("2").rpc()] {
        let response = send(&service, request).await;
        assert_eq!(response.status, 400);
        assert_eq!(response.code().unwrap(), "Throttling.User");
        assert_eq!(response.error_field("Message").unwrap(), "a < b ]]>");
        assert_eq!(
            response.error_field("RequestId").unwrap(),
            response.headers["x-acs-request-id"]
        );
        assert_eq!(response.headers["x-acs-retry-after"], "1500");
        let code = Some("Throttling.User".to_owned());
        assert_eq!(last_status_and_code(&service), (400, code));
    }
}

#[tokio::test]
async fn a_response_overrides_all_headers() {
    let response = Response::builder()
        .status(StatusCode::TOO_MANY_REQUESTS)
        .header("x-acs-request-id", "mine")
        .header("retry-after", "2")
        .body("slow down")
        .unwrap();
    let date = HeaderValue::from_static("Thu, 01 Jan 1970 00:00:00 GMT");
    let service = service()
        .response(ScriptedResponse::from(response).header(DATE, date.clone()))
        .start()
        .await
        .unwrap();
    let response = send(&service, call("1").acs3()).await;
    assert_eq!((response.status, response.body.as_str()), (429, "slow down"));
    assert_eq!(response.headers["x-acs-request-id"], "mine");
    assert_eq!(response.headers["retry-after"], "2");
    assert_eq!(response.headers["date"], date.to_str().unwrap());
    assert!(!response.headers.contains_key("content-type"));
}
