//! The verb `codegen`, through its command line.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where it fails"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

fn xtask(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask")).args(arguments).output().unwrap()
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn fixture(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name).display().to_string()
}

fn obstacle() -> String {
    repository().join("tests/specs/obstacle/2026-01-01/api.json").display().to_string()
}

/// Generates into a new folder.
fn generate(spec: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    let output = xtask(&["codegen", "--spec", spec, "--out", folder.path().to_str().unwrap()]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    folder
}

/// Every file below a folder, by its path.
fn files(root: &Path) -> BTreeMap<String, String> {
    fn walk(root: &Path, folder: &Path, found: &mut BTreeMap<String, String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(root, &path, found);
            } else {
                let name = path.strip_prefix(root).unwrap().display().to_string();
                found.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(root, root, &mut found);
    found
}

/// All files as one text. The way to the runtime depends on where the folder is.
fn whole(root: &Path) -> String {
    let mut text = String::new();
    for (path, content) in files(root) {
        text.push_str(&format!("===== {path}\n"));
        for line in content.lines() {
            let line = match line.split_once("path = \"") {
                Some((before, rest)) if rest.contains("/crates/") => {
                    let (_, after) = rest.split_once("/crates/").unwrap();
                    format!("{before}path = \"<runtime>/{after}")
                }
                _ => line.to_owned(),
            };
            text.push_str(&line);
            text.push('\n');
        }
    }
    text
}

/// Runs on a description of the test's own; gives what was said and whether it went well.
fn on(description: &[u8], overlay: Option<&str>) -> (bool, String, TempDir) {
    let folder = TempDir::new().unwrap();
    let spec = folder.path().join("api.json");
    fs::write(&spec, description).unwrap();
    let out = folder.path().join("out");
    let mut arguments =
        vec!["codegen", "--spec", spec.to_str().unwrap(), "--out", out.to_str().unwrap()];
    let path = folder.path().join("overlay.toml");
    if let Some(text) = overlay {
        fs::write(&path, text).unwrap();
        arguments.extend(["--overlay", path.to_str().unwrap()]);
    }
    let output = xtask(&arguments);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!said.contains("panicked"), "{said}");
    if !output.status.success() {
        assert!(!out.exists(), "nothing is written when it fails: {said}");
    }
    (output.status.success(), said, folder)
}

fn api(operations: &str) -> String {
    format!(
        r#"{{"info": {{"style": "RPC", "product": "Test", "version": "2026-01-01"}}, "apis": {{{operations}}}}}"#
    )
}

#[test]
fn the_ir_of_a_small_description() {
    let output = xtask(&["codegen", "--spec", &fixture("small.json"), "--dump-ir"]);
    insta::assert_snapshot!(String::from_utf8(output.stdout).unwrap());
}

#[test]
fn the_ir_of_the_obstacle_course() {
    let output = xtask(&["codegen", "--spec", &obstacle(), "--dump-ir"]);
    insta::assert_snapshot!(String::from_utf8(output.stdout).unwrap());
}

#[test]
fn the_files_of_a_small_description() {
    insta::assert_snapshot!(whole(generate(&fixture("small.json")).path()));
}

#[test]
fn the_files_of_the_obstacle_course() {
    insta::assert_snapshot!(whole(generate(&obstacle()).path()));
}

#[test]
fn generating_twice_gives_the_same_bytes() {
    let (one, two) = (generate(&obstacle()), generate(&obstacle()));
    assert_eq!(whole(one.path()), whole(two.path()));
    // Again into the same folder, nothing changes.
    let before = files(one.path());
    xtask(&["codegen", "--spec", &obstacle(), "--out", one.path().to_str().unwrap()]);
    assert_eq!(files(one.path()), before);
}

#[test]
fn check_names_what_is_stale_missing_and_stray_and_writes_nothing() {
    let folder = generate(&fixture("small.json"));
    let spec = fixture("small.json");
    let out = folder.path().to_str().unwrap();
    let check = || xtask(&["codegen", "--check", "--spec", &spec, "--out", out]);
    assert!(check().status.success());

    let stale = folder.path().join("alicloud-small-model/src/describe_jobs.rs");
    let text = fs::read_to_string(&stale).unwrap();
    fs::write(&stale, text.replacen("    pub region_id: String,\n", "", 1)).unwrap();
    fs::remove_file(folder.path().join("alicloud-small/src/client.rs")).unwrap();
    fs::write(folder.path().join("alicloud-small/src/mine.rs"), "// by hand\n").unwrap();
    let before = files(folder.path());
    let output = check();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1));
    for part in [
        "stale: ",
        "describe_jobs.rs",
        "missing: ",
        "client.rs",
        "stray",
        "mine.rs",
        "without --check",
    ] {
        assert!(said.contains(part), "{part} in {said}");
    }
    assert_eq!(files(folder.path()), before);
}

#[test]
fn the_committed_crates_are_what_the_descriptions_give() {
    let output = xtask(&["codegen", "--check"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_foreign_file_is_never_overwritten_or_removed() {
    let folder = generate(&fixture("small.json"));
    let foreign = folder.path().join("alicloud-small-model/notes.txt");
    fs::write(&foreign, "mine").unwrap();
    fs::remove_file(folder.path().join("alicloud-small/src/client.rs")).unwrap();
    let output = xtask(&[
        "codegen",
        "--spec",
        &fixture("small.json"),
        "--out",
        folder.path().to_str().unwrap(),
    ]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        !output.status.success()
            && said.contains("notes.txt")
            && said.contains("nothing was written"),
        "{said}"
    );
    assert_eq!(fs::read_to_string(&foreign).unwrap(), "mine");
    assert!(!folder.path().join("alicloud-small/src/client.rs").exists());
}

#[test]
fn an_operation_that_is_gone_takes_its_files_along() {
    let (_, _, folder) = on(api(r#""A": {}, "B": {}"#).as_bytes(), None);
    let out = folder.path().join("out");
    assert!(out.join("alicloud-test-model/src/b.rs").exists());
    let spec = folder.path().join("api.json");
    fs::write(&spec, api(r#""A": {}"#)).unwrap();
    let output =
        xtask(&["codegen", "--spec", spec.to_str().unwrap(), "--out", out.to_str().unwrap()]);
    assert!(output.status.success());
    assert!(!out.join("alicloud-test-model/src/b.rs").exists());
}

#[test]
fn a_hopeless_description_is_one_clear_message() {
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    for (description, says) in [
        (b"not json".to_vec(), "not readable as JSON"),
        (br#"{"info": {"style": "RPC""#.to_vec(), "not readable as JSON"),
        (b"{\"info\": \"\xff\"}".to_vec(), "not readable as JSON"),
        (deep.into_bytes(), "not readable as JSON"),
        (br#"{"apis": {}}"#.to_vec(), "/info: missing"),
        (br#"{"info": {"style": "RPC", "version": "1"}, "apis": {}}"#.to_vec(), "/info/product: missing"),
        (br#"{"info": {"style": "RPC", "product": "P", "version": "1"}}"#.to_vec(), "/apis: missing"),
        (br#"{"info": {"style": "RPC", "product": "../../x", "version": "1"}, "apis": {}}"#.to_vec(), "/info/product"),
        (br#"{"info": {"style": "RPC", "product": "P", "version": "../1"}, "apis": {}}"#.to_vec(), "/info/version"),
        (
            api(r#""A": {"responses": {"200": {"schema": {"type": "object", "properties": {"X": {"type": "colour"}}}}}}"#).into_bytes(),
            "/apis/A/responses/200/schema/properties/X/type: the unknown type \"colour\"",
        ),
        (api(r#""GetThing": {}, "getThing": {}"#).into_bytes(), "the same name in Rust"),
        (api(r#""A": []"#).into_bytes(), "/apis/A: an operation that is a list"),
        (api(r#""A": {"parameters": [{"name": "X"}]}"#).into_bytes(), "/apis/A/parameters/0: a parameter without"),
        (
            api(r#""A": {"parameters": [{"name": "X", "in": "cookie", "schema": {"type": "string"}}]}"#).into_bytes(),
            "/apis/A/parameters/0/in: the unknown place \"cookie\"",
        ),
    ] {
        let (well, said, _folder) = on(&description, None);
        assert!(!well && said.contains(says), "{says} in {said}");
        assert!(said.contains("api.json"), "{said}");
    }
}

#[test]
fn a_description_that_is_too_large_is_not_read_whole() {
    let folder = TempDir::new().unwrap();
    let spec = folder.path().join("api.json");
    fs::File::create(&spec).unwrap().set_len(200 << 20).unwrap();
    let output = xtask(&["codegen", "--spec", spec.to_str().unwrap(), "--dump-ir"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && said.contains("larger than"), "{said}");
}

#[test]
fn an_overlay_has_to_have_an_effect() {
    let description =
        api(r#""A": {"parameters": [{"name": "X", "in": "query", "schema": {"type": "string"}}]}"#);
    for (overlay, says) in [
        (
            "[[fix]]\nat = \"B\"\nidempotent = true\nwhy = \"w\"\n",
            "line 1: the entry for `B` has no effect",
        ),
        (
            "\n[[fix]]\nat = \"A?X\"\ntype = \"timestamp\"\nwhy = \"w\"\n",
            "line 2: the entry for `A?X` has no effect (type)",
        ),
        ("[[fix]]\nat = \"A?X\"\nwhy = \"w\"\n", "decides nothing"),
        ("[[fix]]\nat = \"A?X\"\nrename = \"y\"\n", "missing field `why`"),
        ("[[fix]]\nat = \"A?X\"\ncolour = 1\nwhy = \"w\"\n", "unknown field `colour`"),
        (
            "[[fix]]\nat = \"A\"\nrate_limit = 1\nwhy = \"w\"\n[[fix]]\nat = \"A\"\nretention_days = 1\nwhy = \"w\"\n",
            "a second entry for `A`",
        ),
        ("[operations]\nonly = [\"Aa\"]\nwhy = \"w\"\n", "asks for \"Aa\", which is not there"),
        ("fix = 1", "not an overlay"),
    ] {
        let (well, said, _folder) = on(description.as_bytes(), Some(overlay));
        assert!(!well && said.contains(says) && said.contains("overlay"), "{says} in {said}");
    }
}

#[test]
fn hard_names_and_large_enums_are_only_names_and_enums() {
    let values: Vec<String> = (0..5_000).map(|number| format!("\"value-{number}\"")).collect();
    let description = api(&format!(
        r##""fn": {{}}, "../x": {{}}, "Self": {{}},
            "E": {{"parameters": [{{"name": "V", "in": "query", "schema": {{"type": "string", "enum": [{}]}}}}],
                  "responses": {{"200": {{"schema": {{"type": "object", "properties": {{
                      "A": {{"$ref": "#/components/schemas/Thing"}}, "B": {{"$ref": "#/components/schemas/thing"}}}}}}}}}}}}"##,
        values.join(",")
    ))
    .replacen(
        '{',
        r##"{"components": {"schemas": {
            "Thing": {"type": "object", "properties": {"X": {"type": "string"}, "Me": {"$ref": "#/components/schemas/Thing"}}},
            "thing": {"type": "object", "properties": {"Y": {"type": "string"}}}}},"##,
        1,
    );
    let (well, said, folder) = on(description.as_bytes(), None);
    assert!(well, "{said}");
    let files = files(&folder.path().join("out"));
    assert!(files.keys().all(|path| !path.contains("..")), "{:?}", files.keys());
    assert!(files["alicloud-test-model/src/e.rs"].contains("Value4999: \"value-4999\","));
    assert!(
        files["alicloud-test-model/src/types/thing.rs"].contains("pub me: Option<Box<Thing>>,")
    );
    assert!(files["alicloud-test-model/src/types/thing2.rs"].contains("pub struct Thing2 {"));
}

#[test]
fn chosen_operations_bring_only_what_they_reach() {
    let folder = TempDir::new().unwrap();
    let out = folder.path().to_str().unwrap();
    let output =
        xtask(&["codegen", "--spec", &obstacle(), "--out", out, "--operations", "Refs,Empty"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let files = files(folder.path());
    let model: Vec<&str> =
        files.keys().filter_map(|path| path.strip_prefix("alicloud-obstacle-model/src/")).collect();
    assert_eq!(
        model,
        [
            "empty.rs",
            "lib.rs",
            "refs.rs",
            "types.rs",
            "types/nodepool.rs",
            "types/nodepool_spec.rs",
            "types/option_type.rs",
            "types/table.rs",
            "types/table_version.rs",
        ]
    );
    let output = xtask(&["codegen", "--spec", &obstacle(), "--out", out, "--operations", "Ref"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && said.contains("did you mean \"Refs\"?"), "{said}");
}

#[test]
fn what_is_left_out_is_said() {
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
        ("/apis/Doubled/parameters/1", "a second parameter"),
        ("/apis/Doubled/parameters/3", "belongs to the protocol"),
        ("/apis/BearerOnly", "cannot be called"),
        ("/endpoints/1", "no host name"),
        ("/components/schemas/Loop/items", "defined by itself"),
        ("/apis/Refs/responses/200/schema/properties/Missing", "not there"),
    ] {
        let found = report.lines().any(|line| {
            let row: serde_json::Value = serde_json::from_str(line).unwrap();
            row["pointer"] == pointer && row["what"].as_str().unwrap().contains(what)
        });
        assert!(found, "{pointer}: {what} in {report}");
    }
}
