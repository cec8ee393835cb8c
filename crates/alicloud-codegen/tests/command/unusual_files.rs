//! Links, pipes, permissions and leftovers: files that are not what the command would create.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::process::Command;

use super::Project;

fn module() -> Project {
    let project = Project::new();
    project.success(&["add", "Gadget", "2026-01-01"]);
    project.success(&["generate"]);
    project
}

fn make_pipe(project: &Project, path: &str) {
    assert!(Command::new("mkfifo").arg(project.path(path)).status().unwrap().success());
}

/// Runs `generate`, which must fail without a change of its files, and returns the message. Unlike
/// [`Project::failure`], it reads no pipe.
fn generate_error(project: &Project) -> String {
    let client = project.read("src/aliyun/gadget/client.rs");
    let output = project.run(&["generate"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(project.read("src/aliyun/gadget/client.rs"), client);
    super::text(&output.stderr).trim_end().to_owned()
}

#[test]
fn what_is_no_file_is_not_read_and_not_replaced() {
    let project = module();
    make_pipe(&project, "src/aliyun/gadget/pipe");
    let not_generated = ": not a generated file, but src/aliyun/gadget must only have generated files: nothing was written; move the file or choose another folder";
    assert_eq!(generate_error(&project), format!("error: src/aliyun/gadget/pipe{not_generated}"));
    fs::remove_file(project.path("src/aliyun/gadget/pipe")).unwrap();
    for target in ["nothing", "..", "/dev/zero"] {
        let link = project.path("src/aliyun/gadget/link.rs");
        symlink(target, &link).unwrap();
        assert_eq!(
            generate_error(&project),
            format!("error: src/aliyun/gadget/link.rs{not_generated}")
        );
        fs::remove_file(link).unwrap();
    }
    fs::remove_file(project.path("src/aliyun/gadget/model.rs")).unwrap();
    make_pipe(&project, "src/aliyun/gadget/model.rs");
    assert_eq!(
        generate_error(&project),
        "error: src/aliyun/gadget/model.rs: cannot be read: not a file; move it"
    );
    fs::remove_file(project.path("src/aliyun/gadget/model.rs")).unwrap();
    project.success(&["generate"]);
}

#[test]
fn a_link_to_the_project_file_stays_a_link() {
    let project = Project::new();
    fs::rename(project.path("alicloud.toml"), project.folder.path().join("real.toml")).unwrap();
    symlink("../real.toml", project.path("alicloud.toml")).unwrap();
    project.success(&["add", "Gadget", "2026-01-01"]);
    assert!(project.path("alicloud.toml").is_symlink());
    assert!(project.read("alicloud.toml").contains("[[product]]"));
    fs::remove_file(project.folder.path().join("real.toml")).unwrap();
    let message = project.run(&["init"]).stderr;
    assert!(super::text(&message).starts_with("error: alicloud.toml: cannot be written"));
    assert!(project.path("alicloud.toml").is_symlink());
}

#[test]
fn a_replaced_file_keeps_its_permissions() {
    let project = Project::new();
    let file = project.path("alicloud.toml");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    project.success(&["add", "Gadget", "2026-01-01"]);
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_file_that_cannot_be_used_has_a_remedy() {
    let project = Project::new();
    let message = project.failure(&["add", "Gadget", "2026-01-01", "--description", "x.json"]);
    assert!(message.starts_with("error: x.json: cannot be read: "), "{message}");
    assert!(message.ends_with("; check the path"), "{message}");
    project.success(&["add", "Gadget", "2026-01-01"]);
    project.write("src", "a file");
    let message = project.failure(&["generate"]);
    assert!(message.ends_with("; a file is in the place of a folder: move it"), "{message}");
}
