//! Entries of overlays: several elements in one entry, types of texts, and JSON in texts.

use super::{api, generate_from, generated_file};

const OPERATIONS: &str = r#""A": {"parameters": [
        {"name": "Size", "in": "query", "schema": {"type": "string"}},
        {"name": "Rule", "in": "query", "schema": {"type": "string", "required": true}},
        {"name": "Rules", "in": "formData", "schema": {"type": "string"}}],
    "responses": {"200": {"schema": {"type": "object", "properties": {
        "Share": {"type": "string"}, "Works": {"type": "string"},
        "Items": {"type": "array", "items": {"type": "object", "properties": {"Counts": {"type": "string"}}}}}}}}},
    "B": {"parameters": [{"name": "Size", "in": "query", "schema": {"type": "string"}}]}"#;

#[test]
fn one_entry_can_be_about_several_elements() {
    let overlay = "[[fix]]\nat = [\"A?Size\", \"B?Size\"]\ntype = \"integer\"\nwhy = \"w\"\n\
        [[fix]]\nat = \"A?Size\"\nrename = \"bytes\"\nwhy = \"another decision\"\n";
    for (operation, field) in [("a", "pub bytes: Option<i64>"), ("b", "pub size: Option<i64>")] {
        let path = format!("alicloud-test-model/src/{operation}.rs");
        let text = generated_file(OPERATIONS, Some(overlay), &path);
        assert!(text.contains(field), "{text}");
    }
}

#[test]
fn each_element_of_an_entry_must_have_an_effect() {
    for (overlay, expected) in [
        (
            "[[fix]]\nat = [\"A?Size\", \"C?Size\"]\ntype = \"integer\"\nwhy = \"w\"\n",
            "line 1: the entry for `C?Size` has no effect (type)",
        ),
        (
            "[[fix]]\nat = [\"A?Size\", \"B?Size\"]\ntype = \"integer\"\nwhy = \"w\"\n[[fix]]\nat = \"B?Size\"\ntype = \"number\"\nwhy = \"w\"\n",
            "overlay.toml:5: duplicate `type` for `B?Size`: keep it in one entry",
        ),
        (
            "[[fix]]\nat = []\ntype = \"integer\"\nwhy = \"w\"\n",
            "overlay.toml:1: `at` names no element: write one, such as \"Operation?Parameter\"",
        ),
        (
            "\n[[fix]]\nat = \"\"\ntype = \"integer\"\nwhy = \"w\"\n",
            "overlay.toml:2: `at` names no element",
        ),
        (
            "[[fix]]\nat = [\"A?Size\", \"A?Size\"]\ntype = \"integer\"\nwhy = \"w\"\n",
            "overlay.toml:1: `at` has `A?Size` twice: remove one of them",
        ),
        (
            "[[fix]]\nat = [\"A?Size\", \"B?Size\"]\nwhy = \"w\"\n",
            "overlay.toml:1: the entry for `A?Size`, `B?Size` has no keys: add one, such as `rename`",
        ),
        (
            "[[fix]]\nat = 1\ntype = \"integer\"\nwhy = \"w\"\n",
            "overlay.toml:2: invalid overlay: `at` is a text or a list of texts; correct or",
        ),
        (
            "[[fix]]\nat = [\"A?Size\", 1]\ntype = \"integer\"\nwhy = \"w\"\n",
            "overlay.toml:2: invalid overlay: `at` is a text or a list of texts",
        ),
        (
            "[[fix]]\nat = \"A\"\npages = 1\nwhy = \"w\"\n",
            "overlay.toml:3: invalid overlay: `pages` is true, false or the path of a list",
        ),
    ] {
        let (succeeded, messages, _folder) =
            generate_from(api(OPERATIONS).as_bytes(), Some(overlay));
        assert!(!succeeded && messages.contains(expected), "{expected} in {messages}");
    }
}

#[test]
fn texts_can_be_numbers_and_booleans() {
    let overlay = "[[fix]]\nat = \"A!Share\"\ntype = \"number\"\nwhy = \"w\"\n\
        [[fix]]\nat = \"A!Works\"\ntype = \"boolean\"\nwhy = \"w\"\n";
    let text = generated_file(OPERATIONS, Some(overlay), "alicloud-test-model/src/a.rs");
    for field in [
        "pub share: Option<f64> = \"Share\".text(),",
        "pub works: Option<bool> = \"Works\".text(),",
    ] {
        assert!(text.contains(field), "{field} in {text}");
    }
}

#[test]
fn texts_can_be_json_of_a_type() {
    let overlay = "[[fix]]\nat = \"A?Rule\"\njson = \"{name: text, weight: integer}\"\nwhy = \"w\"\n\
        [[fix]]\nat = \"A?Rules\"\njson = \"list<{ names: list<text>, more: map<any> }>\"\nwhy = \"w\"\n\
        [[fix]]\nat = \"A?Rules[].names\"\nrename = \"labels\"\nwhy = \"parts have entries of their own\"\n\
        [[fix]]\nat = \"A!Items[].Counts\"\njson = \"map<integer>\"\nwhy = \"w\"\n";
    let text = generated_file(OPERATIONS, Some(overlay), "alicloud-test-model/src/a.rs");
    for part in [
        "pub rule: Option<RequestRule> = query(\"Rule\").json().required(),",
        "pub rules: Vec<RequestRule2> = form(\"Rules\").json(),",
        "pub weight: Option<i64> = \"weight\",",
        "pub labels: Vec<String> = \"names\",",
        "pub more: BTreeMap<String, Value> = \"more\",",
        "pub counts: BTreeMap<String, i64> = \"Counts\".json_text(),",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

#[test]
fn a_malformed_type_of_json_is_named_with_its_place() {
    for (json, expected) in [
        ("list<txt>", "\"txt\" at character 6 is none of them"),
        ("list<text", "`>` is missing at character 10"),
        ("list text", "`<` is missing at character 6"),
        ("list<>", "a type is missing at character 6"),
        ("{name}", "`:` is missing at character 6"),
        ("{name: text", "`,` or `}` is missing at character 12"),
        ("{name: text,}", "the name of a field is missing at character 13"),
        ("{}", "the name of a field is missing at character 2"),
        (
            "{ name: text, größe: text, größe: integer }",
            "a second field \"größe\" is at character 28",
        ),
        ("list<{name: text, name: integer}>", "a second field \"name\" is at character 19"),
        ("{.: text}", "\".\" at character 2 is no name of a field"),
        ("{a: text, -: text}", "\"-\" at character 11 is no name of a field"),
        ("text text", "the type ends before character 6"),
        ("", "a type is missing at character 1"),
    ] {
        let overlay = format!("[[fix]]\nat = \"A?Rule\"\njson = {json:?}\nwhy = \"w\"\n");
        let (succeeded, messages, _folder) =
            generate_from(api(OPERATIONS).as_bytes(), Some(&overlay));
        let expected = format!(
            "overlay.toml at A?Rule: unknown type {json:?}: use text, integer, number, boolean, any, list<…>, map<…> or {{name: type, …}}; {expected}\n"
        );
        assert!(!succeeded && messages.contains(&expected), "{expected} in {messages}");
    }
    let nested = |depth: usize| format!("{}text{}", "list<".repeat(depth), ">".repeat(depth));
    let overlay =
        |json: &str| format!("[[fix]]\nat = \"A?Rule\"\njson = \"{json}\"\nwhy = \"w\"\n");
    let (succeeded, messages, _folder) =
        generate_from(api(OPERATIONS).as_bytes(), Some(&overlay(&nested(16))));
    assert!(succeeded, "{messages}");
    for json in [nested(17), nested(100_000), "a".repeat(100_000)] {
        let (succeeded, messages, _folder) =
            generate_from(api(OPERATIONS).as_bytes(), Some(&overlay(&json)));
        let expected = match json.starts_with('l') {
            true => "character 86 begins more than 16 types inside of each other",
            false => "aaa\"… at character 1 is none of them",
        };
        assert!(!succeeded && messages.contains(expected), "{expected} in {messages}");
        assert!(messages.len() < 600, "{messages}");
    }
}

#[test]
fn json_is_the_only_type_of_a_text() {
    let operations = OPERATIONS.replacen(
        r#"{"name": "Size", "in": "query", "schema": {"type": "string"}},"#,
        r#"{"name": "Size", "in": "query", "schema": {"type": "integer"}}, {"name": "Tags", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}},"#,
        1,
    );
    for (entry, expected) in [
        ("at = \"A?Size\"", "at A?Size: `json` on integer, not on a text: only the type of a text"),
        ("at = \"A?Tags\"", "at A?Tags: `json` on array, not on a text"),
        ("at = \"A!Items\"", "at A!Items: `json` on array, not on a text"),
        (
            "at = \"A?Rule\"\nlist = \"comma\"",
            "at A?Rule: `json` and `list` decide the same text: keep `json`",
        ),
    ] {
        let overlay = format!("[[fix]]\n{entry}\njson = \"list<text>\"\nwhy = \"w\"\n");
        let (succeeded, messages, _folder) =
            generate_from(api(&operations).as_bytes(), Some(&overlay));
        assert!(!succeeded && messages.contains(expected), "{expected} in {messages}");
    }
}

#[test]
fn an_overlay_decides_whether_a_parameter_is_required() {
    let overlay = "[[fix]]\nat = [\"A?Size\"]\nrequired = true\nwhy = \"w\"\n\
        [[fix]]\nat = \"A?Rule\"\nrequired = false\nwhy = \"w\"\n";
    let text = generated_file(OPERATIONS, Some(overlay), "alicloud-test-model/src/a.rs");
    assert!(text.contains("query(\"Size\").required()"), "{text}");
    assert!(!text.contains("query(\"Rule\").required()"), "{text}");
    // A field of a response, and what the description says anyway.
    for entry in
        ["A!Share\"\nrequired = true", "A?Rule\"\nrequired = true", "A?Size\"\nrequired = false"]
    {
        let overlay = format!("[[fix]]\nat = \"{entry}\nwhy = \"w\"\n");
        let (succeeded, messages, _folder) =
            generate_from(api(OPERATIONS).as_bytes(), Some(&overlay));
        assert!(!succeeded && messages.contains("has no effect (required)"), "{messages}");
    }
}

#[test]
fn an_overlay_decides_what_an_example_sets_and_what_an_enum_says() {
    let overlay = "[[fix]]\nat = \"A?Size\"\nin_example = true\nwhy = \"w\"\n\
        [[fix]]\nat = \"A?Rules\"\njson = \"list<{name: text, note: text}>\"\nwhy = \"w\"\n\
        [[fix]]\nat = [\"A?Rules\", \"A?Rules[].note\"]\nin_example = true\nwhy = \"w\"\n\
        [[fix]]\nat = \"A!Works\"\nenum.name = \"Works\"\nenum.doc = \"How it works.\"\nwhy = \"w\"\n\
        enum.values = [{ value = \"on\", doc = \"It works.\" }]\n";
    let client = generated_file(OPERATIONS, Some(overlay), "alicloud-test/src/operations/a.rs");
    assert!(client.contains(".size(\"size\")"), "{client}");
    assert!(client.contains(".rules([Rule::new().note(\"note\")])"), "{client}");
    let model = generated_file(OPERATIONS, Some(overlay), "alicloud-test-model/src/types/works.rs");
    assert!(model.contains("    /// How it works.\n    pub enum Works {"), "{model}");
    let overlay = "[[fix]]\nat = \"A\"\nin_example = true\nwhy = \"w\"\n";
    let (_, messages, _folder) = generate_from(api(OPERATIONS).as_bytes(), Some(overlay));
    assert!(messages.contains("has no effect (in_example)"), "{messages}");
}

#[test]
fn values_that_are_there_twice_and_limits_of_no_list_are_errors() {
    for (keys, expected) in [
        (
            "enum.name = \"Size\"\nenum.values = [{ value = \"a\", doc = \"One.\" }, { value = \"a\", doc = \"Two.\" }]",
            "the value \"a\" is there twice in `enum.values`",
        ),
        ("list = \"comma\"\nitems = [5, 1]", "no list has the limits `items = [5, 1]`"),
        ("list = \"comma\"\nitems = [0, 0]", "no list has the limits `items = [0, 0]`"),
    ] {
        let overlay = format!("[[fix]]\nat = \"A?Size\"\nwhy = \"w\"\n{keys}\n");
        let (succeeded, messages, _folder) =
            generate_from(api(OPERATIONS).as_bytes(), Some(&overlay));
        assert!(!succeeded && messages.contains(expected), "{keys}: {messages}");
    }
}
