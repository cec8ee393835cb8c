//! What differs between two clients that did the same.

use std::collections::BTreeMap;
use std::fmt;

use alicloud_core::{Format, SignatureVersion};
use alicloud_fake::{RecordedRequest, SignatureScheme};
use serde_json::Value;

use crate::contestant::{Outcome, Refusal};
use crate::trial::Row;
use crate::way::Way;

/// One thing that is not the same: what, in our client, in theirs or at the service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Difference {
    pub(crate) what: What,
    pub(crate) ours: Option<String>,
    pub(crate) theirs: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum What {
    /// How many requests were made.
    Requests,
    /// How the request was signed.
    Scheme,
    /// What the service made of the request.
    Verdict,
    /// A decoded parameter of the request.
    Parameter(String),
    /// Whether there is an answer, a refusal or neither.
    Outcome,
    /// A field of the answer.
    Field(String),
    /// The id of their request, which has to be the one that the service gave it.
    RequestId,
    /// What ours says, held against the service itself. No other client is the measure of it, so no
    /// deviation covers it.
    Own(&'static str),
    Code,
    Status,
    Message,
}

impl What {
    pub(crate) fn is_parameter(&self, name: &str) -> bool {
        matches!(self, What::Parameter(other) if other == name)
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.what {
            What::Requests => f.write_str("number of requests")?,
            What::Scheme => f.write_str("signature")?,
            What::Verdict => f.write_str("the service's verdict")?,
            What::Parameter(name) => write!(f, "parameter {name}")?,
            What::Outcome => f.write_str("outcome")?,
            What::Field(path) => write!(f, "field {path}")?,
            What::RequestId => f.write_str("request id")?,
            What::Own(what) => f.write_str(what)?,
            What::Code => f.write_str("code")?,
            What::Status => f.write_str("status")?,
            What::Message => f.write_str("message")?,
        }
        let text = |side: &Option<String>| match side {
            Some(text) => format!("{text:?}"),
            None => "nothing".to_owned(),
        };
        let other = if matches!(self.what, What::Own(_)) { "the service's" } else { "theirs" };
        write!(f, ": ours {}, {other} {}", text(&self.ours), text(&self.theirs))
    }
}

/// What belongs to the protocol and not to the call. How it is spelled is what the signature and the
/// service's verdict are about.
const PROTOCOL: [&str; 9] = [
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

/// Compares what came of one case.
pub(crate) fn rows(way: Way, ours: &Row, theirs: &Row) -> Vec<Difference> {
    let mut found = Found::default();
    let ([own], [other]) = (&ours.received[..], &theirs.received[..]) else {
        // Two clients that agree on sending nothing agree on nothing.
        let requests = |row: &Row| Some(row.received.len().to_string());
        found.add(What::Requests, requests(ours), requests(theirs));
        let outcome = |row: &Row| Some(kind(&row.said.outcome));
        found.same(What::Outcome, outcome(ours), outcome(theirs));
        return found.0;
    };
    hold(ours.case.refusal, &ours.said.outcome, &own.request_id, &mut found);
    compare_requests(way, ours, own, other, &mut found);
    match (&ours.said.outcome, &theirs.said.outcome) {
        (Outcome::Answer(a), Outcome::Answer(b)) => compare_answers(way.format, a, b, &mut found),
        (Outcome::Error(a), Outcome::Error(b)) => compare_refusals(a, b, &mut found),
        (a, b) => found.add(What::Outcome, Some(kind(a)), Some(kind(b))),
    }
    let known = request_id(&theirs.said.outcome);
    if known != Some(other.request_id.as_str())
        && !matches!(theirs.said.outcome, Outcome::Broken(_))
    {
        let own = request_id(&ours.said.outcome);
        found.add(What::RequestId, own.map(str::to_owned), known.map(str::to_owned));
    }
    found.0
}

#[derive(Default)]
struct Found(Vec<Difference>);

impl Found {
    fn add(&mut self, what: What, ours: Option<String>, theirs: Option<String>) {
        let difference = Difference { what, ours, theirs };
        if !self.0.contains(&difference) {
            self.0.push(difference);
        }
    }

    fn same(&mut self, what: What, ours: Option<String>, theirs: Option<String>) {
        if ours != theirs {
            self.add(what, ours, theirs);
        }
    }

    /// For sets of named texts.
    fn all_same(
        &mut self,
        what: fn(String) -> What,
        ours: BTreeMap<String, String>,
        mut theirs: BTreeMap<String, String>,
    ) {
        for (name, text) in ours {
            let other = theirs.remove(&name);
            self.same(what(name), Some(text), other);
        }
        for (name, text) in theirs {
            self.add(what(name), None, Some(text));
        }
    }
}

/// Holds what ours says against what it had to come to and the id that the service gave out: where
/// the other client says nothing, or something else on purpose, a mistake of ours would go unseen.
fn hold(due: Option<(u16, &str)>, said: &Outcome, id: &str, found: &mut Found) {
    let text = |text: &str| Some(text.to_owned());
    match (said, due) {
        (Outcome::Answer(_), None) => {}
        (Outcome::Error(refusal), Some((status, code))) => {
            found.same(What::Own("our code"), refusal.code.clone(), text(code));
            let own = refusal.status.map(|status| status.to_string());
            found.same(What::Own("our status"), own, Some(status.to_string()));
        }
        (other, due) => {
            let due = due.map_or("an answer".to_owned(), |(_, code)| refusal_of(code));
            found.add(What::Own("our outcome"), Some(kind(other)), Some(due));
        }
    }
    let own = request_id(said).map(str::to_owned);
    found.same(What::Own("our request id"), own, text(id));
}

fn compare_requests(
    way: Way,
    row: &Row,
    ours: &RecordedRequest,
    theirs: &RecordedRequest,
    found: &mut Found,
) {
    let due = match way.signature {
        SignatureVersion::Acs3 => SignatureScheme::Acs3HmacSha256,
        _ => SignatureScheme::RpcHmacSha1,
    };
    let scheme = |request: &RecordedRequest| request.scheme.map(|scheme| scheme.to_string());
    if [ours.scheme, theirs.scheme] != [Some(due); 2] {
        found.add(What::Scheme, scheme(ours), scheme(theirs));
    }
    // Held against what the case expects too: that both fail alike is not what was asked for.
    let verdict = |request: &RecordedRequest| {
        let code = request.response.code.as_deref().unwrap_or("no error");
        Some(format!("{} {code}", request.response.status.as_u16()))
    };
    let (status, code) = row.case.refusal.unwrap_or((200, "no error"));
    let due = Some(format!("{status} {code}"));
    if verdict(ours) != due || verdict(theirs) != due {
        found.add(What::Verdict, verdict(ours), verdict(theirs));
    }
    if [&ours.operation, &theirs.operation]
        .iter()
        .any(|name| name.as_deref() != Some(row.operation))
    {
        let (own, other) = (ours.operation.clone(), theirs.operation.clone());
        found.add(What::Parameter("Action".to_owned()), own, other);
    }
    found.all_same(What::Parameter, parameters(ours), parameters(theirs));
}

/// What the call itself consists of, wherever in the request it travelled.
fn parameters(request: &RecordedRequest) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for (name, value) in &request.params {
        if PROTOCOL.contains(&name.as_str()) {
            continue;
        }
        // One that comes twice is not the one that comes once.
        all.entry(name.clone())
            .and_modify(|first: &mut String| first.push_str(&format!(" and again {value}")))
            .or_insert_with(|| value.clone());
    }
    all
}

fn compare_answers(format: Format, ours: &Value, theirs: &Value, found: &mut Found) {
    let leaves = |answer: &Value| {
        let mut leaves = leaves(format, answer);
        // It is another in each response; that it is the right one is looked at elsewhere.
        leaves.retain(|path, _| !matches!(path.as_str(), ".RequestId" | ".RequestId[0]"));
        leaves
    };
    found.all_same(What::Field, leaves(ours), leaves(theirs));
}

fn compare_refusals(ours: &Refusal, theirs: &Refusal, found: &mut Found) {
    found.same(What::Code, ours.code.clone(), theirs.code.clone());
    let status = |refusal: &Refusal| refusal.status.map(|status| status.to_string());
    found.same(What::Status, status(ours), status(theirs));
    // The official clients put more around the service's words. The words about a signature hold all
    // that was signed, which is another text in each request.
    let (own, other) = (ours.message.as_deref(), theirs.message.as_deref());
    let quotes = || own.zip(other).is_some_and(|(own, other)| other.contains(own));
    if ours.code.as_deref() != Some("SignatureDoesNotMatch") && !quotes() {
        found.add(What::Message, own.map(str::to_owned), other.map(str::to_owned));
    }
}

fn request_id(outcome: &Outcome) -> Option<&str> {
    match outcome {
        Outcome::Answer(answer) => answer.get("RequestId")?.as_str(),
        Outcome::Error(refusal) => refusal.request_id.as_deref(),
        Outcome::Broken(_) => None,
    }
}

fn kind(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Answer(_) => "an answer".to_owned(),
        Outcome::Error(refusal) => refusal_of(refusal.code.as_deref().unwrap_or("?")),
        Outcome::Broken(complaint) => complaint.clone(),
    }
}

fn refusal_of(code: &str) -> String {
    format!("the refusal {code}")
}

/// Every scalar of a response by its path.
///
/// What is absent, null, an empty list or an empty object has no scalars, and so is all the same: a
/// client that has types cannot tell one from the other. XML has no kinds of scalars, no list that is
/// told from a single item, and no empty text that is told from nothing, so there all is text, and
/// every element has an index.
fn leaves(format: Format, value: &Value) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    collect(format, value, String::new(), &mut all);
    all
}

fn collect(format: Format, value: &Value, path: String, all: &mut BTreeMap<String, String>) {
    let is_xml = format == Format::Xml;
    match value {
        Value::Null => {}
        Value::Object(fields) => {
            for (name, value) in fields {
                let index = if is_xml && !value.is_array() { "[0]" } else { "" };
                collect(format, value, format!("{path}.{name}{index}"), all);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(format, item, format!("{path}[{index}]"), all);
            }
        }
        Value::String(text) if is_xml => {
            if !text.is_empty() {
                all.insert(path, text.clone());
            }
        }
        scalar => {
            // As JSON, so that "1" is not 1.
            all.insert(path, scalar.to_string());
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn differences(format: Format, ours: Value, theirs: Value) -> Vec<String> {
        let mut found = Found::default();
        compare_answers(format, &ours, &theirs, &mut found);
        found.0.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn json_is_compared_with_its_kinds() {
        let ours = json!({ "RequestId": "1", "A": [{ "B": 1, "C": null }], "D": [], "E": "" });
        let theirs = json!({ "RequestId": "2", "A": [{ "B": "1" }], "E": "" });
        assert_eq!(
            differences(Format::Json, ours, theirs),
            [r#"field .A[0].B: ours "1", theirs "\"1\"""#]
        );
        assert_eq!(
            differences(Format::Json, json!({ "E": "" }), json!({ "F": false })),
            [
                r#"field .E: ours "\"\"", theirs nothing"#,
                r#"field .F: ours nothing, theirs "false""#
            ]
        );
    }

    #[test]
    fn xml_is_compared_as_the_text_that_it_is() {
        let ours = json!({ "A": [{ "B": 1, "C": "" }], "D": { "E": ["x"] } });
        let theirs = json!({ "A": { "B": "1" }, "D": { "E": "x" } });
        assert_eq!(differences(Format::Xml, ours, theirs), [""; 0]);
        let (ours, theirs) = (json!({ "A": ["x", "y"] }), json!({ "A": "x" }));
        assert_eq!(
            differences(Format::Xml, ours, theirs),
            [r#"field .A[1]: ours "y", theirs nothing"#]
        );
    }

    #[test]
    fn ours_is_held_against_the_service() {
        let held = |due, said: Outcome| {
            let mut found = Found::default();
            hold(due, &said, "ID", &mut found);
            found.0.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        let refusal = |code: &str, status, id: Option<&str>| {
            Outcome::Error(Refusal {
                code: Some(code.to_owned()),
                message: None,
                status: Some(status),
                request_id: id.map(str::to_owned),
            })
        };
        let due = Some((400, "A"));
        assert_eq!(held(due, refusal("A", 400, Some("ID"))), [""; 0]);
        assert_eq!(held(None, Outcome::Answer(json!({ "RequestId": "ID" }))), [""; 0]);
        assert_eq!(
            held(due, refusal("SDK.UnknownServerError", 404, None)),
            [
                r#"our code: ours "SDK.UnknownServerError", the service's "A""#,
                r#"our status: ours "404", the service's "400""#,
                r#"our request id: ours nothing, the service's "ID""#,
            ]
        );
        assert_eq!(
            held(due, Outcome::Answer(json!({ "RequestId": "ID" }))),
            [r#"our outcome: ours "an answer", the service's "the refusal A""#]
        );
        assert_eq!(held(None, Outcome::Broken("oops".to_owned())).len(), 2);
    }

    #[test]
    fn refusals_have_one_code_and_status_and_quote_the_message() {
        let refusal = |code: &str, status, message: &str| Refusal {
            code: Some(code.to_owned()),
            message: Some(message.to_owned()),
            status: Some(status),
            request_id: None,
        };
        let mut found = Found::default();
        compare_refusals(&refusal("A", 400, "m"), &refusal("A", 400, "A: m (1)"), &mut found);
        assert_eq!(found.0, []);
        compare_refusals(&refusal("A", 400, "m"), &refusal("B", 404, "n"), &mut found);
        let what: Vec<What> = found.0.into_iter().map(|difference| difference.what).collect();
        assert_eq!(what, [What::Code, What::Status, What::Message]);
    }
}
