//! Documentation and examples of generated code.

use std::fs;

use super::{api, files, generate_from, generated_file};

#[test]
fn examples_are_filled_from_the_description() {
    let description = api(r##""A": {"operationType": "read"},
        "B": {"parameters": [
            {"name": "Name", "in": "query", "schema": {"type": "string", "required": true, "example": "web \"1\""}},
            {"name": "Count", "in": "query", "schema": {"type": "integer", "required": true, "example": "1146****"}},
            {"name": "Size", "in": "query", "schema": {"type": "integer", "required": true, "example": 20}},
            {"name": "Force", "in": "query", "schema": {"type": "boolean", "required": true, "example": "false"}},
            {"name": "Ids", "in": "query", "schema": {"type": "array", "required": true, "items": {"type": "string", "example": "[\"i-1\", \"i-2\"]"}}},
            {"name": "Kind", "in": "query", "schema": {"type": "string", "required": true, "enum": ["x", "y"], "example": "y"}},
            {"name": "Spec", "in": "query", "schema": {"type": "object", "required": true, "properties": {
                "Zone": {"type": "string", "required": true}}}}
        ]},
        "C": {"parameters": [
            {"name": "Deep", "in": "query", "schema": {"type": "array", "required": true, "items": {"type": "array", "items": {"type": "string"}}}}
        ]}"##);
    let overlay = "[product]\nmain = \"B\"\nwhy = \"w\"\n";
    let (succeeded, messages, folder) = generate_from(description.as_bytes(), Some(overlay));
    assert!(succeeded, "{messages}");
    let files = files(&folder.path().join("out"));
    let statement = "\
let request = BRequest::new()
    .name(\"web \\\"1\\\"\")
    .count(1)
    .size(20)
    .force(false)
    .ids([\"i-1\", \"i-2\"])
    .kind(\"y\")
    .spec(Spec::new(\"zone\"));
client.b(request).await?;";
    for (file, prefix) in [("operations/b.rs", "    /// "), ("lib.rs", "//! ")] {
        let text = &files[&format!("alicloud-test/src/{file}")];
        let documented: Vec<&str> =
            text.lines().filter_map(|line| line.strip_prefix(prefix)).collect();
        assert!(documented.join("\n").contains(statement), "{text}");
        assert!(text.contains("use alicloud_test::model::b::Spec;"), "{text}");
    }
    // A value that cannot be made up leaves the request to the reader.
    let text = &files["alicloud-test/src/operations/c.rs"];
    assert!(text.contains("client: Client, request: CRequest)"), "{text}");
}

/// Returns the documentation of a field as one line.
fn field_docs(text: &str, field: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let at = lines.iter().position(|line| line.starts_with(&format!("pub {field}:"))).unwrap();
    let docs = lines[..at].iter().rev().take_while(|line| line.starts_with("///"));
    let mut docs: Vec<&str> = docs.map(|line| line.trim_start_matches("///").trim()).collect();
    docs.reverse();
    docs.join(" ")
}

#[test]
fn examples_that_are_values_of_the_type_are_shown() {
    let operation = r#""Find": {"parameters": [
        {"name": "StartTime", "in": "query", "schema": {"type": "string", "format": "iso8601", "required": true, "description": "Start.", "example": "2026-02-03T04:05:06Z"}},
        {"name": "EndTime", "in": "query", "schema": {"type": "string", "format": "iso8601", "description": "End.", "example": "tomorrow"}},
        {"name": "Size", "in": "query", "schema": {"type": "integer", "description": "The size.", "example": "20"}},
        {"name": "Count", "in": "query", "schema": {"type": "integer", "description": "The count.", "example": "many"}},
        {"name": "Zone", "in": "query", "schema": {"type": "string", "description": "Zone, for example zone-b.", "example": "zone-b"}},
        {"name": "NodeId", "in": "query", "schema": {"type": "string", "description": "Node.", "example": "n-12****"}},
        {"name": "CertId", "in": "query", "schema": {"type": "string", "description": "Certificate.", "example": "17xx5"}},
        {"name": "Label", "in": "query", "schema": {"type": "string", "description": "The label.", "example": "<your label>"}},
        {"name": "Password", "in": "query", "schema": {"type": "string", "description": "The password.", "example": "hunter2"}},
        {"name": "KeyId", "in": "query", "schema": {"type": "string", "description": "Id of a key.", "example": "id-of-a-key"}},
        {"name": "Names", "in": "query", "style": "simple", "schema": {"type": "array", "items": {"type": "string"}, "description": "The names.", "example": "a,b"}},
        {"name": "Mode", "in": "query", "schema": {"type": "string", "enum": ["on", "off"], "description": "The mode.", "example": "off"}}]}"#;
    let text = generated_file(operation, None, "alicloud-test-model/src/find.rs");
    for (field, docs) in [
        ("start_time", "Start. Required. Example: `2026-02-03T04:05:06Z`."),
        ("end_time", "End."),
        ("size", "The size. Example: `20`."),
        ("count", "The count."),
        ("zone", "Zone, for example zone-b."),
        ("node_id", "Node."),
        ("cert_id", "Certificate."),
        ("label", "The label."),
        ("password", "The password."),
        ("key_id", "Id of a key."),
        ("names", "The names. Example: `[\"a\", \"b\"]`."),
        ("mode", "The mode. Example: `off`."),
    ] {
        assert_eq!(field_docs(&text, field), docs, "{field}");
    }
    let text = generated_file(operation, None, "alicloud-test/src/operations/find.rs");
    assert!(text.contains("FindRequest::new(\"2026-02-03T04:05:06Z\")"), "{text}");
}

#[test]
fn examples_follow_the_type_of_the_overlay() {
    let operation = r#""Find": {"responses": {"200": {"schema": {"type": "object", "properties": {
        "Share": {"type": "string", "description": "The share.", "example": "12.5%"},
        "Left": {"type": "string", "description": "The left.", "example": "7"},
        "Right": {"type": "string", "description": "The right.", "example": "seven"}}}}}}"#;
    let overlay = "\
        [[fix]]\nat = \"Find!Left\"\ntype = \"integer\"\nwhy = \"it is a number\"\n\
        [[fix]]\nat = \"Find!Right\"\ntype = \"integer\"\nwhy = \"it is a number\"\n";
    let text = generated_file(operation, Some(overlay), "alicloud-test-model/src/find.rs");
    assert_eq!(field_docs(&text, "share"), "The share. Example: `12.5%`.");
    assert_eq!(field_docs(&text, "left"), "The left. Example: `7`.");
    assert_eq!(field_docs(&text, "right"), "The right.");
}

#[test]
fn lists_do_not_explain_how_they_are_joined() {
    let parameter = |name: &str, text: &str| {
        format!(
            r#"{{"name": "{name}", "in": "query", "style": "simple", "schema": {{"type": "array", "items": {{"type": "string"}}, "description": "{text}"}}}}"#
        )
    };
    let cases = [
        ("A", "Ids of the disks. Separate multiple ids with commas (,).", "Ids of the disks."),
        ("B", "Up to 10 ids, separated by commas.", "Up to 10 ids."),
        ("C", "A comma-separated list of ids.", "A list of ids."),
        ("D", "If you specify several, separate them with commas (,). At most 5.", "At most 5."),
        ("E", "多个域名用半角逗号（,）分隔，最多50个。", "最多50个。"),
        ("F", "域名列表。多个URL之间用换行符分隔。", "域名列表。"),
        ("G", "URLs, one per line.", "URLs."),
        ("H", "Names that contain commas.", "Names that contain commas."),
    ];
    let parameters: Vec<String> =
        cases.iter().map(|(name, text, _)| parameter(name, text)).collect();
    let text_parameter = r#"{"name": "Text", "in": "query", "schema": {"type": "string", "description": "Ids. Separate them with commas (,)."}}"#;
    let operation =
        format!(r#""Find": {{"parameters": [{}, {text_parameter}]}}"#, parameters.join(", "));
    let text = generated_file(&operation, None, "alicloud-test-model/src/find.rs");
    for (name, _, docs) in cases {
        assert_eq!(field_docs(&text, &name.to_lowercase()), docs, "{name}");
    }
    assert_eq!(field_docs(&text, "text"), "Ids. Separate them with commas (,).");
}

#[test]
fn what_is_not_documented_has_no_made_up_text() {
    let operation = r#""Find": {
        "parameters": [
            {"name": "Plain", "in": "query", "schema": {"type": "string"}},
            {"name": "Named", "in": "query", "schema": {"type": "string", "description": "Named."}},
            {"name": "Kind", "in": "query", "schema": {"type": "string", "enum": ["disk", "image"], "description": "Kind of resource. Valid values:\n\n- disk\n- image\n\nDefault: disk."}}],
        "responses": {"200": {"schema": {"type": "object", "properties": {
            "Part": {"type": "object", "properties": {"Size": {"type": "integer"}}}}}}},
        "errorCodes": {"404": [{"errorCode": "NotThere"}], "x": [{"errorCode": "Odd"}]}}"#;
    let text = generated_file(operation, None, "alicloud-test-model/src/find.rs");
    assert_eq!(field_docs(&text, "plain"), "");
    assert_eq!(field_docs(&text, "named"), "");
    for placeholder in ["Field `", "Parameter `", "Value of `", "Example"] {
        assert!(!text.contains(placeholder), "{placeholder} in {text}");
    }
    assert!(
        text.contains("    /// Kind of resource.\n    pub enum Kind {\n        Disk ="),
        "{text}"
    );
    let library = generated_file(operation, None, "alicloud-test-model/src/lib.rs");
    assert!(library.contains("#![allow(missing_docs, reason ="), "{library}");
    assert!(library.contains("[`find::Part`]"), "{library}");
    let codes = generated_file(operation, None, "alicloud-test/src/error_code.rs");
    assert!(codes.contains("/// HTTP status: 404.\npub const NOT_THERE"), "{codes}");
    assert!(!codes.contains("/// Error code"), "{codes}");
}

#[test]
fn clients_export_the_runtime_and_a_slice_of_regions() {
    let description = api("\"A\": {}").replace(
        "\"apis\"",
        r#""endpoints": [{"regionId": "cn-a", "endpoint": "a.example.com"}], "apis""#,
    );
    let (succeeded, messages, folder) = generate_from(description.as_bytes(), None);
    assert!(succeeded, "{messages}");
    let read =
        |path: &str| fs::read_to_string(folder.path().join("out/alicloud-test/src").join(path));
    let product = read("product.rs").unwrap();
    assert!(
        product.contains("pub const REGIONS: &[(&str, &str)] = &[(\"cn-a\", \"a.example.com\")];"),
        "{product}"
    );
    assert!(read("lib.rs").unwrap().contains("pub use alicloud_core as runtime;"));
}
