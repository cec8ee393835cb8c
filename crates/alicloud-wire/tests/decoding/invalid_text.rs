//! Text that is not valid: it is decoded with replacements, and reported.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

mod rejected;

use std::collections::BTreeMap;

use alicloud_wire::{Decoded, Value, from_json, from_xml};

alicloud_wire::record! {
    struct Task: PartialEq {
        name: Option<String> = "Name",
        size: Option<i64> = "Size",
        share: Option<f64> = "Share",
        is_done: Option<bool> = "IsDone",
        free: Option<Value> = "Free",
        labels: BTreeMap<String, String> = "Labels",
        ids: Vec<String> = "Ids",
        scores: Vec<f64> = "Scores",
        tasks: Vec<Task> = "Tasks",
    }
}

const REPLACED: &str = "invalid characters, which are replaced by U+FFFD";
const KEPT: &str = "control characters, which are kept";
const NUL: &str = "NUL characters around the document";

fn json(text: &[u8]) -> Decoded<Task> {
    from_json(text).unwrap()
}

fn xml(text: &[u8]) -> Decoded<Task> {
    from_xml(text).unwrap()
}

fn issues<T>(decoded: &Decoded<T>) -> Vec<String> {
    decoded.issues.iter().map(ToString::to_string).collect()
}

/// Puts bytes into a text.
fn with(before: &str, bytes: &[u8], after: &str) -> Vec<u8> {
    [before.as_bytes(), bytes, after.as_bytes()].concat()
}

#[test]
fn bytes_that_are_not_utf8_are_replaced_in_json() {
    for (bytes, name) in [
        (&b"a\xD6\xD0b"[..], "a\u{FFFD}\u{FFFD}b"),
        (b"\xFF", "\u{FFFD}"),
        (b"a\xE4\xB8", "a\u{FFFD}\u{FFFD}"),
        (b"\xC0\xAF\xED\xA0\x80", "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}"),
        (b"\xE4\xB8\xAD\xD6", "\u{4E2D}\u{FFFD}"),
    ] {
        let decoded = json(&with(r#"{"Size": 1, "Name": ""#, bytes, r#"", "Share": 2}"#));
        assert_eq!(decoded.value.name.as_deref(), Some(name));
        assert_eq!((decoded.value.size, decoded.value.share), (Some(1), Some(2.0)));
        assert_eq!(issues(&decoded), [format!("Name: {REPLACED}")]);
    }
}

#[test]
fn the_second_byte_of_gbk_can_be_a_backslash() {
    // The character 誠, once before the quote and once inside.
    let decoded = json(b"{\"Name\": \"\xD5\x5C\", \"Size\": 1}");
    assert_eq!(decoded.value.name.as_deref(), Some("\u{FFFD}"));
    assert_eq!(decoded.value.size, Some(1));
    let decoded = json(b"{\"Name\": \"\xD5\x5Cq\xD6\xD0\", \"Size\": 1}");
    assert_eq!(decoded.value.size, Some(1));
    assert_eq!(issues(&decoded), [format!("Name: {REPLACED}")]);
}

#[test]
fn lone_surrogates_and_invalid_escapes_are_replaced() {
    for (escaped, name) in [
        (r"\ud800", "\u{FFFD}"),
        (r"\udc00 b", "\u{FFFD} b"),
        (r"\ud800\ud83d\ude00", "\u{FFFD}😀"),
        (r"\ud800\n", "\u{FFFD}\n"),
        (r"\ud800\\", "\u{FFFD}\\"),
        (r"\uD8zz", "\u{FFFD}D8zz"),
        (r"\x", "\u{FFFD}x"),
    ] {
        let decoded = json(format!(r#"{{"Name": "{escaped}", "Size": 1}}"#).as_bytes());
        assert_eq!(decoded.value.name.as_deref(), Some(name), "{escaped}");
        assert_eq!(decoded.value.size, Some(1));
        assert_eq!(issues(&decoded), [format!("Name: {REPLACED}")]);
    }
}

#[test]
fn control_characters_are_kept() {
    let decoded = json(b"{\"Name\": \"a\nb\t\x00\x1F\", \"Size\": 1}");
    assert_eq!(decoded.value.name.as_deref(), Some("a\nb\t\0\u{1F}"));
    assert_eq!(issues(&decoded), [format!("Name: {KEPT}")]);
    let decoded = xml(b"<R><Name>a\nb\x00\x08</Name><Size>1</Size></R>");
    assert_eq!(decoded.value.name.as_deref(), Some("a\nb\0\u{8}"));
    assert_eq!(decoded.value.size, Some(1));
    assert_eq!(issues(&decoded), [format!("Name: {KEPT}")]);
}

#[test]
fn noncharacters_of_valid_text_are_kept() {
    let text = "\u{FFFE}\u{FFFF}\u{FDD0}\u{1FFFE}";
    let decoded = json(format!(r#"{{"Name": "{text}"}}"#).as_bytes());
    assert_eq!((decoded.value.name.as_deref(), decoded.issues.len()), (Some(text), 0));
    let decoded = xml(format!("<R><Name>{text}</Name></R>").as_bytes());
    assert_eq!((decoded.value.name.as_deref(), decoded.issues.len()), (Some(text), 0));
    // Next to invalid text, too.
    let escaped = r"\ufffe\uffff\ufdd0\ud83f\udffe\ud87f\udffe";
    let all = format!("{text}\u{2FFFE}");
    let json_text =
        format!("{{\"Name\": \"{all}{escaped}\", \"Ids\": \"\u{FFFF}1\", \"Size\": 1e999}}");
    let decoded = json(json_text.as_bytes());
    assert_eq!(decoded.value.name, Some(all.repeat(2)));
    assert_eq!(decoded.value.ids, ["\u{FFFF}1"]);
    assert_eq!(decoded.issues.len(), 1, "{:?}", decoded.issues);
    let escaped = "&#xFFFE;&#xFFFF;&#xFDD0;&#x1FFFE;&#x2FFFE;";
    let xml_text = format!("<R><Name>{all}{escaped}</Name><Ids>\0</Ids></R>");
    let decoded = xml(xml_text.as_bytes());
    assert_eq!(decoded.value.name, Some(all.repeat(2)));
    assert_eq!(issues(&decoded), [format!("Ids: {KEPT}")]);
}

#[test]
fn issues_have_the_path_of_their_field() {
    let decoded = json(
        b"{\"Tasks\": [{\"Name\": \"ok\"}, {\"Name\": \"\xFF\"}], \"Labels\": {\"k\xFF\": \"v\xFF\"}, \
          \"Free\": {\"a\": [1, \"\xFF\"]}, \"Ids\": [\"\xFF\"], \"Unknown\": \"\xFF\"}",
    );
    assert_eq!(decoded.value.tasks[1].name.as_deref(), Some("\u{FFFD}"));
    assert_eq!(decoded.value.labels["k\u{FFFD}"], "v\u{FFFD}");
    assert_eq!(decoded.value.free, Some(serde_json::json!({"a": [1, "\u{FFFD}"]})));
    let paths: Vec<&str> = decoded.issues.iter().map(|issue| &*issue.path).collect();
    let expected = ["Tasks[1].Name", "Labels", "Labels.k\u{FFFD}", "Free.a[1]", "Ids[0]"];
    assert_eq!(paths, expected);
}

#[test]
fn numbers_out_of_range_are_issues_of_their_field() {
    let huge = "9".repeat(400);
    for number in ["1e999", "-1e400", "1E+310", "123.5e308", &huge, "NaN", "-Infinity"] {
        for field in ["Size", "Share", "IsDone"] {
            let text = format!(r#"{{"Name": "a", "{field}": {number}, "Ids": ["b"]}}"#);
            let decoded = json(text.as_bytes());
            assert_eq!(decoded.value.name.as_deref(), Some("a"), "{text}");
            assert_eq!(decoded.value.ids, ["b"]);
            assert_eq!(decoded.issues.len(), 1);
            assert_eq!(decoded.issues[0].path, field);
            assert!(decoded.issues[0].reason.contains("out of range"), "{:?}", decoded.issues);
        }
        // A text keeps the spelling.
        let decoded = json(format!(r#"{{"Name": {number}, "Ids": {number}}}"#).as_bytes());
        assert_eq!(decoded.value.name.as_deref(), Some(number));
        assert_eq!(decoded.value.ids, [number]);
        assert_eq!(issues(&decoded), [""; 0]);
    }
    let decoded = json(br#"{"Size": 92233720368547758080, "Share": 1e-999, "Name": "a"}"#);
    assert_eq!((decoded.value.size, decoded.value.share), (None, Some(0.0)));
    assert_eq!(decoded.issues[0].path, "Size");
}

#[test]
fn numbers_out_of_range_in_lists_and_free_values() {
    let decoded = json(br#"{"Scores": [1, 1e999, 2], "Free": {"a": 1e999, "b": [1e400, 3]}}"#);
    assert_eq!(decoded.value.scores, [1.0, 2.0]);
    assert_eq!(decoded.value.free, Some(serde_json::json!({"a": null, "b": [null, 3]})));
    let paths: Vec<&str> = decoded.issues.iter().map(|issue| &*issue.path).collect();
    assert_eq!(paths, ["Scores[1]", "Free.a", "Free.b[0]"]);
    let free = from_json::<Value>(br#"{"a": 1e999, "b": 1}"#).unwrap();
    assert_eq!(free.value, serde_json::json!({"a": null, "b": 1}));
    assert_eq!(free.issues[0].path, "a");
}

#[test]
fn invalid_text_next_to_texts_that_keep_their_spelling() {
    let decoded = json(b"{\"Name\": {\"a\": \"\xFF\", \"b\": 1e999}, \"Ids\": [1.50, \"\n\"]}");
    assert_eq!(decoded.value.name.as_deref(), Some("{\"a\": \"\u{FFFD}\", \"b\": \"1e999\"}"));
    assert_eq!(decoded.value.ids, ["1.50", "\n"]);
    assert_eq!(issues(&decoded), [format!("Name: {REPLACED}"), format!("Ids[1]: {KEPT}")]);
}

#[test]
fn json_inside_of_a_text() {
    let inner = r#"[{\"Name\": \"\\ud800\", \"Size\": 1e999}, {\"Name\": \"b\"}]"#;
    let decoded = json(format!(r#"{{"Tasks": "{inner}"}}"#).as_bytes());
    assert_eq!(decoded.value.tasks.len(), 2);
    assert_eq!(decoded.value.tasks[0].name.as_deref(), Some("\u{FFFD}"));
    assert_eq!(decoded.issues.len(), 2);
    // Line breaks are invalid in the text, but not in the JSON inside.
    let decoded = json(b"{\"Tasks\": \"[\n{\\\"Name\\\": \\\"a\\\"}\n]\"}");
    assert_eq!(decoded.value.tasks[0].name.as_deref(), Some("a"));
    let decoded =
        xml(b"<R><Tasks>[{\"Name\": \"a\"}]</Tasks><Tasks>[{\"Size\": 1e999}]</Tasks></R>");
    assert_eq!(decoded.value.tasks.len(), 2);
    assert_eq!(decoded.value.tasks[0].name.as_deref(), Some("a"));
    assert_eq!(decoded.issues.len(), 1);
}

#[test]
fn byte_order_marks_and_nul_bytes_around_a_document() {
    let decoded = json(b"\xEF\xBB\xBF{\"Size\": 1}\0\0\n\0");
    assert_eq!(decoded.value.size, Some(1));
    assert_eq!(issues(&decoded), [NUL]);
    let decoded = xml(b"\xEF\xBB\xBF<R><Size>1</Size></R>\0\0\n\0");
    assert_eq!(decoded.value.size, Some(1));
    assert_eq!(issues(&decoded), [NUL]);
    assert_eq!(issues(&json(b"\xEF\xBB\xBF{}")), [""; 0]);
    for text in [&b"\0\0{\"Size\": 1}"[..], b"\0 \xEF\xBB\xBF\0\n{\"Size\": 1}\n\0"] {
        assert_eq!((json(text).value.size, issues(&json(text))), (Some(1), vec![NUL.into()]));
    }
    for text in [
        &b"\0\n\0<R><Size>1</Size></R>"[..],
        b"\0<Size>1</Size><Name>a</Name>\0",
        b"\xEF\xBB\xBF\0<?xml version='1.0'?><Size>1</Size>\0",
    ] {
        assert_eq!((xml(text).value.size, issues(&xml(text))), (Some(1), vec![NUL.into()]));
    }
    // JSON inside of a text.
    let decoded = json(br#"{"Tasks": "[{\"Size\": 1}]\u0000"}"#);
    assert_eq!((decoded.value.tasks[0].size, decoded.issues.len()), (Some(1), 0));
}

#[test]
fn xml_with_bytes_that_are_not_utf8() {
    let decoded =
        xml(b"<R><Name>a\xD6\xD0</Name><Labels><k>v\xFF</k></Labels><Free><a>\xFF</a></Free>\
          <Ids>\xFF</Ids><Tasks><Name><![CDATA[\xFF]]></Name></Tasks><Other>\xFF</Other></R>");
    assert_eq!(decoded.value.name.as_deref(), Some("a\u{FFFD}\u{FFFD}"));
    assert_eq!(decoded.value.labels["k"], "v\u{FFFD}");
    assert_eq!(decoded.value.free, Some(serde_json::json!({"a": "\u{FFFD}"})));
    let paths: Vec<&str> = decoded.issues.iter().map(|issue| &*issue.path).collect();
    assert_eq!(paths, ["Name", "Labels.k", "Free.a", "Ids", "Tasks[0].Name"]);
    assert_eq!(decoded.issues[0].reason, REPLACED);
}

#[test]
fn references_to_characters_that_do_not_exist() {
    for reference in
        ["&#0;", "&#xD800;", "&#x110000;", "&#99999999999;", "&#xFFFFFFFFFF;", "&#;", "&#x;"]
    {
        let decoded = xml(format!("<R><Name>a{reference}b</Name><Size>1</Size></R>").as_bytes());
        assert_eq!(decoded.value.name.as_deref(), Some("a\u{FFFD}b"), "{reference}");
        assert_eq!(decoded.value.size, Some(1));
        assert_eq!(issues(&decoded), [format!("Name: {REPLACED}")]);
    }
    let decoded = xml(b"<R><Name>a&nbsp;b&amp;</Name><Size>1</Size></R>");
    assert_eq!(decoded.value.name.as_deref(), Some("a&nbsp;b&"));
    assert_eq!(issues(&decoded), ["Name: unknown entities, which are kept"]);
    // The document element may be missing here, too.
    let decoded = xml(b"<Name>&#0;</Name><Size>1</Size>");
    assert_eq!((decoded.value.name.as_deref(), decoded.value.size), (Some("\u{FFFD}"), Some(1)));
}

#[test]
fn keys_that_are_not_valid_are_issues() {
    for (key, reason) in [("To\0tal", KEPT), ("Si\u{1}ze", KEPT)] {
        let decoded = json(format!("{{\"{key}\": 7, \"Name\": \"a\"}}").as_bytes());
        assert_eq!((decoded.value.name.as_deref(), decoded.value.size), (Some("a"), None));
        assert_eq!(issues(&decoded), [reason], "{key:?}");
    }
    let decoded = json(b"{\"Tasks\": [{\"Si\xFFze\": 7}], \"Labels\": {\"a\0\": \"b\"}}");
    let expected = [format!("Tasks[0]: {REPLACED}"), format!("Labels: {KEPT}")];
    assert_eq!(issues(&decoded), expected);
    let decoded = json(b"{\"Tasks\": {\"T\0\": [{\"Size\": 7}]}}");
    assert_eq!(
        (decoded.value.tasks[0].size, issues(&decoded)),
        (Some(7), vec![format!("Tasks: {KEPT}")])
    );
    let decoded = xml(b"<R><Tasks><Name>a</Name><Si\xFFze>7</Si\xFFze></Tasks></R>");
    assert_eq!(decoded.value.tasks[0].name.as_deref(), Some("a"));
    assert_eq!(issues(&decoded), [format!("Tasks[0]: {REPLACED}")]);
}

#[test]
fn each_byte_that_is_not_utf8_is_one_character_in_both_formats() {
    for bytes in [&b"\xE4\xB8"[..], b"\xE4", b"\xF0\x9F\x98", b"\xE4\xB8a\xF0\x9F", b"\xC0\xAF"] {
        let json = json(&with(r#"{"Name": ""#, bytes, r#""}"#));
        let xml = xml(&with("<R><Name>", bytes, "</Name></R>"));
        assert_eq!(json, xml);
    }
}

#[test]
fn text_around_a_document_is_an_error_in_both_formats() {
    for junk in ["junk", "1", "x\0", "\0x\0", "\u{1}", "&amp;", "<![CDATA[x]]>"] {
        for text in [format!("{junk}{{}}"), format!("{{}}{junk}"), format!("{{}}\n{junk}\n")] {
            assert!(from_json::<Task>(text.as_bytes()).is_err(), "{text:?}");
        }
        let document = "<R><Size>1</Size></R>";
        for text in [format!("{junk}{document}"), format!("{document}{junk}")] {
            assert!(from_xml::<Task>(text.as_bytes()).is_err(), "{text:?}");
            assert!(from_xml::<Value>(text.as_bytes()).is_err(), "{text:?}");
        }
    }
    let text = b"<!-- a --> <R><Size>1</Size></R>\n<!-- b --><?c?>\n";
    assert_eq!((xml(text).value.size, xml(text).issues), (Some(1), vec![]));
}

#[test]
fn a_root_that_is_text_has_issues() {
    let decoded = from_json::<String>(b"\"a\xFF\"").unwrap();
    assert_eq!((decoded.value.as_str(), issues(&decoded)), ("a\u{FFFD}", vec![REPLACED.into()]));
    assert!(from_json::<i64>(b"1e999").is_err());
}
