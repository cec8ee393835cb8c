//! Operations with pages.

use std::fs;
use tempfile::TempDir;

use super::{api, xtask};

/// An operation `List` with these response properties, a page number and a page size.
fn paged_api(properties: &str) -> String {
    api(&format!(
        r#""List": {{"operationType": "read", "parameters": [
            {{"name": "PageNumber", "in": "query", "schema": {{"type": "integer"}}}},
            {{"name": "PageSize", "in": "query", "schema": {{"type": "integer"}}}}],
        "responses": {{"200": {{"schema": {{"type": "object", "properties": {{{properties}}}}}}}}}}}"#
    ))
}

/// Generates the operation `List`, and returns its notes and the text of its model.
fn generate_list(description: &str, overlay: Option<&str>) -> (bool, String, String) {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    fs::write(path("api.json"), description).unwrap();
    let mut arguments = vec!["codegen", "--spec"];
    let (spec, out, notes, fixes) =
        (path("api.json"), path("out"), path("notes.jsonl"), path("overlay.toml"));
    arguments.extend([&spec, "--out", &out, "--diagnostics", &notes].map(|text| text as &str));
    if let Some(overlay) = overlay {
        fs::write(&fixes, overlay).unwrap();
        arguments.extend(["--overlay", &fixes]);
    }
    let output = xtask(&arguments);
    let messages = String::from_utf8_lossy(&output.stderr).into_owned();
    let notes = fs::read_to_string(&notes).unwrap_or_default() + &messages;
    let model = path("out/alicloud-test-model/src/list.rs");
    (output.status.success(), notes, fs::read_to_string(model).unwrap_or_default())
}

#[test]
fn an_operation_that_pages_without_a_pager_is_reported() {
    const OBJECTS: &str = r#"{"type": "array", "items": {"type": "object", "properties": {"Id": {"type": "string"}}}}"#;
    let total = r#""TotalCount": {"type": "integer"}"#;
    let several = format!(
        r#"{total}, "A": {OBJECTS}, "Data": {{"type": "object", "properties": {{"B": {OBJECTS}, "Total": {{"type": "integer"}}}}}}"#
    );
    for (properties, reason) in [
        (several.as_str(), "the response has several lists: A, Data.B"),
        (total, "the response has no list"),
        (&format!(r#""A": {OBJECTS}"#), "the response has neither a total nor a token"),
    ] {
        let (succeeded, notes, model) = generate_list(&paged_api(properties), None);
        assert!(succeeded && !model.contains("impl Paged"), "{notes}");
        let expected = format!("List has page parameters, but no pager: {reason}");
        assert!(notes.contains(&expected), "{notes}");
    }
    // The overlay chooses the list.
    let fix = |pages: &str| format!("[[fix]]\nat = \"List\"\nwhy = \"w\"\npages = {pages}\n");
    let (succeeded, notes, model) = generate_list(&paged_api(&several), Some(&fix("\"Data.B\"")));
    assert!(
        succeeded && model.contains("data.map(|outer| std::mem::take(&mut outer.b))"),
        "{notes}"
    );
    let (succeeded, notes, _) = generate_list(&paged_api(&several), Some(&fix("\"B\"")));
    assert!(!succeeded);
    assert!(
        notes.contains("there is no list \\\"B\\\"; the lists are: A, Data.B")
            || notes.contains("there is no list \"B\"; the lists are: A, Data.B"),
        "{notes}"
    );
    let (succeeded, notes, model) = generate_list(&paged_api(&several), Some(&fix("false")));
    assert!(succeeded && !model.contains("impl Paged") && !notes.contains("no pager"), "{notes}");
}
