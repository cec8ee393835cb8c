//! Empty bodies with a success status.

use alicloud_core::testing::FakeTransport;
use alicloud_core::wire::Value;
use alicloud_core::{Operation, Outcome};

use super::{
    ListRequest, NumberRequest, READ, RequiredRequest, Status, StatusRequest, WRITE, setup,
};
use crate::common::*;

#[tokio::test]
async fn an_empty_body_is_a_success_if_nothing_was_to_be_read() {
    static IDEMPOTENT: Operation = Operation::rpc(&CDN, WRITE).idempotent();
    for status in [200, 201, 202] {
        for body in ["", " \r\n", "\u{feff}"] {
            let fake = FakeTransport::new().respond_raw(WRITE, status, &[], body).respond_raw(
                READ,
                status,
                &[("content-type", "text/plain"), ("x-acs-request-id", "R")],
                body,
            );
            let (client, _) = setup(&fake);
            for operation in [&REFRESH, &IDEMPOTENT] {
                let call = client.call(operation, &StatusRequest::default());
                let response = call.response().await.unwrap();
                assert_eq!(response.value, Status::default());
                assert_eq!((response.status.as_u16(), response.issues.len()), (status, 1));
                assert_eq!(response.issues[0].to_string(), "the response is empty");
            }
            let call = client.call(&REFRESH, &ListRequest::default());
            assert_eq!(call.response().await.unwrap().issues.len(), 1);
            let call = client.generic_call(WRITE).into_call();
            assert_eq!(call.response().await.unwrap().value, Value::Null);

            for (error, attempts) in [
                // A required field cannot be empty.
                (client.call(&REFRESH, &RequiredRequest::default()).await.unwrap_err(), 1),
                (client.call(&REFRESH, &NumberRequest::default()).await.unwrap_err(), 1),
                // A read has to return something: an empty page would end a list early.
                (client.call(&DESCRIBE, &describe(&["1"])).await.unwrap_err(), 4),
                (client.generic_call(READ).read_only().await.unwrap_err(), 4),
            ] {
                assert!(error.is_decode() && error.is_transient(), "{error}");
                assert_eq!((error.outcome(), error.attempts()), (Outcome::Unknown, attempts));
                assert!(error.to_string().contains("the response is empty"), "{error}");
            }
        }
    }
    let fake = FakeTransport::new().respond_raw(WRITE, 206, &[], "");
    assert!(setup(&fake).0.call(&REFRESH, &StatusRequest::default()).await.is_err());
}
