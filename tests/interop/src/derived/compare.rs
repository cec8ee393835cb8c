//! Finds the differences of our client from a case, and of an official client from ours.

use std::collections::BTreeMap;

use alicloud_core::Format;
use serde_json::Value;

use super::case::Case;
use super::run::Outcome;
use crate::call_result::CallResult;
use crate::difference::{Aspect, Difference, Differences};
use crate::protocol::Protocol;
use crate::request_parameters::parameters;
use crate::response_leaves::leaves;

/// Returns the differences of what our client did from the case.
pub(crate) fn ours_with_case(protocol: Protocol, case: &Case, ours: &Outcome) -> Vec<Difference> {
    let mut differences = Differences::default();
    if let Some(request) = &ours.request {
        let sent = leaves(Format::Json, &case.parameters);
        differences.compare_all(
            |name| Aspect::OurParameter(format!("{name} of the typed request")),
            leaves(Format::Json, request),
            sent,
        );
    }
    compare_request_head(protocol, case, ours, &mut differences);
    let mut sent = sent_parameters(ours);
    for token in case.tokens.iter().filter(|token| !case.pairs.contains_key(*token)) {
        sent.remove(token);
    }
    let pairs = case.pairs.clone().into_iter().flat_map(|(name, text)| scalars(name, text));
    differences.compare_all(Aspect::OurParameter, sent, pairs.collect());
    match &ours.output.result {
        CallResult::Response(response) => differences.compare_all(
            Aspect::OurField,
            fields(protocol.format, response),
            fields(protocol.format, &case.response),
        ),
        other => differences.add(
            Aspect::OursAgainstService("kind of result"),
            Some(kind(other)),
            Some("response".to_owned()),
        ),
    }
    differences.0
}

/// Returns the differences of what an official client did from what ours did.
pub(crate) fn official_with_ours(
    protocol: Protocol,
    case: &Case,
    ours: &Outcome,
    theirs: &Outcome,
) -> Vec<Difference> {
    let mut differences = Differences::default();
    if let CallResult::NotSupported(_) = theirs.output.result {
        differences.add(Aspect::Operation, Some(case.operation.clone()), None);
        return differences.0;
    }
    compare_request_head(protocol, case, theirs, &mut differences);
    let mut sent = sent_parameters(ours);
    let mut their_parameters = sent_parameters(theirs);
    for token in &case.tokens {
        if !case.pairs.contains_key(token) {
            let added = sent.remove(token).map(|_| "a new value".to_owned());
            differences.compare(
                Aspect::AddedToken(token.clone()),
                added,
                their_parameters.remove(token),
            );
        }
    }
    differences.compare_all(Aspect::Parameter, sent, their_parameters);
    for (path, declared) in &theirs.output.other_types {
        differences.add(Aspect::DeclaredType(path.clone()), None, Some(declared.clone()));
    }
    match (&ours.output.result, &theirs.output.result) {
        (CallResult::Response(a), CallResult::Response(b)) => differences.compare_all(
            Aspect::Field,
            fields(protocol.format, a),
            fields(protocol.format, b),
        ),
        (a, b) => differences.add(Aspect::ResultKind, Some(kind(a)), Some(kind(b))),
    }
    differences.0
}

/// Compares how often and how the operation was called.
fn compare_request_head(
    protocol: Protocol,
    case: &Case,
    outcome: &Outcome,
    differences: &mut Differences,
) {
    let [request] = &outcome.requests[..] else {
        let count = outcome.requests.len().to_string();
        differences.add(Aspect::RequestCount, Some("1".to_owned()), Some(count));
        return;
    };
    let scheme = (!case.is_anonymous).then(|| protocol.scheme().to_string());
    let their_scheme = request.scheme.map(|scheme| scheme.to_string());
    differences.compare(Aspect::SignatureScheme, scheme, their_scheme);
    let head = |operation: &str, version: &str, status: u16| {
        Some(format!("{operation} {version}, status {status}"))
    };
    let found = head(
        request.operation.as_deref().unwrap_or_default(),
        request.version.as_deref().unwrap_or_default(),
        request.response.status.as_u16(),
    );
    let expected = head(&case.operation, &case.version, 200);
    differences.compare(Aspect::ServiceResponse, expected, found);
}

/// Returns the parameters of the only request.
fn sent_parameters(outcome: &Outcome) -> BTreeMap<String, String> {
    let sent = outcome.requests.first().map(parameters).unwrap_or_default();
    sent.into_iter().flat_map(|(name, text)| scalars(name, text)).collect()
}

/// Returns the scalars of a parameter: several if its text is JSON, in which clients differ in spaces and in the order
/// of keys.
fn scalars(name: String, text: String) -> BTreeMap<String, String> {
    match document(&text) {
        Some(document) => leaves(Format::Json, &document)
            .into_iter()
            .map(|(path, text)| (format!("{name}{path}"), text))
            .collect(),
        None => BTreeMap::from([(name, text)]),
    }
}

/// Returns the scalars of a response. Texts that are JSON are read: some clients decode them, and some do not.
fn fields(format: Format, response: &Value) -> BTreeMap<String, String> {
    leaves(format, &read_texts(response))
}

fn read_texts(value: &Value) -> Value {
    match value {
        Value::String(text) => {
            document(text).map_or_else(|| value.clone(), |found| read_texts(&found))
        }
        Value::Array(items) => items.iter().map(read_texts).collect(),
        Value::Object(fields) => {
            fields.iter().map(|(name, value)| (name.clone(), read_texts(value))).collect()
        }
        scalar => scalar.clone(),
    }
}

/// Returns the object or list that a text contains.
fn document(text: &str) -> Option<Value> {
    match text.starts_with(['{', '[']) {
        true => serde_json::from_str(text).ok(),
        false => None,
    }
}

fn kind(result: &CallResult) -> String {
    match result {
        CallResult::Response(_) => "response".to_owned(),
        CallResult::ServiceError(error) => {
            format!(
                "service error {}: {}",
                error.code.as_deref().unwrap_or("?"),
                error.message.as_deref().unwrap_or_default()
            )
        }
        CallResult::NotSupported(message) | CallResult::ClientError(message) => message.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn spaces_and_the_order_of_keys_in_json_make_no_difference() {
        let of = |text: &str| scalars("Tags".to_owned(), text.to_owned());
        assert_eq!(of(r#"[{"a": 1, "b": "x"}]"#), of(r#"[{"b":"x","a":1}]"#));
        assert_ne!(of(r#"[{"a": 1}]"#), of(r#"[{"a": "1"}]"#));
        assert_eq!(of("[no JSON")["Tags"], "[no JSON");
    }

    #[test]
    fn json_in_a_text_equals_its_value() {
        let (text, value) = (json!({ "A": "[{\"b\": 1}]" }), json!({ "A": [{ "b": 1 }] }));
        for format in [Format::Json, Format::Xml] {
            assert_eq!(fields(format, &text), fields(format, &value));
        }
        assert_ne!(
            fields(Format::Json, &json!({ "A": "1" })),
            fields(Format::Json, &json!({ "A": 1 }))
        );
    }
}
