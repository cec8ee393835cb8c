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
fn hashes_of_sentences_are_locked() {
    let root = empty_root();
    let (hashes, lock) = ("specs/gadget/2020-01-01/prose.hashes", "specs/specs.lock");
    write(&root, PATH, GADGET);
    let verified = "specs: 1 description verified against the lock\n";
    success(&xtask_in(&root, &["lock"]));
    assert_eq!(success(&xtask_in(&root, &["verify"])), verified);
    // Documentation of our own needs it.
    write(&root, "specs/gadget/2020-01-01/docs.toml", "");
    let line = failure(&xtask_in(&root, &["verify"]));
    assert!(line.starts_with(&format!("missing: {hashes}: nothing finds copied")), "{line}");
    assert!(line.ends_with(" --record-comments`"), "{line}");
    write(&root, hashes, "0123456789ab\n");
    let line = failure(&xtask_in(&root, &["verify"]));
    assert_eq!(line, format!("not in the lock: {hashes}: run `cargo xtask specs lock`"));
    success(&xtask_in(&root, &["lock"]));
    assert_eq!(success(&xtask_in(&root, &["verify"])), verified);

    write(&root, hashes, "");
    let line = failure(&xtask_in(&root, &["verify"]));
    assert!(line.starts_with(&format!("changed: {hashes}: sha256 is ")), "{line}");
    // Recording the others does not forget the file.
    let before = fs::read(root.path().join(lock)).unwrap();
    fs::remove_file(root.path().join(hashes)).unwrap();
    for command in ["verify", "lock", "verify"] {
        let line = failure(&xtask_in(&root, &[command]));
        assert!(line.starts_with(&format!("missing: {hashes}: ")), "{line}");
        assert!(line.ends_with("restore it from version control, or import the description again"));
    }
    assert_eq!(fs::read(root.path().join(lock)).unwrap(), before);
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
