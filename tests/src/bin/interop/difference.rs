//! Differences between the results of two clients for the same case.

use std::collections::BTreeMap;
use std::fmt;

use alicloud_core::{Format, SignatureVersion};
use alicloud_fake::{RecordedRequest, SignatureScheme};
use serde_json::Value;

use crate::call_result::{CallResult, ServiceError};
use crate::protocol::Protocol;
use crate::run::CaseResult;

/// One difference between the results of two clients, or between ours and the service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Difference {
    pub(crate) aspect: Aspect,
    pub(crate) ours: Option<String>,
    /// The value of the other client, or of the service for [`Aspect::OursAgainstService`].
    pub(crate) theirs: Option<String>,
}

/// What differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Aspect {
    /// The number of requests.
    RequestCount,
    /// The signature scheme of the request.
    SignatureScheme,
    /// The status and error code that the service responded with.
    ServiceResponse,
    /// A decoded parameter of the request.
    Parameter(String),
    /// Whether the result is a response, an error of the service or an error of the client.
    ResultKind,
    /// A field of the response.
    Field(String),
    /// The request id that the other client reports, if it is not the one that the service sent.
    RequestId,
    /// A part of our result that differs from what the service sent. Expected differences are between
    /// clients, so none covers it.
    OursAgainstService(&'static str),
    /// The error code.
    Code,
    /// The HTTP status.
    Status,
    /// The error message.
    Message,
}

impl Aspect {
    pub(crate) fn is_parameter(&self, name: &str) -> bool {
        matches!(self, Aspect::Parameter(other) if other == name)
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.aspect {
            Aspect::RequestCount => f.write_str("number of requests")?,
            Aspect::SignatureScheme => f.write_str("signature scheme")?,
            Aspect::ServiceResponse => f.write_str("response of the service")?,
            Aspect::Parameter(name) => write!(f, "parameter {name}")?,
            Aspect::ResultKind => f.write_str("kind of result")?,
            Aspect::Field(path) => write!(f, "field {path}")?,
            Aspect::RequestId => f.write_str("request id")?,
            Aspect::OursAgainstService(part) => f.write_str(part)?,
            Aspect::Code => f.write_str("error code")?,
            Aspect::Status => f.write_str("status")?,
            Aspect::Message => f.write_str("message")?,
        }
        let text = |value: &Option<String>| match value {
            Some(text) => format!("{text:?}"),
            None => "absent".to_owned(),
        };
        let other = match self.aspect {
            Aspect::OursAgainstService(_) => "service",
            _ => "theirs",
        };
        write!(f, ": ours {}, {other} {}", text(&self.ours), text(&self.theirs))
    }
}

/// Parameters of the protocol, which are not compared: the service has verified them.
const PROTOCOL_PARAMETERS: [&str; 9] = [
    "AccessKeyId",
    "Action",
    "Format",
    "Signature",
    "SignatureMethod",
    "SignatureNonce",
    "SignatureVersion",
    "Timestamp",
    "Version",
];

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

#[derive(Default)]
struct Differences(Vec<Difference>);

impl Differences {
    fn add(&mut self, aspect: Aspect, ours: Option<String>, theirs: Option<String>) {
        let difference = Difference { aspect, ours, theirs };
        if !self.0.contains(&difference) {
            self.0.push(difference);
        }
    }

    /// Adds a difference unless the values are equal.
    fn compare(&mut self, aspect: Aspect, ours: Option<String>, theirs: Option<String>) {
        if ours != theirs {
            self.add(aspect, ours, theirs);
        }
    }

    /// Adds a difference for each name with different values.
    fn compare_all(
        &mut self,
        aspect: fn(String) -> Aspect,
        ours: BTreeMap<String, String>,
        mut theirs: BTreeMap<String, String>,
    ) {
        for (name, text) in ours {
            let their_text = theirs.remove(&name);
            self.compare(aspect(name), Some(text), their_text);
        }
        for (name, text) in theirs {
            self.add(aspect(name), None, Some(text));
        }
    }
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
    let expected_scheme = match protocol.signature {
        SignatureVersion::Acs3 => SignatureScheme::Acs3HmacSha256,
        _ => SignatureScheme::RpcHmacSha1,
    };
    let scheme = |request: &RecordedRequest| request.scheme.map(|scheme| scheme.to_string());
    if [ours.scheme, theirs.scheme] != [Some(expected_scheme); 2] {
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

/// Returns the parameters of the operation, from the query and from the form.
fn parameters(request: &RecordedRequest) -> BTreeMap<String, String> {
    let mut parameters = BTreeMap::new();
    for (name, value) in &request.params {
        if PROTOCOL_PARAMETERS.contains(&name.as_str()) {
            continue;
        }
        // A duplicate changes the value, so that it is reported as a difference.
        parameters
            .entry(name.clone())
            .and_modify(|first: &mut String| first.push_str(&format!(", duplicate {value}")))
            .or_insert_with(|| value.clone());
    }
    parameters
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
        CallResult::ClientError(_) => None,
    }
}

fn kind(result: &CallResult) -> String {
    match result {
        CallResult::Response(_) => "response".to_owned(),
        CallResult::ServiceError(error) => error_kind(error.code.as_deref().unwrap_or("?")),
        CallResult::ClientError(message) => message.clone(),
    }
}

fn error_kind(code: &str) -> String {
    format!("service error {code}")
}

/// Returns every scalar of a response by its path.
///
/// Null, an empty list and an empty object have no scalars, so they equal an absent value: typed
/// clients cannot distinguish them. XML has no scalar types, and it distinguishes neither a list of one
/// item from that item nor empty text from an absent value. So with XML every scalar is text, every
/// element has an index, and empty text is left out.
fn leaves(format: Format, value: &Value) -> BTreeMap<String, String> {
    let mut leaves = BTreeMap::new();
    collect_leaves(format, value, String::new(), &mut leaves);
    leaves
}

fn collect_leaves(
    format: Format,
    value: &Value,
    path: String,
    leaves: &mut BTreeMap<String, String>,
) {
    let is_xml = format == Format::Xml;
    match value {
        Value::Null => {}
        Value::Object(fields) => {
            for (name, value) in fields {
                let index = if is_xml && !value.is_array() { "[0]" } else { "" };
                collect_leaves(format, value, format!("{path}.{name}{index}"), leaves);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                collect_leaves(format, item, format!("{path}[{index}]"), leaves);
            }
        }
        Value::String(text) if is_xml => {
            if !text.is_empty() {
                leaves.insert(path, text.clone());
            }
        }
        scalar => {
            // As JSON, which distinguishes "1" from 1.
            leaves.insert(path, scalar.to_string());
        }
    }
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
