//! Errors that a service reports with a success status, and empty bodies.

mod empty_body;
mod retries;
mod sizes;

use alicloud_core::testing::{DeterministicNonce, FakeTransport, ManualClock};
use alicloud_core::wire::{Bytes, Value};
use alicloud_core::{Client, Error, Format, Operation, Outcome, Response, ResponseKind};

use crate::common::*;

const READ: &str = "DescribeRefreshTaskById";
const WRITE: &str = "RefreshObjectCaches";
const XML: [(&str, &str); 1] = [("content-type", "text/xml")];

alicloud_core::wire::record! {
    /// A response with `Success`, `Code` and `Message` as ordinary fields.
    struct Status {
        success: Option<bool> = "Success",
        code: Option<String> = "Code",
        message: Option<String> = "Message",
        data: Option<Value> = "Data",
        total: Option<i64> = "Total",
    }
}

/// Creates a request type of a response type.
macro_rules! request {
    ($($name:ident => $response:ty),* $(,)?) => {$(
        alicloud_core::wire::request! {
            struct $name -> $response { id: Option<String> = query("Id") }
        }
    )*};
}

request! {
    StatusRequest => Status,
    TaskRequest => Task,
    UnitRequest => (),
    TextRequest => String,
    NumberRequest => i64,
    BytesRequest => Bytes,
    ListRequest => Vec<Task>,
    RequiredRequest => Required,
}

alicloud_core::wire::record! { struct Required { id: Option<String> = "Id".required() } }

fn setup(fake: &FakeTransport) -> (Client, ManualClock) {
    let clock = ManualClock::from_unix_seconds(1_767_323_045);
    let builder = fixed_builder(&CDN).nonce_source(DeterministicNonce::sequence("n"));
    (builder.clock(clock.clone()).transport(fake.clone()).build().unwrap(), clock)
}

/// Calls a write, whose responses all have this body.
async fn write<R: alicloud_core::wire::Request>(
    request: R,
    headers: &[(&str, &str)],
    body: &str,
) -> Result<Response<R::Response>, Error>
where
    R::Response: Default,
{
    let fake = FakeTransport::new().respond_raw(WRITE, 200, headers, body.to_owned());
    setup(&fake).0.call(&REFRESH, &request).response().await
}

async fn generic(body: &str) -> Result<Value, Error> {
    let fake = FakeTransport::new().respond_json(WRITE, body.to_owned());
    setup(&fake).0.generic_call(WRITE).await
}

/// Bodies that are errors for every response type without fields of these names.
const ERRORS: [&str; 18] = [
    r#"{"Success":false,"Code":"E"}"#,
    r#"{"Success":"false","Code":"E"}"#,
    r#"{"Success":" False ","Code":"E"}"#,
    r#"{"Success":"FALSE","Code":"E"}"#,
    r#"{"Success":0,"Code":"E"}"#,
    r#"{"Success":"0","Code":"E"}"#,
    r#"{"success":false,"code":"E","message":"M"}"#,
    r#"{"Success":false,"ErrorCode":"E","ErrorMessage":"M"}"#,
    r#"{"Success":false,"Code":" E "}"#,
    r#"{"Success":false,"Code":"E","TaskId":"1","Data":{"A":[1]}}"#,
    r#"{"TaskId":"1","Data":{"A":[1]},"Code":"E","Success":false}"#,
    "\u{feff} {\"Success\":false,\"Code\":\"E\"}",
    r#"{"Success":false,"Error":{"Code":"E","Message":"M"}}"#,
    r#"{"Code":"E","Message":"M","HostId":"H"}"#,
    r#"{"HostId":"H","Message":"","RequestId":"R","Code":"E","Recommend":"https://e.example"}"#,
    r#"{"code":"E","message":"M","hostId":"H","requestId":"R"}"#,
    r#"{"Code":"E","Message":"M","HostId":"H","TaskId":null,"Status":"","Tasks":[],"Data":{}}"#,
    r#"{"Error":{"Code":"E","Message":"M","HostId":"H"}}"#,
];

/// Bodies that are successes for every response type.
const SUCCESSES: [&str; 22] = [
    "{}",
    r#"{"Code":"200"}"#,
    r#"{"Code":"OK"}"#,
    r#"{"Code":200,"Message":"M","HostId":"H"}"#,
    r#"{"Code":"200","Message":"M","HostId":"H"}"#,
    r#"{"Code":"OK","Message":"M","HostId":"H"}"#,
    r#"{"Code":"ok","Message":"M","HostId":"H"}"#,
    r#"{"Code":"Success","Message":"M","HostId":"H"}"#,
    r#"{"Code":0,"Message":"M","HostId":"H"}"#,
    r#"{"Code":"0","Message":"M","HostId":"H"}"#,
    r#"{"Code":"","Message":"M","HostId":"H"}"#,
    r#"{"Code":null,"Message":"M","HostId":"H"}"#,
    r#"{"Message":"M","HostId":"H"}"#,
    r#"{"Success":false}"#,
    r#"{"Success":false,"Code":""}"#,
    r#"{"Success":false,"Code":"200"}"#,
    r#"{"Success":false,"Code":"SUCCESS"}"#,
    r#"{"Success":true,"Code":"E","Message":"M","HostId":"H"}"#,
    r#"{"Success":"true","Code":"E","Message":"M","HostId":"H"}"#,
    r#"{"Success":1,"Code":"E","Message":"M"}"#,
    r#"{"Code":"E","HostId":"H"}"#,
    r#"{"Success":"perhaps","Code":"E","Message":"M"}"#,
];

/// A type without a field for a code cannot show it.
#[tokio::test]
async fn a_code_that_the_type_lacks_is_an_error() {
    let json = r#"{"RequestId":"R","Code":"Throttling.User","Message":"M"}"#;
    let xml = "<R><RequestId>R</RequestId><Code>Throttling.User</Code><Message>M</Message></R>";
    for (headers, body) in [(&[][..], json), (&XML, xml)] {
        let error = write(TaskRequest::default(), headers, body).await.unwrap_err();
        assert!(error.is_throttling() && error.outcome() == Outcome::Rejected, "{error}");
        assert!(write(UnitRequest::default(), headers, body).await.is_err());
        assert!(write(StatusRequest::default(), headers, body).await.is_ok());
    }
    assert!(generic(json).await.is_ok());
    for body in [
        r#"{"Code":"E","Message":"M","TaskId":"1"}"#,
        r#"{"Code":"100000","Message":"done"}"#,
        r#"{"Code":100000,"Message":"done"}"#,
    ] {
        assert!(write(TaskRequest::default(), &[], body).await.is_ok(), "{body}");
    }
}

#[tokio::test]
async fn an_error_is_told_from_a_success_by_its_fields() {
    for body in ERRORS {
        for error in [
            write(TaskRequest::default(), &[], body).await.unwrap_err(),
            write(StatusRequest::default(), &[], body).await.unwrap_err(),
            write(UnitRequest::default(), &[], body).await.unwrap_err(),
            write(ListRequest::default(), &[], body).await.unwrap_err(),
        ] {
            assert_eq!((error.code(), error.attempts()), (Some("E"), 1), "{body}: {error}");
        }
    }
    for body in SUCCESSES {
        assert!(write(TaskRequest::default(), &[], body).await.is_ok(), "{body}");
        assert!(write(StatusRequest::default(), &[], body).await.is_ok(), "{body}");
        assert!(write(UnitRequest::default(), &[], body).await.is_ok(), "{body}");
        let value: Value = serde_json::from_str(body).unwrap();
        assert_eq!(generic(body).await.unwrap(), value);
    }
    let body = r#"{"Success":true,"Code":"Busy","Message":"M"}"#;
    let value = write(StatusRequest::default(), &[], body).await.unwrap().value;
    assert_eq!((value.code.as_deref(), value.success), (Some("Busy"), Some(true)));
}

#[tokio::test]
async fn fields_of_the_response_show_that_it_is_not_an_error() {
    let total = r#"{"Code":"E","Message":"M","HostId":"H","total":0}"#;
    assert_eq!(write(StatusRequest::default(), &[], total).await.unwrap().value.total, Some(0));
    // The same field does not belong to this response.
    assert!(write(TaskRequest::default(), &[], total).await.is_err());

    // It is found next to a value that is too deep to be read.
    let deep = format!(r#""Unknown":{}{}"#, "[".repeat(200), "]".repeat(200));
    for body in
        [format!("{},{deep}}}", &total[..total.len() - 1]), format!("{{{deep},{}", &total[1..])]
    {
        let value = write(StatusRequest::default(), &[], &body).await.unwrap().value;
        assert_eq!(value.total, Some(0));
        assert!(write(TaskRequest::default(), &[], &body).await.is_err());
    }

    // A value without a type has every key that errors do not have.
    assert!(generic(total).await.is_ok());
    for body in &ERRORS[..9] {
        assert_eq!(generic(body).await.unwrap_err().code(), Some("E"), "{body}");
    }
    for body in &ERRORS[11..] {
        assert_eq!(generic(body).await.unwrap_err().code(), Some("E"), "{body}");
    }
}

#[tokio::test]
async fn xml_follows_the_same_rule() {
    for body in [
        "<Error><Code>E</Code></Error>",
        "<?xml version='1.0' encoding='UTF-8'?>\n<!-- <Other> -->\n<Error><Code>E</Code></Error>",
        "<!DOCTYPE Error>\n<Error><Code>E</Code></Error>",
        "\u{feff}<error><Code>E</Code></error>",
        "<e:Error xmlns:e='urn:e'><Code>E</Code><TaskId>1</TaskId></e:Error>",
        "<R><Success>false</Success><Code>E</Code><TaskId>1</TaskId></R>",
        "<R><Success>false</Success><Error><Code>E</Code></Error></R>",
        "<R><Code>E</Code><Message>M</Message><HostId>H</HostId><TaskId></TaskId></R>",
        "<R><HostId>H</HostId><Message/><ErrorCode>E</ErrorCode></R>",
    ] {
        for headers in [&XML[..], &[]] {
            let error = write(TaskRequest::default(), headers, body).await.unwrap_err();
            assert_eq!((error.code(), error.attempts()), (Some("E"), 1), "{body}: {error}");
        }
        let fake = FakeTransport::new().respond_raw(WRITE, 200, &[], body);
        let call = setup(&fake).0.generic_call(WRITE).into_call().format(Format::Xml);
        assert_eq!(call.await.unwrap_err().code(), Some("E"), "{body}");
    }
    for body in [
        "<R/>",
        "<Error><Code>200</Code><TaskId>1</TaskId></Error>",
        "<Errors><Code>E</Code></Errors>",
        "<R><Code>OK</Code><Message>M</Message><HostId>H</HostId></R>",
        "<R><Code>E</Code><Message>M</Message><HostId>H</HostId><TaskId>1</TaskId></R>",
        "<R><Success>true</Success><Code>E</Code><Message>M</Message><HostId>H</HostId></R>",
        "<R><Success>false</Success></R>",
        "<R><Error><Code>E</Code></Error></R>",
    ] {
        assert!(write(TaskRequest::default(), &XML, body).await.is_ok(), "{body}");
    }
    // An error without a code is not a success without fields.
    let error = write(TaskRequest::default(), &XML, "<Error><A>1</A></Error>").await.unwrap_err();
    assert_eq!((error.code(), error.outcome()), (None, Outcome::Unknown));
    assert!(error.to_string().contains("HTTP 200 without an error code"), "{error}");
}

#[tokio::test]
async fn responses_of_other_kinds_are_not_searched() {
    static TEXT: Operation = Operation::rpc(&CDN, WRITE).with_response_kind(ResponseKind::Text);
    static BYTES: Operation = Operation::rpc(&CDN, WRITE).with_response_kind(ResponseKind::Bytes);
    static NOTHING: Operation =
        Operation::rpc(&CDN, WRITE).with_response_kind(ResponseKind::Nothing);
    for body in [ERRORS[0], "<Error><Code>Throttling.User</Code></Error>"] {
        let fake = FakeTransport::new().respond_raw(WRITE, 200, &[], body);
        let (client, _) = setup(&fake);
        assert_eq!(client.call(&TEXT, &TextRequest::default()).await.unwrap(), body);
        assert_eq!(client.call(&BYTES, &BytesRequest::default()).await.unwrap(), body);
        client.call(&NOTHING, &UnitRequest::default()).await.unwrap();
        assert_eq!(fake.requests().len(), 3);
    }
}

#[tokio::test]
async fn only_the_start_of_a_large_body_is_searched() {
    let padding = "x".repeat(300 << 10);
    // What follows the error does not hide it.
    let body = format!(r#"{{"Success":false,"Code":"E","Data":"{padding}","Message":"M"}}"#);
    let error = write(TaskRequest::default(), &[], &body).await.unwrap_err();
    assert_eq!((error.code(), error.body().unwrap().len()), (Some("E"), 4096));
    // A long message, such as a stack trace, is not a field of a response.
    let trace = &padding[..100 << 10];
    for body in [
        format!(r#"{{"Message":"{trace}","HostId":"H","Code":"E"}}"#),
        format!(r#"{{"Message":"{trace}","Success":false,"Code":"E"}}"#),
        format!("<Error><Message>{trace}</Message><Code>E</Code></Error>"),
    ] {
        let error = write(TaskRequest::default(), &[], &body).await.unwrap_err();
        assert_eq!(error.code(), Some("E"));
        assert!(error.to_string().len() < 2_000);
    }
    // A large response that starts with fields is a success.
    for body in [
        format!(r#"{{"TaskId":"{padding}","Success":false,"Code":"E"}}"#),
        format!(r#"{{"Code":"E","Message":"M","HostId":"H","Unknown":"{padding}"}}"#),
        format!(r#"{{"Message":"{padding}","HostId":"H","Code":"E"}}"#),
    ] {
        assert!(write(TaskRequest::default(), &[], &body).await.is_ok());
    }
    let body = format!("<Error><Message>{padding}</Message><Code>E</Code></Error>");
    assert!(write(TaskRequest::default(), &XML, &body).await.is_err());
}

#[tokio::test]
async fn a_malformed_body_stays_undecodable() {
    for body in [
        r#"{"Success":false,"Code":"Throttling.User""#,
        r#"{"Success":false,"Code":"Throttling.User"} {"#,
        "<Error><Code>Throttling.User</Code>",
        "<html><Error><Code>Throttling.User</Code></Error></html>",
        "<html><Success>false</Success><Code>Throttling.User</Code></html>",
        r#"[{"Success":false,"Code":"Throttling.User"}]x"#,
        &format!("{}{}", r#"{"Code":"E","A":"#.repeat(5_000), "}".repeat(5_000)),
    ] {
        let error = write(TaskRequest::default(), &XML, body).await.unwrap_err();
        assert!(error.is_decode(), "{error}");
        assert_eq!((error.outcome(), error.attempts()), (Outcome::Unknown, 1));
    }
}

#[tokio::test]
async fn secrets_are_redacted_from_an_error_with_a_success_status() {
    let secret = "testAccessKeySecret";
    let padding = "x".repeat(300 << 10);
    for body in [
        format!(r#"{{"Success":false,"Code":"E","Message":"{secret}"}}"#),
        format!(r#"{{"Success":false,"Code":"E","Message":"{secret}","Data":"{padding}"}}"#),
    ] {
        let error = write(TaskRequest::default(), &[], &body).await.unwrap_err();
        assert_eq!((error.code(), error.message()), (Some("E"), Some("<redacted>")));
        assert!(!format!("{error} {error:?} {:?}", error.body()).contains(secret), "{error}");
    }
}
