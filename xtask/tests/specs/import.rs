//! `import`: the facts of a description, without its texts.

use std::fs;

use super::{all_files, empty_root, failure, success, text, write, xtask_in};

const PUBLISHED: &str = r#"{"version": "1.0",
    "info": {"product": "Plants", "version": "2026-01-01", "style": "RPC"},
    "directories": [{"title": "Everything about plants", "children": ["FindPlant"]}],
    "apis": {
        "WaterPlant": {"methods": ["post"], "summary": "Waters every plant that needs water today.", "parameters": [], "responses": {}},
        "FindPlant": {"methods": ["get", "post"], "title": "Find a plant", "operationType": "read", "parameters": [
            {"name": "Height", "in": "query", "schema": {"type": "integer", "required": true, "minimum": "1",
                "description": "The height of the plant in whole centimeters.", "example": "30"}},
            {"name": "Place", "in": "query", "schema": {"type": "string", "example": "the place under the old tree",
                "default": "where nobody looks for it"}},
            {"name": "Season", "in": "query", "schema": {"type": "string", "enum": ["dry", "wet"], "example": "dry",
                "enumValueTitles": {"dry": "A season without any rain at all"}}}],
         "responses": {"200": {"schema": {"type": "object", "properties": {"PlantId": {"type": "string", "example": "p-1"}}}}},
         "errorCodes": {"404": [{"errorCode": "Plant.NotFound", "errorMessage": "The specified plant does not exist here."}]},
         "responseDemo": "[]"}},
    "endpoints": [{"regionId": "cn-a", "endpoint": "plants.example.com"}]}"#;

const PATH: &str = "specs/plants/2026-01-01/api.json";

#[test]
fn facts_are_kept_in_a_stable_order_and_texts_are_left_out() {
    let root = empty_root();
    write(&root, "published.json", PUBLISHED);
    let file = root.path().join("published.json");
    let summary = success(&xtask_in(&root, &["import", file.to_str().unwrap()]));
    insta::assert_snapshot!(summary.replace(&file.display().to_string(), "published.json"));
    insta::assert_snapshot!(fs::read_to_string(root.path().join(PATH)).unwrap());
    let hashes =
        fs::read_to_string(root.path().join(PATH.replace("api.json", "prose.hashes"))).unwrap();
    assert!(hashes.lines().all(|line| line.len() == 12) && hashes.lines().count() > 4, "{hashes}");
    success(&xtask_in(&root, &["verify"]));

    // The second import changes nothing.
    let before = all_files(root.path());
    let summary = success(&xtask_in(&root, &["import", file.to_str().unwrap()]));
    assert!(summary.contains("0 changes"), "{summary}");
    assert_eq!(all_files(root.path()), before);
}

#[test]
fn a_newer_document_is_compared_and_its_sentences_are_added() {
    let root = empty_root();
    write(&root, "published.json", PUBLISHED);
    let file = root.path().join("published.json").display().to_string();
    success(&xtask_in(&root, &["import", &file]));
    let hashes = root.path().join(PATH.replace("api.json", "prose.hashes"));
    let old = fs::read_to_string(&hashes).unwrap();
    let newer = PUBLISHED.replace("\"type\": \"integer\"", "\"type\": \"string\"").replace(
        "Waters every plant that needs water today.",
        "Gives water to all plants that are dry.",
    );
    write(&root, "published.json", &newer);
    let summary = success(&xtask_in(&root, &["import", &file]));
    assert!(summary.contains("Plants 2026-01-01: major, 1 changes"), "{summary}");
    assert!(summary.contains("FindPlant?Height: type changed from integer to string"), "{summary}");
    let new = fs::read_to_string(&hashes).unwrap();
    assert!(old.lines().all(|line| new.contains(line)), "old sentences stay forbidden");
    assert!(new.lines().count() > old.lines().count());
}

#[test]
fn a_newer_document_that_removes_something_is_a_major_change() {
    let root = empty_root();
    write(&root, "published.json", PUBLISHED);
    let file = root.path().join("published.json").display().to_string();
    success(&xtask_in(&root, &["import", &file]));
    let newer = PUBLISHED.replace("\"WaterPlant\"", "\"RainOnPlant\"").replace("PlantId", "Id");
    write(&root, "published.json", &newer);
    let summary = success(&xtask_in(&root, &["import", &file]));
    assert!(summary.contains("Plants 2026-01-01: major, 4 changes"), "{summary}");
    assert!(summary.contains("  WaterPlant: operation removed"), "{summary}");
    assert!(summary.contains("  FindPlant!PlantId: field removed"), "{summary}");
}

#[test]
fn a_selection_of_operations_is_imported() {
    let root = empty_root();
    write(&root, "published.json", PUBLISHED);
    let file = root.path().join("published.json").display().to_string();
    success(&xtask_in(&root, &["import", &file, "--operations", "WaterPlant"]));
    let facts = fs::read_to_string(root.path().join(PATH)).unwrap();
    assert!(facts.contains("WaterPlant") && !facts.contains("FindPlant"), "{facts}");
    let line = failure(&xtask_in(&root, &["import", &file, "--operations", "WaterPlants"]));
    assert!(line.ends_with("has no operation WaterPlants; check the name"), "{line}");
}

#[test]
fn what_is_no_description_or_has_unknown_texts_is_rejected() {
    let with = |old: &str, new: &str| PUBLISHED.replace(old, new);
    for (document, expected) in [
        ("{}".to_owned(), "an OpenMeta document needs `info`"),
        ("[".to_owned(), "invalid JSON"),
        (
            with("\"title\": \"Find a plant\"", "\"advice\": \"Look under the old tree first.\""),
            "at /apis/FindPlant/advice: text under a key that the format does not have",
        ),
        (
            with("\"minimum\": \"1\"", "\"hints\": {\"x\": [\"not smaller than one centimeter\"]}"),
            "at /apis/FindPlant/parameters/0/schema/hints: text under a key",
        ),
        (with("\"Plants\"", "\"../Plants\""), "invalid product or version"),
    ] {
        let root = empty_root();
        write(&root, "published.json", &document);
        let before = all_files(root.path());
        let file = root.path().join("published.json").display().to_string();
        let output = xtask_in(&root, &["import", &file]);
        assert_eq!(output.status.code(), Some(1));
        let message = text(&output.stderr);
        assert!(message.contains(expected), "{expected} in {message}");
        assert_eq!(all_files(root.path()), before, "an error changes no file");
    }
}
