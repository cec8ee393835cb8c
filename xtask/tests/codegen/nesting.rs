//! Types inside of types.

use std::fs;

use super::{api, files, generate_from};

/// Returns a description whose response has objects, or lists of objects, inside each other.
fn nested(depth: usize, is_list: bool) -> Vec<u8> {
    let (open, close) = match is_list {
        true => (r#"{"type":"array","items":{"type":"object","properties":{"Parts":"#, "}}}"),
        false => (r#"{"type":"object","properties":{"Part":"#, "}}"),
    };
    let leaf = r#"{"type":"object","properties":{"Leaf":{"type":"string"}}}"#;
    let schema = open.repeat(depth) + leaf + &close.repeat(depth);
    let root = format!(r#"{{"type":"object","properties":{{"Root":{schema}}}}}"#);
    api(&format!(r#""Deep": {{"responses": {{"200": {{"schema": {root}}}}}}}"#)).into_bytes()
}

#[test]
fn deep_objects_take_no_exponential_time_and_end_as_json_values() {
    // With twice the steps per level, not even the first of these would end.
    for (depth, is_list) in [(60, false), (400, false), (1_000, false), (60, true), (400, true)] {
        let (succeeded, messages, folder) = generate_from(&nested(depth, is_list), None);
        assert!(succeeded, "{depth}: {messages}");
        assert!(
            messages.contains("inside of too many objects, lists and maps")
                && messages.contains("treated as any JSON value"),
            "{messages}"
        );
        let files = files(&folder.path().join("out"));
        let text = &files["alicloud-test-model/src/deep.rs"];
        assert_eq!(text.matches("<Value>").count(), 1, "{depth}: {text}");
    }
    let (succeeded, messages, folder) = generate_from(&nested(20, false), None);
    assert!(succeeded && messages.is_empty(), "{messages}");
    let text = fs::read_to_string(folder.path().join("out/alicloud-test-model/src/deep.rs"));
    assert_eq!(text.unwrap().matches("pub struct ").count(), 23);
}

#[test]
fn a_description_that_is_too_deep_is_reported_with_its_location() {
    let (succeeded, messages, _folder) = generate_from(&nested(5_000, false), None);
    assert!(!succeeded);
    for part in [
        " at /apis/Deep/responses/200/schema/properties/Root/properties/Part",
        "nested more than 2048 levels deep",
        "move the inner schemas to `components`",
    ] {
        assert!(messages.contains(part), "{part} in {messages}");
    }
    assert!(messages.len() < 1_000, "{messages}");
}

#[test]
fn a_long_chain_of_components_ends_with_any_value() {
    let components: Vec<String> = (0..400)
        .map(|index| {
            let next = index + 1;
            format!(
                r##""C{index}": {{"type": "object", "properties": {{"Next": {{"$ref": "#/components/schemas/C{next}"}}}}}}"##
            )
        })
        .collect();
    let operation = r##""Get": {"responses": {"200": {"schema": {"type": "object", "properties": {"First": {"$ref": "#/components/schemas/C0"}}}}}}"##;
    let last = r#""C400": {"type": "object", "properties": {"End": {"type": "string"}}}"#;
    let description = api(operation).replacen(
        '{',
        &format!(r#"{{"components": {{"schemas": {{{}, {last}}}}},"#, components.join(",")),
        1,
    );
    let (succeeded, messages, folder) = generate_from(description.as_bytes(), None);
    assert!(succeeded, "{messages}");
    let expected =
        "inside of too many objects, lists and maps for rustc: treated as any JSON value";
    assert!(messages.contains(expected), "{messages}");
    let files = files(&folder.path().join("out/alicloud-test-model/src"));
    let deepest = files.values().filter(|text| text.contains("pub next: Option<Value>")).count();
    let others = files.values().filter(|text| text.contains("pub next: Option<C")).count();
    // 103 steps are 51 fields.
    assert_eq!((deepest, others), (400 / 51, 400 - 400 / 51));
}
