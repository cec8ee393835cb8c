//! Scripts of the command.

use std::path::PathBuf;

use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::client::{connect, send_to};
use crate::command::{command, in_time, start};
use crate::sign::Call;

fn file(text: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("script.jsonl");
    std::fs::write(&path, text).unwrap();
    (folder, path)
}

/// Returns what arrives, and whether the connection ends without an error.
async fn exchange(endpoint: &str, nonce: &str) -> (String, bool) {
    let mut connection = connect(endpoint).await;
    let call = Call { nonce, ..Call::default() };
    connection.write_all(call.acs3().as_bytes()).await.unwrap();
    let mut received = Vec::new();
    let end = connection.read_to_end(&mut received).await;
    (String::from_utf8(received).unwrap(), end.is_ok())
}

#[tokio::test]
async fn a_script_sets_responses() {
    let (_folder, path) = file(
        r#"{"operation": "PushObjectCache", "status": 500}
{"status": 503, "code": "ServiceUnavailable", "message": "Later.", "times": 2, "delay": "1ms",
 "headers": {"x-acs-retry-after": "1500"}}

{"body": {"Tasks": []}, "executed": true}
{"status": 502, "body": "aGVsbG8=", "base64": true, "headers": {"content-type": "text/html"}}
{"headers": {"age": "9"}}
"#,
    );
    let (_child, endpoint) = start(&["--script", path.to_str().unwrap()]).await;
    let ask = async |nonce| send_to(&endpoint, Call { nonce, ..Call::default() }.acs3()).await;
    for nonce in ["1", "2"] {
        let response = ask(nonce).await;
        assert_eq!(
            (response.status, response.code().unwrap().as_str()),
            (503, "ServiceUnavailable")
        );
        assert_eq!(response.headers["x-acs-retry-after"], "1500");
    }
    let response = ask("3").await;
    assert_eq!((response.status, response.body.as_str()), (200, r#"{"Tasks":[]}"#));
    let response = ask("4").await;
    assert_eq!((response.status, response.body.as_str()), (502, "hello"));
    let response = ask("5").await;
    assert_eq!(
        (response.headers["age"].as_str(), &response.json()["TotalCount"]),
        ("9", &1.into())
    );
    let push = Call { operation: "PushObjectCache", nonce: "6", ..Call::default() };
    assert_eq!(send_to(&endpoint, push.acs3()).await.status, 500);
}

#[tokio::test]
async fn a_script_breaks_connections() {
    let (_folder, path) = file(
        r#"{"delivery": "connection_closed"} {"delivery": "connection_reset", "skip_verification": true}
{"raw": "SFRUUA==", "base64": true}
{"truncate_body": 1, "ending": "close"}
{"status": 200, "slow_body": {"bytes": 9, "pause": "1ms"}}
{"raw": "early", "trigger": "before_request_body"}
{"delivery": "connection_reset", "trigger": "on_connect"}
{"status": 404, "trigger": "on_connect"}
"#,
    );
    let (_child, endpoint) = start(&["--script", path.to_str().unwrap()]).await;
    assert_eq!(exchange(&endpoint, "1").await, (String::new(), true));
    assert_eq!(exchange(&endpoint, "2").await, (String::new(), false));
    assert_eq!(exchange(&endpoint, "3").await, ("HTTP".to_owned(), true));
    assert!(exchange(&endpoint, "4").await.0.ends_with("\r\n\r\n{"));
    assert!(exchange(&endpoint, "5").await.0.ends_with("content-length: 0\r\n\r\n"));
    assert_eq!(exchange(&endpoint, "6").await, ("early".to_owned(), true));
    let (mut reset, mut received) = (connect(&endpoint).await, Vec::new());
    assert!(reset.read_to_end(&mut received).await.is_err());
    let mut connection = connect(&endpoint).await;
    connection.read_to_end(&mut received).await.unwrap();
    assert!(received.starts_with(b"HTTP/1.1 404 Not Found\r\n"));
    assert_eq!(send_to(&endpoint, Call::default().acs3()).await.status, 200);
}

#[tokio::test]
async fn invalid_scripts_are_explained() {
    for (text, line, explanation) in [
        ("{}\n{\"status\": 200", 2, "EOF while parsing"),
        ("{}\n\n\n[]", 4, "expected an object"),
        ("\n{\"stauts\": 200}", 2, "unknown key `stauts`; use one of base64, body, "),
        ("{\"status\": 99}", 1, "`status` must be a number from 100 to 999"),
        ("{\"status\": \"200\"}", 1, "`status` must be a whole number"),
        ("{\"times\": 0}", 1, "`times` must be from 1 to 100000, not 0"),
        ("{\"message\": \"M\"}", 1, "`message` requires `code`"),
        ("{\"code\": \"C\", \"body\": \"\"}", 1, "`body` and `code` cannot be combined"),
        ("{\"raw\": \"\", \"headers\": {}}", 1, "`raw` and `headers` cannot be combined"),
        ("{\"delivery\": \"response_lost\", \"status\": 200}", 1, "`delivery` and `status` cannot"),
        (
            "{\"delivery\": \"gone\"}",
            1,
            "`delivery` must be one of connection_reset, response_lost, connection_closed, no_response, not \"gone\"",
        ),
        ("{\"ending\": \"sing\"}", 1, "`ending` must be one of close, reset, hang"),
        (
            "{\"trigger\": \"later\", \"raw\": \"\"}",
            1,
            "`trigger` must be one of before_request_body, on_connect",
        ),
        ("{\"trigger\": \"on_connect\"}", 1, "too early for the regular response"),
        (
            "{\"trigger\": \"on_connect\", \"raw\": \"\", \"operation\": \"X\"}",
            1,
            "before the `operation`",
        ),
        (
            "{\"trigger\": \"before_request_body\", \"raw\": \"\", \"executed\": true}",
            1,
            "cannot be combined",
        ),
        ("{\"executed\": false}", 1, "`executed` is always true here"),
        (
            "{\"slow_body\": {\"bytes\": 0, \"pause\": \"1s\"}}",
            1,
            "`slow_body` must be an object such as",
        ),
        ("{\"delay\": \"5\"}", 1, "`delay` must be a duration such as"),
        ("{\"base64\": true}", 1, "`base64` requires `body` or `raw`"),
        ("{\"raw\": \"?\", \"base64\": true}", 1, "`raw`: Invalid"),
        ("{\"headers\": {\"a b\": \"c\"}}", 1, "`headers` contains an invalid header: \"a b\""),
        ("{\"headers\": {\"a\": 1}}", 1, "`headers` must be an object with string values"),
    ] {
        let (_folder, path) = file(text);
        let output =
            in_time(command(&["--script", path.to_str().unwrap()]).output()).await.unwrap();
        assert!(!output.status.success(), "{text}");
        let message = String::from_utf8(output.stderr).unwrap();
        let prefix = format!("error: {}:{line}: ", path.display());
        assert!(message.starts_with(&prefix) && message.contains(explanation), "{text}: {message}");
    }
    let output = in_time(command(&["--script", "nowhere.jsonl"]).output()).await.unwrap();
    assert!(
        String::from_utf8(output.stderr).unwrap().starts_with("error: cannot read nowhere.jsonl: ")
    );
}

#[tokio::test]
async fn the_script_of_the_readme_is_valid() {
    let readme = include_str!("../../README.md");
    let (_, rest) = readme.split_once("$ cat script.jsonl\n").unwrap();
    let (script, _) = rest.split_once("\n$ ").unwrap();
    let (_folder, path) = file(script);
    start(&["--script", path.to_str().unwrap()]).await;
}
