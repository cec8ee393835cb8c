//! The command, run as a client in another language would run it.

use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::client::{send_to, service};
use crate::recorded::recorded;

fn command(arguments: &[&str]) -> Command {
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
async fn in_time<T>(work: impl Future<Output = T>) -> T {
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

#[tokio::test]
async fn it_explains_why_it_cannot_start() {
    let service = service().start().await.unwrap();
    let port = service.endpoint().rsplit(':').next().unwrap();
    let mut child = command(&["--port", port]).spawn().unwrap();
    let mut explanation = String::new();
    let mut errors = child.stderr.take().unwrap();
    in_time(errors.read_to_string(&mut explanation)).await.unwrap();
    assert!(!in_time(child.wait()).await.unwrap().success());
    assert!(explanation.starts_with("error: "), "{explanation}");

    let output = in_time(command(&["--fixed-time", "noon"]).output()).await.unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("noon"));
}
