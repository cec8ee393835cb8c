//! Answers that a test prepares.

use alicloud_fake::{FakeService, ScriptedResponse};
use http::header::{DATE, HeaderName, HeaderValue};
use http::{Response, StatusCode};

use crate::client::{send, service};
use crate::sign::Call;

fn call(nonce: &str) -> Call<'_> {
    Call { nonce, ..Call::default() }
}

fn status_of_last(service: &FakeService) -> (u16, Option<String>) {
    let last = service.requests().pop().unwrap().answer;
    (last.status.as_u16(), last.code)
}

#[tokio::test]
async fn a_response_answers_one_request_byte_for_byte() {
    let service = service()
        .response(ScriptedResponse::json(StatusCode::OK, r#"{"Tasks":"not a list"#))
        .start()
        .await
        .unwrap();
    let response = send(&service, call("1").acs3()).await;
    assert_eq!(response.status, 200);
    assert_eq!(response.body, r#"{"Tasks":"not a list"#);
    assert_eq!(response.headers["content-type"], "application/json;charset=utf-8");
    assert_eq!(status_of_last(&service), (200, None));

    let usual = send(&service, call("2").acs3()).await;
    assert_eq!(usual.json()["TotalCount"], 1);
}

#[tokio::test]
async fn responses_are_given_in_order_and_to_the_right_operation() {
    let service = service().start().await.unwrap();
    service.enqueue(
        ScriptedResponse::xml(StatusCode::OK, "<first/>").for_operation("DescribeRefreshQuota"),
    );
    service.enqueue(ScriptedResponse::xml(StatusCode::OK, "<second/>"));
    service.enqueue(ScriptedResponse::xml(StatusCode::OK, "<third/>"));
    let quota = |nonce| Call { action: "DescribeRefreshQuota", ..call(nonce) };
    assert_eq!(send(&service, call("1").acs3()).await.body, "<second/>");
    // Not an operation that is simulated, which is no obstacle.
    assert_eq!(send(&service, quota("2").rpc()).await.body, "<first/>");
    assert_eq!(send(&service, quota("3").acs3()).await.body, "<third/>");
    let usual = send(&service, quota("4").acs3()).await;
    assert_eq!(usual.code().unwrap(), "InvalidAction.NotFound");
}

#[tokio::test]
async fn a_request_must_be_right_to_get_its_response() {
    let service = service()
        .response(ScriptedResponse::new(StatusCode::SERVICE_UNAVAILABLE))
        .response(ScriptedResponse::new(StatusCode::NO_CONTENT))
        .start()
        .await
        .unwrap();
    let guess = Call { secret: "guess", ..call("1") };
    let refused = send(&service, guess.acs3()).await;
    assert_eq!(refused.code().unwrap(), "SignatureDoesNotMatch");

    let scripted = send(&service, call("1").acs3()).await;
    assert_eq!((scripted.status, scripted.body.as_str()), (503, ""));

    // The bug this is there to find: a client that tries again without signing again.
    let repeated = send(&service, call("1").acs3()).await;
    assert_eq!(repeated.code().unwrap(), "SignatureNonceUsed");
}

#[tokio::test]
async fn an_unverified_response_answers_anybody() {
    let page = "<html><body><h1>502 Bad Gateway</h1></body></html>";
    let service = service()
        .response(ScriptedResponse::html(StatusCode::BAD_GATEWAY, page).unverified())
        .start()
        .await
        .unwrap();
    let response = send(&service, "GET / HTTP/1.1\r\nhost: h\r\n\r\n").await;
    assert_eq!((response.status, response.body.as_str()), (502, page));
    assert_eq!(response.headers["content-type"], "text/html");
    assert_eq!(status_of_last(&service), (502, None));
}

#[tokio::test]
async fn an_unverified_response_waits_for_those_before_it() {
    let service = service()
        .response(ScriptedResponse::json(StatusCode::OK, "1"))
        .response(ScriptedResponse::json(StatusCode::OK, "2").unverified())
        .start()
        .await
        .unwrap();
    let refused = send(&service, "GET / HTTP/1.1\r\nhost: h\r\n\r\n").await;
    assert_eq!(refused.code().unwrap(), "MissingAccessKeyId");
    assert_eq!(send(&service, call("1").acs3()).await.body, "1");
    assert_eq!(send(&service, call("1").acs3()).await.body, "2");
    // The response in between was not verified, but this one is.
    let again = send(&service, call("1").acs3()).await;
    assert_eq!(again.code().unwrap(), "SignatureNonceUsed");
}

#[tokio::test]
async fn an_error_is_written_as_the_request_asks() {
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
        assert_eq!(status_of_last(&service), (400, code));
    }
}

#[tokio::test]
async fn a_response_has_the_last_word_on_headers() {
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
