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

/// An operation `List` with these parameters, all of them text, and response fields of this type.
fn list_with(parameters: &[&str], fields: &[&str], ty: &str) -> String {
    let parameter = |name: &&str| {
        format!(r#"{{"name": {name:?}, "in": "query", "schema": {{"type": "string"}}}}"#)
    };
    let field = |name: &&str| format!(r#"{name:?}: {{"type": {ty:?}}}"#);
    let parameters: Vec<String> = parameters.iter().map(parameter).collect();
    let fields: Vec<String> = fields.iter().map(field).collect();
    let items = r#""Items": {"type": "array", "items": {"type": "string"}}"#;
    api(&format!(
        r#""List": {{"operationType": "read", "parameters": [{}],
        "responses": {{"200": {{"schema": {{"type": "object", "properties": {{{items}, {}}}}}}}}}}}"#,
        parameters.join(","),
        fields.join(",")
    ))
}

#[test]
fn positions_of_pages_are_tokens() {
    for (parameter, field) in [
        ("Token", "Token"),
        ("Token", "NextToken"),
        ("LastId", "LastId"),
        ("lastId", "nextLastId"),
        ("SearchAfter", "SearchAfter"),
        ("NextKey", "NextKey"),
        ("PageToken", "NextPageToken"),
        ("ContinuationToken", "NextContinuationToken"),
        ("StartingToken", "NextToken"),
        ("Marker", "NextMarker"),
        ("ExclusiveStartKey", "NextExclusiveStartKey"),
    ] {
        for ty in ["string", "integer"] {
            let description = list_with(&[parameter, "Limit"], &[field], ty);
            let (succeeded, notes, model) = generate_list(&description, None);
            assert!(succeeded && model.contains("step.token("), "{parameter} and {field}: {notes}");
        }
    }
    // Without a page size, one of these can mean something else; beside a page number, it does.
    for (parameter, field) in [("Token", "Token"), ("LastId", "LastId")] {
        let (_, notes, model) = generate_list(&list_with(&[parameter], &[field], "string"), None);
        assert!(!model.contains("impl Paged"), "{model}");
        let reason = format!("{parameter} can select a page, but there is neither a page size nor");
        assert!(notes.contains(&reason), "{notes}");
    }
    let with_number =
        list_with(&["FromId", "PageNumber", "PageSize"], &["FromId", "Total"], "string");
    let (_, notes, model) = generate_list(&with_number, None);
    assert!(model.contains(".number(") && !model.contains(".token("), "{notes} {model}");
}

#[test]
fn a_pager_compares_the_page_number_and_knows_both_page_sizes() {
    let parameters = ["PageNumber", "PageSize", "NextToken", "MaxResults"];
    let fields = ["PageNumber", "TotalCount", "NextToken"];
    let (_, notes, model) = generate_list(&list_with(&parameters, &fields, "string"), None);
    for part in [
        "step.echoed_number(&mut self.page_number, 1, &response.page_number)",
        ".sizes(&mut self.page_size, &mut self.max_results)",
        ".token(&mut self.next_token, &response.next_token)",
    ] {
        assert!(model.contains(part), "{part} in {model} {notes}");
    }
}
