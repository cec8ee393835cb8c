//! Project files, folders and files that cannot be used: one message, and no file changes.

use std::fs;

use super::{Project, gadget};

#[test]
fn a_command_needs_a_project_file_and_init_does_not_replace_one() {
    let project = Project::empty();
    assert_eq!(
        project.failure(&["generate"]),
        "error: alicloud.toml: not found; run `alicloud-codegen init` to create it"
    );
    project.success(&["init"]);
    assert_eq!(
        project.failure(&["init"]),
        "error: alicloud.toml: already exists; add products with `alicloud-codegen add PRODUCT VERSION`"
    );
    let message = project.failure(&["generate"]);
    assert!(
        message.starts_with("error: alicloud.toml: no products; run `alicloud-codegen add"),
        "{message}"
    );
}

const PRODUCT: &str = "[[product]]\nproduct = \"Gadget\"\nversion = \"2026-01-01\"\n";

/// Returns the message for a project file with a product that has these lines, from line 4 on.
fn error(lines: &str) -> String {
    let project = Project::empty();
    project.write("alicloud.toml", &format!("source = \"../descriptions\"\n{PRODUCT}{lines}\n"));
    let message = project.failure(&["generate"]);
    message.strip_prefix("error: alicloud.toml:").unwrap_or_else(|| panic!("{message}")).to_owned()
}

#[test]
fn a_mistake_in_a_project_file_has_a_line() {
    for (lines, message) in [
        ("", "2: missing field `path`; correct or remove the key"),
        ("path = \"src/x\"\nfolder = \"x\"", "6: unknown field `folder`, expected one of"),
        (
            "path = \"src/x\"\noutput = \"files\"",
            "6: unknown variant `files`, expected one of `module`, `crate`, `crates`",
        ),
        ("path = \"/tmp/x\"", "5: \"/tmp/x\" is not a path inside of the project"),
        ("path = \"../x\"", "5: \"../x\" is not a path inside of the project"),
        (
            "path = \"x\"",
            "5: \"x\" is not a module; write the folder of one below `src`, such as \"src/aliyun/gadget\"",
        ),
        ("path = \"src\"", "5: \"src\" is not a module"),
        ("path = \"src/My-Module\"", "5: \"src/My-Module\" is not a module"),
        ("path = \"src/match\"", "5: \"src/match\" is not a module"),
        ("path = \"src/x\"\nname = \"x\"", "6: `name` is for crates"),
        ("path = \"x\"\noutput = \"crate\"\nname = \"../x\"", "7: invalid name \"../x\""),
        ("path = \"src/x\"\noperations = []", "6: no operations; name some"),
        (
            "path = \"src/x\"\noperations = [\n\"StartThing\",\n\"StatrThing\",\n]",
            "8: Gadget 2026-01-01 has no operation \"StatrThing\"; did you mean \"StartThing\"?",
        ),
        ("path = \"src/x\"\noperations = 3", "6: invalid type: integer `3`, expected a sequence"),
        (
            "path = \"src/x\"\noverlay = \"../x.toml\"",
            "6: \"../x.toml\" is not a path inside of the project",
        ),
        (
            "path = \"src/x\"\n[runtime]\nversion = \"1\"\npath = \"x\"",
            "6: [runtime] needs exactly one of",
        ),
        (
            "path = \"src/x\"\n[runtime]\nversion = \"1\"\nrev = \"x\"",
            "6: [runtime] needs exactly one of",
        ),
        (
            "path = \"src/x\"\n[runtime]\ngit = \"x\"\nrev = \"x\"\ntag = \"y\"",
            "6: [runtime] needs exactly one of",
        ),
        ("path = src/x", "5: "),
        ("path = 'C:\\src\\x'", "5: \"C:\\\\src\\\\x\" is not a path inside of the project"),
        ("path = \"src/x\"\n\"a\\u001bb\" = 1", "6: unknown field `ab`"),
        (
            "path = \"src/x\"\noperations = [\n\"StartThing\",\n\"StartThing\",\n]",
            "8: duplicate operation \"StartThing\"; remove one",
        ),
        (
            "path = \"src/x\"\n[runtime]\nversion = \"latest\"",
            "6: [runtime] has an invalid version \"latest\"; write one such as \"0.1\"",
        ),
        ("path = \"src/x\"\n[runtime]\npath = \"\"", "6: [runtime] has an invalid value \"\""),
        (
            "path = \"src/x\"\noverlay = \"src/x/o.toml\"",
            "2: \"src/x/o.toml\" is in src/x, which must only have generated files; move it",
        ),
        (
            "path = \"src/x\"\n[[product]]\nproduct = \"Gadget\"\nversion = 2026-01-01",
            "8: invalid type: map, expected a string; write the value in quotes",
        ),
    ] {
        let actual = error(lines);
        assert!(actual.starts_with(message), "{lines:?}: {actual}");
    }
}

#[test]
fn a_project_file_of_another_form_has_a_remedy() {
    let project = Project::empty();
    fs::write(project.path("alicloud.toml"), b"source = \"../descriptions\"\n\n# \xFF\n").unwrap();
    assert_eq!(
        project.failure(&["generate"]),
        "error: alicloud.toml:3: not UTF-8; save the file as UTF-8"
    );
    project.write("alicloud.toml", "[product]\nproduct = \"Gadget\"\n");
    let message = project.failure(&["generate"]);
    assert!(message.starts_with("error: alicloud.toml:1: "), "{message}");
    assert!(message.ends_with("; write [[product]]"), "{message}");
    project.write("alicloud.toml", "source = \"../descriptions\"\nproduct = []\n");
    assert_eq!(
        project.failure(&["add", "Gadget", "2026-01-01"]),
        "error: alicloud.toml: `product` is not a list of [[product]] tables, so nothing can be added to it; write it as such tables"
    );
    project.write("alicloud.toml", "sorce = \"../descriptions\"\n");
    let root = project.root().display().to_string();
    assert!(
        project
            .failure(&["generate", "--project", &root])
            .starts_with(&format!("error: {root}/alicloud.toml:1: unknown field `sorce`"))
    );
}

#[test]
fn a_mistake_in_an_added_entry_names_the_option() {
    let project = Project::new();
    let add = |arguments: &[&str]| {
        project.failure(&[&["add", "Gadget", "2026-01-01"], arguments].concat())
    };
    assert_eq!(
        add(&["--path", "../x"]),
        "error: --path: \"../x\" is not a path inside of the project; write one such as \"src/aliyun/ecs\""
    );
    assert!(add(&["--name", "x"]).starts_with("error: --name: `name` is for crates"));
    for file in ["alicloud.toml", "./alicloud.lock", "../x.json", "/tmp/x.json", "C:/x.json"] {
        let message = add(&["--save", file]);
        assert!(message.starts_with("error: --save: "), "{message}");
    }
    let message = add(&["--save", "src/aliyun/gadget/api.json"]);
    assert!(message.contains("is in src/aliyun/gadget, which must only have"), "{message}");
    let message = add(&["--operations", "StartThing,"]);
    assert!(message.starts_with("error: Gadget 2026-01-01 has no operation \"\""), "{message}");
}

#[test]
fn an_added_entry_has_each_operation_once_and_the_line_breaks_of_the_file() {
    let project = Project::new();
    let text = project.read("alicloud.toml").replace('\n', "\r\n");
    project.write("alicloud.toml", &text);
    let operations = "StartThing, DescribeThings,StartThing";
    let output = project.success(&["add", "Gadget", "2026-01-01", "--operations", operations]);
    assert!(output.starts_with("alicloud.toml: added Gadget 2026-01-01 with 2 operations"));
    let text = project.read("alicloud.toml");
    assert!(
        text.ends_with("[\r\n    \"StartThing\",\r\n    \"DescribeThings\",\r\n]\r\n"),
        "{text}"
    );
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
    project.success(&["generate"]);
}

#[test]
fn an_unknown_product_or_version_in_the_project_file_has_a_line() {
    let project = Project::empty();
    let text = format!("source = \"../descriptions\"\n{PRODUCT}path = \"src/x\"\n");
    project.write("alicloud.toml", &text.replace("Gadget", "Gagdet"));
    assert_eq!(
        project.failure(&["generate"]),
        "error: alicloud.toml:2: unknown product \"Gagdet\"; did you mean \"gadget\"?; `alicloud-codegen list` prints all products"
    );
    project.write("alicloud.toml", &text.replace("2026-01-01", "2026-01-02"));
    assert_eq!(
        project.failure(&["generate"]),
        "error: alicloud.toml:2: gadget has no version \"2026-01-02\"; its versions are 2026-01-01"
    );
    project.write("alicloud.toml", &text.replace("2026-01-01", "../.."));
    assert!(
        project
            .failure(&["generate"])
            .starts_with("error: alicloud.toml:4: invalid version \"../..\"")
    );
    project.write("alicloud.toml", &text.replace("../descriptions", "../nothing"));
    assert!(
        project
            .failure(&["generate"])
            .starts_with("error: alicloud.toml:1: `source`: no file or folder")
    );
    project.write("alicloud.toml", &text.replace("../descriptions", "http://"));
    assert!(
        project.failure(&["generate"]).starts_with("error: alicloud.toml:1: `source`: invalid URL")
    );
}

#[test]
fn two_entries_cannot_write_to_one_place() {
    let project = Project::new();
    project.success(&["add", "Gadget", "2026-01-01"]);
    let one = project.read("alicloud.toml");
    assert_eq!(
        project.failure(&["add", "Gadget", "2026-01-01"]),
        "error: new entry: Gadget 2026-01-01 already writes to src/aliyun/gadget (at alicloud.toml:11); add to its `operations`, or set --path or --name"
    );
    project
        .append("[[product]]\nproduct = \"Gadget\"\nversion = \"1\"\npath = \"src/aliyun/gadget\"");
    assert_eq!(
        project.failure(&["generate"]),
        "error: alicloud.toml:17: Gadget 1 and Gadget 2026-01-01 (at alicloud.toml:11) both write to src/aliyun/gadget; change `path` of one of them"
    );
    project.write("alicloud.toml", &one);
    for path in ["src/aliyun/gadget/inner", "src/aliyun"] {
        let message = project.failure(&["add", "Gadget", "2026-01-01", "--path", path]);
        assert!(message.starts_with("error: new entry: Gadget 2026-01-01 already"), "{message}");
    }
    for output in ["crate", "crates"] {
        project.success(&["add", "Gadget", "2026-01-01", "--output", output, "--name", output]);
        let message =
            project.failure(&["add", "Gadget", "2026-01-01", "--output", output, "--name", output]);
        assert!(message.ends_with("or set --path or --name"), "{message}");
    }
    // One crate has the name of the other one's types.
    let arguments = ["--output", "crate", "--name", "crates-model"];
    let message = project.failure(&[&["add", "Gadget", "2026-01-01"], &arguments[..]].concat());
    assert!(message.contains("already writes to crates/alicloud-crates-model"), "{message}");
    project.success(&["generate"]);
}

#[test]
fn a_folder_with_foreign_files_is_not_touched() {
    let project = Project::new();
    project.write("src/aliyun/gadget/mine.rs", "// by hand\n");
    project.success(&["add", "Gadget", "2026-01-01"]);
    let message = project.failure(&["generate"]);
    assert!(
        message.starts_with("error: src/aliyun/gadget/mine.rs: not a generated file"),
        "{message}"
    );
    fs::remove_file(project.path("src/aliyun/gadget/mine.rs")).unwrap();
    project.write("src/aliyun/gadget/client.rs", "// by hand\n");
    let message = project.failure(&["generate"]);
    assert!(
        message.starts_with("error: src/aliyun/gadget/client.rs: not a generated file"),
        "{message}"
    );
}

#[test]
fn what_cannot_be_written_leaves_the_other_products_as_they_were() {
    let project = Project::new();
    project.success(&["add", "Gadget", "2026-01-01"]);
    project.success(&[
        "add",
        "Gadget",
        "2026-01-01",
        "--output",
        "crates",
        "--path",
        "vendor/crates",
    ]);
    // A file where a folder has to be; a test can run as root, who may write to any folder.
    project.write("vendor", "not a folder");
    let message = project.failure(&["generate"]);
    assert!(message.starts_with("error: vendor"), "{message}");
    fs::remove_file(project.path("vendor")).unwrap();
    project.success(&["generate"]);
}

#[test]
fn a_broken_lock_file_or_overlay_is_an_error() {
    let project = Project::new();
    project.success(&["add", "Gadget", "2026-01-01"]);
    let lock = project.read("alicloud.lock");
    project.write("alicloud.lock", "[[file]]\npath = 3\n");
    let message = project.failure(&["generate"]);
    assert!(message.starts_with("error: alicloud.lock: line 2: not a lock file"), "{message}");
    project.write("alicloud.lock", &lock);
    let message =
        project.failure(&["add", "Gadget", "2026-01-01", "--path", "src/b", "--overlay", "b.toml"]);
    assert!(message.starts_with("error: b.toml: not found"), "{message}");
    project.append("overlay = \"b.toml\"");
    let message = project.failure(&["generate"]);
    assert!(message.starts_with("error: b.toml: cannot be read"), "{message}");
    project.write("b.toml", "[[fix]]\nat = \"StartThing\"\nidempotnt = true\n");
    let message = project.failure(&["generate"]);
    assert!(
        message.starts_with("error: b.toml:3: invalid overlay: unknown field `idempotnt`"),
        "{message}"
    );
    fs::write(project.path("b.toml"), b"# \xFF").unwrap();
    assert_eq!(project.failure(&["generate"]), "error: b.toml: not UTF-8; save the file as UTF-8");
    project.write("b.toml", "[[fix]]\nat = \"Nothing\"\nwhy = \"a test\"\nrate_limit = 3\n");
    let message = project.failure(&["generate"]);
    assert!(
        message.contains("b.toml at line 1: the entry for `Nothing` has no effect"),
        "{message}"
    );
}

#[test]
fn a_file_for_a_description_is_not_replaced() {
    let project = Project::new();
    project.write("gadget.json", "mine");
    let message = project.failure(&["add", "Gadget", "2026-01-01", "--save", "gadget.json"]);
    assert!(
        message.starts_with("error: gadget.json: already exists with another content"),
        "{message}"
    );
    let message = project.failure(&["add", "Gadget", "2026-01-01", "--description", "gadget.json"]);
    assert!(message.starts_with("error: gadget.json: invalid JSON"), "{message}");
    let message = project.failure(&["add", "Gadget", "2026-01-01", "--save", "a\"b.json"]);
    assert!(
        message.starts_with("error: invalid path of a description \"a\\\"b.json\""),
        "{message}"
    );
    project.write("gadget.json", &gadget().to_string());
    let message = project.failure(&["add", "Widget", "2026-01-01", "--description", "gadget.json"]);
    assert!(message.contains("expected Widget 2026-01-01, got \"Gadget\""), "{message}");
}
