//! Documents that are not imported. No file changes.

use std::fs;

use super::{PUBLISHED, all_files, empty_root, failure, import, published, text, with};

/// Returns the message of an import that failed.
fn message(document: impl AsRef<[u8]>) -> String {
    let root = published("");
    fs::write(root.path().join("published.json"), document).unwrap();
    let before = all_files(root.path());
    let output = import(&root, &[]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert_eq!(all_files(root.path()), before, "an error changes no file");
    text(&output.stderr)
}

#[test]
fn what_is_no_description_is_rejected() {
    let utf_16: Vec<u8> = PUBLISHED.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (document, expected) in [
        (b"{}".to_vec(), "an OpenMeta document needs `info`"),
        (b"[".to_vec(), "invalid JSON"),
        (utf_16.clone(), "not UTF-8: convert the file to UTF-8"),
        ([b"\xFF\xFE".to_vec(), utf_16].concat(), "not UTF-8: convert the file to UTF-8"),
        (b"{\"info\": \"\xE9\"}".to_vec(), "not UTF-8: convert the file to UTF-8"),
        (with("\"Plants\"", "\"../Plants\"").into(), "invalid product or version"),
        (with("\"Plants\"", "\"Con\"").into(), "invalid product or version \"Con\""),
        (with("\"Plants\"", "\"nul.1\"").into(), "no name of a Windows device"),
    ] {
        let message = message(document);
        assert!(message.contains(expected), "{expected} in {message}");
    }
}

#[test]
fn texts_under_unknown_keys_are_rejected_all_at_once() {
    let message = message(
        with("\"title\": \"Find a plant\"", "\"advice\": \"Look under the old tree first.\"")
            .replace(
                "\"minimum\": \"1\"",
                "\"hints\": {\"x\": [\"not smaller than one centimeter\"]}",
            ),
    );
    for pointer in ["/apis/FindPlant/parameters/0/schema/hints", "/apis/FindPlant/advice"] {
        let expected = format!(
            "published.json at {pointer}: text under a key that the format does not have: remove it from the document, or add the key to `crates/alicloud-codegen/src/facts/shapes.rs`"
        );
        assert!(message.contains(&expected), "{expected} in {message}");
    }
}

#[test]
fn texts_for_people_in_place_of_values_are_rejected() {
    const HEIGHT: &str = "/apis/FindPlant/parameters/0/schema";
    const SENTENCE: &str = "The quick sentence that nobody keeps.";
    let keys = [
        "pattern",
        "format",
        "maximum",
        "maxLength",
        "itemName",
        "parseType",
        "backendName",
        "sdkPropertyName",
        "readOnly",
        "index",
        "isFileTransferUrl",
        "deprecated",
    ];
    let mut rows: Vec<(String, String)> = keys
        .iter()
        .map(|key| {
            let document = with("\"minimum\": \"1\"", &format!("\"{key}\": \"{SENTENCE}\""));
            (document, format!("{HEIGHT}/{key}: text for people where a value belongs"))
        })
        .collect();
    for (old, new, pointer) in [
        ("\"1.0\"", "\"TEXT\"", "/version: "),
        ("\"cn-a\"", "\"TEXT\"", "/endpoints/0/regionId: "),
        ("\"plants.example.com\"", "\"TEXT\"", "/endpoints/0/endpoint: "),
        ("\"read\"", "\"TEXT\"", "/apis/FindPlant/operationType: "),
        ("\"Plant.NotFound\"", "\"TEXT\"", "/apis/FindPlant/errorCodes/404/0/errorCode: "),
        (
            "\"responseDemo\"",
            "\"security\": [{\"AK\": [\"TEXT\"]}], \"x\"",
            "/apis/FindPlant/security/0/AK/0: ",
        ),
        (
            "\"responseDemo\"",
            "\"security\": [{\"TEXT\": []}], \"x\"",
            "/apis/FindPlant/security/0/TEXT: ",
        ),
        (
            "\"responseDemo\"",
            "\"systemTags\": {\"operationType\": \"TEXT\"}, \"x\"",
            "/apis/FindPlant/systemTags/operationType: ",
        ),
        // Names.
        ("\"PlantId\"", "\"TEXT\"", "/apis/FindPlant/responses/200/schema/properties/TEXT: "),
        ("\"404\"", "\"TEXT\"", "/apis/FindPlant/errorCodes/TEXT: "),
        ("\"200\"", "\"TEXT\"", "/apis/FindPlant/responses/TEXT: "),
        ("\"Height\"", "\"TEXT\"", "/apis/FindPlant/parameters/0/name: "),
    ] {
        let (new, pointer) = (new.replace("TEXT", SENTENCE), pointer.replace("TEXT", SENTENCE));
        rows.push((with(old, &new), pointer + "text for people where a "));
    }
    for (document, expected) in rows {
        let message = message(document);
        assert!(message.contains(&expected), "{expected} in {message}");
    }
}

#[test]
fn values_of_another_kind_are_rejected() {
    for (old, new, expected) in [
        (
            "\"directories\"",
            "\"components\": \"none\", \"directories\"",
            "/components: expected an object, got text",
        ),
        (
            r#"[{"regionId": "cn-a", "endpoint": "plants.example.com"}]"#,
            "\"none\"",
            "/endpoints: expected a list, got text",
        ),
        (
            r#"{"regionId": "cn-a", "endpoint": "plants.example.com"}"#,
            "\"none\"",
            "/endpoints/0: expected an object, got text",
        ),
        (
            "\"parameters\": []",
            "\"parameters\": \"none\"",
            "/apis/WaterPlant/parameters: expected a list, got text",
        ),
        (
            "\"responses\": {}",
            "\"responses\": [1]",
            "/apis/WaterPlant/responses: expected an object, got a list",
        ),
        (
            "\"responses\": {}",
            "\"errorCodes\": 1",
            "/apis/WaterPlant/errorCodes: expected an object, got a number",
        ),
        (
            "\"responses\": {}",
            r#""errorCodes": {"400": ["none"]}"#,
            "/apis/WaterPlant/errorCodes/400/0: expected an object, got text",
        ),
        (
            "\"responses\": {}",
            "\"systemTags\": \"none\"",
            "/apis/WaterPlant/systemTags: expected an object, got text",
        ),
        (
            "\"responses\": {}",
            r#""responses": {"200": {"headers": {"X": "none"}}}"#,
            "/apis/WaterPlant/responses/200/headers/X: expected an object, got text",
        ),
        (r#"["dry", "wet"]"#, "\"none\"", "/schema/enum: expected a list, got text"),
        (
            r#"{"dry": "A season without any rain at all"}"#,
            "\"none\"",
            "/schema/enumValueTitles: expected an object, got text",
        ),
    ] {
        let message = message(with(old, new));
        assert!(message.contains(expected), "{expected} in {message}");
    }
}

#[test]
fn keys_that_are_there_twice_are_rejected() {
    for (old, new, expected) in [
        (
            "\"WaterPlant\": {",
            "\"FindPlant\": {}, \"WaterPlant\": {",
            "/apis/FindPlant: the key is there twice",
        ),
        (
            "\"name\": \"Height\"",
            "\"name\": \"Height\", \"name\": \"Width\"",
            "/apis/FindPlant/parameters/0/name: the key is there twice",
        ),
        (
            "\"title\": \"Find a plant\"",
            "\"title\": \"\", \"title\": \"\"",
            "/apis/FindPlant/title: the key is there twice",
        ),
    ] {
        let message = message(with(old, new));
        assert!(message.contains(expected), "{expected} in {message}");
    }
}

#[test]
fn invalid_arguments_are_rejected() {
    let root = published(PUBLISHED);
    for (operations, expected) in [
        ("WaterPlants", "has no operation WaterPlants; check the name"),
        ("", "--operations: an empty name; write A,B,C"),
        ("WaterPlant,,FindPlant", "--operations: an empty name; write A,B,C"),
    ] {
        let line = failure(&import(&root, &["--operations", operations]));
        assert!(line.ends_with(expected), "{line}");
    }
    assert_eq!(import(&root, &["--all-operations", "--operations", "A"]).status.code(), Some(2));
    // Another folder than the repository.
    let root = empty_root();
    fs::remove_dir(root.path().join("specs")).unwrap();
    fs::write(root.path().join("published.json"), PUBLISHED).unwrap();
    let line = failure(&import(&root, &[]));
    assert!(line.ends_with("specs: not a folder; run the command in the repository"), "{line}");
    assert_eq!(all_files(root.path()).len(), 1);
}

#[test]
fn values_of_enums_are_plain_values_and_no_sentences() {
    const SENTENCE: &str = "The quick sentence that nobody keeps.";
    let pointer = "/apis/FindPlant/parameters/0/schema/enum/1";
    for (value, expected) in [
        (format!("{{\"a\": \"{SENTENCE}\"}}"), "expected a value, got an object"),
        (format!("{{\"{SENTENCE}\": 1}}"), "expected a value, got an object"),
        (format!("[\"{SENTENCE}\"]"), "expected a value, got a list"),
        (format!("\"{SENTENCE}\""), "text for people where a value belongs"),
    ] {
        let message = message(with("\"minimum\": \"1\"", &format!("\"enum\": [\"1\", {value}]")));
        assert!(message.contains(&format!("{pointer}: {expected}")), "{message}");
    }
}
