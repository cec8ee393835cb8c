//! Tests of the command `alicloud-codegen`. They use no network except the loopback interface.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod bad_input;
mod catalog;
mod generation;
mod interruption;
mod service;
mod unusual_files;

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::{Value, json};
use tempfile::TempDir;

/// The description of a product with lists of things and of boxes.
fn gadget() -> Value {
    let item = json!({"type": "object", "properties": {
        "Id": {"type": "string", "description": "The id of the thing."},
        "Status": {"type": "string", "enum": ["Running", "Stopped"]},
    }});
    let list = json!({"type": "object", "properties": {
        "RequestId": {"type": "string"},
        "TotalCount": {"type": "integer"},
        "Things": {"type": "array", "items": item},
    }});
    let page = |name: &str| json!({"name": name, "in": "query", "schema": {"type": "integer"}});
    json!({
        "info": {"product": "Gadget", "version": "2026-01-01", "style": "RPC"},
        "endpoints": [{"regionId": "cn-hangzhou", "endpoint": "gadget.example.com"}],
        "components": {"schemas": {
            "Box": {"type": "object", "properties": {"Size": {"type": "integer"}}},
        }},
        "apis": {
            "DescribeThings": {
                "summary": "Lists things.",
                "methods": ["post"],
                "systemTags": {"operationType": "list"},
                "parameters": [
                    {"name": "RegionId", "in": "query", "schema": {"type": "string", "required": true}},
                    page("PageNumber"), page("PageSize"),
                ],
                "responses": {"200": {"schema": list}},
                "errorCodes": {"400": [{"errorCode": "Thing.Broken", "errorMessage": "The thing is broken."}]},
            },
            "StartThing": {
                "summary": "Starts a thing.",
                "methods": ["post"],
                "parameters": [
                    {"name": "ThingId", "in": "query", "schema": {"type": "string", "required": true, "description": "The id of the thing."}},
                ],
                "responses": {"200": {"schema": {"type": "object", "properties": {"RequestId": {"type": "string"}}}}},
            },
            "DescribeBox": {
                "summary": "Describes a box.",
                "methods": ["post"],
                "deprecated": true,
                "parameters": [],
                "responses": {"200": {"schema": {"type": "object", "properties": {"Box": {"$ref": "#/components/schemas/Box"}}}}},
            },
        },
    })
}

/// A project in a temporary folder, with a folder of descriptions and a cache beside it.
struct Project {
    folder: TempDir,
}

impl Project {
    /// Creates an empty project folder and a folder with the description of `Gadget`.
    fn empty() -> Project {
        let project = Project { folder: tempfile::tempdir().unwrap() };
        fs::create_dir(project.root()).unwrap();
        project.describe(&gadget());
        project
    }

    /// Creates a project whose source is the folder of descriptions.
    fn new() -> Project {
        let project = Project::empty();
        project.success(&["init", "--source", "../descriptions", "--runtime-path", "../runtime"]);
        project
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("project")
    }

    fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    fn description_file(&self) -> PathBuf {
        self.folder.path().join("descriptions/gadget/2026-01-01/api.json")
    }

    fn describe(&self, description: &Value) {
        let file = self.description_file();
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, description.to_string()).unwrap();
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    /// Adds a line to the project file.
    fn append(&self, text: &str) {
        let old = self.read("alicloud.toml");
        self.write("alicloud.toml", &format!("{old}\n{text}\n"));
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_alicloud-codegen"));
        command.current_dir(self.root()).args(arguments);
        command.env("ALICLOUD_CODEGEN_CACHE", self.folder.path().join("cache"));
        // A proxy could not reach the server of a test.
        for name in ["http_proxy", "https_proxy", "all_proxy"] {
            command.env_remove(name).env_remove(name.to_uppercase());
        }
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs the command, which must succeed, and returns its standard output.
    fn success(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
        text(&output.stdout)
    }

    /// Runs the command, which must fail with one message and change no file, and returns the message.
    fn failure(&self, arguments: &[&str]) -> String {
        let before = self.files();
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {}", text(&output.stdout));
        assert!(output.stdout.is_empty(), "{arguments:?}: {}", text(&output.stdout));
        assert_eq!(self.files(), before, "{arguments:?}: an error changes no file");
        let message = text(&output.stderr);
        assert_eq!(message.lines().count(), 1, "{arguments:?}: {message}");
        message.trim_end().to_owned()
    }

    /// Returns every file and folder of the project: the content of files, by relative path.
    fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut found = BTreeMap::new();
        collect(&self.root(), &self.root(), &mut found);
        found
    }
}

fn collect(root: &Path, folder: &Path, found: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.strip_prefix(root).unwrap().to_owned();
        if path.is_dir() {
            found.insert(name, Vec::new());
            collect(root, &path, found);
        } else {
            found.insert(name, fs::read(&path).unwrap());
        }
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A metadata service on loopback.
struct Service {
    url: String,
    /// The paths of the requests.
    requests: Arc<Mutex<Vec<String>>>,
}

impl Service {
    /// Starts a service that responds to the path of a request with these bytes.
    fn start(respond: impl Fn(&str) -> Vec<u8> + Send + 'static) -> Service {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let recorded = Arc::clone(&requests);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut head = Vec::new();
                let mut byte = [0];
                while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap_or(0) == 1 {
                    head.push(byte[0]);
                }
                let path = text(&head).split(' ').nth(1).unwrap_or_default().to_owned();
                recorded.lock().unwrap().push(path.clone());
                // The client can close the connection earlier.
                _ = stream.write_all(&respond(&path));
                _ = stream.shutdown(Shutdown::Write);
            }
        });
        Service { url, requests }
    }

    /// Starts a service with the list of products and the description of `Gadget`.
    fn with_gadget() -> Service {
        Service::start(|path| match path {
            "/meta/v1/products.json" => response("200 OK", PRODUCTS),
            "/meta/v1/products/Gadget/versions/2026-01-01/api-docs.json" => {
                response("200 OK", &gadget().to_string())
            }
            _ => response("404 Not Found", "{}"),
        })
    }

    fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

const PRODUCTS: &str = r#"[
    {"code": "Widget", "name": "Widgets & more", "versions": ["2020-01-01"], "style": "RPC"},
    {"code": "Gadget", "shortName": "Gadgets", "defaultVersion": "2026-01-01", "versions": ["2026-01-01", "2020-02-02"]}
]"#;

fn response(status: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}")
        .into_bytes()
}
