//! Tests of `cargo xtask specs`. They use no network except the loopback interface.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests may panic"
)]

mod check;
mod diff;
mod fetch;
mod import;
mod verify;

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
