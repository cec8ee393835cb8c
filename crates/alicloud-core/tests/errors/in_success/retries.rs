//! What follows from an error with a success status: retries, delays and corrections.

use std::time::Duration;

use alicloud_core::testing::FakeTransport;
use alicloud_core::{Clock as _, Outcome};

use super::{READ, TaskRequest, WRITE, setup};
use crate::common::*;

#[tokio::test]
async fn an_error_with_a_success_status_is_classified_and_retried_by_its_code() {
    // The code, whether a write and a read are retried, and the outcome.
    let table = [
        ("Throttling.User", true, true, Outcome::Rejected),
        ("ServiceBusy", true, true, Outcome::Rejected),
        ("QuotaExceeded.Refresh", false, false, Outcome::Rejected),
        ("InvalidObjectPath.Malformed", false, false, Outcome::Rejected),
        ("InvalidDomain.NotFound", false, false, Outcome::Rejected),
        ("Forbidden.RAM", false, false, Outcome::Rejected),
        ("InvalidAccessKeyId.NotFound", false, false, Outcome::Rejected),
        ("ServiceUnavailable", false, true, Outcome::Unknown),
        ("InternalError", false, true, Outcome::Unknown),
        ("SignatureNonceUsed", false, true, Outcome::Unknown),
        // Nothing shows whether it was executed.
        ("TaskFailed", false, false, Outcome::Unknown),
        ("500", false, false, Outcome::Unknown),
    ];
    for (code, write_is_retried, read_is_retried, outcome) in table {
        for body in [
            format!(
                r#"{{"Success": false, "Code": "{code}", "Message": "slow", "RequestId": "R"}}"#
            ),
            format!(
                r#"{{"Code":"{code}","Message":"slow","RequestId":"R","HostId":"cdn.aliyuncs.com"}}"#
            ),
            format!(
                "<Error><RequestId>R</RequestId><HostId>h</HostId><Code>{code}</Code><Message>slow</Message></Error>"
            ),
            format!(
                "<RefreshObjectCachesResponse><Success>false</Success><Code>{code}</Code>\
                 <Message>slow</Message><RequestId>R</RequestId></RefreshObjectCachesResponse>"
            ),
        ] {
            let fake = FakeTransport::new()
                .respond_raw(WRITE, 200, &[("x-trace", "7")], body.clone())
                .respond_raw(READ, 200, &[("x-trace", "7")], body.clone());
            let (client, clock) = setup(&fake);
            let request = TaskRequest::default();
            let error = client.call(&REFRESH, &request).await.unwrap_err();
            assert_eq!(error.attempts(), if write_is_retried { 4 } else { 1 }, "{error}");
            assert_eq!(clock.elapsed() > Duration::ZERO, write_is_retried, "{error}");
            assert_eq!((error.code(), error.message()), (Some(code), Some("slow")));
            assert_eq!((error.status().unwrap().as_u16(), error.request_id()), (200, Some("R")));
            assert_eq!(error.headers().unwrap()["x-trace"], "7");
            assert_eq!(error.body().unwrap(), body.as_str());
            assert_eq!(error.outcome(), outcome, "{error}");
            assert!(!error.is_decode(), "{error}");

            let error = client.call(&DESCRIBE, &describe(&["1"])).await.unwrap_err();
            assert_eq!(error.attempts(), if read_is_retried { 4 } else { 1 }, "{error}");
            assert_eq!(error.outcome(), outcome, "{error}");

            let fake = FakeTransport::new().respond_raw(WRITE, 200, &[], body.clone());
            let error = setup(&fake).0.generic_call(WRITE).await.unwrap_err();
            assert_eq!((error.code(), error.outcome()), (Some(code), outcome), "{body}");
            assert_eq!(fake.requests().len(), if write_is_retried { 4 } else { 1 }, "{error}");
        }
    }
}

#[tokio::test]
async fn a_throttled_write_waits_as_long_as_the_service_asks_and_succeeds() {
    let body = r#"{"Success":false,"Code":"Throttling.User","Message":"slow"}"#;
    let busy = r#"{"Success":false,"Code":"Busy","Message":"slow"}"#;
    let fake = FakeTransport::new()
        .respond_raw(WRITE, 200, &[("x-acs-retry-after", "3000")], body)
        // The header means throttling, whatever the code.
        .respond_raw(WRITE, 200, &[("x-acs-retry-after", "2000")], busy)
        .respond_json(WRITE, r#"{"TaskId":"1"}"#);
    let (client, clock) = setup(&fake);
    let response = client.call(&REFRESH, &TaskRequest::default()).response().await.unwrap();
    assert_eq!((response.value.task_id.as_deref(), response.attempts), (Some("1"), 3));
    assert!(clock.elapsed() >= Duration::from_secs(5), "{:?}", clock.elapsed());
    assert!(clock.elapsed() < Duration::from_secs(6), "{:?}", clock.elapsed());
}

#[tokio::test]
async fn rejected_credentials_and_a_wrong_clock_are_corrected_as_with_another_status() {
    let fake = FakeTransport::new()
        .respond_raw(
            WRITE,
            200,
            &[("date", "Fri, 02 Jan 2026 05:04:05 GMT")],
            r#"{"Success":false,"Code":"InvalidTimeStamp.Expired","Message":"M"}"#,
        )
        .respond_json(WRITE, "{}");
    let (client, _) = setup(&fake);
    let response = client.call(&REFRESH, &TaskRequest::default()).response().await.unwrap();
    assert_eq!(response.attempts, 2);
    assert_eq!(fake.requests()[1].header("x-acs-date"), Some("2026-01-02T05:04:05Z"));
}
