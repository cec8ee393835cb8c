//! `check`: what an official Python package has and a description lacks.

mod rejected;

use std::fs;
use std::process::Output;

use alicloud_codegen::documentation::sentence_hashes;
use tempfile::TempDir;

use super::{empty_root, failure, success, text, write, xtask_in};

const SPEC: &str = "specs/plants/2026-01-01/api.json";
const KNOWN: &str = "specs/plants/2026-01-01/drift.toml";
const PACKAGE: &str = "site-packages/alibabacloud_plants20260101";
const FILES: [(&str, &str); 5] = [
    ("__init__.py", include_str!("plants/__init__.py")),
    (CLIENT, include_str!("plants/client.py")),
    ("models/__init__.py", include_str!("plants/models/__init__.py")),
    (MODELS, include_str!("plants/models/_find_plant.py")),
    ("models/_water_plant.py", include_str!("plants/models/_water_plant.py")),
];
const CLIENT: &str = "client.py";
const MODELS: &str = "models/_find_plant.py";

/// Creates a repository with the description, and the package in its site-packages.
fn plants() -> TempDir {
    let root = empty_root();
    write(&root, SPEC, include_str!("plants/api.json"));
    for (file, text) in FILES {
        write(&root, &format!("{PACKAGE}/{file}"), text);
    }
    root
}

/// Replaces a text that a file has.
fn edit(root: &TempDir, file: &str, old: &str, new: &str) {
    let path = root.path().join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(old), "{old} in {file}");
    fs::write(path, text.replace(old, new)).unwrap();
}

fn check_in(root: &TempDir, against: &str, arguments: &[&str]) -> Output {
    let against = root.path().join(against);
    let arguments = [&["check", "--against", against.to_str().unwrap()], arguments].concat();
    xtask_in(root, &arguments)
}

fn check(root: &TempDir) -> Output {
    check_in(root, "site-packages", &[])
}

/// Returns the report of a check that found drift.
fn drift(root: &TempDir) -> String {
    let output = check(root);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(output.stderr.is_empty(), "{output:?}");
    text(&output.stdout)
}

/// Returns the message of a check that failed, without the path of the repository.
fn error(root: &TempDir, output: &Output) -> String {
    failure(output).replace(&format!("{}/", root.path().display()), "")
}

#[test]
fn equal_descriptions_and_packages_are_no_drift() {
    let root = plants();
    let report = success(&check(&root));
    insta::assert_snapshot!(report);
    // The folder of the package itself, under any name, and the description by its path.
    let spec = root.path().join(SPEC);
    fs::rename(root.path().join(PACKAGE), root.path().join("any name")).unwrap();
    assert_eq!(success(&check_in(&root, "any name", &[])), report);
    assert_eq!(success(&check_in(&root, "any name", &[spec.to_str().unwrap()])), report);
    // Left out on purpose.
    let all = success(&check_in(&root, "any name", &["--all"]));
    assert!(all.contains("not part of the description (1):\n  CountPlants\n"), "{all}");
}

#[test]
fn differences_are_listed_by_kind() {
    let root = plants();
    for (file, old, new) in [
        (MODELS, "is_dry: bool", "is_dry: str"),
        (MODELS, "labels: Dict[str, str]", "labels: Dict[str, int]"),
        (MODELS, "weight: float", "height: int"),
        (MODELS, "self.weight", "self.height"),
        (MODELS, "'Weight'", "'Height'"),
        (MODELS, "extra: Dict[str, Any]", "extra: List[Any]"),
        (CLIENT, "query['Height']", "body['Height']"),
        (CLIENT, "'Filter', 'json'", "'Filter', 'simple'"),
        (CLIENT, "method = 'POST'", "method = 'GET'"),
        (CLIENT, "pathname = '/'", "pathname = '/plants'"),
        (CLIENT, "req_body_type = 'formData'", "req_body_type = 'json'"),
        (CLIENT, " body_type = 'json'", " body_type = 'xml'"),
    ] {
        edit(&root, &format!("{PACKAGE}/{file}"), old, new);
    }
    for (old, new) in [
        (r#"{"name": "Note", "in": "formData", "schema": {"type": "string"}},"#, ""),
        (r#"{"name": "PlantId","#, r#"{"name": "Liters", "in": "query"}, {"name": "PlantId","#),
        (r#""WaterPlant": {"#, r#""CutPlant": {"methods": ["post"]}, "WaterPlant": {"#),
    ] {
        edit(&root, SPEC, old, new);
    }
    insta::assert_snapshot!(drift(&root));
}

#[test]
fn what_only_the_description_has_is_no_drift() {
    let root = plants();
    edit(
        &root,
        SPEC,
        r#""WaterPlant": {"#,
        r#""CutPlant": {"methods": ["post"]}, "WaterPlant": {"#,
    );
    let report = success(&check(&root));
    assert!(
        report.contains("removing is a major change (1):\n  CutPlant: operation\n"),
        "{report}"
    );
}

#[test]
fn a_complete_description_has_all_operations() {
    let root = plants();
    write(&root, KNOWN, "complete = true\n");
    let report = drift(&root);
    assert!(
        report.contains("Missing here; adding is a minor change (1):\n  CountPlants: operation")
    );
    write(&root, KNOWN, "[[known]]\nat = [\"CountPlants\"]\nwhy = \"nobody counts\"\n");
    let report = drift(&root);
    assert!(report.contains("Without effect in drift.toml; remove them (1):\n  CountPlants\n"));
}

#[test]
fn known_differences_have_a_reason_and_an_effect() {
    let root = plants();
    edit(&root, &format!("{PACKAGE}/{MODELS}"), "height: int", "height: str");
    edit(&root, SPEC, r#"{"name": "PlantId", "in": "query", "schema": {"type": "string"}}"#, "");
    let known =
        "[[known]]\nat = [\"FindPlant?Height\", \"*?PlantId\"]\nwhy = \"the pages say so\"\n";
    write(&root, KNOWN, known);
    let report = success(&check(&root));
    assert!(report.ends_with("; 0 different, 0 only here, 2 known\n"), "{report}");

    write(&root, KNOWN, &known.replace("*?PlantId", "*!PlantId\", \"WaterPlant?PlantId"));
    let report = drift(&root);
    assert!(
        report.contains("Without effect in drift.toml; remove them (1):\n  *!PlantId\n"),
        "{report}"
    );

    for (text, expected) in [
        (known.replace("the pages say so", " "), "no reason for "),
        (
            known.replace("*?PlantId", "FindPlant?Height"),
            "two entries for \"FindPlant?Height\"; keep one",
        ),
        (known.replace("why", "because"), "line 3: unknown field `because`"),
        (known.replace(']', ""), "line "),
    ] {
        write(&root, KNOWN, &text);
        let line = error(&root, &check(&root));
        assert!(line.starts_with(&format!("error: {KNOWN}: {expected}")), "{line}");
    }
}

#[test]
fn the_method_is_one_of_the_description() {
    let root = plants();
    edit(&root, &format!("{PACKAGE}/{CLIENT}"), "method = 'POST'", "method = 'GET'");
    assert!(drift(&root).contains("FindPlant: HTTP method POST here, GET there\n"));
    edit(&root, SPEC, r#""methods": ["post"]"#, r#""methods": ["post", "get"]"#);
    success(&check(&root));
    // One difference can be known.
    edit(&root, &format!("{PACKAGE}/{CLIENT}"), " body_type = 'json'", " body_type = 'xml'");
    write(&root, KNOWN, "[[known]]\nat = [\"*\"]\nwhy = \"we ask for JSON\"\n");
    success(&check(&root));
}

#[test]
fn comments_become_sentences_that_must_not_be_copied() {
    let root = plants();
    let hashes = root.path().join("specs/plants/2026-01-01/prose.hashes");
    write(&root, "specs/plants/2026-01-01/prose.hashes", "0123456789ab\n");
    success(&check_in(&root, "site-packages", &["--record-comments"]));
    let recorded = fs::read_to_string(&hashes).unwrap();
    let comment = sentence_hashes("Filters of plants are compared with all of their leaves.");
    assert!(comment.len() == 3 && comment.iter().all(|hash| recorded.contains(hash)), "{recorded}");
    assert!(recorded.contains("0123456789ab\n"), "earlier sentences stay");
    success(&xtask_in(&root, &["verify"]));

    // Comments about operations that are not part of the description are none of it.
    fs::write(&hashes, "").unwrap();
    let spec = include_str!("plants/api.json").replace("\"FindPlant\"", "\"LosePlant\"");
    write(&root, SPEC, &spec);
    check_in(&root, "site-packages", &["--record-comments"]);
    assert_eq!(fs::read_to_string(&hashes).unwrap(), "");
}

#[test]
fn packages_of_earlier_generators_have_one_file_of_models() {
    let root = plants();
    fs::remove_dir_all(root.path().join(PACKAGE).join("models")).unwrap();
    let models: String = FILES[3..].iter().map(|(_, text)| *text).collect();
    let (models, imports): (Vec<_>, Vec<_>) =
        models.lines().partition(|line| !line.starts_with("from "));
    let models = [imports, models].concat().join("\n");
    let models = models.replace("main_models.", "").replace("DaraModel", "TeaModel");
    write(&root, &format!("{PACKAGE}/models.py"), &models);
    for (old, new) in [
        ("main_models", "plants_20260101_models"),
        ("DaraCore.is_null", "UtilClient.is_unset"),
        ("Utils.array", "OpenApiUtilClient.array"),
        (" = '", "='"),
        (
            "query = Utils.query(request.to_map())",
            "query = OpenApiUtilClient.query(UtilClient.to_map(request))",
        ),
        ("method='POST',", ""),
    ] {
        edit(&root, &format!("{PACKAGE}/{CLIENT}"), old, new);
    }
    fs::remove_file(root.path().join(PACKAGE).join("__init__.py")).unwrap();
    let report = success(&check(&root));
    assert!(
        report.starts_with("Plants 2026-01-01 against alibabacloud_plants20260101\n"),
        "{report}"
    );
    assert!(
        report.contains("missing 0 of 9 parameters and 0 of 9 fields; 0 different"),
        "{report}"
    );
}
