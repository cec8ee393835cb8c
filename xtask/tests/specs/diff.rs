//! `diff`: changes between two descriptions, and the version that they require.

use std::fs;

use super::{failure, success, xtask};

#[test]
fn diff_as_text() {
    let output = xtask(&["diff", "tests/specs/old.json", "tests/specs/new.json"]);
    insta::assert_snapshot!(success(&output));
}

#[test]
fn diff_as_markdown() {
    let output = xtask(&["diff", "tests/specs/old.json", "tests/specs/new.json", "--markdown"]);
    insta::assert_snapshot!(success(&output));
}

#[test]
fn diff_of_identical_files_is_no_change() {
    let output = xtask(&["diff", "tests/specs/new.json", "tests/specs/new.json"]);
    assert_eq!(success(&output), "Gadget 2020-01-01: no change\n");
}

/// Returns the diff for the replacement of one text in `old.json`.
fn diff_after_replacing(from: &str, to: &str) -> String {
    let old = fs::read_to_string("tests/specs/old.json").unwrap();
    assert_eq!(old.matches(from).count(), 1, "{from}");
    let folder = tempfile::tempdir().unwrap();
    let new = folder.path().join("new.json");
    fs::write(&new, old.replace(from, to)).unwrap();
    success(&xtask(&["diff", "tests/specs/old.json", new.to_str().unwrap()]))
}

#[test]
fn changed_documentation_requires_a_patch() {
    assert_eq!(
        diff_after_replacing("Describes a gadget.", "Describes the gadget."),
        "Gadget 2020-01-01: patch\n\nThe documentation changed in 1 location.\n"
    );
}

#[test]
fn changed_properties_that_the_generator_ignores_require_a_patch() {
    assert_eq!(
        diff_after_replacing(r#""version": "1.0""#, r#""version": "1.1""#),
        "Gadget 2020-01-01: patch\n\nOnly examples or properties that the generator ignores changed.\n"
    );
}

#[test]
fn a_new_optional_field_requires_a_minor_version() {
    let text = diff_after_replacing(r#""Note": {"#, r#""More": {"type": "string"}, "Note": {"#);
    assert_eq!(
        text,
        "Gadget 2020-01-01: minor\n\nAdded or deprecated (1):\n  DescribeGadget!More: field added\n"
    );
}

#[test]
fn a_required_client_token_requires_a_patch() {
    // The runtime generates the token if the program sets none.
    let token = r#""ClientToken", "in": "query", "schema": {"type": "string""#;
    let text = diff_after_replacing(token, &format!("{token}, \"required\": true"));
    assert!(text.starts_with("Gadget 2020-01-01: patch\n"), "{text}");
}

#[test]
fn diff_of_an_invalid_description_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bad.json");
    let deep = "[".repeat(10_000);
    for (bytes, message) in [
        (&b"{\"info\""[..], "invalid JSON"),
        (b"{}", "at /info: missing or not an object"),
        (b"\xFF", "invalid JSON"),
        (deep.as_bytes(), "nested more than 2048 levels deep"),
        (
            br#"{"info":{"product":"A","version":"1","style":"RPC"},"apis":{"B":1}}"#,
            "at /apis/B: the operation is a number",
        ),
    ] {
        fs::write(&path, bytes).unwrap();
        let line = failure(&xtask(&["diff", "tests/specs/old.json", path.to_str().unwrap()]));
        assert!(line.contains("bad.json") && line.contains(message), "{line}");
    }
    let line = failure(&xtask(&["diff", "nowhere.json", "tests/specs/old.json"]));
    assert!(line.starts_with("error: nowhere.json: cannot be read"), "{line}");
}

#[test]
fn diff_of_recursive_components_terminates() {
    // A cycle of lists, a reference to itself, and a component with two references to it.
    let description = |last: &str| {
        let components: Vec<String> = (0..40)
            .map(|index| {
                let next = (index + 1) % 40;
                let items = match index {
                    30 => last.to_owned(),
                    _ => format!(r##"{{"$ref":"#/components/schemas/C{next}"}}"##),
                };
                format!(r#""C{index}":{{"type":"array","items":{items}}}"#)
            })
            .collect();
        format!(
            r##"{{"info":{{"product":"A","version":"1","style":"RPC"}},"components":{{"schemas":{{{},"Me":{{"$ref":"#/components/schemas/Me"}}}}}},"apis":{{"Get":{{"parameters":[],"responses":{{"200":{{"schema":{{"type":"object","properties":{{"A":{{"$ref":"#/components/schemas/C0"}},"B":{{"$ref":"#/components/schemas/C0"}},"Me":{{"$ref":"#/components/schemas/Me"}}}}}}}}}}}}}}}}"##,
            components.join(",")
        )
    };
    let folder = tempfile::tempdir().unwrap();
    let (old, new) = (folder.path().join("old"), folder.path().join("new"));
    fs::write(&old, description(r##"{"$ref":"#/components/schemas/C31"}"##)).unwrap();
    fs::write(&new, description(r#"{"type":"string"}"#)).unwrap();
    let text = success(&xtask(&["diff", old.to_str().unwrap(), new.to_str().unwrap()]));
    assert_eq!(text.matches("#C30[]: type changed from list of").count(), 1, "{text}");
}
