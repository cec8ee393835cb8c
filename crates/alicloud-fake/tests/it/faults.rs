//! Scripted and random faults of connections and responses.

use std::io::ErrorKind;
use std::time::Duration;

use alicloud_fake::{Delivery, Faults, ScriptedResponse, Simulation};
use http::StatusCode;
use http::header::{HeaderName, HeaderValue};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::cdn::{Cdn, field_values};
use crate::client::{connect, send, service};
use crate::sign::Call;

const REFRESH: &[(&str, &str)] = &[("ObjectPath", "http://example.com/a")];

/// Returns what arrives until the connection ends, and the error that ends it.
async fn exchange(endpoint: &str, request: &str) -> (String, Option<ErrorKind>) {
    let mut connection = connect(endpoint).await;
    connection.write_all(request.as_bytes()).await.unwrap();
    let mut received = Vec::new();
    let end = connection.read_to_end(&mut received).await.err().map(|error| error.kind());
    (String::from_utf8(received).unwrap(), end)
}

async fn refresh(cdn: &Cdn, nonce: &str) -> (String, Option<ErrorKind>) {
    let call = Call { operation: "RefreshObjectCaches", nonce, params: REFRESH, ..Call::default() };
    exchange(cdn.service.endpoint(), &call.acs3()).await
}

fn deliveries(cdn: &Cdn) -> Vec<Delivery> {
    cdn.service.requests().iter().map(|request| request.response.delivery).collect()
}

#[tokio::test]
async fn a_lost_response_is_executed_and_a_reset_is_not() {
    let cdn = Cdn::new(Simulation::new()).await;
    for (response, executed) in [
        (ScriptedResponse::connection_reset(), 0),
        (ScriptedResponse::response_lost(), 1),
        (ScriptedResponse::connection_reset().executed(), 2),
        (ScriptedResponse::connection_reset().skip_verification(), 2),
        (ScriptedResponse::response_lost().skip_verification(), 3),
    ] {
        cdn.service.enqueue(response);
        let nonce = cdn.service.requests().len().to_string();
        let reset = (String::new(), Some(ErrorKind::ConnectionReset));
        assert_eq!(refresh(&cdn, &nonce).await, reset);
        assert_eq!(cdn.service.submissions().len(), executed);
    }
    assert_eq!(deliveries(&cdn), [Delivery::ConnectionReset; 5]);
    let statuses: Vec<u16> =
        cdn.service.requests().iter().map(|request| request.response.status.as_u16()).collect();
    assert_eq!(statuses, [503, 200, 503, 503, 200]);
}

#[tokio::test]
async fn an_invalid_request_is_never_executed() {
    let cdn = Cdn::new(Simulation::new()).await;
    cdn.service.enqueue(ScriptedResponse::response_lost().skip_verification());
    let call = Call {
        operation: "RefreshObjectCaches",
        secret: "guess",
        params: REFRESH,
        ..Call::default()
    };
    let (_, end) = exchange(cdn.service.endpoint(), &call.acs3()).await;
    assert_eq!(end, Some(ErrorKind::ConnectionReset));
    assert!(cdn.service.submissions().is_empty());
    let response = cdn.service.requests().remove(0).response;
    assert_eq!(response.code.as_deref(), Some("SignatureDoesNotMatch"));
}

#[tokio::test]
async fn no_response_lasts_until_the_client_disconnects() {
    let cdn = Cdn::new(Simulation::new()).await;
    cdn.service.enqueue(ScriptedResponse::no_response());
    let mut waiting = connect(cdn.service.endpoint()).await;
    let call = Call { nonce: "hanging", ..Call::default() };
    waiting.write_all(call.acs3().as_bytes()).await.unwrap();
    while cdn.service.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    // Other requests are served in the meantime.
    cdn.refresh("http://example.com/").await;
    waiting.shutdown().await.unwrap();
    let mut received = Vec::new();
    waiting.read_to_end(&mut received).await.unwrap();
    assert!(received.is_empty());
    assert_eq!(deliveries(&cdn), [Delivery::NoResponse, Delivery::Complete]);
}

#[tokio::test]
async fn a_hanging_connection_does_not_block_shutdown() {
    let service = service().response(ScriptedResponse::no_response()).start().await.unwrap();
    let mut waiting = connect(service.endpoint()).await;
    waiting.write_all(Call::default().acs3().as_bytes()).await.unwrap();
    while service.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    service.shutdown().await;
    let mut received = Vec::new();
    let _ = waiting.read_to_end(&mut received).await;
    assert!(received.is_empty());
}

#[tokio::test]
async fn a_body_can_be_truncated() {
    let cdn = Cdn::new(Simulation::new()).await;
    let page = "x".repeat(100_000);
    for (response, length, content_length) in [
        (
            ScriptedResponse::html(StatusCode::BAD_GATEWAY, page.clone()).truncate_body(70_000),
            70_000,
            100_000,
        ),
        (ScriptedResponse::html(StatusCode::OK, "abc").truncate_body(0), 0, 3),
        (ScriptedResponse::html(StatusCode::OK, "abc").truncate_body(9), 3, 3),
    ] {
        cdn.service.enqueue(response);
        let nonce = cdn.service.requests().len().to_string();
        let (received, end) = refresh(&cdn, &nonce).await;
        assert_eq!(end, None);
        let (head, body) = received.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 ") && head.contains("\r\nx-acs-request-id: FA4E"));
        assert!(head.ends_with(&format!("\r\ncontent-length: {content_length}")), "{head}");
        assert_eq!(body.len(), length);
    }
    cdn.service.enqueue(ScriptedResponse::passthrough().truncate_body(5));
    let (received, _) = refresh(&cdn, "regular").await;
    assert!(received.ends_with("\r\n\r\n{\"Ref"), "{received}");
    assert_eq!(cdn.service.submissions().len(), 1);
    assert_eq!(deliveries(&cdn)[3], Delivery::Truncated(5));
}

#[tokio::test]
async fn a_malformed_body_is_not_json() {
    let cdn = Cdn::new(Simulation::new()).await;
    cdn.service.enqueue(ScriptedResponse::malformed_body());
    cdn.service.enqueue(ScriptedResponse::malformed_body().executed());
    for executed in [0, 1] {
        let response = cdn.call("RefreshObjectCaches", REFRESH).await;
        assert_eq!(response.status, 200);
        assert!(serde_json::from_str::<serde_json::Value>(&response.body).is_err());
        assert_eq!(cdn.service.submissions().len(), executed);
    }
}

#[tokio::test]
async fn a_scripted_error_can_execute_the_operation() {
    let cdn = Cdn::new(Simulation::new()).await;
    let error =
        ScriptedResponse::error(StatusCode::INTERNAL_SERVER_ERROR, "InternalError", "Sorry.");
    cdn.service.enqueue(error.executed());
    let error = cdn.call_error("RefreshObjectCaches", REFRESH).await;
    assert_eq!(error, (500, "InternalError".to_owned()));
    assert_eq!(cdn.service.submissions().len(), 1);
}

#[tokio::test]
async fn a_header_can_be_added_to_the_regular_response() {
    let cdn = Cdn::new(Simulation::new()).await;
    let name = HeaderName::from_static("x-acs-retry-after");
    let regular =
        || ScriptedResponse::passthrough().header(name.clone(), HeaderValue::from_static("1500"));
    cdn.service.enqueue(regular());
    let response = cdn.call("RefreshObjectCaches", REFRESH).await;
    assert_eq!((response.status, response.headers["x-acs-retry-after"].as_str()), (200, "1500"));
    cdn.service.enqueue(regular());
    let response = cdn.call("RefreshObjectCaches", &[]).await;
    assert_eq!(response.code().unwrap(), "MissingObjectPath");
    assert_eq!(response.headers["x-acs-retry-after"], "1500");
}

#[tokio::test(start_paused = true)]
async fn a_response_can_be_delayed() {
    let cdn = Cdn::new(Simulation::new()).await;
    let before = tokio::time::Instant::now();
    cdn.service.enqueue(ScriptedResponse::passthrough().delay(Duration::from_secs(3_600)));
    cdn.refresh("http://example.com/a").await;
    assert!(before.elapsed() >= Duration::from_secs(3_600));
    let [submission] = &cdn.service.submissions()[..] else { panic!("expected one submission") };
    assert_eq!(submission.submitted_at, crate::client::now());
}

async fn results(faults: Faults, count: usize) -> (Vec<&'static str>, usize) {
    let builder = service().simulation(Simulation::new().rate_limits(false));
    let service = builder.faults(faults).start().await.unwrap();
    let mut results = Vec::new();
    for number in 0..count {
        let call = Call {
            operation: "PushObjectCache",
            nonce: &number.to_string(),
            params: REFRESH,
            ..Call::default()
        };
        results.push(match exchange_closing(service.endpoint(), &call).await {
            (_, Some(_)) => "reset",
            (text, None) if text.contains("TooManyRequests") => {
                assert!(text.starts_with("HTTP/1.1 400 "), "{text}");
                "throttled"
            }
            (text, None) if text.contains("PushTaskId") => "ok",
            _ => "malformed",
        });
    }
    (results, service.submissions().len())
}

async fn exchange_closing(endpoint: &str, call: &Call<'_>) -> (String, Option<ErrorKind>) {
    let request = call.acs3();
    let closing = request.replacen("\r\n", "\r\nconnection: close\r\n", 1);
    exchange(endpoint, &closing).await
}

#[tokio::test]
async fn faults_are_reproducible() {
    let faults = || {
        Faults::new(7).throttled(0.2).connection_reset(0.1).response_lost(0.1).malformed_body(0.1)
    };
    let (results_of_seed_7, submitted) = results(faults(), 200).await;
    let count = |result| results_of_seed_7.iter().filter(|other| **other == result).count();
    for (result, expected) in [("throttled", 40), ("reset", 40), ("malformed", 20), ("ok", 100)] {
        let actual = count(result);
        assert!(actual.abs_diff(expected) <= expected / 2, "{result}: {actual}");
    }
    // Malformed and lost responses are executed, and a lost response looks like a reset.
    assert!(submitted > count("ok") + count("malformed"));
    assert!(submitted < count("ok") + count("malformed") + count("reset"));
    assert_eq!(results(faults(), 200).await, (results_of_seed_7.clone(), submitted));
    let other =
        Faults::new(8).throttled(0.2).connection_reset(0.1).response_lost(0.1).malformed_body(0.1);
    assert_ne!(results(other, 200).await.0, results_of_seed_7);
}

#[tokio::test]
async fn shares_out_of_range_are_clamped() {
    for (faults, expected) in [
        (Faults::new(1), "ok"),
        (Faults::new(1).throttled(f64::NAN).connection_reset(-1.0), "ok"),
        (Faults::new(1).throttled(f64::INFINITY).connection_reset(1.0), "throttled"),
        (Faults::new(1).malformed_body(2.0), "malformed"),
        (Faults::new(1).connection_reset(1.0).only_operation("DescribeRefreshTaskById"), "ok"),
        (
            Faults::new(1)
                .connection_reset(1.0)
                .only_operation("X")
                .only_operation("PushObjectCache"),
            "reset",
        ),
    ] {
        assert!(results(faults, 5).await.0.iter().all(|result| *result == expected), "{expected}");
    }
}

#[tokio::test]
async fn faults_apply_to_valid_requests_only() {
    let service = service()
        .simulation(Simulation::new())
        .faults(Faults::new(1).response_lost(1.0))
        .response(ScriptedResponse::json(StatusCode::OK, "{}"))
        .start()
        .await
        .unwrap();
    let call =
        |nonce, params| Call { operation: "RefreshObjectCaches", nonce, params, ..Call::default() };
    assert_eq!(send(&service, call("1", REFRESH).acs3()).await.body, "{}");
    for (call, code) in [
        (Call { secret: "guess", ..call("2", REFRESH) }, "SignatureDoesNotMatch"),
        (Call { operation: "X", ..call("3", REFRESH) }, "InvalidAction.NotFound"),
        (call("4", &[]), "MissingObjectPath"),
    ] {
        assert_eq!(send(&service, call.acs3()).await.code().unwrap(), code);
    }
    assert!(service.submissions().is_empty());
}

#[tokio::test]
async fn a_lost_response_still_creates_its_task() {
    let cdn = Cdn::new(Simulation::new().listing_delay(Duration::ZERO)).await;
    cdn.service.enqueue(ScriptedResponse::response_lost());
    let mut connection = connect(cdn.service.endpoint()).await;
    let call = |nonce| Call {
        operation: "RefreshObjectCaches",
        nonce,
        params: REFRESH,
        ..Call::default()
    };
    connection.write_all(call("first").acs3().as_bytes()).await.unwrap();
    assert!(connection.read_u8().await.is_err());
    let submission = cdn.service.submissions().remove(0);
    let tasks = cdn.tasks_by_id(&submission.task_ids[0]).await;
    assert_eq!(field_values(&tasks, "ObjectPath"), submission.objects);
}
