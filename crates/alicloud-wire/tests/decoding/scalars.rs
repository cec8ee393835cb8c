//! Scalars in a list of one item, and whitespace around a value.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

use std::collections::BTreeMap;

use alicloud_wire::{Bytes, Decoded, Value, from_json, from_xml};

alicloud_wire::open_enum! {
    enum Status {
        Complete = "Complete",
        Failed = "Failed",
    }
}

alicloud_wire::record! {
    struct Response: PartialEq {
        text: Option<String> = "Text",
        integer: Option<i64> = "Integer",
        float: Option<f64> = "Float",
        boolean: Option<bool> = "Boolean",
        bytes: Option<Bytes> = "Bytes",
        status: Option<Status> = "Status",
        texts: Vec<String> = "Texts",
        floats: Vec<f64> = "Floats" / "Float",
        statuses: Vec<Status> = "Statuses",
        rates: BTreeMap<String, f64> = "Rates",
        labels: BTreeMap<String, String> = "Labels",
        free: Option<Value> = "Free",
    }
}

fn decode(json: &str) -> Decoded<Response> {
    from_json(json.as_bytes()).unwrap()
}

/// Decodes JSON, which must not have issues.
fn json(text: &str) -> Response {
    let decoded = decode(text);
    assert_eq!(decoded.issues, [], "{text}");
    decoded.value
}

/// Decodes XML, which must not have issues.
fn xml(text: &str) -> Response {
    let decoded = from_xml::<Response>(text.as_bytes()).unwrap();
    assert_eq!(decoded.issues, [], "{text}");
    decoded.value
}

/// Returns the issues of a response as text.
fn issues(json: &str) -> Vec<String> {
    decode(json).issues.iter().map(ToString::to_string).collect()
}

#[test]
fn a_scalar_in_a_list_of_one_item_is_the_scalar() {
    let response = json(
        r#"{"Text": ["17"], "Integer": [17], "Float": ["1.5"], "Boolean": [true], "Bytes": ["YQ=="],
            "Status": ["Complete"], "Texts": [["a"], "b"], "Statuses": [["Failed"]],
            "Labels": {"k": ["v"], "n": [1.50]}, "Free": ["a"]}"#,
    );
    assert_eq!(response.text.as_deref(), Some("17"));
    assert_eq!((response.integer, response.float), (Some(17), Some(1.5)));
    assert_eq!((response.boolean, response.bytes.as_deref()), (Some(true), Some(&b"a"[..])));
    assert_eq!(
        (response.status, response.texts),
        (Some(Status::Complete), vec!["a".into(), "b".into()])
    );
    assert_eq!(response.statuses, [Status::Failed]);
    assert_eq!((response.labels["k"].as_str(), response.labels["n"].as_str()), ("v", "1.50"));
    assert_eq!(response.free, Some(serde_json::json!(["a"])), "a free-form value is unchanged");
    // A number keeps its spelling, and a padded one is trimmed.
    for (value, text) in [("17", "17"), ("1.50", "1.50"), ("true", "true"), ("1e2", "1e2")] {
        assert_eq!(json(&format!(r#"{{"Text": [ {value} ]}}"#)).text.as_deref(), Some(text));
    }
    let padded = json(r#"{"Integer": [" 17 "], "Status": [" Complete"], "Boolean": [1]}"#);
    assert_eq!((padded.integer, padded.boolean), (Some(17), Some(true)));
    assert_eq!(padded.status, Some(Status::Complete));
    // The same for types that are restored with serde.
    let restored: Response =
        serde_json::from_str(r#"{"Text": ["17"], "Integer": [17], "Status": ["Failed"]}"#).unwrap();
    assert_eq!((restored.text.as_deref(), restored.integer), (Some("17"), Some(17)));
    assert_eq!(restored.status, Some(Status::Failed));
}

#[test]
fn a_list_without_a_scalar_is_absent() {
    for list in ["[]", "[ ]", "[null]", "[\n]"] {
        // The float in a text field makes the decoder read the source a second time.
        for text in ["\"a\"", "1.5"] {
            let response = json(&format!(
                r#"{{"Text": {list}, "Integer": {list}, "Float": {list}, "Boolean": {list},
                    "Bytes": {list}, "Status": {list}, "Labels": {{"k": {list}}}, "Texts": [{text}]}}"#
            ));
            let text = text.trim_matches('"');
            let expected = Response { texts: vec![text.into()], ..Response::default() };
            assert_eq!(response, expected, "{list}");
        }
    }
    assert_eq!(json(r#"{"Integer": [""], "Float": [" "]}"#), Response::default());
    assert_eq!(json(r#"{"Text": [""]}"#).text.as_deref(), Some(""));
    let last = json(r#"{"Integer": 1, "Integer": []}"#);
    assert_eq!(last.integer, None, "the last of two equal keys wins");
}

#[test]
fn a_list_of_several_items_is_not_a_scalar() {
    for (field, expected) in [
        ("Integer", "an integer"),
        ("Float", "a number"),
        ("Boolean", "a boolean"),
        ("Bytes", "base64 text"),
    ] {
        for list in ["[1, 1]", "[1, null, {}]", "[null, 1]", r#"["x", {"a": [2]}]"#, "[[1], [2]]"] {
            let text = format!(r#"{{"{field}": {list}, "Text": "a"}}"#);
            let decoded = decode(&text);
            let found = issues(&text);
            assert_eq!(
                found,
                [format!("{field}: expected {expected}, found a list of several items")]
            );
            assert_eq!(decoded.value, Response { text: Some("a".into()), ..Response::default() });
        }
    }
    // Text and enums keep all of it.
    let text = r#"{"Text": ["17", 1.50], "Status": ["Complete", "Failed"]}"#;
    let response = json(text);
    assert_eq!(response.text.as_deref(), Some(r#"["17", 1.50]"#));
    assert_eq!(response.status.unwrap().as_str(), r#"["Complete", "Failed"]"#);
}

#[test]
fn a_list_with_an_item_that_is_not_a_scalar_is_not_a_scalar() {
    assert_eq!(issues(r#"{"Integer": [[1]]}"#), ["Integer[0]: expected an integer, found a list"]);
    assert_eq!(
        issues(r#"{"Integer": ["many"], "Rates": {"a": [{"b": 1}]}}"#),
        [
            r#"Integer[0]: expected an integer, found the text "many""#,
            "Rates.a[0]: expected a number, found an object",
        ]
    );
    for text in [r#"[{"a": 1.50}]"#, r#"[["17"]]"#, "[[]]", "[[1,2]]"] {
        assert_eq!(json(&format!(r#"{{"Text": {text}}}"#)).text.as_deref(), Some(text));
    }
}

#[test]
fn whitespace_around_a_value_is_ignored() {
    for (before, after) in [("", " "), (" ", ""), ("\\t", "\\r\\n"), ("\u{a0}", "\u{3000}")] {
        let pad = |value: &str| format!("\"{before}{value}{after}\"");
        let response = json(&format!(
            r#"{{"Integer": {}, "Float": {}, "Boolean": {}, "Bytes": {}, "Status": {}, "Statuses": [{}],
                "Rates": {{"a": {}}}}}"#,
            pad("17"),
            pad("-1.5e3"),
            pad("True"),
            pad("YQ=="),
            pad("Complete"),
            pad("Failed"),
            pad("0.1"),
        ));
        assert_eq!((response.integer, response.float), (Some(17), Some(-1500.0)));
        assert_eq!((response.boolean, response.bytes.as_deref()), (Some(true), Some(&b"a"[..])));
        assert_eq!(response.status, Some(Status::Complete));
        assert_eq!((response.statuses, response.rates["a"]), (vec![Status::Failed], 0.1));
    }
    let response =
        xml("<R><Status> Complete </Status><Integer>\n 17\n</Integer><Boolean> false</Boolean>\
         <Float>&#32;1.5<!-- c --> </Float><Statuses><S>Failed </S></Statuses></R>");
    assert_eq!(response.status, Some(Status::Complete));
    assert_eq!((response.integer, response.boolean), (Some(17), Some(false)));
    assert_eq!((response.float, response.statuses), (Some(1.5), vec![Status::Failed]));
}

#[test]
fn text_and_unknown_enum_values_keep_their_whitespace() {
    let response =
        json(r#"{"Text": " a ", "Texts": [" "], "Status": "Paused ", "Labels": {"k": ["v "]}}"#);
    assert_eq!((response.text.as_deref(), response.texts), (Some(" a "), vec![" ".to_owned()]));
    assert_eq!(response.status.as_ref().map(Status::as_str), Some("Paused "));
    assert_eq!(response.labels["k"], "v ");
    let response = xml("<R><Text> a </Text><Status>\tPaused</Status></R>");
    assert_eq!(response.text.as_deref(), Some(" a "));
    assert_eq!(response.status.as_ref().map(Status::as_str), Some("\tPaused"));
    // Only decoding ignores whitespace.
    assert!(Status::from("Complete ").is_unknown());
}
