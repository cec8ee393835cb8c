//! The command, run as a client in another language runs it.

use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, Command};

use crate::client::{connect, send_to, service};
use crate::recorded;
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

/// Fails a test whose command hangs. The limit is generous enough for slow machines.
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
async fn it_prints_its_address_and_serves_requests() {
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
    let request = recorded::load("node-acs3-post");
    assert_eq!(send_to(endpoint, &request).await.status, 200);
    assert_eq!(send_to(endpoint, &request).await.status, 400);
    let escaped = "GET /?Action=%1b%0aX HTTP/1.1\r\nhost: h\r\n\r\n";
    assert_eq!(send_to(endpoint, escaped).await.status, 400);

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

pub(crate) async fn start(arguments: &[&str]) -> (Child, String) {
    let fixed = [arguments, &["--fixed-time=2026-01-02T03:04:05Z"]].concat();
    let mut child = command(&fixed).spawn().unwrap();
    let line = first_line(&mut child).await;
    let endpoint = line.trim_end().strip_prefix("listening on ").unwrap().to_owned();
    (child, endpoint)
}

fn refresh<'a>(nonce: &'a str, url: &'a [(&'a str, &'a str)]) -> Call<'a> {
    Call { operation: "RefreshObjectCaches", nonce, params: url, ..Call::default() }
}

#[tokio::test]
async fn options_configure_the_simulation() {
    let (_child, endpoint) = start(&[
        "--speed=60",
        "--listing-delay=0s",
        "--pending-duration=0ms",
        "--refresh-duration=0s",
        "--fail-matching=/a=b/=Origin Timeout",
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
        let call = Call { nonce: id, params: &[("TaskId", id)], ..Call::default() };
        let task = &send_to(&endpoint, call.acs3()).await.json()["Tasks"][0];
        assert_eq!([&task["Status"], &task["Description"]], [status, description]);
    }
    let third_url = [("ObjectPath", "http://example.com/")];
    let error = send_to(&endpoint, refresh("2", &third_url).acs3()).await;
    assert_eq!(error.code().unwrap(), "QuotaExceeded.Refresh");
    let other_domain = [("ObjectPath", "http://example.net/")];
    let error = send_to(&endpoint, refresh("3", &other_domain).acs3()).await;
    assert_eq!(error.code().unwrap(), "InvalidDomain.NotFound");
}

#[tokio::test]
async fn the_simulation_is_optional() {
    let url = [("ObjectPath", "http://example.com/")];
    for (arguments, status) in [(&[][..], 404), (&["--simulate"], 200), (&["--stale-reads"], 200)] {
        let (_child, endpoint) = start(arguments).await;
        let response = send_to(&endpoint, refresh("1", &url).acs3()).await;
        assert_eq!(response.status, status, "{arguments:?}");
    }
}

#[tokio::test]
async fn options_configure_the_faults() {
    let (_child, endpoint) =
        start(&["--throttled=100%", "--seed=7", "--only-operation=DescribeRefreshTaskById"]).await;
    let response = send_to(&endpoint, Call::default().acs3()).await;
    assert_eq!(response.code().unwrap(), "TooManyRequests");
    let (_child, endpoint) = start(&["--malformed-body", "1.0"]).await;
    let response = send_to(&endpoint, Call::default().acs3()).await;
    assert!(response.body.contains("not a document"));
}

#[tokio::test]
async fn a_description_adds_operations() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/weather.json");
    let (_child, endpoint) = start(&["--spec", file]).await;
    let call =
        Call { operation: "DescribeWind", version: "2026-02-01", method: "GET", ..Call::default() };
    let response = send_to(&endpoint, call.acs3()).await;
    assert_eq!(response.json()["Gusts"][1]["Speed"], 9);

    let output =
        in_time(command(&["--spec", file, "--spec", "nothing.json"]).output()).await.unwrap();
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(message.starts_with("error: nothing.json: "), "{message}");
}

#[tokio::test]
async fn recorded_requests_contain_no_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("requests.jsonl");
    let (_child, endpoint) = start(&[
        "--simulate",
        "--response-lost=1",
        "--only-operation=DescribeRefreshQuota",
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
    let mut connection = connect(&endpoint).await;
    let quota =
        Call { operation: "DescribeRefreshQuota", nonce: "2", params: &[], ..Call::default() };
    connection.write_all(quota.acs3().as_bytes()).await.unwrap();
    assert!(connection.read_u8().await.is_err());

    let text = std::fs::read_to_string(file).unwrap();
    for secret in ["hunter2", "Signature=", "fake-access-key"] {
        assert!(!text.contains(secret), "{text}");
    }
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        lines,
        [
            json!({
                "received_at": "2026-01-02T03:04:05.000Z",
                "request_id": "FA4E0000-0000-4000-8000-000000000001",
                "product": "Cdn", "version": "2018-05-10",
                "method": "POST", "path": "/", "operation": "RefreshObjectCaches",
                "scheme": "HMAC-SHA1",
                "params": {
                    "ObjectPath": "http://example.com/",
                    "Password": "<redacted>",
                    "Db.1.MasterUserPwd": "<redacted>",
                    "access_key": "<redacted>",
                    "WithHeader": "<redacted>",
                    "Nested": "<redacted>",
                    "Torn": "<redacted>",
                    "Deep": r#"{"a":["b"]}"#,
                    "Tag.1.Key": "team",
                },
                "status": 200, "code": null, "delivery": "complete",
            }),
            json!({
                "received_at": "2026-01-02T03:04:05.000Z",
                "request_id": "FA4E0000-0000-4000-8000-000000000002",
                "product": "Cdn", "version": "2018-05-10",
                "method": "POST", "path": "/", "operation": "DescribeRefreshQuota",
                "scheme": "ACS3-HMAC-SHA256", "params": {},
                "status": 200, "code": null, "delivery": "connection_reset",
            }),
        ]
    );
}

#[tokio::test]
async fn invalid_options_are_explained() {
    for (argument, explanation) in [
        ("--response-lost=7", "a share from 0 to 1, such as 5% or 0.05"),
        ("--response-lost=-1%", "a share from 0 to 1, such as 5% or 0.05"),
        ("--fail-matching=/a/", "a part of a URL"),
        ("--speed=fast", "a number above 0"),
        ("--speed=0", "a number above 0"),
        ("--speed=-5", "a number above 0"),
        ("--speed=nan", "a number above 0"),
        ("--speed=inf", "a number above 0"),
        ("--pending-duration=5", "a duration with a unit"),
        ("--record=/", "/: "),
    ] {
        let output = in_time(command(&[argument]).output()).await.unwrap();
        assert!(!output.status.success());
        let message = String::from_utf8(output.stderr).unwrap();
        assert!(message.starts_with("error: ") && message.contains(explanation), "{message}");
    }
}

#[tokio::test]
async fn start_errors_are_explained() {
    let service = service().start().await.unwrap();
    let port = service.endpoint().rsplit(':').next().unwrap();
    let mut child = command(&["--port", port]).spawn().unwrap();
    let mut explanation = String::new();
    let mut errors = child.stderr.take().unwrap();
    in_time(errors.read_to_string(&mut explanation)).await.unwrap();
    assert!(!in_time(child.wait()).await.unwrap().success());
    let prefix = format!("error: 127.0.0.1:{port}: ");
    assert!(explanation.starts_with(&prefix) && explanation.contains("port 0"), "{explanation}");

    let output = in_time(command(&["--fixed-time", "noon"]).output()).await.unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("noon"));
}
