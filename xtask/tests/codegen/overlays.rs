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
        ("[[fix]]\nat = []\ntype = \"integer\"\nwhy = \"w\"\n", "line 1: the entry for `` has no"),
        ("[[fix]]\nat = 1\ntype = \"integer\"\nwhy = \"w\"\n", "invalid overlay"),
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
    for json in ["list<txt>", "list<text", "{name}", "{name: text", "text text", ""] {
        let overlay = format!("[[fix]]\nat = \"A?Rule\"\njson = {json:?}\nwhy = \"w\"\n");
        let (succeeded, messages, _folder) =
            generate_from(api(OPERATIONS).as_bytes(), Some(&overlay));
        let expected = format!("overlay.toml at A?Rule: unknown type {json:?}: use text, integer,");
        assert!(!succeeded && messages.contains(&expected), "{messages}");
    }
    let deep = format!("{}text{}", "list<".repeat(100_000), ">".repeat(100_000));
    let overlay = format!("[[fix]]\nat = \"A?Rule\"\njson = \"{deep}\"\nwhy = \"w\"\n");
    let (succeeded, _, _folder) = generate_from(api(OPERATIONS).as_bytes(), Some(&overlay));
    assert!(!succeeded);
}

#[test]
fn an_overlay_decides_whether_a_parameter_is_required() {
    let overlay = "[[fix]]\nat = [\"A?Size\"]\nrequired = true\nwhy = \"w\"\n\
        [[fix]]\nat = \"A?Rule\"\nrequired = false\nwhy = \"w\"\n";
    let text = generated_file(OPERATIONS, Some(overlay), "alicloud-test-model/src/a.rs");
    assert!(text.contains("query(\"Size\").required()"), "{text}");
    assert!(!text.contains("query(\"Rule\").required()"), "{text}");
    let (succeeded, messages, _folder) = generate_from(
        api(OPERATIONS).as_bytes(),
        Some("[[fix]]\nat = \"A!Share\"\nrequired = true\nwhy = \"w\"\n"),
    );
    assert!(!succeeded && messages.contains("has no effect (required)"), "{messages}");
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
