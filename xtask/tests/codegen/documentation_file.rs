//! `docs.toml`: the documentation of a description that has facts only.

mod rejected;

use std::fs;

use tempfile::TempDir;

use super::{api, files, xtask};

const FACTS: &str = r#""FindPlant": {"parameters": [
        {"name": "PlantId", "in": "query", "schema": {"type": "string", "required": true}},
        {"name": "Season", "in": "query", "schema": {"type": "string", "enum": ["dry", "wet"]}}],
    "responses": {"200": {"schema": {"type": "object", "properties": {
        "Plants": {"type": "array", "items": {"type": "object", "properties": {"PlantId": {"type": "string"}}}}}}}},
    "errorCodes": {"404": [{"errorCode": "Plant.NotFound"}]}}"#;

const DOCS: &str = r#"[fields]
PlantId = "The id of a plant, such as `p-1`."
Plants = "The plants."
Season = "The season."
[operations.FindPlant]
summary = "Finds a plant."
details = "It finds [FindPlant](~~FindPlant~~) as well."
limits = ["At most 3 plants per call."]
page = "https://example.com/find-plant"
[operations.FindPlant.fields]
"!Plants[].PlantId" = "The id of the plant that was found."
[values.Season]
dry = "Without rain."
wet = "With rain."
[errors]
"Plant.NotFound" = "No plant has this id."
"#;

/// Runs `codegen` with a documentation file and the hashes of sentences beside it.
fn run(docs: &str, hashes: &str, more: &[&str]) -> (bool, String, TempDir) {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    fs::write(path("api.json"), api(FACTS)).unwrap();
    fs::write(path("docs.toml"), docs).unwrap();
    fs::write(path("prose.hashes"), hashes).unwrap();
    let overlay = "[[fix]]\nat = \"FindPlant\"\nrate_limit = 5\nwhy = \"w\"\n";
    fs::write(path("overlay.toml"), overlay).unwrap();
    let (spec, docs, overlay, out) =
        (path("api.json"), path("docs.toml"), path("overlay.toml"), path("out"));
    let mut arguments = vec!["codegen", "--spec", &spec, "--docs", &docs, "--overlay", &overlay];
    arguments.extend(["--out", &out]);
    arguments.extend(more);
    let output = xtask(&arguments);
    (output.status.success(), String::from_utf8(output.stderr).unwrap(), folder)
}

#[test]
fn every_item_gets_its_sentence() {
    let (succeeded, messages, folder) = run(DOCS, "", &[]);
    assert!(succeeded && messages.is_empty(), "{messages}");
    let files = files(&folder.path().join("out"));
    let model = &files["alicloud-test-model/src/find_plant.rs"];
    for text in [
        "/// The id of a plant, such as `p-1`. Required.\n        pub plant_id",
        "/// The id of the plant that was found.\n        pub plant_id",
        "/// With rain.\n        Wet = \"wet\",",
        // The item has no text: its field has.
        "/// An item of [`FindPlantResponse::plants`].\n    pub struct Plant {",
    ] {
        assert!(model.contains(text), "{text} in {model}");
    }
    assert!(!files["alicloud-test-model/src/lib.rs"].contains("missing_docs"));
    let client = &files["alicloud-test/src/operations/find_plant.rs"];
    let method = "    /// Finds a plant.\n    ///\n    /// It finds [FindPlant](crate::model::FindPlantRequest) as well.\n    ///\n    /// At most 3 plants per call. Rate limit: 5 calls per second per account.\n    /// See the [API reference](https://example.com/find-plant).\n";
    assert!(client.contains(method), "{client}");
    // The example of the sentence is the example of the call.
    assert!(client.contains("FindPlantRequest::new(\"p-1\")"), "{client}");
    let codes = &files["alicloud-test/src/error_code.rs"];
    assert!(codes.contains("/// No plant has this id."), "{codes}");
}

#[test]
fn a_name_without_a_sentence_is_a_warning_and_fails_the_check() {
    for (sentence, expected) in [
        (
            "Plants = \"The plants.\"\n",
            "warning: DOCS at FindPlant!Plants: the field Plants has no documentation: add it to [fields], or to the operation",
        ),
        (
            "Season = \"The season.\"\n",
            "warning: DOCS at FindPlant?Season: the field Season has no documentation",
        ),
    ] {
        let docs = DOCS.replace(sentence, "");
        let (succeeded, messages, folder) = run(&docs, "", &[]);
        let file = folder.path().join("docs.toml").display().to_string();
        let messages = messages.replace(&file, "DOCS");
        assert!(succeeded && messages.contains(expected), "{expected} in {messages}");
        let (succeeded, _, _folder) = run(&docs, "", &["--check"]);
        assert!(!succeeded);
    }
}

#[test]
fn the_check_names_values_without_a_sentence() {
    let docs = DOCS.replace("dry = \"Without rain.\"\n", "");
    let (_, messages, folder) = run(&docs, "", &[]);
    assert_eq!(messages, "");
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let check = |folder: &TempDir| {
        let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
        let output = xtask(&[
            "codegen",
            "--spec",
            &path("api.json"),
            "--docs",
            &path("docs.toml"),
            "--overlay",
            &path("overlay.toml"),
            "--out",
            &path("out"),
            "--check",
        ]);
        (output.status.success(), String::from_utf8(output.stderr).unwrap())
    };
    assert!(fs::metadata(path("out")).is_ok());
    let (succeeded, messages) = check(&folder);
    assert!(!succeeded);
    assert_eq!(messages, "undocumented: find_plant::Season::Dry: add a sentence to docs.toml\n");
    let (_, _, folder) = run(DOCS, "", &[]);
    assert_eq!(check(&folder), (true, String::new()));
}
