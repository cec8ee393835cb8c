//! Descriptions and overlays with mistakes.

use std::fs;
use tempfile::TempDir;

use super::{all_text, api, diagnostics_of, generate_from, obstacle, xtask};

#[test]
fn an_invalid_description_is_reported_with_its_location() {
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    for (description, expected) in [
        (b"not json".to_vec(), "invalid JSON"),
        (br#"{"info": {"style": "RPC""#.to_vec(), "invalid JSON"),
        (b"{\"info\": \"\xff\"}".to_vec(), "invalid JSON"),
        (deep.into_bytes(), "nested more than 2048 levels deep"),
        (br#"{"apis": {}}"#.to_vec(), "/info: missing"),
        (br#"{"info": {"style": "RPC", "version": "1"}, "apis": {}}"#.to_vec(), "/info/product: missing"),
        (br#"{"info": {"style": "RPC", "product": "P", "version": "1"}}"#.to_vec(), "/apis: missing"),
        (br#"{"info": {"style": "RPC", "product": "../../x", "version": "1"}, "apis": {}}"#.to_vec(), "/info/product"),
        (br#"{"info": {"style": "RPC", "product": "P", "version": "../1"}, "apis": {}}"#.to_vec(), "/info/version"),
        (
            api(r#""A": {"responses": {"200": {"schema": {"type": "object", "properties": {"X": {"type": "colour"}}}}}}"#).into_bytes(),
            "/apis/A/responses/200/schema/properties/X/type: unknown type \"colour\"",
        ),
        (api(r#""GetThing": {}, "getThing": {}"#).into_bytes(), "the same name in Rust"),
        (api(r#""A": []"#).into_bytes(), "/apis/A: the operation is a list, not an object"),
        (api(r#""A": {"parameters": [{"name": "X"}]}"#).into_bytes(), "/apis/A/parameters/0: the parameter has no"),
        (
            api(r#""A": {"parameters": [{"name": "X", "in": "cookie", "schema": {"type": "string"}}]}"#).into_bytes(),
            "/apis/A/parameters/0/in: unknown location \"cookie\"",
        ),
    ] {
        let (succeeded, messages, _folder) = generate_from(&description, None);
        assert!(!succeeded && messages.contains(expected), "{expected} in {messages}");
        assert!(messages.contains("api.json"), "{messages}");
    }
}

#[test]
fn a_description_above_the_size_limit_is_rejected_early() {
    let folder = TempDir::new().unwrap();
    let spec = folder.path().join("api.json");
    fs::File::create(&spec).unwrap().set_len(200 << 20).unwrap();
    let output = xtask(&["codegen", "--spec", spec.to_str().unwrap(), "--dump-ir"]);
    let messages = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && messages.contains("larger than"), "{messages}");
}

#[test]
fn overlay_entries_must_have_an_effect() {
    let description =
        api(r#""A": {"parameters": [{"name": "X", "in": "query", "schema": {"type": "string"}}]}"#);
    for (overlay, expected) in [
        (
            "[[fix]]\nat = \"B\"\nidempotent = true\nwhy = \"w\"\n",
            "line 1: the entry for `B` has no effect",
        ),
        (
            "\n[[fix]]\nat = \"A?X\"\ntype = \"list\"\nwhy = \"w\"\n",
            "line 2: the entry for `A?X` has no effect (type)",
        ),
        ("[[fix]]\nat = \"A?X\"\nwhy = \"w\"\n", "has no keys"),
        ("[[fix]]\nat = \"A?X\"\nrename = \"y\"\n", "missing field `why`"),
        ("[[fix]]\nat = \"A?X\"\ncolour = 1\nwhy = \"w\"\n", "unknown field `colour`"),
        (
            "[[fix]]\nat = \"A\"\nrate_limit = 1\nwhy = \"w\"\n[[fix]]\nat = \"A\"\nrate_limit = 2\nwhy = \"w\"\n",
            "duplicate `rate_limit` for `A`",
        ),
        (
            "[operations]\nonly = [\"Aa\"]\nwhy = \"w\"\n",
            "the operation \"Aa\", requested by the overlay, does not exist",
        ),
        ("fix = 1", "invalid overlay"),
        (
            "[product]\nmain = \"Aa\"\nwhy = \"w\"\n",
            "[product] main: the operation \"Aa\" does not exist",
        ),
    ] {
        let (succeeded, messages, _folder) = generate_from(description.as_bytes(), Some(overlay));
        assert!(
            !succeeded && messages.contains(expected) && messages.contains("overlay"),
            "{expected} in {messages}"
        );
    }
}

#[test]
fn odd_paths_and_lists_of_required_properties_are_reported() {
    for (path, parameter, expected) in [
        ("/x y/", "", "contains ' '"),
        (
            "/a/{A+}",
            r#"{"name": "A", "in": "path", "schema": {"type": "string"}}"#,
            "{A+} has no parameter",
        ),
        ("/a/[Id]", "", "contains '['"),
        ("/a/../b", "", "empty, `.` or `..`"),
        ("/a//b", "", "empty, `.` or `..`"),
        ("/a/*", "", "contains '*'"),
        ("*", r#"{"name": "P", "in": "path", "schema": {"type": "string"}}"#, "has a wildcard"),
    ] {
        let description = api(&format!(
            r#""A": {{"path": {path:?}, "methods": ["get"], "parameters": [{parameter}]}},
               "B": {{"path": "/b/c.d_e~f:g?fixed=1&x"}}"#
        ))
        .replace("\"RPC\"", "\"ROA\"");
        let report = diagnostics_of(&description);
        let found = report.iter().any(|row| {
            row["pointer"] == "/apis/A/path" && row["what"].as_str().unwrap().contains(expected)
        });
        assert!(found, "{path}: {report:?}");
        assert!(report.iter().all(|row| row["pointer"] != "/apis/B/path"), "{report:?}");
    }
    let schema =
        r#"{"type": "object", "required": ["X"], "properties": {"X": {"type": "string"}}}"#;
    let report = diagnostics_of(&api(&format!(
        r#""A": {{"responses": {{"200": {{"schema": {schema}}}}}}}"#
    )));
    assert_eq!(report[0]["pointer"], "/apis/A/responses/200/schema/required");
    assert_eq!(report[0]["severity"], "warning");
    assert_eq!(report[0]["what"], "`required` is a list, not a boolean");
}

#[test]
fn ignored_parts_of_a_description_are_reported() {
    let folder = TempDir::new().unwrap();
    let report = folder.path().join("report.jsonl");
    let out = folder.path().join("out");
    let output = xtask(&[
        "codegen",
        "--spec",
        &obstacle(),
        "--out",
        out.to_str().unwrap(),
        "--diagnostics",
        report.to_str().unwrap(),
    ]);
    assert!(output.status.success());
    let report = fs::read_to_string(report).unwrap();
    for (pointer, what) in [
        ("/apis/Doubled/parameters/1", "duplicate parameter"),
        ("/apis/Doubled/parameters/3", "parameter of the protocol"),
        ("/apis/BearerOnly", "cannot be called"),
        ("/apis/Twins/parameters/4", "have the same name in Rust"),
        ("/apis/Twins/parameters/0/schema/items/properties/key", "superseded by \"Key\""),
        ("/endpoints/1", "not a host name"),
        ("/components/schemas/Loop/items", "refers to itself"),
        ("/apis/Refs/responses/200/schema/properties/Missing", "does not exist"),
    ] {
        let found = report.lines().any(|line| {
            let row: serde_json::Value = serde_json::from_str(line).unwrap();
            row["pointer"] == pointer && row["what"].as_str().unwrap().contains(what)
        });
        assert!(found, "{pointer}: {what} in {report}");
    }
}

#[test]
fn an_operation_with_an_odd_path_has_no_method() {
    for (path, defect) in [
        ("/x y/", "contains ' '"),
        ("/a#b", "contains '#'"),
        ("/a/*", "contains '*'"),
        ("/a/../b", "has a segment that is empty, `.` or `..`"),
    ] {
        let operations = format!(r#""Odd": {{"path": "{path}"}}, "Usual": {{"path": "/usual"}}"#);
        let description = api(&operations).replacen("RPC", "ROA", 1);
        let (succeeded, messages, folder) = generate_from(description.as_bytes(), None);
        assert!(succeeded, "{messages}");
        assert!(
            messages.contains(&format!("Odd cannot be called: its path {defect}")),
            "{messages}"
        );
        let text = all_text(folder.path());
        assert!(text.contains("pub fn usual(") && !text.contains("pub fn odd("), "{path}");
    }
}
