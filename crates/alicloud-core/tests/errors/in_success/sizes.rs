//! Up to which size a body with a success status is searched for an error.

use super::{StatusRequest, TaskRequest, XML, write};

/// Bytes of a body that are searched for an error whose fields are not the first ones.
const SEARCHED: usize = 16 << 10;
/// Bytes of a body that are parsed.
const PARSED: usize = 256 << 10;

/// Returns a text of this size, with padding between its parts.
fn padded(start: &str, end: &str, size: usize) -> String {
    format!("{start}{}{end}", "x".repeat(size - start.len() - end.len()))
}

#[tokio::test]
async fn an_error_in_json_is_not_searched_behind_a_large_field_of_a_response() {
    for (start, end) in [
        (r#"{"TaskId":""#, r#"","Success":false,"Code":"E"}"#),
        (r#"{"Code":"E","TaskId":""#, r#"","Success":false}"#),
    ] {
        let body = padded(start, end, SEARCHED);
        assert!(write(TaskRequest::default(), &[], &body).await.is_err(), "{start}");
        let body = padded(start, end, SEARCHED + end.len());
        assert!(write(TaskRequest::default(), &[], &body).await.is_ok(), "{start}");
    }
}

#[tokio::test]
async fn an_xml_body_without_the_root_of_errors_is_searched_only_if_it_is_small() {
    let (start, end) = ("<R><Success>false</Success><Code>E</Code><Data>", "</Data></R>");
    let body = padded(start, end, SEARCHED);
    let error = write(TaskRequest::default(), &XML, &body).await.unwrap_err();
    assert_eq!(error.code(), Some("E"));
    let body = padded(start, end, SEARCHED + 1);
    assert!(write(TaskRequest::default(), &XML, &body).await.is_ok());
}

/// A code of success after a text that is too large to be parsed is not seen.
#[tokio::test]
async fn a_large_xml_body_with_the_root_of_errors_is_an_error() {
    let (start, end) = ("<Error><Message>", "</Message><Code>200</Code></Error>");
    let body = padded(start, end, PARSED);
    let value = write(StatusRequest::default(), &XML, &body).await.unwrap().value;
    assert_eq!(value.code.as_deref(), Some("200"));
    for size in [PARSED + 1, PARSED + 100] {
        let body = padded(start, end, size);
        let error = write(StatusRequest::default(), &XML, &body).await.unwrap_err();
        assert!(!error.is_decode() && error.code().is_none(), "{size}");
    }
}
