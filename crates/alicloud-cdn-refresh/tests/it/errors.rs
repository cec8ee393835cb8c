//! Messages and exit codes of the command for invalid input, rejected calls and failing services.

use std::fs;
use std::path::PathBuf;
use std::process::Stdio;

use alicloud_fake::FakeService;

use crate::process::{Run, Shell};
use crate::support::instant;

const URL: &str = "https://example.com/a.jpg";

/// Asserts that one `error:` line on stderr contains all parts: the input, the reason, the remedy.
pub(crate) fn assert_error_line(run: &Run, code: i32, parts: &[&str]) {
    assert_eq!(run.code, code, "{run:?}");
    let line = run.stderr.lines().find(|line| parts.iter().all(|part| line.contains(part)));
    assert!(
        line.is_some_and(|line| line.starts_with("error: ")),
        "no line with {parts:?} in {run:?}"
    );
    assert!(!run.stderr.contains("panicked"), "{run:?}");
}

#[tokio::test]
async fn objects_with_the_same_error_are_grouped() {
    let fake = FakeService::builder().simulation(instant().domains(["mine.example"])).start().await;
    let fake = fake.unwrap();
    let shell = Shell::for_service(&fake);
    let urls: String = (0..60).map(|n| format!("https://theirs.example/{n}\n")).collect();
    let run = shell.run_with_stdin(&["refresh", "--quiet", "-"], &urls).await;
    assert_error_line(
        &run,
        3,
        &["60 objects: rejected by the service", "the account that owns the domain"],
    );
    assert_eq!(run.stderr.lines().count(), 1 + 50 + 1, "{run:?}");
    assert!(run.stderr.ends_with("  and 10 more; use --json to list all\n"), "{run:?}");
    // The limit of 50 rows applies to all groups together.
    let run = shell.run_with_stdin(&["refresh", "--quiet", "--batch-size", "20", "-"], &urls).await;
    let lines: Vec<&str> = run.stderr.lines().collect();
    let urls_shown = lines.iter().filter(|line| line.starts_with("  https://")).count();
    assert_eq!((urls_shown, lines.len()), (50, 3 + 50 + 1), "{run:?}");
    let run = shell.run_with_stdin(&["refresh", "--json", "-"], &urls).await;
    let objects = run.json_lines().into_iter().filter(|line| line["type"] == "object");
    assert_eq!(objects.filter(|line| line["remedy"].is_string()).count(), 60);
}

#[tokio::test]
async fn usage_error_is_printed_as_json() {
    let run = Shell::new().run(&["refresh", "--json", "--kind", "planet", URL]).await;
    assert_eq!((run.code, run.json_lines()[0]["exit_code"].as_u64()), (3, Some(3)), "{run:?}");
    assert!(run.json_lines()[0]["message"].as_str().unwrap().starts_with("invalid value 'planet'"));
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn failing_stdout_exits_with_1() {
    for args in
        ["--demo quota", "--json --demo quota", "man", "--demo refresh https://example.com/a"]
    {
        let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_cdn-refresh"));
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let child = command.args(args.split(' ')).stdout(full).stderr(Stdio::piped()).spawn();
        let run = child.unwrap().wait_with_output().await.unwrap();
        assert_eq!(run.status.code(), Some(1), "{args}: {run:?}");
        let stderr = String::from_utf8_lossy(&run.stderr);
        assert!(stderr.contains("error: cannot write to stdout: "), "{args}: {stderr}");
    }
}

#[tokio::test]
async fn invalid_input_is_reported_and_sends_nothing() {
    let fake = FakeService::builder()
        .simulation(instant().daily_files(0).domains(["example.com", "b.example"]))
        .start()
        .await
        .unwrap();
    let shell = Shell::for_service(&fake);
    let text = |path: PathBuf| path.to_str().unwrap().to_owned();
    let (missing, empty) =
        (text(shell.path("none.txt")), text(shell.write_file("empty.txt", "# nothing\n\n")));
    let mixed = text(
        shell.write_file("mixed.txt", "https://b.example/1\nexample.com/a\nhttps://b.example/ 2\n"),
    );
    let latin = shell.path("latin.txt");
    fs::write(&latin, b"https://b.example/1\nhttps://b.example/caf\xe9\n").unwrap();
    let latin = text(latin);
    let directory = text(shell.path(""));
    let long = format!("https://b.example/{}", "x".repeat(5_000));
    let many: String = (0..100_001).map(|n| format!("https://b.example/{n}/\n")).collect();
    let many = text(shell.write_file("many.txt", &many));
    let file = |path: &'_ str| vec!["refresh".to_owned(), "--file".to_owned(), path.to_owned()];
    let urls = |urls: &[&str]| {
        ["refresh"].iter().chain(urls).map(|word| (*word).to_owned()).collect::<Vec<_>>()
    };
    let cases: [(Vec<String>, &[&str]); 25] = [
        (file(&missing), &["cannot read ", "none.txt: ", "check the path"]),
        (file(&directory), &["cannot read ", "check the path"]),
        (file(&latin), &["line 2 of ", "latin.txt is not valid UTF-8", "save the file as UTF-8"]),
        (file(&empty), &["no URL in ", "empty.txt", "check the program that writes it"]),
        (urls(&["-"]), &["no URL in standard input"]),
        (urls(&[]), &["no URL specified", "--file"]),
        (
            vec!["refresh".into(), "--state".into(), missing.clone()],
            &["none.txt does not exist", "check its path, or pass URLs"],
        ),
        (
            [urls(&["https://b.example/1"]), vec!["--state".into(), format!("{missing}/state")]]
                .concat(),
            &["the directory ", "does not exist; create it"],
        ),
        (urls(&["--poll-interval", "2s", "https://b.example/1"]), &["required", "not provided"]),
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
            &["contains a control character"],
        ),
        (file(&mixed), &["mixed.txt:2: \"example.com/a\" has no scheme", "https://"]),
        (file(&mixed), &["mixed.txt:3:", "contains whitespace", "%20"]),
        (
            urls(&["--domain", "example.org", "https://b.example/1"]),
            &["argument 1", "belongs to b.example"],
        ),
        (
            urls(&["--domain", "https://b.example/", "https://b.example/1"]),
            &["--domain", "expected a domain name only"],
        ),
        (
            urls(&["https://b.example/1\r\nhttps://b.example/2"]),
            &["argument 1", "contains a line break"],
        ),
        (urls(&[&long]), &["argument 1", "is 5018 characters long and the maximum is 4096"]),
        (file(&many), &["many.txt:100001:", "exceeds the maximum of 100000 inputs"]),
        (urls(&["https://b.example/1"]), &["1 file requested, but only 0 of 0 left today"]),
        (
            urls(&["https://b.example/1"]),
            &["nothing was sent because the daily quota is too small"],
        ),
        (
            urls(&["--kind", "cache-tag", "red"]),
            &["cache tags require exactly one domain", "--domain"],
        ),
        (urls(&["--kind", "preload", "https://b.example/1"]), &["cdn-refresh preload"]),
        (urls(&["--timeout", "soon", "https://b.example/1"]), &["90s, 20m or 1h"]),
        (vec!["wait".into(), "1;2".into()], &["\"1;2\" is not a task id"]),
        (vec!["status".into(), "--state".into(), missing.clone()], &["none.txt cannot be read"]),
    ];
    for (args, parts) in &cases {
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        assert_error_line(&shell.run(&args).await, 3, parts);
    }
    assert_eq!(fake.submissions().len(), 0);
}

#[tokio::test]
async fn reports_rejected_objects_and_keeps_submitted_ones() {
    let fake = FakeService::builder()
        .simulation(instant().domains(["mine.example"]))
        .start()
        .await
        .unwrap();
    let shell = Shell::for_service(&fake);
    let run = shell.run(&["refresh", "--wait", "https://theirs.example/1"]).await;
    assert_eq!(run.code, 3, "{run:?}");
    assert_error_line(
        &run,
        3,
        &["https://theirs.example/1: rejected", "the account that owns the domain"],
    );

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
    assert_eq!(fake.submissions().len(), 1, "the submitted object was resent");
}

#[cfg(unix)]
#[tokio::test]
async fn pipe_is_rejected_as_state_file() {
    let shell = Shell::new();
    let pipe = shell.path("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let pipe = pipe.to_str().unwrap();
    for args in
        [["status", "--state", pipe], ["wait", "--state", pipe], ["refresh", "--state", pipe]]
    {
        assert_error_line(
            &shell.run(&args).await,
            3,
            &[pipe, "is not a regular file; choose another path"],
        );
    }
}

#[tokio::test]
async fn reports_an_invalid_state_file() {
    let fake = FakeService::builder().simulation(instant()).start().await.unwrap();
    let shell = Shell::for_service(&fake);
    let cases = [
        ("", "does not begin with a job"),
        ("{\"alicloud-cdn-refresh\":2,\"job\":{\"ca", "does not begin with a job"),
        ("{\"alicloud-cdn-refresh\":7,\"job\":{}}\n", "has format version 7"),
    ];
    for (text, part) in cases {
        let state = shell.write_file("purge.state", text);
        let state = state.to_str().unwrap();
        assert_error_line(&shell.run(&["refresh", "--state", state, URL]).await, 3, &[state, part]);
        assert_error_line(&shell.run(&["wait", "--state", state]).await, 3, &[state, part]);
    }
    let run = shell.run(&["refresh", "--state", "/nowhere/purge.state", URL]).await;
    assert_error_line(&run, 3, &["/nowhere/purge.state", "cannot be written"]);
    assert_eq!(fake.submissions().len(), 0);
}

#[tokio::test]
async fn reports_authentication_and_network_errors() {
    let fake = FakeService::builder().simulation(instant()).start().await.unwrap();
    let shell = Shell::for_service(&fake).env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "wrong");
    assert_error_line(
        &shell.run(&["refresh", URL]).await,
        3,
        &["SignatureDoesNotMatch", "check the access key"],
    );
    assert_error_line(&shell.run(&["status", "17"]).await, 3, &["SignatureDoesNotMatch"]);
    assert_error_line(&shell.run(&["wait", "17"]).await, 3, &["SignatureDoesNotMatch"]);
    // A socket that is bound but does not listen refuses connections and keeps the port reserved.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let endpoint = format!("http://{}", socket.local_addr().unwrap());
    let unreachable = ["refresh", "--endpoint", &endpoint, URL];
    assert_error_line(
        &Shell::for_service(&fake).run(&unreachable).await,
        3,
        &["check the network"],
    );
    let run = Shell::new().run(&["quota"]).await;
    assert_error_line(&run, 3, &["ALIBABA_CLOUD_ACCESS_KEY_ID"]);
    let unknown = Shell::for_service(&fake)
        .run(&["wait", "999", "--timeout", "1s", "--poll-interval", "200ms"])
        .await;
    assert_eq!(unknown.code, 2, "{unknown:?}");
    assert_error_line(&unknown, 2, &["task 999: no status yet: ", "; check the id"]);
    let malformed = Shell::for_service(&fake).run(&["wait", "12a"]).await;
    assert_eq!(malformed.code, 1, "{malformed:?}");
    assert_error_line(&malformed, 1, &["task 12a: not a task of this account: ", "; check the id"]);
    let args = ["wait", "17", "--endpoint", &endpoint, "--timeout", "1s"];
    let unreachable = Shell::for_service(&fake).run(&args).await;
    assert_eq!(unreachable.code, 2, "{unreachable:?}");
    let warnings = ["warning: the last poll failed: ", "warning: no poll succeeded in time"];
    assert!(warnings.iter().any(|text| unreachable.stderr.contains(text)), "{unreachable:?}");
    assert_eq!(fake.submissions().len(), 0);
}
