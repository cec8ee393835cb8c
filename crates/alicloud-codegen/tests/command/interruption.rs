//! An interrupted command leaves the files as before, or all of the new ones, and one that was killed is no obstacle
//! for the next. Two commands wait for each other.
#![cfg(unix)]

use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::json;

use super::{Project, gadget};

#[test]
fn an_interrupted_command_leaves_no_half_of_the_files() {
    let project = Project::new();
    let mut large = gadget();
    for number in 0..300 {
        let name = format!("DescribeThing{number}");
        large["apis"][name] = json!({"methods": ["post"], "parameters": [], "responses": {}});
    }
    project.describe(&large);
    project.success(&["add", "Gadget", "2026-01-01"]);
    let before = project.files();
    project.success(&["generate"]);
    let after = project.files();
    let mut interrupted = 0;
    for round in 0..24_u64 {
        std::fs::remove_dir_all(project.path("src")).unwrap();
        assert_eq!(project.files(), before);
        let mut command = project.command(&["generate"]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        thread::sleep(Duration::from_millis(10 + round * 25));
        let signal = if round % 2 == 0 { "-INT" } else { "-TERM" };
        _ = Command::new("kill")
            .args([signal, &child.id().to_string()])
            .stderr(Stdio::null())
            .status();
        let code = child.wait().unwrap().code();
        let files = project.files();
        match files == before {
            true => interrupted += 1,
            false => {
                assert_eq!(
                    files.keys().collect::<Vec<_>>(),
                    after.keys().collect::<Vec<_>>(),
                    "{code:?}"
                );
                assert_eq!(files, after, "{code:?}");
            }
        }
        if files == before {
            std::fs::create_dir(project.path("src")).unwrap();
        }
    }
    assert!(interrupted > 0, "every signal came too late");
}

#[test]
fn what_a_killed_command_has_left_is_removed() {
    let project = Project::new();
    project.success(&["add", "Gadget", "2026-01-01"]);
    project.success(&["generate"]);
    let before = project.files();
    for path in ["", "src/", "src/aliyun/", "src/aliyun/gadget/", "src/aliyun/gadget/model/"] {
        project.write(&format!("{path}.alicloud-codegen-a1B2c3"), "half of a fi");
        project.write(&format!("{path}.alicloud-codegen-d4E5f6/new/mod.rs"), "");
    }
    let output = project.run(&["generate", "--check"]);
    let message = super::text(&output.stderr);
    let line = "stray: src/aliyun/gadget/model/.alicloud-codegen-a1B2c3";
    assert!(message.lines().any(|printed| printed == line), "{message}");
    project.success(&["generate"]);
    assert_eq!(project.files(), before);
    // Files of the user have other names.
    project.write(".alicloud-codegen-notes.txt", "mine");
    project.success(&["generate"]);
    assert_eq!(project.read(".alicloud-codegen-notes.txt"), "mine");
}

#[test]
fn commands_at_the_same_time_wait_for_each_other() {
    let project = Project::new();
    let run = |arguments: &[&str]| {
        let mut command = project.command(arguments);
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    };
    let paths = ["src/a", "src/b", "src/c", "src/d", "src/e", "src/f"];
    let adding: Vec<_> =
        paths.iter().map(|path| run(&["add", "Gadget", "2026-01-01", "--path", path])).collect();
    for mut child in adding {
        assert!(child.wait().unwrap().success());
    }
    let text = project.read("alicloud.toml");
    for path in paths {
        assert!(text.contains(path), "{path} is lost:\n{text}");
    }
    for mut child in [(); 4].map(|()| run(&["generate"])) {
        assert!(child.wait().unwrap().success());
    }
    project.success(&["generate", "--check"]);
}

#[test]
fn a_closed_standard_error_does_not_stop_a_command() {
    let project = Project::new();
    let mut changed = gadget();
    changed["info"]["style"] = json!("PDS");
    project.describe(&changed);
    project.success(&["add", "Gadget", "2026-01-01"]);
    let run = |arguments: &[&str]| {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        project.command(arguments).stderr(writer).stdout(Stdio::null()).status().unwrap().code()
    };
    // It has warnings.
    assert_eq!(run(&["generate"]), Some(0));
    project.success(&["generate", "--check"]);
    project.write("src/aliyun/gadget/mine.rs", "");
    assert_eq!(run(&["generate", "--check"]), Some(1));
    assert_eq!(run(&["show", "Nothing"]), Some(1));
}
