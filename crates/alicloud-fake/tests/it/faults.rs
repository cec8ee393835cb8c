//! What goes wrong on the way: connections and answers that break, by script and by chance.

use std::io::ErrorKind;
use std::time::Duration;

use alicloud_fake::{Delivery, Faults, ScriptedResponse, Simulation};
use http::StatusCode;
use http::header::{HeaderName, HeaderValue};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::cdn::{Cdn, each};
use crate::client::{connect, send, service};
use crate::sign::Call;

const REFRESH: &[(&str, &str)] = &[("ObjectPath", "http://example.com/a")];

/// What arrives until the connection ends, and how it ends.
async fn everything(endpoint: &str, request: &str) -> (String, Option<ErrorKind>) {
    let mut connection = connect(endpoint).await;
    connection.write_all(request.as_bytes()).await.unwrap();
    let mut received = Vec::new();
    let end = connection.read_to_end(&mut received).await.err().map(|error| error.kind());
    (String::from_utf8(received).unwrap(), end)
}

async fn outcome(cdn: &Cdn, nonce: &str) -> (String, Option<ErrorKind>) {
    let call =
        Call { action: "RefreshObjectCaches", nonce, parameters: REFRESH, ..Call::default() };
    everything(cdn.service.endpoint(), &call.acs3()).await
}

fn deliveries(cdn: &Cdn) -> Vec<Delivery> {
    cdn.service.requests().iter().map(|request| request.answer.delivery).collect()
}

#[tokio::test]
async fn a_reset_comes_before_anything_and_a_loss_after_everything() {
    let cdn = Cdn::new(Simulation::new()).await;
    for (response, executed) in [
        (ScriptedResponse::reset(), 0),
        (ScriptedResponse::response_lost(), 1),
        (ScriptedResponse::reset().executed(), 2),
        (ScriptedResponse::reset().unverified(), 2),
        (ScriptedResponse::response_lost().unverified(), 3),
    ] {
        cdn.service.enqueue(response);
        let nonce = cdn.service.requests().len().to_string();
        let reset = (String::new(), Some(ErrorKind::ConnectionReset));
        assert_eq!(outcome(&cdn, &nonce).await, reset);
        assert_eq!(cdn.service.submissions().len(), executed);
    }
    assert_eq!(deliveries(&cdn), [Delivery::Reset; 5]);
    let answers: Vec<u16> =
        cdn.service.requests().iter().map(|request| request.answer.status.as_u16()).collect();
    assert_eq!(answers, [503, 200, 503, 503, 200]);
}

#[tokio::test]
async fn what_is_wrong_is_not_carried_out_even_unverified() {
    let cdn = Cdn::new(Simulation::new()).await;
    cdn.service.enqueue(ScriptedResponse::response_lost().unverified());
    let call = Call {
        action: "RefreshObjectCaches",
        secret: "guess",
        parameters: REFRESH,
        ..Call::default()
    };
    let (_, end) = everything(cdn.service.endpoint(), &call.acs3()).await;
    assert_eq!(end, Some(ErrorKind::ConnectionReset));
    assert!(cdn.service.submissions().is_empty());
    let answer = cdn.service.requests().remove(0).answer;
    assert_eq!(answer.code.as_deref(), Some("SignatureDoesNotMatch"));
}

#[tokio::test]
async fn silence_lasts_until_the_client_goes_away() {
    let cdn = Cdn::new(Simulation::new()).await;
    cdn.service.enqueue(ScriptedResponse::no_response());
    let mut waiting = connect(cdn.service.endpoint()).await;
    let call = Call { nonce: "silent", ..Call::default() };
    waiting.write_all(call.acs3().as_bytes()).await.unwrap();
    while cdn.service.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    // Others are served meanwhile.
    cdn.refresh("http://example.com/").await;
    waiting.shutdown().await.unwrap();
    let mut received = Vec::new();
    waiting.read_to_end(&mut received).await.unwrap();
    assert!(received.is_empty());
    assert_eq!(deliveries(&cdn), [Delivery::Silent, Delivery::Whole]);
}

#[tokio::test]
async fn a_silent_connection_does_not_hold_up_the_end() {
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
async fn an_answer_can_end_early() {
    let cdn = Cdn::new(Simulation::new()).await;
    let page = "x".repeat(100_000);
    for (response, length, promised) in [
        (
            ScriptedResponse::html(StatusCode::BAD_GATEWAY, page.clone()).cut_after(70_000),
            70_000,
            100_000,
        ),
        (ScriptedResponse::html(StatusCode::OK, "abc").cut_after(0), 0, 3),
        (ScriptedResponse::html(StatusCode::OK, "abc").cut_after(9), 3, 3),
    ] {
        cdn.service.enqueue(response);
        let nonce = cdn.service.requests().len().to_string();
        let (received, end) = outcome(&cdn, &nonce).await;
        assert_eq!(end, None);
        let (head, body) = received.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 ") && head.contains("\r\nx-acs-request-id: FA4E"));
        assert!(head.ends_with(&format!("\r\ncontent-length: {promised}")), "{head}");
        assert_eq!(body.len(), length);
    }
    cdn.service.enqueue(ScriptedResponse::passthrough().cut_after(5));
    let (received, _) = outcome(&cdn, "usual").await;
    assert!(received.ends_with("\r\n\r\n{\"Ref"), "{received}");
    assert_eq!(cdn.service.submissions().len(), 1);
    assert_eq!(deliveries(&cdn)[3], Delivery::Cut(5));
}

#[tokio::test]
async fn garbage_is_no_document() {
    let cdn = Cdn::new(Simulation::new()).await;
    cdn.service.enqueue(ScriptedResponse::garbage());
    cdn.service.enqueue(ScriptedResponse::garbage().executed());
    for executed in [0, 1] {
        let response = cdn.call("RefreshObjectCaches", REFRESH).await;
        assert_eq!(response.status, 200);
        assert!(serde_json::from_str::<serde_json::Value>(&response.body).is_err());
        assert_eq!(cdn.service.submissions().len(), executed);
    }
}

#[tokio::test]
async fn an_error_can_come_after_everything_was_done() {
    let cdn = Cdn::new(Simulation::new()).await;
    let error =
        ScriptedResponse::error(StatusCode::INTERNAL_SERVER_ERROR, "InternalError", "Sorry.");
    cdn.service.enqueue(error.executed());
    let refused = cdn.refused("RefreshObjectCaches", REFRESH).await;
    assert_eq!(refused, (500, "InternalError".to_owned()));
    assert_eq!(cdn.service.submissions().len(), 1);
}

#[tokio::test]
async fn the_usual_answer_can_get_a_header_more() {
    let cdn = Cdn::new(Simulation::new()).await;
    let name = HeaderName::from_static("x-acs-retry-after");
    let usual =
        || ScriptedResponse::passthrough().header(name.clone(), HeaderValue::from_static("1500"));
    cdn.service.enqueue(usual());
    let response = cdn.call("RefreshObjectCaches", REFRESH).await;
    assert_eq!((response.status, response.headers["x-acs-retry-after"].as_str()), (200, "1500"));
    cdn.service.enqueue(usual());
    let response = cdn.call("RefreshObjectCaches", &[]).await;
    assert_eq!(response.code().unwrap(), "MissingObjectPath");
    assert_eq!(response.headers["x-acs-retry-after"], "1500");
}

#[tokio::test(start_paused = true)]
async fn an_answer_can_be_late() {
    let cdn = Cdn::new(Simulation::new()).await;
    let before = tokio::time::Instant::now();
    cdn.service.enqueue(ScriptedResponse::passthrough().delay(Duration::from_secs(3_600)));
    cdn.refresh("http://example.com/a").await;
    assert!(before.elapsed() >= Duration::from_secs(3_600));
    let [submission] = &cdn.service.submissions()[..] else { panic!("one was made") };
    assert_eq!(submission.at, crate::client::now());
}

async fn chances(faults: Faults, count: usize) -> (Vec<&'static str>, usize) {
    let builder = service().simulation(Simulation::new().rates(false));
    let service = builder.faults(faults).start().await.unwrap();
    let mut ends = Vec::new();
    for number in 0..count {
        let call = Call {
            action: "PushObjectCache",
            nonce: &number.to_string(),
            parameters: REFRESH,
            ..Call::default()
        };
        ends.push(match everything_closing(service.endpoint(), &call).await {
            (_, Some(_)) => "reset",
            (text, None) if text.contains("TooManyRequests") => {
                assert!(text.starts_with("HTTP/1.1 400 "), "{text}");
                "throttled"
            }
            (text, None) if text.contains("PushTaskId") => "fine",
            _ => "garbage",
        });
    }
    (ends, service.submissions().len())
}

async fn everything_closing(endpoint: &str, call: &Call<'_>) -> (String, Option<ErrorKind>) {
    let request = call.acs3();
    let closing = request.replacen("\r\n", "\r\nconnection: close\r\n", 1);
    everything(endpoint, &closing).await
}

#[tokio::test]
async fn chance_is_the_same_in_every_run() {
    let faults = || Faults::seeded(7).throttled(0.2).reset(0.1).lost(0.1).garbage(0.1);
    let (ends, submitted) = chances(faults(), 200).await;
    let count = |what| ends.iter().filter(|end| **end == what).count();
    for (what, about) in [("throttled", 40), ("reset", 40), ("garbage", 20), ("fine", 100)] {
        let seen = count(what);
        assert!(seen.abs_diff(about) <= about / 2, "{what}: {seen}");
    }
    // Garbage and losses have been carried out, and a loss looks like a reset.
    assert!(submitted > count("fine") + count("garbage"));
    assert!(submitted < count("fine") + count("garbage") + count("reset"));
    assert_eq!(chances(faults(), 200).await, (ends.clone(), submitted));
    let other = Faults::seeded(8).throttled(0.2).reset(0.1).lost(0.1).garbage(0.1);
    assert_ne!(chances(other, 200).await.0, ends);
}

#[tokio::test]
async fn shares_that_make_no_sense_are_mended() {
    for (faults, what) in [
        (Faults::seeded(1), "fine"),
        (Faults::seeded(1).throttled(f64::NAN).reset(-1.0), "fine"),
        (Faults::seeded(1).throttled(f64::INFINITY).reset(1.0), "throttled"),
        (Faults::seeded(1).garbage(2.0), "garbage"),
        (Faults::seeded(1).reset(1.0).only("DescribeRefreshTaskById"), "fine"),
        (Faults::seeded(1).reset(1.0).only("X").only("PushObjectCache"), "reset"),
    ] {
        assert!(chances(faults, 5).await.0.iter().all(|end| *end == what), "{what}");
    }
}

#[tokio::test]
async fn only_good_requests_go_wrong() {
    let service = service()
        .simulation(Simulation::new())
        .faults(Faults::seeded(1).lost(1.0))
        .response(ScriptedResponse::json(StatusCode::OK, "{}"))
        .start()
        .await
        .unwrap();
    let call = |nonce, parameters| Call {
        action: "RefreshObjectCaches",
        nonce,
        parameters,
        ..Call::default()
    };
    assert_eq!(send(&service, call("1", REFRESH).acs3()).await.body, "{}");
    for (call, code) in [
        (Call { secret: "guess", ..call("2", REFRESH) }, "SignatureDoesNotMatch"),
        (Call { action: "X", ..call("3", REFRESH) }, "InvalidAction.NotFound"),
        (call("4", &[]), "MissingObjectPath"),
    ] {
        assert_eq!(send(&service, call.acs3()).await.code().unwrap(), code);
    }
    assert!(service.submissions().is_empty());
}

#[tokio::test]
async fn a_broken_connection_breaks_nothing_else() {
    let cdn = Cdn::new(Simulation::new().listing_delay(Duration::ZERO)).await;
    cdn.service.enqueue(ScriptedResponse::response_lost());
    let mut connection = connect(cdn.service.endpoint()).await;
    let call = |nonce| Call {
        action: "RefreshObjectCaches",
        nonce,
        parameters: REFRESH,
        ..Call::default()
    };
    connection.write_all(call("first").acs3().as_bytes()).await.unwrap();
    assert!(connection.read_u8().await.is_err());
    let submitted = cdn.service.submissions().remove(0);
    let tasks = cdn.by_id(&submitted.task_ids[0]).await;
    assert_eq!(each(&tasks, "ObjectPath"), submitted.objects);
}
