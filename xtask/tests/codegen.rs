//! Tests of `cargo xtask codegen` through its command line.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
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

/// Generates into a new folder, which must succeed.
fn generate(spec: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    let output = xtask(&["codegen", "--spec", spec, "--out", folder.path().to_str().unwrap()]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    folder
}

/// Returns the content of every file below a folder, by relative path.
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

/// Returns all files as one text, without the paths of the runtime, which depend on the folder.
fn all_text(root: &Path) -> String {
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

/// Generates from a description; returns whether it succeeded, the messages, and the folder.
fn generate_from(description: &[u8], overlay: Option<&str>) -> (bool, String, TempDir) {
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
    let messages = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!messages.contains("panicked"), "{messages}");
    if !output.status.success() {
        assert!(!out.exists(), "nothing must be written on errors: {messages}");
    }
    (output.status.success(), messages, folder)
}

/// Returns a description with these operations.
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
fn the_ir_of_the_obstacle_description() {
    let output = xtask(&["codegen", "--spec", &obstacle(), "--dump-ir"]);
    insta::assert_snapshot!(String::from_utf8(output.stdout).unwrap());
}

#[test]
fn the_files_of_a_small_description() {
    insta::assert_snapshot!(all_text(generate(&fixture("small.json")).path()));
}

#[test]
fn the_files_of_the_obstacle_description() {
    insta::assert_snapshot!(all_text(generate(&obstacle()).path()));
}

#[test]
fn generating_twice_produces_equal_files() {
    let (first, second) = (generate(&obstacle()), generate(&obstacle()));
    assert_eq!(all_text(first.path()), all_text(second.path()));
    // Generating into the same folder again changes nothing.
    let before = files(first.path());
    xtask(&["codegen", "--spec", &obstacle(), "--out", first.path().to_str().unwrap()]);
    assert_eq!(files(first.path()), before);
}

#[test]
fn check_lists_stale_missing_and_stray_files_and_writes_nothing() {
    let folder = generate(&fixture("small.json"));
    let spec = fixture("small.json");
    let out = folder.path().to_str().unwrap();
    let check = || xtask(&["codegen", "--check", "--spec", &spec, "--out", out]);
    assert!(check().status.success());

    let stale = folder.path().join("alicloud-small-model/src/describe_jobs.rs");
    let text = fs::read_to_string(&stale).unwrap();
    fs::write(
        &stale,
        text.replacen(
            "        pub region_id: Option<String> = query(\"RegionId\").required(),\n",
            "",
            1,
        ),
    )
    .unwrap();
    fs::remove_file(folder.path().join("alicloud-small/src/client.rs")).unwrap();
    fs::write(folder.path().join("alicloud-small/src/mine.rs"), "// by hand\n").unwrap();
    let before = files(folder.path());
    let output = check();
    let messages = String::from_utf8_lossy(&output.stderr).into_owned();
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
        assert!(messages.contains(part), "{part} in {messages}");
    }
    assert_eq!(files(folder.path()), before);
}

#[test]
fn the_committed_crates_are_up_to_date() {
    let output = xtask(&["codegen", "--check"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn files_of_others_are_never_overwritten_or_removed() {
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
    let messages = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        !output.status.success()
            && messages.contains("notes.txt")
            && messages.contains("nothing was written"),
        "{messages}"
    );
    assert_eq!(fs::read_to_string(&foreign).unwrap(), "mine");
    assert!(!folder.path().join("alicloud-small/src/client.rs").exists());
}

#[test]
fn files_of_a_removed_operation_are_removed() {
    let (_, _, folder) = generate_from(api(r#""A": {}, "B": {}"#).as_bytes(), None);
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
fn an_invalid_description_is_reported_with_its_location() {
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    for (description, expected) in [
        (b"not json".to_vec(), "invalid JSON"),
        (br#"{"info": {"style": "RPC""#.to_vec(), "invalid JSON"),
        (b"{\"info\": \"\xff\"}".to_vec(), "invalid JSON"),
        (deep.into_bytes(), "nested more than 2048 levels deep"),
        (br#"{"apis": {}}"#.to_vec(), "/info: missing"),
        (br#"{"info": {"style": "RPC", "version": "1"}, "apis": {}}"#.to_vec(), "/info/product: missing"),
        (br#"{"info": {"style": "RPC", "product": "P", "version": "1"}}"#.to_vec(), "/apis: missing"),
        (br#"{"info": {"style": "RPC", "product": "../../x", "version": "1"}, "apis": {}}"#.to_vec(), "/info/product"),
        (br#"{"info": {"style": "RPC", "product": "P", "version": "../1"}, "apis": {}}"#.to_vec(), "/info/version"),
        (
            api(r#""A": {"responses": {"200": {"schema": {"type": "object", "properties": {"X": {"type": "colour"}}}}}}"#).into_bytes(),
            "/apis/A/responses/200/schema/properties/X/type: unknown type \"colour\"",
        ),
        (api(r#""GetThing": {}, "getThing": {}"#).into_bytes(), "the same name in Rust"),
        (api(r#""A": []"#).into_bytes(), "/apis/A: the operation is a list, not an object"),
        (api(r#""A": {"parameters": [{"name": "X"}]}"#).into_bytes(), "/apis/A/parameters/0: the parameter has no"),
        (
            api(r#""A": {"parameters": [{"name": "X", "in": "cookie", "schema": {"type": "string"}}]}"#).into_bytes(),
            "/apis/A/parameters/0/in: unknown location \"cookie\"",
        ),
    ] {
        let (succeeded, messages, _folder) = generate_from(&description, None);
        assert!(!succeeded && messages.contains(expected), "{expected} in {messages}");
        assert!(messages.contains("api.json"), "{messages}");
    }
}

#[test]
fn a_description_above_the_size_limit_is_rejected_early() {
    let folder = TempDir::new().unwrap();
    let spec = folder.path().join("api.json");
    fs::File::create(&spec).unwrap().set_len(200 << 20).unwrap();
    let output = xtask(&["codegen", "--spec", spec.to_str().unwrap(), "--dump-ir"]);
    let messages = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && messages.contains("larger than"), "{messages}");
}

#[test]
fn overlay_entries_must_have_an_effect() {
    let description =
        api(r#""A": {"parameters": [{"name": "X", "in": "query", "schema": {"type": "string"}}]}"#);
    for (overlay, expected) in [
        (
            "[[fix]]\nat = \"B\"\nidempotent = true\nwhy = \"w\"\n",
            "line 1: the entry for `B` has no effect",
        ),
        (
            "\n[[fix]]\nat = \"A?X\"\ntype = \"list\"\nwhy = \"w\"\n",
            "line 2: the entry for `A?X` has no effect (type)",
        ),
        ("[[fix]]\nat = \"A?X\"\nwhy = \"w\"\n", "has no keys"),
        ("[[fix]]\nat = \"A?X\"\nrename = \"y\"\n", "missing field `why`"),
        ("[[fix]]\nat = \"A?X\"\ncolour = 1\nwhy = \"w\"\n", "unknown field `colour`"),
        (
            "[[fix]]\nat = \"A\"\nrate_limit = 1\nwhy = \"w\"\n[[fix]]\nat = \"A\"\nretention_days = 1\nwhy = \"w\"\n",
            "duplicate entry for `A`",
        ),
        (
            "[operations]\nonly = [\"Aa\"]\nwhy = \"w\"\n",
            "the operation \"Aa\", requested by the overlay, does not exist",
        ),
        ("fix = 1", "invalid overlay"),
        (
            "[product]\nmain = \"Aa\"\nwhy = \"w\"\n",
            "[product] main: the operation \"Aa\" does not exist",
        ),
    ] {
        let (succeeded, messages, _folder) = generate_from(description.as_bytes(), Some(overlay));
        assert!(
            !succeeded && messages.contains(expected) && messages.contains("overlay"),
            "{expected} in {messages}"
        );
    }
}

#[test]
fn examples_are_filled_from_the_description() {
    let description = api(r##""A": {"operationType": "read"},
        "B": {"parameters": [
            {"name": "Name", "in": "query", "schema": {"type": "string", "required": true, "example": "web \"1\""}},
            {"name": "Count", "in": "query", "schema": {"type": "integer", "required": true, "example": "1146****"}},
            {"name": "Size", "in": "query", "schema": {"type": "integer", "required": true, "example": 20}},
            {"name": "Force", "in": "query", "schema": {"type": "boolean", "required": true, "example": "false"}},
            {"name": "Ids", "in": "query", "schema": {"type": "array", "required": true, "items": {"type": "string", "example": "[\"i-1\", \"i-2\"]"}}},
            {"name": "Kind", "in": "query", "schema": {"type": "string", "required": true, "enum": ["x", "y"], "example": "y"}},
            {"name": "Spec", "in": "query", "schema": {"type": "object", "required": true, "properties": {
                "Zone": {"type": "string", "required": true}}}}
        ]},
        "C": {"parameters": [
            {"name": "Deep", "in": "query", "schema": {"type": "array", "required": true, "items": {"type": "array", "items": {"type": "string"}}}}
        ]}"##);
    let overlay = "[product]\nmain = \"B\"\nwhy = \"w\"\n";
    let (succeeded, messages, folder) = generate_from(description.as_bytes(), Some(overlay));
    assert!(succeeded, "{messages}");
    let files = files(&folder.path().join("out"));
    let statement = "\
let request = BRequest::new()
    .name(\"web \\\"1\\\"\")
    .count(1)
    .size(20)
    .force(false)
    .ids([\"i-1\", \"i-2\"])
    .kind(\"y\")
    .spec(Spec::new(\"zone\"));
client.b(request).await?;";
    for (file, prefix) in [("operations/b.rs", "    /// "), ("lib.rs", "//! ")] {
        let text = &files[&format!("alicloud-test/src/{file}")];
        let documented: Vec<&str> =
            text.lines().filter_map(|line| line.strip_prefix(prefix)).collect();
        assert!(documented.join("\n").contains(statement), "{text}");
        assert!(text.contains("use alicloud_test::model::b::Spec;"), "{text}");
    }
    // A value that cannot be made up leaves the request to the reader.
    let text = &files["alicloud-test/src/operations/c.rs"];
    assert!(text.contains("client: Client, request: CRequest)"), "{text}");
}

#[test]
fn difficult_names_and_large_enums_are_generated() {
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
    let (succeeded, messages, folder) = generate_from(description.as_bytes(), None);
    assert!(succeeded, "{messages}");
    let files = files(&folder.path().join("out"));
    assert!(files.keys().all(|path| !path.contains("..")), "{:?}", files.keys());
    assert!(files["alicloud-test-model/src/e.rs"].contains("Value4999 = \"value-4999\","));
    assert!(
        files["alicloud-test-model/src/types/thing.rs"]
            .contains("pub me: Option<Box<Thing>> = \"Me\",")
    );
    assert!(files["alicloud-test-model/src/types/thing2.rs"].contains("pub struct Thing2 {"));
}

#[test]
fn names_of_the_layout_and_of_devices_get_another_file() {
    let names = [
        "Lib",
        "Main",
        "Mod",
        "Types",
        "Client",
        "Product",
        "Operations",
        "ErrorCode",
        "Model",
        "Std",
        "Core",
        "Call",
        "FromEnv",
        "AlicloudCore",
        "Aux",
        "CON",
        "nul",
        "Prn",
        "Com0",
        "LPT9",
        "Fn",
        "Library",
        "Com10",
    ];
    let operations: Vec<String> = names.iter().map(|name| format!("{name:?}: {{}}")).collect();
    let (succeeded, messages, folder) = generate_from(api(&operations.join(",")).as_bytes(), None);
    assert!(succeeded, "{messages}");
    let files = files(&folder.path().join("out"));
    assert!(files["alicloud-test-model/src/lib.rs"].contains("pub mod lib_;"));
    for (crate_folder, own) in
        [("alicloud-test-model/src/", vec!["lib"]), ("alicloud-test/src/operations/", vec![])]
    {
        let mut expected: Vec<String> = own.into_iter().map(str::to_owned).collect();
        expected.extend(names.iter().map(|name| match *name {
            "ErrorCode" => "error_code_".to_owned(),
            "FromEnv" => "from_env_".to_owned(),
            "AlicloudCore" => "alicloud_core_".to_owned(),
            "Fn" | "Library" | "Com10" => name.to_lowercase(),
            reserved => format!("{}_", reserved.to_lowercase()),
        }));
        expected.sort();
        let mut stems: Vec<&str> = files
            .keys()
            .filter_map(|path| path.strip_prefix(crate_folder)?.strip_suffix(".rs"))
            .collect();
        stems.sort_unstable();
        assert_eq!(stems, expected, "{crate_folder}");
    }
    // The methods of a pager have a name of their own, without the underscore.
    let page = r#""Core": {"operationType": "read", "parameters": [
            {"name": "PageNumber", "in": "query", "schema": {"type": "integer"}},
            {"name": "PageSize", "in": "query", "schema": {"type": "integer"}}],
        "responses": {"200": {"schema": {"type": "object", "properties": {
            "PageNumber": {"type": "integer"}, "TotalCount": {"type": "integer"}, "Names": {"type": "array", "items": {"type": "string"}}}}}}}"#;
    let (succeeded, messages, folder) = generate_from(api(page).as_bytes(), None);
    assert!(succeeded, "{messages}");
    let text = fs::read_to_string(folder.path().join("out/alicloud-test/src/operations/core_.rs"));
    let text = text.unwrap();
    for part in ["pub fn core_(&self", "pub fn core_items(&self", "pub fn core_pages(&self"] {
        assert!(text.contains(part), "{part} in {text}");
    }
    // The crates of a product must not have the names of the runtime crates.
    let description = api("\"A\": {}").replace("\"Test\"", "\"Core\"");
    let (succeeded, messages, folder) = generate_from(description.as_bytes(), None);
    assert!(succeeded, "{messages}");
    assert!(folder.path().join("out/alicloud-core-api-model/src/a.rs").exists());
}

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

#[test]
fn operations_whose_names_differ_only_in_case_are_rejected() {
    for operations in
        [r#""GetURL": {}, "GetUrl": {}"#, r#""lib": {}, "LIB": {}"#, r#""404": {}, "Code_404": {}"#]
    {
        let (succeeded, messages, _folder) = generate_from(api(operations).as_bytes(), None);
        assert!(!succeeded && messages.contains("have the same name in Rust"), "{messages}");
        assert!(messages.contains("select one of them"), "{messages}");
    }
}

#[test]
fn types_whose_names_start_with_a_digit_or_differ_in_case_have_their_own_files() {
    let names = ["404", "3DModel", "Type404", "AUX", "Aux", "Mod", "lib"];
    let components: Vec<String> = names
        .iter()
        .map(|name| {
            let own = format!(
                "{{\"type\": \"object\", \"properties\": {{{name:?}: {{\"type\": \"string\"}}}}}}"
            );
            format!("{name:?}: {own}")
        })
        .collect();
    let fields: Vec<String> = names
        .iter()
        .enumerate()
        .map(|(index, name)| format!("\"F{index}\": {{\"$ref\": \"#/components/schemas/{name}\"}}"))
        .collect();
    let description = api(&format!(
        r#""Get": {{"responses": {{"200": {{"schema": {{"type": "object", "properties": {{{}}}}}}}}}}}"#,
        fields.join(",")
    ))
    .replacen('{', &format!("{{\"components\": {{\"schemas\": {{{}}}}},", components.join(",")), 1);
    let (succeeded, messages, folder) = generate_from(description.as_bytes(), None);
    assert!(succeeded, "{messages}");
    let files = files(&folder.path().join("out"));
    let stems: Vec<&str> = files
        .keys()
        .filter_map(|path| path.strip_prefix("alicloud-test-model/src/types/")?.strip_suffix(".rs"))
        .collect();
    assert_eq!(stems, ["aux2", "aux_", "lib_", "mod_", "type3d_model", "type404", "type4042"]);
    for (file, wire) in [("type404", "404"), ("type4042", "Type404"), ("type3d_model", "3DModel")] {
        let text = &files[&format!("alicloud-test-model/src/types/{file}.rs")];
        assert!(text.contains(&format!("{wire:?}")), "{text}");
    }
}

/// Returns a description whose response has objects, or lists of objects, inside each other.
fn nested(depth: usize, is_list: bool) -> Vec<u8> {
    let (open, close) = match is_list {
        true => (r#"{"type":"array","items":{"type":"object","properties":{"Parts":"#, "}}}"),
        false => (r#"{"type":"object","properties":{"Part":"#, "}}"),
    };
    let leaf = r#"{"type":"object","properties":{"Leaf":{"type":"string"}}}"#;
    let schema = open.repeat(depth) + leaf + &close.repeat(depth);
    let root = format!(r#"{{"type":"object","properties":{{"Root":{schema}}}}}"#);
    api(&format!(r#""Deep": {{"responses": {{"200": {{"schema": {root}}}}}}}"#)).into_bytes()
}

#[test]
fn deep_objects_take_no_exponential_time_and_end_as_json_values() {
    // With twice the steps per level, not even the first of these would end.
    for (depth, is_list) in [(60, false), (400, false), (1_000, false), (60, true), (400, true)] {
        let (succeeded, messages, folder) = generate_from(&nested(depth, is_list), None);
        assert!(succeeded, "{depth}: {messages}");
        assert!(
            messages.contains("inside of too many objects, lists and maps")
                && messages.contains("treated as any JSON value"),
            "{messages}"
        );
        let files = files(&folder.path().join("out"));
        let text = &files["alicloud-test-model/src/deep.rs"];
        assert_eq!(text.matches("<Value>").count(), 1, "{depth}: {text}");
    }
    let (succeeded, messages, folder) = generate_from(&nested(20, false), None);
    assert!(succeeded && messages.is_empty(), "{messages}");
    let text = fs::read_to_string(folder.path().join("out/alicloud-test-model/src/deep.rs"));
    assert_eq!(text.unwrap().matches("pub struct ").count(), 23);
}

#[test]
fn a_description_that_is_too_deep_is_reported_with_its_location() {
    let (succeeded, messages, _folder) = generate_from(&nested(5_000, false), None);
    assert!(!succeeded);
    for part in [
        " at /apis/Deep/responses/200/schema/properties/Root/properties/Part",
        "nested more than 2048 levels deep",
        "move the inner schemas to `components`",
    ] {
        assert!(messages.contains(part), "{part} in {messages}");
    }
    assert!(messages.len() < 1_000, "{messages}");
}

#[test]
fn odd_paths_and_lists_of_required_properties_are_reported() {
    for (path, parameter, expected) in [
        ("/x y/", "", "contains ' '"),
        (
            "/a/{A+}",
            r#"{"name": "A", "in": "path", "schema": {"type": "string"}}"#,
            "{A+} has no parameter",
        ),
        ("/a/[Id]", "", "contains '['"),
        ("/a/../b", "", "empty, `.` or `..`"),
        ("/a//b", "", "empty, `.` or `..`"),
        ("/a/*", "", "contains '*'"),
        ("*", r#"{"name": "P", "in": "path", "schema": {"type": "string"}}"#, "has a wildcard"),
    ] {
        let description = api(&format!(
            r#""A": {{"path": {path:?}, "methods": ["get"], "parameters": [{parameter}]}},
               "B": {{"path": "/b/c.d_e~f:g?fixed=1&x"}}"#
        ))
        .replace("\"RPC\"", "\"ROA\"");
        let report = diagnostics_of(&description);
        let found = report.iter().any(|row| {
            row["pointer"] == "/apis/A/path" && row["what"].as_str().unwrap().contains(expected)
        });
        assert!(found, "{path}: {report:?}");
        assert!(report.iter().all(|row| row["pointer"] != "/apis/B/path"), "{report:?}");
    }
    let schema =
        r#"{"type": "object", "required": ["X"], "properties": {"X": {"type": "string"}}}"#;
    let report = diagnostics_of(&api(&format!(
        r#""A": {{"responses": {{"200": {{"schema": {schema}}}}}}}"#
    )));
    assert_eq!(report[0]["pointer"], "/apis/A/responses/200/schema/required");
    assert_eq!(report[0]["severity"], "warning");
    assert_eq!(report[0]["what"], "`required` is a list, not a boolean");
}

/// Generates from a description and returns the diagnostics.
fn diagnostics_of(description: &str) -> Vec<serde_json::Value> {
    let folder = TempDir::new().unwrap();
    let (spec, out) = (folder.path().join("api.json"), folder.path().join("out"));
    let report = folder.path().join("report.jsonl");
    fs::write(&spec, description).unwrap();
    let paths = [&spec, &out, &report].map(|path| path.to_str().unwrap());
    let output =
        xtask(&["codegen", "--spec", paths[0], "--out", paths[1], "--diagnostics", paths[2]]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = fs::read_to_string(report).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn selected_operations_only_bring_the_types_that_they_use() {
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
    let messages = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && messages.contains("did you mean \"Refs\"?"), "{messages}");
}

#[test]
fn ignored_parts_of_a_description_are_reported() {
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
        ("/apis/Doubled/parameters/1", "duplicate parameter"),
        ("/apis/Doubled/parameters/3", "parameter of the protocol"),
        ("/apis/BearerOnly", "cannot be called"),
        ("/apis/Twins/parameters/4", "have the same name in Rust"),
        ("/apis/Twins/parameters/0/schema/items/properties/key", "superseded by \"Key\""),
        ("/endpoints/1", "not a host name"),
        ("/components/schemas/Loop/items", "refers to itself"),
        ("/apis/Refs/responses/200/schema/properties/Missing", "does not exist"),
    ] {
        let found = report.lines().any(|line| {
            let row: serde_json::Value = serde_json::from_str(line).unwrap();
            row["pointer"] == pointer && row["what"].as_str().unwrap().contains(what)
        });
        assert!(found, "{pointer}: {what} in {report}");
    }
}

/// Returns the intermediate representation and the diagnostics, one per line, of these operations.
fn lowered(operations: &str, overlay: Option<&str>) -> (serde_json::Value, Vec<String>) {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (spec, out, report) = (path("api.json"), path("out"), path("report.jsonl"));
    fs::write(&spec, api(operations)).unwrap();
    let mut arguments = vec!["codegen", "--spec", &spec];
    let overlay_path = path("overlay.toml");
    if let Some(text) = overlay {
        fs::write(&overlay_path, text).unwrap();
        arguments.extend(["--overlay", &overlay_path]);
    }
    let run = |more: &[&str]| {
        let output = xtask(&[&arguments, more].concat());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    };
    run(&["--out", &out, "--diagnostics", &report]);
    let ir = serde_json::from_slice(&run(&["--dump-ir"])).unwrap();
    let report = fs::read_to_string(report).unwrap();
    (ir, report.lines().map(str::to_owned).collect())
}

/// Returns the idempotency of each operation, and the operations of which a diagnostic has the text.
fn idempotency(
    operations: &[(&str, &str, &str, &str)],
    overlay: Option<&str>,
    text: &str,
) -> (BTreeMap<String, String>, Vec<String>) {
    let described: Vec<String> = operations
        .iter()
        .map(|(name, declared, tag, methods)| {
            let methods: Vec<&str> = methods.split(' ').collect();
            let mut operation = serde_json::json!({ "methods": methods });
            if !declared.is_empty() {
                operation["operationType"] = (*declared).into();
            }
            if !tag.is_empty() {
                operation["systemTags"] = serde_json::json!({ "operationType": tag });
            }
            format!("{name:?}: {operation}")
        })
        .collect();
    let (ir, report) = lowered(&described.join(","), overlay);
    let decided = ir["operations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|operation| {
            let text = |key: &str| operation[key].as_str().unwrap().to_owned();
            (text("name"), text("idempotency"))
        })
        .collect();
    let reported = report
        .iter()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .filter(|row| row["what"].as_str().unwrap().contains(text))
        .map(|row| {
            assert_eq!(row["severity"], "note");
            row["pointer"].as_str().unwrap().trim_start_matches("/apis/").to_owned()
        })
        .collect();
    (decided, reported)
}

#[test]
fn reads_are_recognized_from_all_evidence() {
    // Name, operationType, the operation type of systemTags, methods.
    let reads = [
        ("DescribeJobs", "read", "get", "post get"),
        ("RecognizeText", "read", "", "post"),
        ("AssumeRole", "", "get", "post get"),
        ("DescribeRecords", "readAndWrite", "get", "post get"),
        ("BatchGetRecords", "readAndWrite", "list", "post"),
        ("DownloadFile", "readAndWrite", "get", "get"),
        ("ListNames", "readAndWrite", "", "post get"),
        ("CheckName", "", "", "post"),
        ("QueryUsersAndGroups", "", "none", "get"),
    ];
    let writes = [
        ("DescribeQuota", "write", "get", "get"),
        ("ListItems", "read", "create", "get post"),
        ("GetScripts", "readAndWrite", "update", "get"),
        ("SearchNone", "write", "none", "get"),
        ("DeleteThing", "read", "", "post get"),
        ("AddFace", "read", "none", "post"),
        ("StopJobs", "", "get", "get"),
        ("CheckAndUpdateName", "read", "get", "get"),
        ("GetOrCreateUser", "", "", "get"),
        ("QueryThing", "read", "", "delete"),
        ("PreviewPlan", "readAndWrite", "get", "post get"),
        ("CheckInGuest", "readAndWrite", "", "post"),
        ("GetawayBooking", "", "", "post"),
        ("SessionQuery", "readAndWrite", "", "post"),
    ];
    let all = [reads.as_slice(), writes.as_slice()].concat();
    let (decided, by_name) = idempotency(&all, None, "only the name of");
    for (name, ..) in reads {
        assert_eq!(decided[name], "read_only", "{name}");
    }
    for (name, ..) in writes {
        assert_eq!(decided[name], "mutating", "{name}");
    }
    assert_eq!(by_name, ["ListNames", "CheckName", "QueryUsersAndGroups"]);
    let (_, contradicted) = idempotency(&all, None, "as a read and as a write");
    assert_eq!(
        contradicted,
        [
            "DescribeQuota",
            "ListItems",
            "GetScripts",
            "SearchNone",
            "DeleteThing",
            "AddFace",
            "StopJobs",
            "CheckAndUpdateName",
            "QueryThing",
            "PreviewPlan",
        ]
    );
}

#[test]
fn the_overlay_overrides_whether_an_operation_reads() {
    let operations =
        [("CheckName", "", "", "post"), ("PreviewPlan", "readAndWrite", "get", "post")];
    let overlay = "[[fix]]\nat = \"CheckName\"\nidempotent = false\nwhy = \"w\"\n\
        [[fix]]\nat = \"PreviewPlan\"\nidempotent = true\nwhy = \"w\"\n";
    let (decided, by_name) = idempotency(&operations, Some(overlay), "only the name of");
    assert_eq!(decided["CheckName"], "mutating");
    assert_eq!(decided["PreviewPlan"], "idempotent");
    assert!(by_name.is_empty(), "the overlay decides: {by_name:?}");
}

#[test]
fn names_of_twins_are_reported_and_can_be_chosen() {
    let twins = r##""A": {"parameters": [
        {"name": "instanceid", "in": "query", "schema": {"type": "string"}},
        {"name": "Instanceid", "in": "query", "schema": {"type": "string"}},
        {"name": "InstanceId", "in": "query", "schema": {"type": "string"}},
        {"name": "Legacyinstanceid", "in": "query", "schema": {"type": "string"}},
        {"name": "instance.id", "in": "query", "schema": {"type": "string", "description": "已废弃，请使用InstanceId。"}},
        {"name": "new", "in": "query", "schema": {"type": "string"}},
        {"name": "Mode", "in": "query", "schema": {"type": "string"}},
        {"name": "Mode", "in": "header", "schema": {"type": "string"}}
    ]}"##;
    let names = |overlay: Option<&str>| -> (Vec<(String, String)>, Vec<String>) {
        let (ir, report) = lowered(twins, overlay);
        let fields = ir["operations"][0]["request"]["fields"].as_array().unwrap().iter();
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        (fields.map(|field| (text(&field["wire"]), text(&field["name"]))).collect(), report)
    };
    let owned = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        pairs.iter().map(|(wire, name)| ((*wire).to_owned(), (*name).to_owned())).collect()
    };
    let (assigned, report) = names(None);
    assert_eq!(
        assigned,
        owned(&[
            ("instanceid", "instanceid_lowercase"),
            ("Instanceid", "instanceid"),
            ("InstanceId", "instance_id"),
            ("Legacyinstanceid", "legacyinstanceid"),
            ("instance.id", "legacy_instance_id"),
            ("new", "new_"),
            ("Mode", "mode"),
            ("Mode", "mode_in_header"),
        ])
    );
    for text in [
        r#"\"instanceid\" and \"Instanceid\" have the same name in Rust"#,
        r#"\"instance.id\" is superseded by \"InstanceId\""#,
    ] {
        assert!(report.iter().any(|line| line.contains(text)), "{text} in {report:?}");
    }

    let overlay = "[[fix]]\nat = \"A?instance.id\"\nrename = \"instance_id\"\nwhy = \"w\"\n";
    let (assigned, _) = names(Some(overlay));
    assert_eq!(assigned[4].1, "instance_id");
    assert_eq!(assigned[2].1, "instance_id_capitalized");
}

/// An operation whose items have a state, and an overlay with its enum and a waiter for these final states.
fn waiter_of(values: &str, success: &str, failure: &str, predicates: &str) -> (String, String) {
    let operation = r#""DescribeJobs": {"operationType": "read",
        "parameters": [{"name": "JobId", "in": "query", "schema": {"type": "string", "required": true}}],
        "responses": {"200": {"schema": {"type": "object", "properties": {"Jobs": {"type": "array",
            "items": {"type": "object", "properties": {
                "JobId": {"type": "string"}, "State": {"type": "string"}}}}}}}}}"#;
    let values: Vec<String> = values
        .split_whitespace()
        .map(|value| format!("{{ value = {value:?}, doc = {value:?} }}"))
        .collect();
    let overlay = format!(
        "[[fix]]\nat = \"DescribeJobs\"\nwhy = \"w\"\n\
         [[fix.waiters]]\nmethod = \"wait_for_jobs\"\nids = \"JobId\"\n\
         items = \"Jobs\"\nid = \"JobId\"\nstate = \"State\"\n\
         success = [{success}]\nfailure = [{failure}]\n\
         [[fix]]\nat = \"DescribeJobs?JobId\"\nlist = \"comma\"\nwhy = \"w\"\n\
         [[fix]]\nat = \"DescribeJobs!Jobs[].State\"\nenum.name = \"JobState\"\n\
         enum.values = [{}]\n{predicates}\nwhy = \"w\"\n",
        values.join(", ")
    );
    (operation.to_owned(), overlay)
}

#[test]
fn the_enum_of_a_waiter_has_its_states_as_predicates() {
    let values = "Done Running Failed TimedOut";
    let predicates =
        "enum.predicates = { is_open = [\"Running\"], is_success = [\"Done\", \"Running\"] }";
    for (predicates, expected) in [
        ("", vec!["is_success: Done;", "is_failure: Failed | TimedOut;"]),
        // The overlay decides.
        (
            predicates,
            vec![
                "is_open: Running;",
                "is_success: Done | Running;",
                "is_failure: Failed | TimedOut;",
            ],
        ),
    ] {
        // A waiter ignores case, and so do predicates.
        let (operation, overlay) =
            waiter_of(values, "\"done\"", "\"Failed\", \"TIMEDOUT\"", predicates);
        let (succeeded, messages, folder) =
            generate_from(api(&operation).as_bytes(), Some(&overlay));
        assert!(succeeded, "{messages}");
        let text = all_text(folder.path());
        let declaration = text.split("pub enum JobState {").nth(1).unwrap();
        let lines: Vec<&str> = declaration.lines().map(str::trim).collect();
        let found: Vec<&str> =
            lines.iter().copied().filter(|line| line.starts_with("is_")).take(3).collect();
        assert_eq!(found, expected);
        assert!(lines.contains(&"TimedOut = \"TimedOut\","), "{lines:?}");
        assert_eq!(text.matches("pub enum JobState").count(), 1);
    }
}

#[test]
fn the_enum_of_a_waiter_must_have_its_states() {
    let missing =
        "the overlay's waiter \"wait_for_jobs\" is invalid: JobState has no value \"TimedOut\"";
    for (values, predicates, expected) in [
        ("Done Failed", "", missing),
        (
            "Done Failed TimedOut",
            "enum.predicates = { is_lost = [\"Lost\"] }",
            "predicate \"is_lost\" of JobState is invalid: JobState has no value \"Lost\"",
        ),
        (
            "Done Failed TimedOut",
            "enum.predicates = { is_unknown = [\"Done\"] }",
            "predicate \"is_unknown\" of JobState is invalid: ",
        ),
        (
            "Done Failed TimedOut",
            "enum.predicates = { \"is lost\" = [\"Done\"] }",
            "predicate \"is lost\" of JobState is invalid: ",
        ),
        ("Done Failed TimedOut", "enum.predicates = { is_lost = [] }", "it has no values"),
    ] {
        let (operation, overlay) =
            waiter_of(values, "\"Done\"", "\"Failed\", \"TimedOut\"", predicates);
        let (succeeded, messages, _folder) =
            generate_from(api(&operation).as_bytes(), Some(&overlay));
        assert!(!succeeded && messages.contains(expected), "{expected} in {messages}");
    }
}

/// An operation to wait with, and an overlay with waiters that have these keys.
fn waiters_of(waiters: &[&str]) -> (String, String) {
    let operation = r#""DescribeJobs": {"operationType": "read",
        "parameters": [
            {"name": "ZoneId", "in": "query", "schema": {"type": "string", "required": true}},
            {"name": "Queue", "in": "query", "schema": {"type": "string", "required": true}},
            {"name": "PageNumber", "in": "query", "schema": {"type": "integer"}},
            {"name": "PageSize", "in": "query", "schema": {"type": "integer"}},
            {"name": "JobIds", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}}],
        "responses": {"200": {"schema": {"type": "object", "properties": {
            "TotalCount": {"type": "integer"},
            "Jobs": {"type": "object", "properties": {"Job": {"type": "array",
                "items": {"type": "object", "properties": {
                    "JobId": {"type": "string"}, "Size": {"type": "integer"}, "State": {"type": "string"}}}}}}}}}}},
        "DeleteJobs": {"operationType": "write",
        "parameters": [{"name": "JobIds", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}}],
        "responses": {"200": {"schema": {"type": "object", "properties": {"Jobs": {"type": "array",
            "items": {"type": "object", "properties": {"JobId": {"type": "string"}, "State": {"type": "string"}}}}}}}}}"#;
    let mut overlay =
        "[[fix]]\nat = \"DescribeJobs\"\narguments = [\"Queue\"]\nwhy = \"w\"\n".to_owned();
    for waiter in waiters {
        overlay.push_str("[[fix.waiters]]\n");
        let keys = [
            ("method", "\"wait_until_done\""),
            ("ids", "\"JobIds\""),
            ("parameters", "{ Queue = \"q\" }"),
            ("items", "\"Jobs.Job\""),
            ("id", "\"JobId\""),
            ("state", "\"State\""),
            ("success", "[\"Done\"]"),
        ];
        for (key, value) in keys {
            let is_given = waiter.lines().any(|line| line.starts_with(&format!("{key} =")));
            if !is_given {
                overlay.push_str(&format!("{key} = {value}\n"));
            }
        }
        overlay.push_str(waiter);
        overlay.push('\n');
    }
    (operation.to_owned(), overlay)
}

#[test]
fn an_operation_can_have_several_waiters() {
    let failed = "method = \"wait_until_failed\"\nsuccess = [\"Failed\"]\n\
                  parameters = { Queue = \"q\", PageSize = 100 }";
    let (operation, overlay) = waiters_of(&["", failed]);
    let (succeeded, messages, folder) = generate_from(api(&operation).as_bytes(), Some(&overlay));
    assert!(succeeded, "{messages}");
    let text = all_text(folder.path());
    for expected in [
        "|ids| DescribeJobsRequest::new(\"q\").job_ids(ids),",
        "|ids| DescribeJobsRequest::new(\"q\").job_ids(ids).page_size(100),",
        "use crate::model::describe_jobs::Job;",
        ".paged()\n.success(&[\"Failed\"]);",
        "/// Polls until every job is `Done`.",
        "/// Polls until every job is `Failed`.",
        "/// The operation also requires `ZoneId`: set it with [`map_request`](Wait::map_request).",
        "wait.map_request(|request| request.zone_id(\"zone-id\")).await?;",
    ] {
        assert!(text.contains(expected), "{expected} in {text}");
    }
}

#[test]
fn an_invalid_waiter_is_an_error_that_names_the_mistake() {
    for (waiter, expected) in [
        ("method = \"wait-until-done\"", "its name cannot be that of a method"),
        ("method = \"match\"", "its name cannot be that of a method"),
        ("method = \"from_env\"", "its name cannot be that of a method"),
        ("method = \"describe_jobs\"", "the client has another method of this name"),
        ("method = \"describe_jobs_items\"", "the client has another method of this name"),
        ("ids = \"JobId\"", "DescribeJobsRequest has no JobId, or it is superseded"),
        ("ids = \"ZoneId\"", "ZoneId is not a list of texts; set `list` if it is sent as text"),
        ("parameters = {}", "nothing sets Queue, an argument of DescribeJobsRequest::new"),
        (
            "parameters = { Queue = 1 }",
            "the value of Queue does not have the type of the parameter",
        ),
        ("parameters = { Queue = \"q\", Size = 1 }", "DescribeJobsRequest has no Size"),
        (
            "parameters = { Queue = \"q\", JobIds = [\"1\"] }",
            "JobIds has the ids and cannot be fixed",
        ),
        ("items = \"Jobs.Task\"", "Jobs is not an object"),
        ("items = \"TotalCount\"", "TotalCount is not a list"),
        ("id = \"Id\"", "Job has no Id, or it is superseded"),
        ("id = \"Size\"", "Size is not text"),
        ("state = \"Size\"", "Size is not text"),
        ("detail = \"State.Reason\"", "State is not an object"),
        ("success = []", "it has no `success`"),
    ] {
        let (operation, overlay) = waiters_of(&[waiter]);
        let (succeeded, messages, _folder) =
            generate_from(api(&operation).as_bytes(), Some(&overlay));
        assert!(!succeeded && messages.contains(expected), "{expected} in {messages}");
        assert!(messages.contains("the overlay's waiter \""), "{messages}");
    }
    // The same method twice, and an operation that changes something.
    let (operation, overlay) = waiters_of(&["", ""]);
    let (succeeded, messages, _folder) = generate_from(api(&operation).as_bytes(), Some(&overlay));
    assert!(!succeeded && messages.contains("the client has another method"), "{messages}");
    let (operation, overlay) = waiters_of(&["parameters = {}\nitems = \"Jobs\""]);
    let overlay =
        overlay.replace("DescribeJobs", "DeleteJobs").replace("arguments = [\"Queue\"]", "");
    let (succeeded, messages, _folder) = generate_from(api(&operation).as_bytes(), Some(&overlay));
    assert!(!succeeded && messages.contains("the operation does not only read"), "{messages}");
}

#[test]
fn the_pages_of_a_wait_must_have_its_items() {
    let (operation, overlay) = waiters_of(&[""]);
    // Another list that is named like the operation.
    let operation = operation.replacen(
        "\"TotalCount\"",
        "\"DescribeJobs\": {\"type\": \"array\", \"items\": {\"type\": \"object\", \"properties\": {}}}, \"TotalCount\"",
        1,
    );
    let pages =
        |value: &str| overlay.replacen("why = \"w\"", &format!("why = \"w\"\npages = {value}"), 1);
    let (succeeded, messages, _folder) =
        generate_from(api(&operation).as_bytes(), Some(&pages("\"DescribeJobs\"")));
    let expected = "Jobs.Job is not the list of the pages; set `pages` to this list, or to false";
    assert!(!succeeded && messages.contains(expected), "{messages}");
    for (value, is_paged) in [("\"Jobs\"", true), ("false", false)] {
        let (succeeded, messages, folder) =
            generate_from(api(&operation).as_bytes(), Some(&pages(value)));
        assert!(succeeded, "{messages}");
        assert_eq!(all_text(folder.path()).contains(".paged()"), is_paged, "{value}");
    }
}

/// Returns the text of a file that is generated from the operations of a description.
fn generated_file(operations: &str, overlay: Option<&str>, path: &str) -> String {
    let (succeeded, messages, folder) = generate_from(api(operations).as_bytes(), overlay);
    assert!(succeeded, "{messages}");
    fs::read_to_string(folder.path().join("out").join(path)).unwrap()
}

/// Returns the documentation of a field as one line.
fn field_docs(text: &str, field: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let at = lines.iter().position(|line| line.starts_with(&format!("pub {field}:"))).unwrap();
    let docs = lines[..at].iter().rev().take_while(|line| line.starts_with("///"));
    let mut docs: Vec<&str> = docs.map(|line| line.trim_start_matches("///").trim()).collect();
    docs.reverse();
    docs.join(" ")
}

#[test]
fn examples_that_are_values_of_the_type_are_shown() {
    let operation = r#""Find": {"parameters": [
        {"name": "StartTime", "in": "query", "schema": {"type": "string", "format": "iso8601", "required": true, "description": "Start.", "example": "2026-02-03T04:05:06Z"}},
        {"name": "EndTime", "in": "query", "schema": {"type": "string", "format": "iso8601", "description": "End.", "example": "tomorrow"}},
        {"name": "Size", "in": "query", "schema": {"type": "integer", "description": "The size.", "example": "20"}},
        {"name": "Count", "in": "query", "schema": {"type": "integer", "description": "The count.", "example": "many"}},
        {"name": "Zone", "in": "query", "schema": {"type": "string", "description": "Zone, for example zone-b.", "example": "zone-b"}},
        {"name": "NodeId", "in": "query", "schema": {"type": "string", "description": "Node.", "example": "n-12****"}},
        {"name": "Label", "in": "query", "schema": {"type": "string", "description": "The label.", "example": "<your label>"}},
        {"name": "Password", "in": "query", "schema": {"type": "string", "description": "The password.", "example": "hunter2"}},
        {"name": "KeyId", "in": "query", "schema": {"type": "string", "description": "Id of a key.", "example": "id-of-a-key"}},
        {"name": "Names", "in": "query", "style": "simple", "schema": {"type": "array", "items": {"type": "string"}, "description": "The names.", "example": "a,b"}},
        {"name": "Mode", "in": "query", "schema": {"type": "string", "enum": ["on", "off"], "description": "The mode.", "example": "off"}}]}"#;
    let text = generated_file(operation, None, "alicloud-test-model/src/find.rs");
    for (field, docs) in [
        ("start_time", "Start. Required. Example: `2026-02-03T04:05:06Z`."),
        ("end_time", "End."),
        ("size", "The size. Example: `20`."),
        ("count", "The count."),
        ("zone", "Zone, for example zone-b."),
        ("node_id", "Node."),
        ("label", "The label."),
        ("password", "The password."),
        ("key_id", "Id of a key."),
        ("names", "The names. Example: `[\"a\", \"b\"]`."),
        ("mode", "The mode. Example: `off`."),
    ] {
        assert_eq!(field_docs(&text, field), docs, "{field}");
    }
    let text = generated_file(operation, None, "alicloud-test/src/operations/find.rs");
    assert!(text.contains("FindRequest::new(\"2026-02-03T04:05:06Z\")"), "{text}");
}

#[test]
fn examples_follow_the_type_of_the_overlay() {
    let operation = r#""Find": {"responses": {"200": {"schema": {"type": "object", "properties": {
        "Share": {"type": "string", "description": "The share.", "example": "12.5%"},
        "Left": {"type": "string", "description": "The left.", "example": "7"},
        "Right": {"type": "string", "description": "The right.", "example": "seven"}}}}}}"#;
    let overlay = "\
        [[fix]]\nat = \"Find!Left\"\ntype = \"integer\"\nwhy = \"it is a number\"\n\
        [[fix]]\nat = \"Find!Right\"\ntype = \"integer\"\nwhy = \"it is a number\"\n";
    let text = generated_file(operation, Some(overlay), "alicloud-test-model/src/find.rs");
    assert_eq!(field_docs(&text, "share"), "The share. Example: `12.5%`.");
    assert_eq!(field_docs(&text, "left"), "The left. Example: `7`.");
    assert_eq!(field_docs(&text, "right"), "The right.");
}

#[test]
fn lists_do_not_explain_how_they_are_joined() {
    let parameter = |name: &str, text: &str| {
        format!(
            r#"{{"name": "{name}", "in": "query", "style": "simple", "schema": {{"type": "array", "items": {{"type": "string"}}, "description": "{text}"}}}}"#
        )
    };
    let cases = [
        ("A", "Ids of the disks. Separate multiple ids with commas (,).", "Ids of the disks."),
        ("B", "Up to 10 ids, separated by commas.", "Up to 10 ids."),
        ("C", "A comma-separated list of ids.", "A list of ids."),
        ("D", "If you specify several, separate them with commas (,). At most 5.", "At most 5."),
        ("E", "多个域名用半角逗号（,）分隔，最多50个。", "最多50个。"),
        ("F", "域名列表。多个URL之间用换行符分隔。", "域名列表。"),
        ("G", "URLs, one per line.", "URLs."),
        ("H", "Names that contain commas.", "Names that contain commas."),
    ];
    let parameters: Vec<String> =
        cases.iter().map(|(name, text, _)| parameter(name, text)).collect();
    let text_parameter = r#"{"name": "Text", "in": "query", "schema": {"type": "string", "description": "Ids. Separate them with commas (,)."}}"#;
    let operation =
        format!(r#""Find": {{"parameters": [{}, {text_parameter}]}}"#, parameters.join(", "));
    let text = generated_file(&operation, None, "alicloud-test-model/src/find.rs");
    for (name, _, docs) in cases {
        assert_eq!(field_docs(&text, &name.to_lowercase()), docs, "{name}");
    }
    assert_eq!(field_docs(&text, "text"), "Ids. Separate them with commas (,).");
}

#[test]
fn what_is_not_documented_has_no_made_up_text() {
    let operation = r#""Find": {
        "parameters": [
            {"name": "Plain", "in": "query", "schema": {"type": "string"}},
            {"name": "Named", "in": "query", "schema": {"type": "string", "description": "Named."}},
            {"name": "Kind", "in": "query", "schema": {"type": "string", "enum": ["disk", "image"], "description": "Kind of resource. Valid values:\n\n- disk\n- image\n\nDefault: disk."}}],
        "responses": {"200": {"schema": {"type": "object", "properties": {
            "Part": {"type": "object", "properties": {"Size": {"type": "integer"}}}}}}},
        "errorCodes": {"404": [{"errorCode": "NotThere"}], "x": [{"errorCode": "Odd"}]}}"#;
    let text = generated_file(operation, None, "alicloud-test-model/src/find.rs");
    assert_eq!(field_docs(&text, "plain"), "");
    assert_eq!(field_docs(&text, "named"), "");
    for placeholder in ["Field `", "Parameter `", "Value of `", "Example"] {
        assert!(!text.contains(placeholder), "{placeholder} in {text}");
    }
    assert!(
        text.contains("    /// Kind of resource.\n    pub enum Kind {\n        Disk ="),
        "{text}"
    );
    let library = generated_file(operation, None, "alicloud-test-model/src/lib.rs");
    assert!(library.contains("#![allow(missing_docs, reason ="), "{library}");
    assert!(library.contains("[`find::Part`]"), "{library}");
    let codes = generated_file(operation, None, "alicloud-test/src/error_code.rs");
    assert!(codes.contains("/// HTTP status: 404.\npub const NOT_THERE"), "{codes}");
    assert!(!codes.contains("/// Error code"), "{codes}");
}

#[test]
fn clients_export_the_runtime_and_a_slice_of_regions() {
    let description = api("\"A\": {}").replace(
        "\"apis\"",
        r#""endpoints": [{"regionId": "cn-a", "endpoint": "a.example.com"}], "apis""#,
    );
    let (succeeded, messages, folder) = generate_from(description.as_bytes(), None);
    assert!(succeeded, "{messages}");
    let read =
        |path: &str| fs::read_to_string(folder.path().join("out/alicloud-test/src").join(path));
    let product = read("product.rs").unwrap();
    assert!(
        product.contains("pub const REGIONS: &[(&str, &str)] = &[(\"cn-a\", \"a.example.com\")];"),
        "{product}"
    );
    assert!(read("lib.rs").unwrap().contains("pub use alicloud_core as runtime;"));
}

#[test]
fn an_operation_with_an_odd_path_has_no_method() {
    for (path, defect) in [
        ("/x y/", "contains ' '"),
        ("/a#b", "contains '#'"),
        ("/a/*", "contains '*'"),
        ("/a/../b", "has a segment that is empty, `.` or `..`"),
    ] {
        let operations = format!(r#""Odd": {{"path": "{path}"}}, "Usual": {{"path": "/usual"}}"#);
        let description = api(&operations).replacen("RPC", "ROA", 1);
        let (succeeded, messages, folder) = generate_from(description.as_bytes(), None);
        assert!(succeeded, "{messages}");
        assert!(
            messages.contains(&format!("Odd cannot be called: its path {defect}")),
            "{messages}"
        );
        let text = all_text(folder.path());
        assert!(text.contains("pub fn usual(") && !text.contains("pub fn odd("), "{path}");
    }
}

#[test]
fn a_long_chain_of_components_ends_with_any_value() {
    let components: Vec<String> = (0..400)
        .map(|index| {
            let next = index + 1;
            format!(
                r##""C{index}": {{"type": "object", "properties": {{"Next": {{"$ref": "#/components/schemas/C{next}"}}}}}}"##
            )
        })
        .collect();
    let operation = r##""Get": {"responses": {"200": {"schema": {"type": "object", "properties": {"First": {"$ref": "#/components/schemas/C0"}}}}}}"##;
    let last = r#""C400": {"type": "object", "properties": {"End": {"type": "string"}}}"#;
    let description = api(operation).replacen(
        '{',
        &format!(r#"{{"components": {{"schemas": {{{}, {last}}}}},"#, components.join(",")),
        1,
    );
    let (succeeded, messages, folder) = generate_from(description.as_bytes(), None);
    assert!(succeeded, "{messages}");
    let expected =
        "inside of too many objects, lists and maps for rustc: treated as any JSON value";
    assert!(messages.contains(expected), "{messages}");
    let files = files(&folder.path().join("out/alicloud-test-model/src"));
    let deepest = files.values().filter(|text| text.contains("pub next: Option<Value>")).count();
    let others = files.values().filter(|text| text.contains("pub next: Option<C")).count();
    // 103 steps are 51 fields.
    assert_eq!((deepest, others), (400 / 51, 400 - 400 / 51));
}
