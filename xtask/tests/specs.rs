//! `cargo xtask specs`, as a maintainer runs it. Nothing here leaves the machine.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests may fail a test"
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
    // A proxy of the machine has no way to the test's own server.
    for name in ["http_proxy", "https_proxy", "all_proxy"] {
        command.env_remove(name).env_remove(name.to_uppercase());
    }
    command.output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// The one line of a failure.
fn failure(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(output.stdout.is_empty(), "{output:?}");
    let line = text(&output.stderr);
    assert_eq!(line.lines().count(), 1, "{line}");
    line.trim_end().to_owned()
}

fn success(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    assert!(output.stderr.is_empty(), "{output:?}");
    text(&output.stdout)
}

fn sha256(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// An empty repository.
fn root() -> TempDir {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir(root.path().join("specs")).unwrap();
    root
}

fn write(root: &TempDir, path: &str, text: &str) {
    let path = root.path().join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn on(root: &TempDir, arguments: &[&str]) -> Output {
    let mut all = arguments.to_vec();
    all.extend(["--root", root.path().to_str().unwrap()]);
    xtask(&all)
}

/// Every file of a repository with its content.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(files(&path)),
            false => found.push((path.clone(), fs::read(&path).unwrap())),
        }
    }
    found.sort();
    found
}

/// A server that gives one answer to one request, and then the head of that request.
struct Server {
    base: String,
    thread: JoinHandle<String>,
}

impl Server {
    fn raw(answer: Vec<u8>) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let thread = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut head = Vec::new();
            let mut byte = [0];
            while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap() == 1 {
                head.push(byte[0]);
            }
            // The client may hang up before it has taken all of a body that is too long.
            _ = stream.write_all(&answer);
            _ = stream.shutdown(Shutdown::Write);
            String::from_utf8(head).unwrap()
        });
        Server { base, thread }
    }

    fn says(status: &str, body: &str) -> Server {
        let head = format!(
            "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            body.len()
        );
        Server::raw((head + body).into_bytes())
    }

    fn fetch(self, root: &TempDir, product: &str, version: &str) -> (Output, String) {
        let output = on(root, &["fetch", product, version, "--base-url", &self.base]);
        (output, self.thread.join().unwrap())
    }

    /// Fetches what must be refused, into a repository that has an old file; gives the complaint
    /// without the port.
    fn refused(self) -> String {
        let root = root();
        write(&root, PATH, "old");
        write(&root, "specs/specs.lock", "# a lock\n");
        let before = files(root.path());
        let base = self.base.clone();
        let line = failure(&self.fetch(&root, "Gadget", "2020-01-01").0);
        assert_eq!(files(root.path()), before, "a failure leaves everything as it was");
        line.replace(&base, "http://server")
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
fn a_document_does_not_differ_from_itself() {
    let output = xtask(&["diff", "tests/specs/new.json", "tests/specs/new.json"]);
    assert_eq!(success(&output), "Gadget 2020-01-01: no change\n");
}

/// The verdict, and the lines, of a change of one thing.
fn verdict(from: &str, to: &str) -> String {
    let old = fs::read_to_string("tests/specs/old.json").unwrap();
    assert_eq!(old.matches(from).count(), 1, "{from}");
    let folder = tempfile::tempdir().unwrap();
    let new = folder.path().join("new.json");
    fs::write(&new, old.replace(from, to)).unwrap();
    success(&xtask(&["diff", "tests/specs/old.json", new.to_str().unwrap()]))
}

#[test]
fn documentation_alone_is_a_patch() {
    assert_eq!(
        verdict("Describes a gadget.", "Describes the gadget."),
        "Gadget 2020-01-01: patch\n\nThe documentation of 1 place changed.\n"
    );
}

#[test]
fn what_the_generator_does_not_use_is_a_patch() {
    assert_eq!(
        verdict(r#""version": "1.0""#, r#""version": "1.1""#),
        "Gadget 2020-01-01: patch\n\nOnly examples, or what the generator does not use, changed.\n"
    );
}

#[test]
fn an_optional_field_is_minor() {
    let text = verdict(r#""Note": {"#, r#""More": {"type": "string"}, "Note": {"#);
    assert_eq!(
        text,
        "Gadget 2020-01-01: minor\n\nAdded or deprecated (1):\n  DescribeGadget!More: field added\n"
    );
}

#[test]
fn a_token_may_be_required_because_the_runtime_fills_it_in() {
    let token = r#""ClientToken", "in": "query", "schema": {"type": "string""#;
    let text = verdict(token, &format!("{token}, \"required\": true"));
    assert!(text.starts_with("Gadget 2020-01-01: patch\n"), "{text}");
}

#[test]
fn diff_of_what_is_no_description() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bad.json");
    let deep = "[".repeat(10_000);
    for (bytes, complaint) in [
        (&b"{\"info\""[..], "not readable as JSON"),
        (b"{}", "at /info: missing or not an object"),
        (b"\xFF", "not readable as JSON"),
        (deep.as_bytes(), "recursion limit exceeded"),
        (
            br#"{"info":{"product":"A","version":"1","style":"RPC"},"apis":{"B":1}}"#,
            "at /apis/B: an operation that is a number",
        ),
    ] {
        fs::write(&path, bytes).unwrap();
        let line = failure(&xtask(&["diff", "tests/specs/old.json", path.to_str().unwrap()]));
        assert!(line.contains("bad.json") && line.contains(complaint), "{line}");
    }
    let line = failure(&xtask(&["diff", "nowhere.json", "tests/specs/old.json"]));
    assert!(line.starts_with("error: nowhere.json: cannot be read"), "{line}");
}

#[test]
fn components_that_hold_themselves_end() {
    // Lists of lists without an end, an alias of itself, and one that is reached twice.
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
    assert_eq!(text.matches("#C30[]: retyped from list of").count(), 1, "{text}");
}

#[test]
fn fetch_puts_the_description_and_the_lock() {
    let root = root();
    let (output, head) = Server::says("200 OK", GADGET).fetch(&root, "gadget", "2020-01-01");
    let said = success(&output);
    assert_eq!(
        said,
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
    assert_eq!(files(root.path()).len(), 2, "no temporary file is left");
    assert_eq!(success(&on(&root, &["verify"])), "specs: 1 description as the lock says\n");
}

#[test]
fn fetch_again_says_what_changed_and_keeps_other_entries() {
    let root = root();
    write(&root, "specs/widget/1.0/api.json", &GADGET.replace("Gadget", "Widget"));
    write(&root, PATH, GADGET);
    success(&on(&root, &["lock"]));
    let newer = GADGET.replace("PingGadget", "PongGadget");
    let (output, _) = Server::says("200 OK", &newer).fetch(&root, "Gadget", "2020-01-01");
    let said = success(&output);
    assert!(said.contains("took the place of a description that was written by hand"), "{said}");
    assert!(said.contains("Gadget 2020-01-01: major, 2 changes"), "{said}");
    assert_eq!(success(&on(&root, &["verify"])), "specs: 2 descriptions as the lock says\n");
}

#[test]
fn fetch_refuses_another_product_or_version() {
    insta::assert_snapshot!(
        Server::says("200 OK", &GADGET.replace("\"Gadget\"", "\"Widget\"")).refused(),
        @r#"error: http://server/meta/v1/products/Gadget/versions/2020-01-01/api-docs.json at /info: it describes "Widget" "2020-01-01", and Gadget 2020-01-01 was asked for: correct the name, the old file is as it was"#
    );
    insta::assert_snapshot!(
        Server::says("200 OK", &GADGET.replace("2020", "2021")).refused(),
        @r#"error: http://server/meta/v1/products/Gadget/versions/2020-01-01/api-docs.json at /info: it describes "Gadget" "2021-01-01", and Gadget 2020-01-01 was asked for: correct the name, the old file is as it was"#
    );
}

#[test]
fn fetch_refuses_every_answer_but_a_good_one() {
    insta::assert_snapshot!(Server::says("404 Not Found", GADGET).refused(), @"error: http://server/meta/v1/products/Gadget/versions/2020-01-01/api-docs.json: HTTP 404 Not Found: the old file is as it was");
    insta::assert_snapshot!(Server::says("204 No Content", "").refused(), @"error: http://server/meta/v1/products/Gadget/versions/2020-01-01/api-docs.json: HTTP 204 No Content: the old file is as it was");
    insta::assert_snapshot!(
        Server::raw(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n".to_vec()).refused(),
        @"error: http://server/meta/v1/products/Gadget/versions/2020-01-01/api-docs.json: HTTP 302 Found, which is not followed: the old file is as it was"
    );
}

#[test]
fn fetch_refuses_broken_bodies() {
    let short = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{GADGET}", GADGET.len() + 1);
    insta::assert_snapshot!(Server::raw(short.into_bytes()).refused(), @"error: http://server/meta/v1/products/Gadget/versions/2020-01-01/api-docs.json: the response broke off: Peer disconnected: the old file is as it was");
    // Without a length only the JSON itself tells that something is missing.
    let cut =
        format!("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{}", &GADGET[..GADGET.len() - 1]);
    insta::assert_snapshot!(Server::raw(cut.into_bytes()).refused(), @"error: http://server/meta/v1/products/Gadget/versions/2020-01-01/api-docs.json: not readable as JSON: EOF while parsing an object at line 1 column 163: download the description again");
    insta::assert_snapshot!(Server::says("200 OK", "<html>no</html>").refused(), @"error: http://server/meta/v1/products/Gadget/versions/2020-01-01/api-docs.json: not readable as JSON: expected value at line 1 column 1: download the description again");
    insta::assert_snapshot!(Server::says("200 OK", "{\"data\":1}").refused(), @"error: http://server/meta/v1/products/Gadget/versions/2020-01-01/api-docs.json at /info: missing or not an object: an OpenMeta document has `info` with `product`, `version` and `style`, and `apis`");
    insta::assert_snapshot!(Server::raw(b"SSH-2.0-OpenSSH\r\n\r\n".to_vec()).refused(), @"error: http://server/meta/v1/products/Gadget/versions/2020-01-01/api-docs.json: protocol: http parse fail: invalid HTTP version: the old file is as it was");
    insta::assert_snapshot!(Server::raw(Vec::new()).refused(), @"error: http://server/meta/v1/products/Gadget/versions/2020-01-01/api-docs.json: io: Peer disconnected: the old file is as it was");
}

#[test]
fn fetch_refuses_a_body_that_is_too_large() {
    let said = "HTTP/1.1 200 OK\r\nContent-Length: 67108865\r\n\r\n";
    insta::assert_snapshot!(Server::raw(said.into()).refused(), @"error: http://server/meta/v1/products/Gadget/versions/2020-01-01/api-docs.json: more than 67108864 bytes, as no description has: the old file is as it was");
    // The same where the length is only seen on the way.
    let mut unsaid = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".to_vec();
    unsaid.resize(unsaid.len() + (64 << 20) + 1, b' ');
    insta::assert_snapshot!(Server::raw(unsaid).refused(), @"error: http://server/meta/v1/products/Gadget/versions/2020-01-01/api-docs.json: more than 67108864 bytes, as no description has: the old file is as it was");
}

#[test]
fn fetch_refuses_names_that_could_be_paths_and_bases_that_are_none() {
    let root = root();
    for (product, version) in [
        ("../x", "1"),
        ("x", ".."),
        ("a/b", "1"),
        ("x", "1/2"),
        ("", "1"),
        ("x", "a\\b"),
        (".x", "1"),
    ] {
        // Nothing listens at the address: names are looked at first.
        let line =
            failure(&on(&root, &["fetch", product, version, "--base-url", "http://127.0.0.1:1"]));
        assert!(line.contains("use letters, digits, `-`, `_` and `.`"), "{line}");
    }
    for base in ["ftp://x", "https://", "http://u:p@x", "http://x?y", "http://x y", "x"] {
        let line = failure(&on(&root, &["fetch", "x", "1", "--base-url", base]));
        assert!(line.starts_with("error: --base-url: "), "{line}");
    }
    assert!(files(root.path()).is_empty());
}

#[test]
fn fetch_where_nobody_listens() {
    let root = root();
    let line = failure(&on(&root, &["fetch", "x", "1", "--base-url", "http://127.0.0.1:1"]));
    assert!(line.contains("refused") && line.contains("the old file is as it was"), "{line}");
    assert!(files(root.path()).is_empty());
}

#[test]
fn fetch_over_tls_from_who_does_not_speak_it() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("https://{}", listener.local_addr().unwrap());
    let server = thread::spawn(move || {
        listener.accept().unwrap().0.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
    });
    let root = root();
    let line = failure(&on(&root, &["fetch", "x", "1", "--base-url", &base]));
    server.join().unwrap();
    assert!(line.contains("the old file is as it was"), "{line}");
    assert!(files(root.path()).is_empty());
}

#[test]
fn fetch_does_not_touch_a_lock_that_it_cannot_read() {
    let root = root();
    write(&root, "specs/specs.lock", "[[file]]\npath = 1\n");
    let before = files(root.path());
    let line = failure(&on(&root, &["fetch", "x", "1", "--base-url", "http://127.0.0.1:1"]));
    assert!(line.contains("specs.lock: line 2: not a lock"), "{line}");
    assert_eq!(files(root.path()), before);
}

#[test]
fn verify_says_what_differs_and_what_mends_it() {
    let root = root();
    let (output, _) = Server::says("200 OK", GADGET).fetch(&root, "Gadget", "2020-01-01");
    success(&output);
    write(&root, "specs/widget/1.0/api.json", &GADGET.replace("Gadget", "Widget"));
    write(&root, "specs/gone/1.0/api.json", &GADGET.replace("Gadget", "Gone"));
    success(&on(&root, &["lock"]));

    write(&root, PATH, &GADGET.replace("Ping", "Pong"));
    write(&root, "specs/widget/1.0/api.json", &GADGET.replace("Gadget", "Wodget"));
    write(&root, "specs/fresh/1.0/api.json", GADGET);
    fs::remove_file(root.path().join("specs/gone/1.0/api.json")).unwrap();
    let output = on(&root, &["verify"]);
    assert_eq!(output.status.code(), Some(1));
    insta::assert_snapshot!(text(&output.stderr));

    // What was fetched is not locked anew with another content.
    let output = on(&root, &["lock"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).starts_with(&format!("changed: {PATH}: ")), "{output:?}");
    let output = on(&root, &["verify"]);
    assert_eq!(text(&output.stderr).lines().count(), 1, "{output:?}");
    write(&root, PATH, GADGET);
    assert_eq!(success(&on(&root, &["verify"])), "specs: 3 descriptions as the lock says\n");
}

#[test]
fn a_lock_that_leads_elsewhere_is_none() {
    let root = root();
    for path in ["../x", "/etc/passwd", "specs/../../x", "specs//x", "specs/\\u0007"] {
        let entry = format!(
            "[[file]]\npath = \"{path}\"\nproduct = \"X\"\nversion = \"1\"\norigin = \"written\"\nsha256 = \"0\"\n"
        );
        write(&root, "specs/specs.lock", &entry);
        let line = failure(&on(&root, &["verify"]));
        assert!(line.contains("is no entry of a lock"), "{line}");
    }
}

#[test]
fn the_lock_of_this_repository_holds() {
    success(&xtask(&["verify"]));
}
