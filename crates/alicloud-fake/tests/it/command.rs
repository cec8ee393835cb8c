//! The command, run as a client in another language would run it.

use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, Command};

use crate::client::{connect, send_to, service};
use crate::recorded::recorded;
use crate::sign::Call;

pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_alicloud-fake"));
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

/// Long enough for any machine, so that a command that never speaks fails the test.
pub(crate) async fn in_time<T>(work: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(120), work).await.unwrap()
}

async fn first_line(child: &mut Child) -> String {
    let mut line = String::new();
    let mut output = BufReader::new(child.stdout.as_mut().unwrap());
    in_time(output.read_line(&mut line)).await.unwrap();
    line
}

#[tokio::test]
async fn it_says_where_it_listens_and_answers_there() {
    let mut child = command(&[
        "--access-key-id=testAccessKeyId",
        "--access-key-secret=testAccessKeySecret",
        "--fixed-time=2026-01-02T03:04:05Z",
        "--verbose",
    ])
    .spawn()
    .unwrap();
    let line = first_line(&mut child).await;
    let endpoint =
        line.strip_prefix("listening on ").and_then(|rest| rest.strip_suffix('\n')).unwrap();
    assert!(endpoint.starts_with("http://127.0.0.1:"));
    let request = recorded("node-acs3-post");
    assert_eq!(send_to(endpoint, &request).await.status, 200);
    assert_eq!(send_to(endpoint, &request).await.status, 400);
    let odd = "GET /?Action=%1b%0aX HTTP/1.1\r\nhost: h\r\n\r\n";
    assert_eq!(send_to(endpoint, odd).await.status, 400);

    child.start_kill().unwrap();
    let output = in_time(child.wait_with_output()).await.unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "");
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "POST DescribeRefreshTaskById ACS3-HMAC-SHA256 200 -\n\
         POST DescribeRefreshTaskById ACS3-HMAC-SHA256 400 SignatureNonceUsed\n\
         GET \\u{1b}\\nX unsigned 400 MissingAccessKeyId\n"
    );
}

pub(crate) async fn started(arguments: &[&str]) -> (Child, String) {
    let fixed = [arguments, &["--fixed-time=2026-01-02T03:04:05Z"]].concat();
    let mut child = command(&fixed).spawn().unwrap();
    let line = first_line(&mut child).await;
    let endpoint = line.trim_end().strip_prefix("listening on ").unwrap().to_owned();
    (child, endpoint)
}

fn refresh<'a>(nonce: &'a str, url: &'a [(&'a str, &'a str)]) -> Call<'a> {
    Call { action: "RefreshObjectCaches", nonce, parameters: url, ..Call::default() }
}

#[tokio::test]
async fn it_simulates_what_it_is_told_to() {
    let (_child, endpoint) = started(&[
        "--speed=60",
        "--listing-delay=0s",
        "--pending-duration=0ms",
        "--refresh-duration=0s",
        "--fail=/a=b/=Origin Timeout",
        "--task-status=.iso=Sleeping",
        "--domains=example.com,example.org",
        "--daily-files=2",
    ])
    .await;
    let both = [("ObjectPath", "http://example.com/a=b/c\nhttp://example.org/d.iso")];
    let response = send_to(&endpoint, refresh("1", &both).acs3()).await.json();
    for (index, (status, description)) in
        [("Failed", "Origin Timeout"), ("Sleeping", "")].into_iter().enumerate()
    {
        let id = response["RefreshTaskId"].as_str().unwrap().split(',').nth(index).unwrap();
        let look = Call { nonce: id, parameters: &[("TaskId", id)], ..Call::default() };
        let task = &send_to(&endpoint, look.acs3()).await.json()["Tasks"][0];
        assert_eq!([&task["Status"], &task["Description"]], [status, description]);
    }
    let third = [("ObjectPath", "http://example.com/")];
    let refused = send_to(&endpoint, refresh("2", &third).acs3()).await;
    assert_eq!(refused.code().unwrap(), "QuotaExceeded.Refresh");
    let strange = [("ObjectPath", "http://example.net/")];
    let refused = send_to(&endpoint, refresh("3", &strange).acs3()).await;
    assert_eq!(refused.code().unwrap(), "InvalidDomain.NotFound");
}

#[tokio::test]
async fn it_simulates_only_when_told_to() {
    let url = [("ObjectPath", "http://example.com/")];
    for (arguments, status) in [(&[][..], 404), (&["--simulate"], 200), (&["--stale-reads"], 200)] {
        let (_child, endpoint) = started(arguments).await;
        let response = send_to(&endpoint, refresh("1", &url).acs3()).await;
        assert_eq!(response.status, status, "{arguments:?}");
    }
}

#[tokio::test]
async fn it_lets_things_go_wrong() {
    let (_child, endpoint) =
        started(&["--throttled=100%", "--seed=7", "--only=DescribeRefreshTaskById"]).await;
    let response = send_to(&endpoint, Call::default().acs3()).await;
    assert_eq!(response.code().unwrap(), "TooManyRequests");
    let (_child, endpoint) = started(&["--garbage", "1.0"]).await;
    let response = send_to(&endpoint, Call::default().acs3()).await;
    assert!(response.body.contains("no document"));
}

#[tokio::test]
async fn it_answers_what_is_described() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/weather.json");
    let (_child, endpoint) = started(&["--spec", file]).await;
    let call =
        Call { action: "DescribeWind", version: "2026-02-01", method: "GET", ..Call::default() };
    let response = send_to(&endpoint, call.acs3()).await;
    assert_eq!(response.json()["Gusts"][1]["Speed"], 9);

    let output =
        in_time(command(&["--spec", file, "--spec", "nothing.json"]).output()).await.unwrap();
    let explanation = String::from_utf8(output.stderr).unwrap();
    assert!(explanation.starts_with("error: nothing.json: "), "{explanation}");
}

#[tokio::test]
async fn it_records_requests_without_their_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("requests.jsonl");
    let (_child, endpoint) = started(&[
        "--simulate",
        "--lost=1",
        "--only=DescribeRefreshQuota",
        "--record",
        file.to_str().unwrap(),
    ])
    .await;
    let url = [
        ("ObjectPath", "http://example.com/"),
        ("Password", "hunter2"),
        ("Db.1.MasterUserPwd", "hunter2"),
        ("access_key", "hunter2"),
        ("WithHeader", r#"{"Authorization":["hunter2"]}"#),
        ("Nested", r#"[{"a":"{\"ApiKey\":\"hunter2\"}"}]"#),
        ("Torn", r#"{"Password":"hunter2"#),
        ("Deep", r#"{"a":["b"]}"#),
        ("Tag.1.Key", "team"),
    ];
    send_to(&endpoint, refresh("1", &url).rpc()).await;
    let mut lost = connect(&endpoint).await;
    let quota =
        Call { action: "DescribeRefreshQuota", nonce: "2", parameters: &[], ..Call::default() };
    lost.write_all(quota.acs3().as_bytes()).await.unwrap();
    assert!(lost.read_u8().await.is_err());

    let text = std::fs::read_to_string(file).unwrap();
    for secret in ["hunter2", "Signature=", "fake-access-key"] {
        assert!(!text.contains(secret), "{text}");
    }
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        lines,
        [
            json!({
                "time": "2026-01-02T03:04:05.000Z",
                "request_id": "FA4E0000-0000-4000-8000-000000000001",
                "product": "Cdn", "version": "2018-05-10",
                "method": "POST", "path": "/", "action": "RefreshObjectCaches",
                "scheme": "HMAC-SHA1",
                "parameters": {
                    "ObjectPath": "http://example.com/",
                    "Password": "(withheld)",
                    "Db.1.MasterUserPwd": "(withheld)",
                    "access_key": "(withheld)",
                    "WithHeader": "(withheld)",
                    "Nested": "(withheld)",
                    "Torn": "(withheld)",
                    "Deep": r#"{"a":["b"]}"#,
                    "Tag.1.Key": "team",
                },
                "status": 200, "code": null, "delivery": "whole",
            }),
            json!({
                "time": "2026-01-02T03:04:05.000Z",
                "request_id": "FA4E0000-0000-4000-8000-000000000002",
                "product": "Cdn", "version": "2018-05-10",
                "method": "POST", "path": "/", "action": "DescribeRefreshQuota",
                "scheme": "ACS3-HMAC-SHA256", "parameters": {},
                "status": 200, "code": null, "delivery": "reset",
            }),
        ]
    );
}

#[tokio::test]
async fn it_explains_which_option_is_wrong() {
    for (argument, explanation) in [
        ("--lost=7", "a share such as 5% or 0.05"),
        ("--lost=-1%", "a share such as 5% or 0.05"),
        ("--fail=/a/", "a part of a URL"),
        ("--speed=fast", "a number above zero"),
        ("--speed=0", "a number above zero"),
        ("--speed=-5", "a number above zero"),
        ("--speed=nan", "a number above zero"),
        ("--speed=inf", "a number above zero"),
        ("--pending-duration=5", "time unit needed"),
        ("--record=/", "/: "),
    ] {
        let output = in_time(command(&[argument]).output()).await.unwrap();
        assert!(!output.status.success());
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.starts_with("error: ") && said.contains(explanation), "{said}");
    }
}

#[tokio::test]
async fn it_explains_why_it_cannot_start() {
    let service = service().start().await.unwrap();
    let port = service.endpoint().rsplit(':').next().unwrap();
    let mut child = command(&["--port", port]).spawn().unwrap();
    let mut explanation = String::new();
    let mut errors = child.stderr.take().unwrap();
    in_time(errors.read_to_string(&mut explanation)).await.unwrap();
    assert!(!in_time(child.wait()).await.unwrap().success());
    let start = format!("error: 127.0.0.1:{port}: ");
    assert!(explanation.starts_with(&start) && explanation.contains("port 0"), "{explanation}");

    let output = in_time(command(&["--fixed-time", "noon"]).output()).await.unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("noon"));
}
