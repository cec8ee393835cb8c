//! `import`: the facts of a description, without its texts.

mod again;
mod rejected;

use std::fs;
use std::path::Path;
use std::process::Output;

use tempfile::TempDir;

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

const HASHES: &str = "specs/plants/2026-01-01/prose.hashes";

/// Creates a repository beside a published document.
fn published(document: &str) -> TempDir {
    let root = empty_root();
    write(&root, "published.json", document);
    root
}

fn import(root: &TempDir, arguments: &[&str]) -> Output {
    let file = root.path().join("published.json").display().to_string();
    xtask_in(root, &[&["import", &file], arguments].concat())
}

fn read(root: &TempDir, path: &str) -> String {
    fs::read_to_string(root.path().join(path)).unwrap()
}

/// Returns the published document with another text at one place.
fn with(old: &str, new: &str) -> String {
    assert_eq!(PUBLISHED.matches(old).count(), 1, "{old}");
    PUBLISHED.replace(old, new)
}

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
fn a_selection_of_operations_is_imported() {
    let root = published(PUBLISHED);
    let summary = success(&import(&root, &["--operations", "WaterPlant"]));
    let facts = read(&root, PATH);
    assert!(facts.contains("WaterPlant") && !facts.contains("FindPlant"), "{facts}");
    assert!(summary.contains("\n1 operations of the document are not imported"), "{summary}");
    assert!(summary.contains(": FindPlant\n"), "{summary}");
}

#[test]
fn parameters_and_properties_keep_their_order_because_it_is_that_of_arguments() {
    let root = published(&with(
        r#""properties": {"#,
        r#""properties": {"Zone": {"type": "string"}, "Age": {"type": "integer"}, "#,
    ));
    success(&import(&root, &[]));
    let facts = read(&root, PATH);
    let positions = ["Height", "Place", "Season", "Zone", "Age", "PlantId"]
        .map(|name| facts.find(&format!("\"{name}\"")).unwrap());
    assert!(positions.is_sorted(), "{facts}");
}

#[test]
fn what_a_text_says_to_be_superseded_is_marked() {
    let places = |key: &str, other: &str| {
        format!(
            r#"{{"name": "place", "in": "query", "deprecated": false, "schema": {{"type": "string", "description": "{key}"}}}},
            {{"name": "Bed", "in": "query", "schema": {{"type": "array", "items": {{"type": "object", "properties": {{
                "key": {{"type": "string", "description": "{key}"}}, "Key": {{"type": "string", "title": "{other}"}}}}}}}}}},
            {{"name": "Season""#
        )
    };
    for (key, other, expected) in [
        ("This parameter is deprecated. Use the other one.", "The key.", 2),
        ("This parameter is deprecated.", "This parameter is deprecated.", 1),
        ("The key.", "The other key.", 0),
    ] {
        let root = published(&with("{\"name\": \"Season\"", &places(key, other)));
        success(&import(&root, &[]));
        let facts = read(&root, PATH);
        assert_eq!(facts.matches("\"deprecated\": true").count(), expected, "{key}: {facts}");
    }
}

#[test]
fn groups_of_large_products_are_kept_without_titles_that_are_sentences() {
    let operations = |count: usize| {
        let operations: Vec<String> = (0..count)
            .map(|index| format!(r#""GetLeaf{index}": {{"methods": ["post"], "responses": {{}}}}"#))
            .collect();
        with("\"WaterPlant\": {", &(operations.join(",") + ", \"WaterPlant\": {")).replace(
            r#""children": ["FindPlant"]}"#,
            r#""children": [{"title": "x", "children": ["FindPlant", "CutPlant"]}]},
            {"title": "\u690d\u7269", "children": ["GetLeaf1"]}, {"title": "Old leaves", "children": ["GetLeaf2"]}, {"title": "Gone", "children": ["Gone"]}"#,
        )
    };
    let root = published(&operations(97));
    success(&import(&root, &[]));
    assert!(!read(&root, PATH).contains("directories"), "no features, no groups");
    let root = published(&operations(98));
    success(&import(&root, &[]));
    let facts: String = read(&root, PATH).split_whitespace().collect();
    // A title of at most three words can name a feature.
    let expected = r#""directories":[{"title":"Everythingaboutplants","children":["FindPlant"]},{"children":["GetLeaf1"]},{"title":"Oldleaves","children":["GetLeaf2"]}],"#;
    assert!(facts.contains(expected), "{facts}");
    // The facts are all that a second import needs.
    let before = read(&root, PATH);
    success(&xtask_in(&root, &["import", root.path().join(PATH).to_str().unwrap()]));
    assert_eq!(read(&root, PATH), before);
    // If the committed description has no groups, they are decided in the overlay.
    let mut without: serde_json::Value = serde_json::from_str(&before).unwrap();
    without.as_object_mut().unwrap().remove("directories").unwrap();
    write(&root, PATH, &without.to_string());
    let summary = success(&import(&root, &[]));
    assert!(summary.contains("Plants 2026-01-01: patch, 0 changes"), "{summary}");
}

#[test]
fn values_of_enums_are_kept_in_any_language_and_listed() {
    let root = published(&with(r#"["dry", "wet"]"#, r#"["dry", "\u6e7f\u5b63"]"#));
    let summary = success(&import(&root, &[]));
    let expected = "\n1 values of enums look like text for people; check that the service has them:\n  /apis/FindPlant/parameters/2/schema/enum: \"\u{6e7f}\u{5b63}\"\n";
    assert!(summary.contains(expected), "{summary}");
    assert!(read(&root, PATH).contains("\"\u{6e7f}\u{5b63}\""));
}

#[test]
fn unknown_keys_without_sentences_are_listed() {
    let unknown = r#""allOf": [{"type": "string"}], "nullable": true, "maxProperties": 5"#;
    let root = published(&with("\"minimum\": \"1\"", unknown));
    let summary = success(&import(&root, &[]));
    let expected =
        "\nleft out keys that the format does not have: allOf 1, maxProperties 1, nullable 1\n";
    assert!(summary.contains(expected), "{summary}");
}

#[test]
fn a_document_without_texts_needs_no_hashes() {
    let root = published(super::GADGET);
    let summary = success(&import(&root, &[]));
    assert!(
        summary.contains("\nleft out nothing; 0 runs of words must not be copied\n"),
        "{summary}"
    );
    assert_eq!(all_files(&root.path().join("specs")).len(), 2, "the description and the lock");
}

#[test]
fn importing_the_descriptions_of_this_repository_changes_no_file() {
    let root = empty_root();
    let folder = Path::new("../specs");
    for (file, bytes) in all_files(folder) {
        let copy = root.path().join("specs").join(file.strip_prefix(folder).unwrap());
        fs::create_dir_all(copy.parent().unwrap()).unwrap();
        fs::write(copy, bytes).unwrap();
    }
    let before = all_files(root.path());
    let descriptions = before.iter().filter(|(file, _)| file.ends_with("api.json"));
    for (file, _) in descriptions.clone() {
        let summary = success(&xtask_in(&root, &["import", file.to_str().unwrap()]));
        assert!(summary.contains(": no change, 0 changes\n"), "{summary}");
    }
    assert!(descriptions.count() >= 5);
    assert_eq!(all_files(root.path()), before);
}
