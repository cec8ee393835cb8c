//! The tutorial in the README of `alicloud-codegen`, from an empty folder to a typed response.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener};

use alicloud_fake::{FakeService, Spec};

use super::{Project, root};

/// Starts a metadata service on loopback with one product, and returns its URL.
fn metadata_service(description: String) -> String {
    const PRODUCTS: &str =
        r#"[{"code": "Ecs", "name": "Elastic Compute Service", "versions": ["2014-05-26"]}]"#;
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut head = Vec::new();
            let mut byte = [0];
            while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap_or(0) == 1 {
                head.push(byte[0]);
            }
            let head = String::from_utf8(head).unwrap();
            let (status, body) = match head.split(' ').nth(1) {
                Some("/meta/v1/products.json") => ("200 OK", PRODUCTS),
                Some("/meta/v1/products/Ecs/versions/2014-05-26/api-docs.json") => {
                    ("200 OK", description.as_str())
                }
                _ => ("404 Not Found", ""),
            };
            let length = body.len();
            let response = format!(
                "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
            );
            _ = stream.write_all(response.as_bytes());
            _ = stream.shutdown(Shutdown::Write);
        }
    });
    url
}

/// Returns the fenced code blocks of the tutorial, each with its language.
fn code_blocks() -> Vec<(String, String)> {
    let readme = fs::read_to_string(root().join("crates/alicloud-codegen/README.md")).unwrap();
    let (_, tutorial) = readme.split_once("## Five minutes to a typed response\n").unwrap();
    let (tutorial, _) = tutorial.split_once("\n## ").unwrap();
    let parts: Vec<&str> = tutorial.split("```").collect();
    let blocks = parts.chunks_exact(2).map(|parts| parts[1].split_once('\n').unwrap());
    blocks.map(|(language, code)| (language.to_owned(), code.to_owned())).collect()
}

#[tokio::test]
async fn the_tutorial_ends_with_a_typed_response() {
    let description = root().join("tests/projects/descriptions/ecs/2014-05-26/api.json");
    let metadata = metadata_service(fs::read_to_string(&description).unwrap());
    let spec = Spec::open(description).unwrap();
    let service = FakeService::builder().spec(spec).unwrap().start().await.unwrap();
    let mut project = Project::empty("tutorial");
    project.set_endpoint(service.endpoint());
    let crates = root().join("crates").display().to_string();
    // The same profile as the other programs, so that they share compiled dependencies.
    let mut manifest = "[package]\nname = \"fleet\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
        [workspace]\n\n[profile.dev]\ndebug = \"line-tables-only\"\n\n[profile.dev.package.\"*\"]\ndebug = false\n\n\
        [dependencies]\n"
        .to_owned();
    let mut files = ["src/aliyun.rs", "src/main.rs"].into_iter();
    let mut output = String::new();
    for (language, code) in code_blocks() {
        if language == "rust" {
            let file = project.folder.join(files.next().unwrap());
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, code).unwrap();
            continue;
        }
        assert_eq!(language, "sh");
        for line in code.lines() {
            let words: Vec<&str> = line.split(' ').collect();
            match words.as_slice() {
                ["cargo", "install", "alicloud-codegen"]
                | ["cargo", "new", "fleet"]
                | ["cd", "fleet"] => {}
                // The public service is never called, and the runtime is not in the registry.
                ["alicloud-codegen", "init"] => {
                    _ = project
                        .codegen(&["init", "--source", &metadata, "--runtime-path", &crates])
                        .await;
                }
                ["alicloud-codegen", arguments @ ..] => output = project.codegen(arguments).await,
                ["cargo", "add", "alicloud-core", "alicloud-wire"] => {
                    let options = "default-features = false, features = [\"transport\"]";
                    manifest += &format!(
                        "alicloud-core = {{ path = \"{crates}/alicloud-core\", {options} }}\n"
                    );
                    manifest +=
                        &format!("alicloud-wire = {{ path = \"{crates}/alicloud-wire\" }}\n");
                }
                ["cargo", "add", "tokio", "--features", features] => {
                    let features = features.replace(',', "\", \"");
                    manifest +=
                        &format!("tokio = {{ version = \"1\", features = [\"{features}\"] }}\n");
                    fs::write(project.folder.join("Cargo.toml"), &manifest).unwrap();
                }
                ["cargo", "run"] => output = project.cargo(&["run", "--quiet"]).await,
                _ => panic!("the test does not know `{line}`"),
            }
            if line == "alicloud-codegen list ecs" {
                assert!(output.contains("2014-05-26"), "{output}");
            }
        }
    }
    assert_eq!(output, "Some(\"i-0001\"): Some(Running)\n");
    assert_eq!(service.requests().len(), 1);
}
