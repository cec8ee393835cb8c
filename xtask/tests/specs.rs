//! Tests of `cargo xtask specs`. They use no network except the loopback interface.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests may panic"
)]

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::thread::{self, JoinHandle};

use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

const GADGET: &str = r#"{"version":"1.0","info":{"product":"Gadget","version":"2020-01-01","style":"RPC"},"apis":{"PingGadget":{"methods":["post"],"parameters":[],"responses":{"200":{}}}}}"#;
const PATH: &str = "specs/gadget/2020-01-01/api.json";

fn xtask(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.arg("specs").args(arguments);
    // A proxy could not reach the test's server.
    for name in ["http_proxy", "https_proxy", "all_proxy"] {
        command.env_remove(name).env_remove(name.to_uppercase());
    }
    command.output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Checks that the command failed with one line on stderr, and returns that line.
fn failure(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(output.stdout.is_empty(), "{output:?}");
    let line = text(&output.stderr);
    assert_eq!(line.lines().count(), 1, "{line}");
    line.trim_end().to_owned()
}

/// Checks that the command succeeded without output on stderr, and returns stdout.
fn success(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    assert!(output.stderr.is_empty(), "{output:?}");
    text(&output.stdout)
}

fn sha256(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Creates an empty repository.
fn empty_root() -> TempDir {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir(root.path().join("specs")).unwrap();
    root
}

fn write(root: &TempDir, path: &str, text: &str) {
    let path = root.path().join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn xtask_in(root: &TempDir, arguments: &[&str]) -> Output {
    let mut arguments = arguments.to_vec();
    arguments.extend(["--root", root.path().to_str().unwrap()]);
    xtask(&arguments)
}

/// Returns every file below a folder with its content.
fn all_files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => files.extend(all_files(&path)),
            false => files.push((path.clone(), fs::read(&path).unwrap())),
        }
    }
    files.sort();
    files
}

/// A server that responds to one request.
struct Server {
    base_url: String,
    /// Returns the head of the request.
    thread: JoinHandle<String>,
}

impl Server {
    fn with_raw_response(response: Vec<u8>) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        let thread = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut head = Vec::new();
            let mut byte = [0];
            while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap() == 1 {
                head.push(byte[0]);
            }
            // The client can close the connection before it has read a body that is too large.
            _ = stream.write_all(&response);
            _ = stream.shutdown(Shutdown::Write);
            String::from_utf8(head).unwrap()
        });
        Server { base_url, thread }
    }

    fn with_response(status: &str, body: &str) -> Server {
        let head = format!(
            "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            body.len()
        );
        Server::with_raw_response((head + body).into_bytes())
    }

    fn fetch(self, root: &TempDir, product: &str, version: &str) -> (Output, String) {
        let output = xtask_in(root, &["fetch", product, version, "--base-url", &self.base_url]);
        (output, self.thread.join().unwrap())
    }

    /// Checks that fetching fails and changes no file, and returns the error message without the port.
    fn fetch_error(self) -> String {
        let root = empty_root();
        write(&root, PATH, "old");
        write(&root, "specs/specs.lock", "# a lock\n");
        let before = all_files(root.path());
        let base_url = self.base_url.clone();
        let line = failure(&self.fetch(&root, "Gadget", "2020-01-01").0);
        assert_eq!(all_files(root.path()), before, "an error changes no file");
        line.replace(&base_url, "http://server")
    }
}

#[test]
fn diff_as_text() {
    let output = xtask(&["diff", "tests/specs/old.json", "tests/specs/new.json"]);
    insta::assert_snapshot!(success(&output));
}

#[test]
fn diff_as_markdown() {
    let output = xtask(&["diff", "tests/specs/old.json", "tests/specs/new.json", "--markdown"]);
    insta::assert_snapshot!(success(&output));
}

#[test]
fn diff_of_identical_files_is_no_change() {
    let output = xtask(&["diff", "tests/specs/new.json", "tests/specs/new.json"]);
    assert_eq!(success(&output), "Gadget 2020-01-01: no change\n");
}

/// Returns the diff for the replacement of one text in `old.json`.
fn diff_after_replacing(from: &str, to: &str) -> String {
    let old = fs::read_to_string("tests/specs/old.json").unwrap();
    assert_eq!(old.matches(from).count(), 1, "{from}");
    let folder = tempfile::tempdir().unwrap();
    let new = folder.path().join("new.json");
    fs::write(&new, old.replace(from, to)).unwrap();
    success(&xtask(&["diff", "tests/specs/old.json", new.to_str().unwrap()]))
}

#[test]
fn changed_documentation_requires_a_patch() {
    assert_eq!(
        diff_after_replacing("Describes a gadget.", "Describes the gadget."),
        "Gadget 2020-01-01: patch\n\nThe documentation changed in 1 location.\n"
    );
}

#[test]
fn changed_properties_that_the_generator_ignores_require_a_patch() {
    assert_eq!(
        diff_after_replacing(r#""version": "1.0""#, r#""version": "1.1""#),
        "Gadget 2020-01-01: patch\n\nOnly examples or properties that the generator ignores changed.\n"
    );
}

#[test]
fn a_new_optional_field_requires_a_minor_version() {
    let text = diff_after_replacing(r#""Note": {"#, r#""More": {"type": "string"}, "Note": {"#);
    assert_eq!(
        text,
        "Gadget 2020-01-01: minor\n\nAdded or deprecated (1):\n  DescribeGadget!More: field added\n"
    );
}

#[test]
fn a_required_client_token_requires_a_patch() {
    // The runtime generates the token if the program sets none.
    let token = r#""ClientToken", "in": "query", "schema": {"type": "string""#;
    let text = diff_after_replacing(token, &format!("{token}, \"required\": true"));
    assert!(text.starts_with("Gadget 2020-01-01: patch\n"), "{text}");
}

#[test]
fn diff_of_an_invalid_description_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bad.json");
    let deep = "[".repeat(10_000);
    for (bytes, message) in [
        (&b"{\"info\""[..], "invalid JSON"),
        (b"{}", "at /info: missing or not an object"),
        (b"\xFF", "invalid JSON"),
        (deep.as_bytes(), "nested more than 2048 levels deep"),
        (
            br#"{"info":{"product":"A","version":"1","style":"RPC"},"apis":{"B":1}}"#,
            "at /apis/B: the operation is a number",
        ),
    ] {
        fs::write(&path, bytes).unwrap();
        let line = failure(&xtask(&["diff", "tests/specs/old.json", path.to_str().unwrap()]));
        assert!(line.contains("bad.json") && line.contains(message), "{line}");
    }
    let line = failure(&xtask(&["diff", "nowhere.json", "tests/specs/old.json"]));
    assert!(line.starts_with("error: nowhere.json: cannot be read"), "{line}");
}

#[test]
fn diff_of_recursive_components_terminates() {
    // A cycle of lists, a reference to itself, and a component with two references to it.
    let description = |last: &str| {
        let components: Vec<String> = (0..40)
            .map(|index| {
                let next = (index + 1) % 40;
                let items = match index {
                    30 => last.to_owned(),
                    _ => format!(r##"{{"$ref":"#/components/schemas/C{next}"}}"##),
                };
                format!(r#""C{index}":{{"type":"array","items":{items}}}"#)
            })
            .collect();
        format!(
            r##"{{"info":{{"product":"A","version":"1","style":"RPC"}},"components":{{"schemas":{{{},"Me":{{"$ref":"#/components/schemas/Me"}}}}}},"apis":{{"Get":{{"parameters":[],"responses":{{"200":{{"schema":{{"type":"object","properties":{{"A":{{"$ref":"#/components/schemas/C0"}},"B":{{"$ref":"#/components/schemas/C0"}},"Me":{{"$ref":"#/components/schemas/Me"}}}}}}}}}}}}}}}}"##,
            components.join(",")
        )
    };
    let folder = tempfile::tempdir().unwrap();
    let (old, new) = (folder.path().join("old"), folder.path().join("new"));
    fs::write(&old, description(r##"{"$ref":"#/components/schemas/C31"}"##)).unwrap();
    fs::write(&new, description(r#"{"type":"string"}"#)).unwrap();
    let text = success(&xtask(&["diff", old.to_str().unwrap(), new.to_str().unwrap()]));
    assert_eq!(text.matches("#C30[]: type changed from list of").count(), 1, "{text}");
}

#[test]
fn fetch_writes_the_description_and_the_lock() {
    let root = empty_root();
    let (output, head) =
        Server::with_response("200 OK", GADGET).fetch(&root, "gadget", "2020-01-01");
    let summary = success(&output);
    assert_eq!(
        summary,
        format!(
            "{PATH}: Gadget 2020-01-01, 1 operations, {} bytes, sha256 {}\n",
            GADGET.len(),
            sha256(GADGET)
        )
    );
    assert!(
        head.starts_with(
            "GET /meta/v1/products/gadget/versions/2020-01-01/api-docs.json HTTP/1.1\r\n"
        ),
        "{head}"
    );
    assert_eq!(fs::read_to_string(root.path().join(PATH)).unwrap(), GADGET);
    let lock = fs::read_to_string(root.path().join("specs/specs.lock")).unwrap();
    insta::assert_snapshot!(lock);
    assert_eq!(all_files(root.path()).len(), 2, "temporary files are removed");
    assert_eq!(
        success(&xtask_in(&root, &["verify"])),
        "specs: 1 description verified against the lock\n"
    );
}

#[test]
fn fetch_of_a_known_description_prints_the_changes_and_keeps_other_entries() {
    let root = empty_root();
    write(&root, "specs/widget/1.0/api.json", &GADGET.replace("Gadget", "Widget"));
    write(&root, PATH, GADGET);
    success(&xtask_in(&root, &["lock"]));
    let newer = GADGET.replace("PingGadget", "PongGadget");
    let (output, _) = Server::with_response("200 OK", &newer).fetch(&root, "Gadget", "2020-01-01");
    let summary = success(&output);
    assert!(summary.contains("replaced a description that was written by hand"), "{summary}");
    assert!(summary.contains("Gadget 2020-01-01: major, 2 changes"), "{summary}");
    assert_eq!(
        success(&xtask_in(&root, &["verify"])),
        "specs: 2 descriptions verified against the lock\n"
    );
}

#[test]
fn fetch_of_another_product_or_version_is_an_error() {
    insta::assert_snapshot!(
        Server::with_response("200 OK", &GADGET.replace("\"Gadget\"", "\"Widget\"")).fetch_error(),
        @r#"error: http://server/meta/v1/products/Gadget/versions/2020-01-01/api-docs.json at /info: expected Gadget 2020-01-01, got "Widget" "2020-01-01"; correct the product or version (no file was changed)"#
    );
    insta::assert_snapshot!(
        Server::with_response("200 OK", &GADGET.replace("2020", "2021")).fetch_error(),
        @r#"error: http://server/meta/v1/products/Gadget/versions/2020-01-01/api-docs.json at /info: expected Gadget 2020-01-01, got "Gadget" "2021-01-01"; correct the product or version (no file was changed)"#
    );
}

#[test]
fn fetch_accepts_status_200_only() {
    insta::assert_snapshot!(Server::with_response("404 Not Found", GADGET).fetch_error(), @"error: http://server/meta/v1/products/Gadget/versions/2020-01-01/api-docs.json: HTTP 404 Not Found; no file was changed");
    insta::assert_snapshot!(Server::with_response("204 No Content", "").fetch_error(), @"error: http://server/meta/v1/products/Gadget/versions/2020-01-01/api-docs.json: HTTP 204 No Content; no file was changed");
    insta::assert_snapshot!(
        Server::with_raw_response(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n".to_vec()).fetch_error(),
        @"error: http://server/meta/v1/products/Gadget/versions/2020-01-01/api-docs.json: HTTP 302 Found, redirects are not followed; no file was changed"
    );
}

#[test]
fn fetch_of_an_incomplete_or_invalid_body_is_an_error() {
    let short = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{GADGET}", GADGET.len() + 1);
    insta::assert_snapshot!(Server::with_raw_response(short.into_bytes()).fetch_error(), @"error: http://server/meta/v1/products/Gadget/versions/2020-01-01/api-docs.json: the response is incomplete: Peer disconnected; no file was changed");
    // Without a length, only the JSON shows that the body is truncated.
    let truncated =
        format!("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{}", &GADGET[..GADGET.len() - 1]);
    insta::assert_snapshot!(Server::with_raw_response(truncated.into_bytes()).fetch_error(), @"error: http://server/meta/v1/products/Gadget/versions/2020-01-01/api-docs.json: invalid JSON: EOF while parsing an object at line 1 column 163: download the description again");
    insta::assert_snapshot!(Server::with_response("200 OK", "<html>no</html>").fetch_error(), @"error: http://server/meta/v1/products/Gadget/versions/2020-01-01/api-docs.json: invalid JSON: expected value at line 1 column 1: download the description again");
    insta::assert_snapshot!(Server::with_response("200 OK", "{\"data\":1}").fetch_error(), @"error: http://server/meta/v1/products/Gadget/versions/2020-01-01/api-docs.json at /info: missing or not an object: an OpenMeta document needs `info` with `product`, `version` and `style`, and `apis`");
    insta::assert_snapshot!(Server::with_raw_response(b"SSH-2.0-OpenSSH\r\n\r\n".to_vec()).fetch_error(), @"error: http://server/meta/v1/products/Gadget/versions/2020-01-01/api-docs.json: protocol: http parse fail: invalid HTTP version; no file was changed");
    insta::assert_snapshot!(Server::with_raw_response(Vec::new()).fetch_error(), @"error: http://server/meta/v1/products/Gadget/versions/2020-01-01/api-docs.json: io: Peer disconnected; no file was changed");
}

#[test]
fn fetch_of_a_body_above_the_limit_is_an_error() {
    let with_length = "HTTP/1.1 200 OK\r\nContent-Length: 67108865\r\n\r\n";
    insta::assert_snapshot!(Server::with_raw_response(with_length.into()).fetch_error(), @"error: http://server/meta/v1/products/Gadget/versions/2020-01-01/api-docs.json: the response is larger than 67108864 bytes; no file was changed");
    let mut without_length = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".to_vec();
    without_length.resize(without_length.len() + (64 << 20) + 1, b' ');
    insta::assert_snapshot!(Server::with_raw_response(without_length).fetch_error(), @"error: http://server/meta/v1/products/Gadget/versions/2020-01-01/api-docs.json: the response is larger than 67108864 bytes; no file was changed");
}

#[test]
fn fetch_validates_names_and_the_base_url() {
    let root = empty_root();
    for (product, version) in [
        ("../x", "1"),
        ("x", ".."),
        ("a/b", "1"),
        ("x", "1/2"),
        ("", "1"),
        ("x", "a\\b"),
        (".x", "1"),
    ] {
        // No server listens on that port: the names are validated first.
        let line = failure(&xtask_in(
            &root,
            &["fetch", product, version, "--base-url", "http://127.0.0.1:1"],
        ));
        assert!(line.contains("use letters, digits, `-`, `_` and `.`"), "{line}");
    }
    for base_url in ["ftp://x", "https://", "http://u:p@x", "http://x?y", "http://x y", "x"] {
        let line = failure(&xtask_in(&root, &["fetch", "x", "1", "--base-url", base_url]));
        assert!(line.starts_with("error: --base-url: "), "{line}");
    }
    assert!(all_files(root.path()).is_empty());
}

#[test]
fn fetch_without_a_server_is_an_error() {
    let root = empty_root();
    let line = failure(&xtask_in(&root, &["fetch", "x", "1", "--base-url", "http://127.0.0.1:1"]));
    assert!(line.contains("refused") && line.contains("no file was changed"), "{line}");
    assert!(all_files(root.path()).is_empty());
}

#[test]
fn fetch_over_tls_from_a_plain_server_is_an_error() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("https://{}", listener.local_addr().unwrap());
    let server = thread::spawn(move || {
        listener.accept().unwrap().0.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
    });
    let root = empty_root();
    let line = failure(&xtask_in(&root, &["fetch", "x", "1", "--base-url", &base_url]));
    server.join().unwrap();
    assert!(line.contains("no file was changed"), "{line}");
    assert!(all_files(root.path()).is_empty());
}

#[test]
fn fetch_keeps_an_invalid_lock_file() {
    let root = empty_root();
    write(&root, "specs/specs.lock", "[[file]]\npath = 1\n");
    let before = all_files(root.path());
    let line = failure(&xtask_in(&root, &["fetch", "x", "1", "--base-url", "http://127.0.0.1:1"]));
    assert!(line.contains("specs.lock: line 2: not a lock file"), "{line}");
    assert_eq!(all_files(root.path()), before);
}

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
