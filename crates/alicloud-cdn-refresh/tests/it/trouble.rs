//! The command when it is given, or told, something bad: what it says, and how it ends.

use std::fs;
use std::path::PathBuf;
use std::process::Stdio;

use alicloud_fake::FakeService;

use crate::process::{Run, Shell};
use crate::support::instant;

const URL: &str = "https://example.com/a.jpg";

/// One line on stderr, which names the input, the reason and the remedy.
pub(crate) fn refused(run: &Run, code: i32, parts: &[&str]) {
    assert_eq!(run.code, code, "{run:?}");
    let line = run.stderr.lines().find(|line| parts.iter().all(|part| line.contains(part)));
    assert!(
        line.is_some_and(|line| line.starts_with("error: ")),
        "no line with {parts:?} in {run:?}"
    );
    assert!(!run.stderr.contains("panicked"), "{run:?}");
}

#[tokio::test]
async fn one_reason_is_told_once_for_all_its_objects() {
    let fake = FakeService::builder().simulation(instant().domains(["mine.example"])).start().await;
    let fake = fake.unwrap();
    let shell = Shell::of(&fake);
    let urls: String = (0..60).map(|n| format!("https://theirs.example/{n}\n")).collect();
    let run = shell.run_with(&["refresh", "--quiet", "-"], &urls).await;
    refused(&run, 3, &["60 objects: rejected by the service", "the account that owns the domain"]);
    assert_eq!(run.stderr.lines().count(), 1 + 50 + 1, "{run:?}");
    assert!(run.stderr.ends_with("  and 10 more (--json shows all)\n"), "{run:?}");
    // However many reasons there are.
    let run = shell.run_with(&["refresh", "--quiet", "--batch-size", "20", "-"], &urls).await;
    let lines: Vec<&str> = run.stderr.lines().collect();
    let urls_shown = lines.iter().filter(|line| line.starts_with("  https://")).count();
    assert_eq!((urls_shown, lines.len()), (50, 3 + 50 + 1), "{run:?}");
    let run = shell.run_with(&["refresh", "--json", "-"], &urls).await;
    let objects = run.json().into_iter().filter(|line| line["type"] == "object");
    assert_eq!(objects.filter(|line| line["remedy"].is_string()).count(), 60);
}

#[tokio::test]
async fn bad_usage_is_a_line_of_json_too() {
    let run = Shell::new().run(&["refresh", "--json", "--kind", "planet", URL]).await;
    assert_eq!((run.code, run.json()[0]["exit_code"].as_u64()), (3, Some(3)), "{run:?}");
    assert!(run.json()[0]["message"].as_str().unwrap().starts_with("invalid value 'planet'"));
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn what_cannot_be_told_is_no_success() {
    for args in
        ["--demo quota", "--json --demo quota", "man", "--demo refresh https://example.com/a"]
    {
        let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_cdn-refresh"));
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let child = command.args(args.split(' ')).stdout(full).stderr(Stdio::piped()).spawn();
        let run = child.unwrap().wait_with_output().await.unwrap();
        assert_eq!(run.status.code(), Some(1), "{args}: {run:?}");
        let told = String::from_utf8_lossy(&run.stderr);
        assert!(told.contains("error: stdout cannot be written: "), "{args}: {told}");
    }
}

#[tokio::test]
async fn bad_input_gets_a_line_and_sends_nothing() {
    let fake = FakeService::builder()
        .simulation(instant().daily_files(0).domains(["example.com", "b.example"]))
        .start()
        .await
        .unwrap();
    let shell = Shell::of(&fake);
    let text = |path: PathBuf| path.to_str().unwrap().to_owned();
    let (missing, empty) =
        (text(shell.path("none.txt")), text(shell.file("empty.txt", "# nothing\n\n")));
    let mixed =
        text(shell.file("mixed.txt", "https://b.example/1\nexample.com/a\nhttps://b.example/ 2\n"));
    let latin = shell.path("latin.txt");
    fs::write(&latin, b"https://b.example/1\nhttps://b.example/caf\xe9\n").unwrap();
    let latin = text(latin);
    let folder = text(shell.path(""));
    let long = format!("https://b.example/{}", "x".repeat(5_000));
    let many: String = (0..100_001).map(|n| format!("https://b.example/{n}/\n")).collect();
    let many = text(shell.file("many.txt", &many));
    let file = |path: &'_ str| vec!["refresh".to_owned(), "--file".to_owned(), path.to_owned()];
    let urls = |urls: &[&str]| {
        ["refresh"].iter().chain(urls).map(|word| (*word).to_owned()).collect::<Vec<_>>()
    };
    let cases: [(Vec<String>, &[&str]); 25] = [
        (file(&missing), &["none.txt cannot be read", "check the path"]),
        (file(&folder), &["cannot be read", "check the path"]),
        (file(&latin), &["latin.txt is not UTF-8 in line 2", "save it as UTF-8"]),
        (file(&empty), &["no URL in ", "empty.txt", "look at what writes it"]),
        (urls(&["-"]), &["no URL in standard input"]),
        (urls(&[]), &["no URL was input", "--file"]),
        (
            vec!["refresh".into(), "--state".into(), missing.clone()],
            &["none.txt does not exist", "check its path, or give URLs"],
        ),
        (
            [urls(&["https://b.example/1"]), vec!["--state".into(), format!("{missing}/state")]]
                .concat(),
            &["the directory ", "does not exist; create it"],
        ),
        (urls(&["--timeout", "20m", "https://b.example/1"]), &["required", "not provided"]),
        (
            vec!["preload".into(), "--area".into(), "mars".into(), "https://b.example/1".into()],
            &["invalid value 'mars' for '--area <AREA>'"],
        ),
        (
            vec![
                "preload".into(),
                "--header".into(),
                "A: b\u{7}".into(),
                "https://b.example/1".into(),
            ],
            &["has a control character inside"],
        ),
        (file(&mixed), &["mixed.txt:2: \"example.com/a\" has no scheme", "https://"]),
        (file(&mixed), &["mixed.txt:3:", "contains whitespace", "%20"]),
        (
            urls(&["--domain", "example.org", "https://b.example/1"]),
            &["argument 1", "belongs to b.example"],
        ),
        (
            urls(&["--domain", "https://b.example/", "https://b.example/1"]),
            &["--domain", "write the name alone"],
        ),
        (
            urls(&["https://b.example/1\r\nhttps://b.example/2"]),
            &["argument 1", "contains a line break"],
        ),
        (urls(&[&long]), &["argument 1", "is 5018 characters long and the maximum is 4096"]),
        (file(&many), &["many.txt:100001:", "exceeds the maximum of 100000 inputs"]),
        (urls(&["https://b.example/1"]), &["1 file requested, but only 0 of 0 left today"]),
        (urls(&["https://b.example/1"]), &["nothing was sent, because the quota is not enough"]),
        (urls(&["--kind", "cache-tag", "red"]), &["cache tags belong to one domain", "--domain"]),
        (urls(&["--kind", "preload", "https://b.example/1"]), &["cdn-refresh preload"]),
        (urls(&["--timeout", "soon", "https://b.example/1"]), &["90s, 20m or 1h"]),
        (vec!["wait".into(), "1;2".into()], &["\"1;2\" is not a task id"]),
        (vec!["status".into(), "--state".into(), missing.clone()], &["none.txt cannot be read"]),
    ];
    for (args, parts) in &cases {
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        refused(&shell.run(&args).await, 3, parts);
    }
    assert_eq!(fake.submissions().len(), 0);
}

#[tokio::test]
async fn what_the_service_refuses_is_said_and_what_it_took_is_kept() {
    let fake = FakeService::builder()
        .simulation(instant().domains(["mine.example"]))
        .start()
        .await
        .unwrap();
    let shell = Shell::of(&fake);
    let run = shell.run(&["refresh", "--wait", "https://theirs.example/1"]).await;
    assert_eq!(run.code, 3, "{run:?}");
    refused(&run, 3, &["https://theirs.example/1: rejected", "the account that owns the domain"]);

    let state = shell.path("purge.state");
    let args = [
        "refresh",
        "--wait",
        "--state",
        state.to_str().unwrap(),
        "https://mine.example/1",
        "https://theirs.example/1",
    ];
    let run = shell.run(&args).await;
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stdout.contains("live      https://mine.example/1"), "{run:?}");
    let run = shell.run(&args).await;
    assert_eq!(run.code, 1, "{run:?}");
    assert_eq!(fake.submissions().len(), 1, "what was taken is not sent again");
}

#[cfg(unix)]
#[tokio::test]
async fn a_pipe_is_no_state_file() {
    let shell = Shell::new();
    let pipe = shell.path("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let pipe = pipe.to_str().unwrap();
    for args in
        [["status", "--state", pipe], ["wait", "--state", pipe], ["refresh", "--state", pipe]]
    {
        refused(&shell.run(&args).await, 3, &[pipe, "is not a regular file; choose another path"]);
    }
}

#[tokio::test]
async fn a_state_file_that_is_none_is_said() {
    let fake = FakeService::builder().simulation(instant()).start().await.unwrap();
    let shell = Shell::of(&fake);
    let cases = [
        ("", "does not begin with a job"),
        ("{\"alicloud-cdn-refresh\":2,\"job\":{\"ca", "does not begin with a job"),
        ("{\"alicloud-cdn-refresh\":7,\"job\":{}}\n", "has format version 7"),
    ];
    for (text, part) in cases {
        let state = shell.file("purge.state", text);
        let state = state.to_str().unwrap();
        refused(&shell.run(&["refresh", "--state", state, URL]).await, 3, &[state, part]);
        refused(&shell.run(&["wait", "--state", state]).await, 3, &[state, part]);
    }
    let run = shell.run(&["refresh", "--state", "/nowhere/purge.state", URL]).await;
    refused(&run, 3, &["/nowhere/purge.state", "cannot be written"]);
    assert_eq!(fake.submissions().len(), 0);
}

#[tokio::test]
async fn what_has_no_service_or_no_right_is_said() {
    let fake = FakeService::builder().simulation(instant()).start().await.unwrap();
    let shell = Shell::of(&fake).variable("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "wrong");
    refused(
        &shell.run(&["refresh", URL]).await,
        3,
        &["SignatureDoesNotMatch", "check the access key"],
    );
    refused(&shell.run(&["status", "17"]).await, 3, &["SignatureDoesNotMatch"]);
    refused(&shell.run(&["wait", "17"]).await, 3, &["SignatureDoesNotMatch"]);
    // Bound and not listened to, it refuses, and nobody else can take it.
    let port = tokio::net::TcpSocket::new_v4().unwrap();
    port.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let endpoint = format!("http://{}", port.local_addr().unwrap());
    let nowhere = ["refresh", "--endpoint", &endpoint, URL];
    refused(&Shell::of(&fake).run(&nowhere).await, 3, &["check the network"]);
    let run = Shell::new().run(&["quota"]).await;
    refused(&run, 3, &["ALIBABA_CLOUD_ACCESS_KEY_ID"]);
    let unknown =
        Shell::of(&fake).run(&["wait", "999", "--timeout", "1s", "--poll-interval", "200ms"]).await;
    assert_eq!(unknown.code, 2, "{unknown:?}");
    refused(&unknown, 2, &["task 999: was not seen: ", "; check the id"]);
    let malformed = Shell::of(&fake).run(&["wait", "12a"]).await;
    assert_eq!(malformed.code, 1, "{malformed:?}");
    refused(&malformed, 1, &["task 12a: not a task of this account: ", "; check the id"]);
    let nowhere = ["wait", "17", "--endpoint", &endpoint, "--timeout", "1s"];
    let nowhere = Shell::of(&fake).run(&nowhere).await;
    assert_eq!(nowhere.code, 2, "{nowhere:?}");
    assert!(nowhere.stderr.contains("look has "), "{nowhere:?}");
    assert_eq!(fake.submissions().len(), 0);
}
