//! The READMEs show complete programs. Each is an example, and is run here.
#![allow(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[cfg(target_os = "linux")]
#[path = "../../crates/alicloud-core/tests/common/certificates.rs"]
mod certificates;

use std::fs;
use std::path::{Path, PathBuf};

/// READMEs that have a Chinese translation beside them.
const TRANSLATED: [&str; 2] = ["README.md", "crates/alicloud-cdn-refresh/README.md"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Returns the README of the root and of each crate.
fn readmes() -> Vec<String> {
    let crates = fs::read_dir(root().join("crates")).unwrap();
    let names = crates.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut paths: Vec<String> = names.map(|name| format!("crates/{name}/README.md")).collect();
    paths.extend(["README.md".to_owned()]);
    paths.extend(TRANSLATED.map(|path| path.replace("README.md", "README.zh-CN.md")));
    paths
}

/// Returns the fenced code blocks of a Markdown text, each with its language.
fn code_blocks(markdown: &str) -> Vec<(String, String)> {
    let mut blocks: Vec<(String, String)> = Vec::new();
    let mut is_inside = false;
    for line in markdown.lines() {
        if let Some(language) = line.trim_start().strip_prefix("```") {
            is_inside = !is_inside;
            if is_inside {
                blocks.push((language.to_owned(), String::new()));
            }
        } else if let (true, Some((_, code))) = (is_inside, blocks.last_mut()) {
            code.push_str(line);
            code.push('\n');
        }
    }
    assert!(!is_inside, "a code block is not closed");
    blocks
}

#[test]
fn code_blocks_have_no_hidden_lines() {
    for path in readmes() {
        for (language, code) in code_blocks(&read(&path)) {
            let hidden = code.lines().find(|line| *line == "#" || line.starts_with("# "));
            assert_eq!(hidden, None, "{path}: a `{language}` block shows a hidden line");
        }
    }
}

#[test]
fn programs_of_the_readme_are_examples() {
    let programs = [
        "crates/alicloud-cdn-refresh/examples/refresh_and_wait.rs",
        "examples/typed_call.rs",
        "examples/error_handling.rs",
    ];
    let blocks = code_blocks(&read("README.md"));
    let rust: Vec<&str> = blocks
        .iter()
        .filter_map(|(language, code)| (language == "rust").then_some(code.as_str()))
        .collect();
    assert_eq!(rust.len(), programs.len());
    for (block, path) in rust.into_iter().zip(programs) {
        let example = read(path);
        let program = example.lines().skip_while(|line| {
            line.is_empty() || line.starts_with("//!") || line.starts_with("#![")
        });
        assert!(program.eq(block.lines()), "README.md and {path} differ");
    }
}

#[test]
fn translations_have_the_same_code() {
    for path in TRANSLATED {
        let translation = path.replace("README.md", "README.zh-CN.md");
        assert_eq!(code_blocks(&read(path)), code_blocks(&read(&translation)), "{translation}");
        assert!(read(path).contains("(README.zh-CN.md)"), "{path} does not link to {translation}");
    }
}

/// Returns the first three cells of a row for each description under specs.
fn products() -> Vec<String> {
    let mut rows = Vec::new();
    for product in fs::read_dir(root().join("specs")).unwrap() {
        let product = product.unwrap().path();
        let versions = product.is_dir().then(|| fs::read_dir(&product).unwrap());
        for version in versions.into_iter().flatten() {
            let text = fs::read_to_string(version.unwrap().path().join("api.json")).unwrap();
            let description: serde_json::Value = serde_json::from_str(&text).unwrap();
            let info = |name| description["info"][name].as_str().unwrap();
            let name = format!("alicloud-{}", product.file_name().unwrap().display());
            let count = description["apis"].as_object().unwrap().len();
            let version = info("version");
            rows.push(format!(
                "| [`{name}`](crates/{name}) | {} {version} | {count}",
                info("product")
            ));
        }
    }
    rows.sort();
    rows
}

#[test]
fn readmes_list_the_products_with_their_numbers_of_operations() {
    for path in ["README.md", "README.zh-CN.md"] {
        let readme = read(path);
        let is_product = |line: &&str| {
            line.starts_with("| [`alicloud-") && line.split('|').nth(3).is_some_and(is_number)
        };
        let cells = |line: &str| {
            line.rsplit_once(" |").unwrap().0.rsplit_once("| ").unwrap().0.trim().to_owned()
        };
        let listed: Vec<String> = readme.lines().filter(is_product).map(cells).collect();
        assert_eq!(listed, products(), "{path}");
    }
}

fn is_number(cell: &str) -> bool {
    cell.trim().parse::<usize>().is_ok()
}

#[test]
fn readmes_have_no_placeholders() {
    for path in readmes() {
        assert!(!read(&path).contains("@@"), "{path} has a placeholder that is not filled in");
    }
}

/// Programs that call `Client::from_env()`, run as they are: the variables name a proxy on loopback that
/// stands for cdn.aliyuncs.com and a certificate authority of this run.
#[cfg(target_os = "linux")]
mod run {
    use std::process::{Output, Stdio};

    use alicloud_fake::{
        DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET, FakeService, Simulation,
    };
    use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, copy_bidirectional};
    use tokio::net::{TcpListener, TcpStream};
    use tokio::process::Command;
    use tokio_rustls::TlsAcceptor;

    use super::certificates::{Authority, acceptor};

    const HOST: &str = "cdn.aliyuncs.com";

    async fn run(example: &str, variables: &[(&str, &str)]) -> Output {
        let mut path = std::env::current_exe().unwrap();
        path.pop();
        path.pop();
        path.push(format!("examples/{example}"));
        assert!(
            path.exists(),
            "{} is missing: run `cargo build --workspace --examples` first",
            path.display()
        );
        Command::new(path)
            .env_clear()
            .env("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true")
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .output()
            .await
            .unwrap()
    }

    /// Accepts one tunnel after the other and forwards what arrives in it to the fake service.
    async fn serve_tunnels(listener: TcpListener, acceptor: TlsAcceptor, service: String) {
        while let Ok((stream, _)) = listener.accept().await {
            let (acceptor, service) = (acceptor.clone(), service.clone());
            tokio::spawn(async move {
                let mut stream = BufReader::new(stream);
                let mut head = String::new();
                while !head.ends_with("\r\n\r\n") {
                    assert!(stream.read_line(&mut head).await.unwrap() > 0, "{head:?}");
                }
                assert!(head.starts_with(&format!("CONNECT {HOST}:443 ")), "{head:?}");
                stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
                let mut client = acceptor.accept(stream).await.unwrap();
                let mut server = TcpStream::connect(service).await.unwrap();
                copy_bidirectional(&mut client, &mut server).await.ok();
            });
        }
    }

    #[tokio::test]
    async fn programs_run_against_a_fake_service() {
        let simulation = Simulation::new().speed(200.0);
        let service = FakeService::builder().simulation(simulation).start().await.unwrap();
        let address = service.endpoint().strip_prefix("http://").unwrap().to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let proxy = format!("http://{}", listener.local_addr().unwrap());
        let authority = Authority::new();
        let acceptor = acceptor(&authority.leaf(HOST, false), None);
        tokio::spawn(serve_tunnels(listener, acceptor, address));

        let folder = tempfile::tempdir().unwrap();
        let roots = folder.path().join("roots.pem");
        std::fs::write(&roots, authority.pem()).unwrap();
        let variables = [
            ("ALIBABA_CLOUD_ACCESS_KEY_ID", DEFAULT_ACCESS_KEY_ID),
            ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", DEFAULT_ACCESS_KEY_SECRET),
            ("HTTPS_PROXY", &proxy),
            ("SSL_CERT_FILE", roots.to_str().unwrap()),
        ];

        let output = run("refresh_and_wait", &variables).await;
        let stdout = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{output:?}");
        assert!(stdout.contains("1 file, 1 directory in 2 calls"), "{stdout}");
        assert!(stdout.contains("2 of 2 live"), "{stdout}");
        assert_eq!(service.submissions().len(), 2);

        let output = run("typed_call", &variables).await;
        assert!(output.status.success(), "{output:?}");
        assert!(
            service
                .requests()
                .iter()
                .any(|request| { request.operation.as_deref() == Some("DescribeRefreshTaskById") })
        );
    }

    #[tokio::test]
    async fn without_credentials_a_program_names_the_variables() {
        let output = run("typed_call", &[]).await;
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1));
        assert!(stderr.contains("ALIBABA_CLOUD_ACCESS_KEY_ID"), "{stderr}");
    }

    #[tokio::test]
    async fn examples_without_a_network_succeed() {
        for example in [
            "assume_role",
            "batches",
            "cdn_domains",
            "dns01",
            "error_handling",
            "esa_purge",
            "metrics",
            "paging",
            "quickstart",
            "retries",
            "testing",
            "waiting",
        ] {
            let output = run(example, &[]).await;
            assert!(output.status.success(), "{example}: {output:?}");
        }
    }
}
