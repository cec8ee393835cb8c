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

/// Returns a description whose operation refers to the first of these components.
fn with_components(components: &str) -> Vec<u8> {
    let operation = r##""Get": {"responses": {"200": {"schema": {"type": "object", "properties": {"First": {"$ref": "#/components/schemas/C0"}}}}}}"##;
    api(operation)
        .replacen('{', &format!(r#"{{"components": {{"schemas": {{{components}}}}},"#), 1)
        .into_bytes()
}

#[test]
fn only_fields_in_a_cycle_of_components_are_boxed() {
    // A ring of 3,000; one that it leads to, which contains itself; and one without a cycle.
    const RING: usize = 3_000;
    let reference = |name: &str| format!(r##"{{"$ref": "#/components/schemas/{name}"}}"##);
    let mut components: Vec<String> = (0..RING)
        .map(|index| {
            let next = reference(&format!("C{}", (index + 1) % RING));
            let list = format!(r#"{{"type": "array", "items": {}}}"#, reference("C7"));
            let own = reference("Own");
            format!(
                r#""C{index}": {{"type": "object", "properties": {{"Next": {next}, "List": {list}, "Own": {own}}}}}"#
            )
        })
        .collect();
    let (own, end) = (reference("Own"), reference("End"));
    components.push(format!(
        r#""Own": {{"type": "object", "properties": {{"Own": {own}, "End": {end}}}}}"#
    ));
    components.push(
        r#""End": {"type": "object", "properties": {"Text": {"type": "string"}}}"#.to_owned(),
    );
    let (succeeded, messages, folder) =
        generate_from(&with_components(&components.join(",")), None);
    assert!(succeeded, "{messages}");
    let files = files(&folder.path().join("out/alicloud-test-model/src/types"));
    for index in [0, 1, RING - 1] {
        let text = &files[&format!("c{index}.rs")];
        let next = format!("pub next: Option<Box<C{}>>", (index + 1) % RING);
        for part in [next.as_str(), "pub list: Vec<C7>", "pub own: Option<Own>"] {
            assert!(text.contains(part), "{part} in {text}");
        }
    }
    let own = &files["own.rs"];
    assert!(own.contains("pub own: Option<Box<Own>>") && own.contains("pub end: Option<End>"));
}

#[test]
fn a_small_description_does_not_become_many_types() {
    // Two lists per component, each generated once per reference: 2^15 types without a limit.
    let list = |index: usize| {
        let next = format!(r##"{{"$ref": "#/components/schemas/C{}"}}"##, index + 1);
        format!(
            r#""C{index}": {{"type": "array", "items": {{"type": "object", "properties": {{"N{index}": {next}, "M{index}": {next}}}}}}}"#
        )
    };
    let lists: Vec<String> = (0..15).map(list).collect();
    let last = r#""C15": {"type": "string"}"#;
    let (succeeded, messages, folder) =
        generate_from(&with_components(&format!("{}, {last}", lists.join(","))), None);
    assert!(succeeded, "{messages}");
    let reported = "Get has more than 2000 types for objects inside of each other: this object and the next ones \
                    are treated as any JSON value";
    assert_eq!(messages.matches(reported).count(), 1, "{messages}");
    assert!(messages.contains(" at /components/schemas/C"), "{messages}");
    let model = fs::read_to_string(folder.path().join("out/alicloud-test-model/src/get.rs"));
    assert!(model.unwrap().matches("pub struct ").count() <= 2_100);
}

#[test]
fn wide_objects_inside_of_each_other_have_a_limit() {
    fn object(depth: usize, path: &str) -> String {
        let child = |side: &str| match depth {
            0 => r#"{"type": "string"}"#.to_owned(),
            _ => object(depth - 1, &format!("{path}{side}")),
        };
        let (left, right) = (child("l"), child("r"));
        format!(r#"{{"type": "object", "properties": {{"L{path}": {left}, "R{path}": {right}}}}}"#)
    }
    let operation =
        format!(r#""Get": {{"responses": {{"200": {{"schema": {}}}}}}}"#, object(14, ""));
    let (succeeded, messages, folder) = generate_from(api(&operation).as_bytes(), None);
    assert!(succeeded, "{messages}");
    assert!(messages.contains("Get has more than 2000 types"), "{messages}");
    let model = fs::read_to_string(folder.path().join("out/alicloud-test-model/src/get.rs"));
    assert!(model.unwrap().matches("pub struct ").count() <= 2_100);
}
