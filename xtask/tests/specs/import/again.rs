//! Importing over a description that is committed.

use super::super::{GADGET, Server};
use super::{
    HASHES, PATH, PUBLISHED, all_files, import, published, read, success, text, with, write,
};

#[test]
fn sentences_of_a_newer_document_are_added() {
    let root = published(PUBLISHED);
    success(&import(&root, &[]));
    let old = read(&root, HASHES);
    let newer = with(
        "Waters every plant that needs water today.",
        "Gives water to all plants that are dry.",
    )
    .replace(r#""properties": {"#, r#""properties": {"Leaves": {"type": "integer"}, "#);
    write(&root, "published.json", &newer);
    let summary = success(&import(&root, &[]));
    assert!(summary.contains("Plants 2026-01-01: minor, 1 changes"), "{summary}");
    assert!(summary.contains("  FindPlant!Leaves: field added"), "{summary}");
    let new = read(&root, HASHES);
    assert!(old.lines().all(|line| new.contains(line)), "old sentences stay forbidden");
    assert!(new.lines().count() > old.lines().count());
}

#[test]
fn a_major_change_is_written_only_if_it_is_allowed() {
    let root = published(PUBLISHED);
    success(&import(&root, &[]));
    let before = all_files(&root.path().join("specs"));
    for (document, expected) in [
        (
            with(r#""type": "integer""#, r#""type": "string""#),
            "FindPlant?Height: type changed from integer to string",
        ),
        (with("WaterPlant", "RainOnPlant"), "  WaterPlant: operation removed"),
        (with("PlantId", "Id"), "  FindPlant!PlantId: field removed"),
        (
            with("Plant.NotFound", "NotFound"),
            "FindPlant: error code `Plant.NotFound` (`404`) removed",
        ),
    ] {
        write(&root, "published.json", &document);
        let output = import(&root, &[]);
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        let message = text(&output.stderr);
        assert!(message.contains("so nothing was written"), "{message}");
        assert!(message.contains("`--allow-breaking`") && message.contains(expected), "{message}");
        assert_eq!(all_files(&root.path().join("specs")), before);
    }
    let summary = success(&import(&root, &["--allow-breaking"]));
    assert!(summary.contains("Plants 2026-01-01: major"), "{summary}");
    assert!(read(&root, PATH).contains("\"NotFound\""));
}

#[test]
fn the_committed_operations_stay_selected_and_new_ones_are_named() {
    let root = published(PUBLISHED);
    success(&import(&root, &["--operations", "WaterPlant"]));
    let before = all_files(root.path());
    let summary = success(&import(&root, &[]));
    assert!(summary.contains("1 operations of the document are not imported (`--all-operations`, or `--operations` with their names): FindPlant\n"), "{summary}");
    assert_eq!(all_files(root.path()), before);

    // Named operations are added to the committed ones.
    for arguments in [&["--operations", "FindPlant"][..], &["--all-operations"]] {
        let root = published(PUBLISHED);
        success(&import(&root, &["--operations", "WaterPlant"]));
        let summary = success(&import(&root, arguments));
        assert!(summary.contains("FindPlant: operation added"), "{summary}");
        assert!(read(&root, PATH).contains("\"WaterPlant\""));
    }
}

#[test]
fn a_downloaded_description_that_is_replaced_is_named() {
    let server = Server::with_response("200 OK", GADGET);
    let root = published(GADGET);
    success(&server.fetch(&root, "Gadget", "2020-01-01").0);
    let summary = success(&import(&root, &[]));
    assert!(summary.contains("\nchanged: specs/gadget/2020-01-01/api.json: run `"), "{summary}");
}

#[test]
fn another_order_of_keys_changes_nothing() {
    let properties = r#""properties": {"Zone": {"type": "string"}, "Age": {"type": "integer"}, "#;
    let error =
        r#"[{"errorCode": "Plant.Gone"}, {"errorCode": "Plant.Asleep", "errorMessage": ""}, "#;
    let document = with(r#""properties": {"#, properties)
        .replace(r#"[{"errorCode""#, &(error.to_owned() + r#"{"errorCode""#))
        .replace(r#"{"dry": "A season"#, r#"{"wet": "", "dry": "A season"#)
        .replace(r#""responses": {"200""#, r#""responses": {"404": {}, "200""#);
    let root = published(&document);
    success(&import(&root, &[]));
    let before = all_files(&root.path().join("specs"));
    // `Value` sorts keys.
    let sorted: serde_json::Value = serde_json::from_str(&document).unwrap();
    let swapped = sorted.to_string().replace(
        r#"{"errorCode":"Plant.Gone"},{"errorCode":"Plant.Asleep","errorMessage":""}"#,
        r#"{"errorMessage":"","errorCode":"Plant.Asleep"},{"errorCode":"Plant.Gone"}"#,
    );
    for document in [sorted.to_string(), swapped] {
        write(&root, "published.json", &document);
        let summary = success(&import(&root, &[]));
        assert!(summary.contains("no change, 0 changes"), "{summary}");
        assert_eq!(all_files(&root.path().join("specs")), before);
    }
}

#[test]
fn lost_limits_and_defaults_are_listed() {
    let limits = r#""minimum": "1", "maximum": 9, "default": "2", "pattern": "[0-9]+", "maxLength": 4, "format": "int32""#;
    let root = published(&with("\"minimum\": \"1\"", limits));
    success(&import(&root, &[]));
    let fewer = with("\"minimum\": \"1\"", r#""maximum": 10, "minItems": 1, "format": "int32""#);
    write(&root, "published.json", &fewer);
    let summary = success(&import(&root, &[]));
    let expected = "\nOther changes, without effect on the Rust API (6):
  FindPlant?Height: default removed, was `2`
  FindPlant?Height: maxLength removed, was `4`
  FindPlant?Height: maximum changed from `9` to `10`
  FindPlant?Height: minItems added, `1`
  FindPlant?Height: minimum removed, was `1`
  FindPlant?Height: pattern removed, was `[0-9]+`
";
    assert!(summary.contains("Plants 2026-01-01: patch, 6 changes"), "{summary}");
    assert!(summary.contains(expected), "{summary}");
}
