//! `verify` and `lock`: whether the descriptions match the lock file.

use std::fs;

use super::{GADGET, PATH, Server, empty_root, failure, success, text, write, xtask, xtask_in};

#[test]
fn verify_reports_mismatches_with_their_remedies() {
    let root = empty_root();
    let (output, _) = Server::with_response("200 OK", GADGET).fetch(&root, "Gadget", "2020-01-01");
    success(&output);
    write(&root, "specs/widget/1.0/api.json", &GADGET.replace("Gadget", "Widget"));
    write(&root, "specs/gone/1.0/api.json", &GADGET.replace("Gadget", "Gone"));
    success(&xtask_in(&root, &["lock"]));

    write(&root, PATH, &GADGET.replace("Ping", "Pong"));
    write(&root, "specs/widget/1.0/api.json", &GADGET.replace("Gadget", "Wodget"));
    write(&root, "specs/fresh/1.0/api.json", GADGET);
    fs::remove_file(root.path().join("specs/gone/1.0/api.json")).unwrap();
    let output = xtask_in(&root, &["verify"]);
    assert_eq!(output.status.code(), Some(1));
    insta::assert_snapshot!(text(&output.stderr));

    // `lock` does not record a changed description that was fetched.
    let output = xtask_in(&root, &["lock"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).starts_with(&format!("changed: {PATH}: ")), "{output:?}");
    let output = xtask_in(&root, &["verify"]);
    assert_eq!(text(&output.stderr).lines().count(), 1, "{output:?}");
    write(&root, PATH, GADGET);
    assert_eq!(
        success(&xtask_in(&root, &["verify"])),
        "specs: 3 descriptions verified against the lock\n"
    );
}

#[test]
fn lock_entries_outside_of_specs_are_invalid() {
    let root = empty_root();
    for path in ["../x", "/etc/passwd", "specs/../../x", "specs//x", "specs/\\u0007"] {
        let entry = format!(
            "[[file]]\npath = \"{path}\"\nproduct = \"X\"\nversion = \"1\"\norigin = \"written\"\nsha256 = \"0\"\n"
        );
        write(&root, "specs/specs.lock", &entry);
        let line = failure(&xtask_in(&root, &["verify"]));
        assert!(line.contains("invalid entry"), "{line}");
    }
}

#[test]
fn the_descriptions_of_this_repository_match_the_lock() {
    success(&xtask(&["verify"]));
}
