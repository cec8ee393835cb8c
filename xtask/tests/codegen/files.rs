//! The files that the generator writes, compares and removes.

use std::fs;
use tempfile::TempDir;

use super::{all_text, api, files, fixture, generate, generate_from, obstacle, xtask};

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
