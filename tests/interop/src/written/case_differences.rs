//! Finds the differences between the requests and results of two clients for the same case.

use alicloud_core::Format;
use alicloud_fake::RecordedRequest;
use serde_json::Value;

use crate::call_result::{CallResult, ServiceError};
use crate::difference::{Aspect, Difference, Differences};
use crate::protocol::Protocol;
use crate::request_parameters::parameters;
use crate::response_leaves::leaves;
use crate::written::run::CaseResult;

/// Returns the differences between the results of one case.
pub(crate) fn find(protocol: Protocol, ours: &CaseResult, theirs: &CaseResult) -> Vec<Difference> {
    let mut differences = Differences::default();
    let ([our_request], [their_request]) = (&ours.requests[..], &theirs.requests[..]) else {
        // This is a difference even if both clients sent no request.
        let count = |result: &CaseResult| Some(result.requests.len().to_string());
        differences.add(Aspect::RequestCount, count(ours), count(theirs));
        let kind = |result: &CaseResult| Some(kind(&result.output.result));
        differences.compare(Aspect::ResultKind, kind(ours), kind(theirs));
        return differences.0;
    };
    let (our_result, their_result) = (&ours.output.result, &theirs.output.result);
    compare_with_service(ours.case.error, our_result, &our_request.request_id, &mut differences);
    compare_requests(protocol, ours, our_request, their_request, &mut differences);
    match (our_result, their_result) {
        (CallResult::Response(a), CallResult::Response(b)) => {
            compare_responses(protocol.format, a, b, &mut differences);
        }
        (CallResult::ServiceError(a), CallResult::ServiceError(b)) => {
            compare_errors(a, b, &mut differences);
        }
        (a, b) => differences.add(Aspect::ResultKind, Some(kind(a)), Some(kind(b))),
    }
    let their_id = request_id(their_result);
    if their_id != Some(their_request.request_id.as_str())
        && !matches!(their_result, CallResult::ClientError(_))
    {
        let our_id = request_id(our_result).map(str::to_owned);
        differences.add(Aspect::RequestId, our_id, their_id.map(str::to_owned));
    }
    differences.0
}

/// Compares our result with what the service sent. Comparing with the other client alone would miss
/// a bug of ours where that client reports nothing or has an expected difference.
fn compare_with_service(
    expected_error: Option<(u16, &str)>,
    result: &CallResult,
    sent_request_id: &str,
    differences: &mut Differences,
) {
    let text = |text: &str| Some(text.to_owned());
    match (result, expected_error) {
        (CallResult::Response(_), None) => {}
        (CallResult::ServiceError(error), Some((status, code))) => {
            differences.compare(
                Aspect::OursAgainstService("error code"),
                error.code.clone(),
                text(code),
            );
            differences.compare(
                Aspect::OursAgainstService("status"),
                error.status.map(|status| status.to_string()),
                Some(status.to_string()),
            );
        }
        (result, expected_error) => {
            let expected =
                expected_error.map_or("response".to_owned(), |(_, code)| error_kind(code));
            differences.add(
                Aspect::OursAgainstService("kind of result"),
                Some(kind(result)),
                Some(expected),
            );
        }
    }
    differences.compare(
        Aspect::OursAgainstService("request id"),
        request_id(result).map(str::to_owned),
        text(sent_request_id),
    );
}

fn compare_requests(
    protocol: Protocol,
    result: &CaseResult,
    ours: &RecordedRequest,
    theirs: &RecordedRequest,
    differences: &mut Differences,
) {
    let scheme = |request: &RecordedRequest| request.scheme.map(|scheme| scheme.to_string());
    if [ours.scheme, theirs.scheme] != [Some(protocol.scheme()); 2] {
        differences.add(Aspect::SignatureScheme, scheme(ours), scheme(theirs));
    }
    // Compared with the expectation of the case: both clients could get the same wrong response.
    let response = |request: &RecordedRequest| {
        let code = request.response.code.as_deref().unwrap_or("no error");
        Some(format!("{} {code}", request.response.status.as_u16()))
    };
    let (status, code) = result.case.error.unwrap_or((200, "no error"));
    let expected = Some(format!("{status} {code}"));
    if response(ours) != expected || response(theirs) != expected {
        differences.add(Aspect::ServiceResponse, response(ours), response(theirs));
    }
    let is_operation = |action: &Option<String>| action.as_deref() == Some(result.operation);
    if !is_operation(&ours.operation) || !is_operation(&theirs.operation) {
        let aspect = Aspect::Parameter("Action".to_owned());
        differences.add(aspect, ours.operation.clone(), theirs.operation.clone());
    }
    differences.compare_all(Aspect::Parameter, parameters(ours), parameters(theirs));
}

fn compare_responses(format: Format, ours: &Value, theirs: &Value, differences: &mut Differences) {
    let leaves = |response: &Value| {
        let mut leaves = leaves(format, response);
        // Request ids are unique; `find` compares them with those that the service sent.
        leaves.retain(|path, _| !matches!(path.as_str(), ".RequestId" | ".RequestId[0]"));
        leaves
    };
    differences.compare_all(Aspect::Field, leaves(ours), leaves(theirs));
}

fn compare_errors(ours: &ServiceError, theirs: &ServiceError, differences: &mut Differences) {
    differences.compare(Aspect::Code, ours.code.clone(), theirs.code.clone());
    let status = |error: &ServiceError| error.status.map(|status| status.to_string());
    differences.compare(Aspect::Status, status(ours), status(theirs));
    // The official clients add text to the message of the service. The message about a wrong signature
    // contains the signed text, which is unique to each request.
    let (our_message, their_message) = (ours.message.as_deref(), theirs.message.as_deref());
    let is_contained =
        || our_message.zip(their_message).is_some_and(|(ours, theirs)| theirs.contains(ours));
    if ours.code.as_deref() != Some("SignatureDoesNotMatch") && !is_contained() {
        differences.add(
            Aspect::Message,
            our_message.map(str::to_owned),
            their_message.map(str::to_owned),
        );
    }
}

fn request_id(result: &CallResult) -> Option<&str> {
    match result {
        CallResult::Response(response) => response.get("RequestId")?.as_str(),
        CallResult::ServiceError(error) => error.request_id.as_deref(),
        CallResult::NotSupported(_) | CallResult::ClientError(_) => None,
    }
}

fn kind(result: &CallResult) -> String {
    match result {
        CallResult::Response(_) => "response".to_owned(),
        CallResult::ServiceError(error) => error_kind(error.code.as_deref().unwrap_or("?")),
        CallResult::NotSupported(message) | CallResult::ClientError(message) => message.clone(),
    }
}

fn error_kind(code: &str) -> String {
    format!("service error {code}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn response_differences(format: Format, ours: Value, theirs: Value) -> Vec<String> {
        let mut differences = Differences::default();
        compare_responses(format, &ours, &theirs, &mut differences);
        differences.0.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn json_scalars_are_compared_with_their_types() {
        let ours = json!({ "RequestId": "1", "A": [{ "B": 1, "C": null }], "D": [], "E": "" });
        let theirs = json!({ "RequestId": "2", "A": [{ "B": "1" }], "E": "" });
        assert_eq!(
            response_differences(Format::Json, ours, theirs),
            [r#"field .A[0].B: ours "1", theirs "\"1\"""#]
        );
        assert_eq!(
            response_differences(Format::Json, json!({ "E": "" }), json!({ "F": false })),
            [r#"field .E: ours "\"\"", theirs absent"#, r#"field .F: ours absent, theirs "false""#]
        );
    }

    #[test]
    fn xml_scalars_are_compared_as_text() {
        let ours = json!({ "A": [{ "B": 1, "C": "" }], "D": { "E": ["x"] } });
        let theirs = json!({ "A": { "B": "1" }, "D": { "E": "x" } });
        assert_eq!(response_differences(Format::Xml, ours, theirs), [""; 0]);
        let (ours, theirs) = (json!({ "A": ["x", "y"] }), json!({ "A": "x" }));
        assert_eq!(
            response_differences(Format::Xml, ours, theirs),
            [r#"field .A[1]: ours "y", theirs absent"#]
        );
    }

    #[test]
    fn our_result_is_compared_with_the_service() {
        let differences = |expected, result: CallResult| {
            let mut differences = Differences::default();
            compare_with_service(expected, &result, "ID", &mut differences);
            differences.0.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        let error = |code: &str, status, id: Option<&str>| {
            CallResult::ServiceError(ServiceError {
                code: Some(code.to_owned()),
                message: None,
                status: Some(status),
                request_id: id.map(str::to_owned),
            })
        };
        let expected = Some((400, "A"));
        let response = || CallResult::Response(json!({ "RequestId": "ID" }));
        assert_eq!(differences(expected, error("A", 400, Some("ID"))), [""; 0]);
        assert_eq!(differences(None, response()), [""; 0]);
        assert_eq!(
            differences(expected, error("SDK.UnknownServerError", 404, None)),
            [
                r#"error code: ours "SDK.UnknownServerError", service "A""#,
                r#"status: ours "404", service "400""#,
                r#"request id: ours absent, service "ID""#,
            ]
        );
        assert_eq!(
            differences(expected, response()),
            [r#"kind of result: ours "response", service "service error A""#]
        );
        assert_eq!(differences(None, CallResult::ClientError("oops".to_owned())).len(), 2);
    }

    #[test]
    fn errors_need_equal_codes_and_statuses_and_the_message_of_the_service() {
        let error = |code: &str, status, message: &str| ServiceError {
            code: Some(code.to_owned()),
            message: Some(message.to_owned()),
            status: Some(status),
            request_id: None,
        };
        let mut differences = Differences::default();
        let ours = error("A", 400, "m");
        compare_errors(&ours, &error("A", 400, "A: m (1)"), &mut differences);
        assert_eq!(differences.0, []);
        compare_errors(&ours, &error("B", 404, "n"), &mut differences);
        let aspects: Vec<Aspect> =
            differences.0.into_iter().map(|difference| difference.aspect).collect();
        assert_eq!(aspects, [Aspect::Code, Aspect::Status, Aspect::Message]);
    }
}
