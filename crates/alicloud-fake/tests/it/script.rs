//! The command's script: responses from a file.

use std::path::PathBuf;

use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::client::{connect, send_to};
use crate::command::{command, in_time, started};
use crate::sign::Call;

fn file(text: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("script.jsonl");
    std::fs::write(&path, text).unwrap();
    (folder, path)
}

/// Everything that arrives, and whether the end was in good order.
async fn everything(endpoint: &str, nonce: &str) -> (String, bool) {
    let mut connection = connect(endpoint).await;
    let call = Call { nonce, ..Call::default() };
    connection.write_all(call.acs3().as_bytes()).await.unwrap();
    let mut received = Vec::new();
    let end = connection.read_to_end(&mut received).await;
    (String::from_utf8(received).unwrap(), end.is_ok())
}

#[tokio::test]
async fn it_answers_as_its_script_says() {
    let (_folder, path) = file(
        r#"{"action": "PushObjectCache", "status": 500}
{"status": 503, "code": "ServiceUnavailable", "message": "Later.", "times": 2, "delay": "1ms",
 "headers": {"x-acs-retry-after": "1500"}}

{"body": {"Tasks": []}, "executed": true}
{"status": 502, "body": "aGVsbG8=", "base64": true, "headers": {"content-type": "text/html"}}
{"headers": {"age": "9"}}
"#,
    );
    let (_child, endpoint) = started(&["--script", path.to_str().unwrap()]).await;
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
    let push = Call { action: "PushObjectCache", nonce: "6", ..Call::default() };
    assert_eq!(send_to(&endpoint, push.acs3()).await.status, 500);
}

#[tokio::test]
async fn it_breaks_connections_as_its_script_says() {
    let (_folder, path) = file(
        r#"{"delivery": "closed"} {"delivery": "reset", "unverified": true}
{"raw": "SFRUUA==", "base64": true}
{"cut_after": 1, "then": "close"}
{"status": 200, "drip": {"bytes": 9, "pause": "1ms"}}
{"raw": "early", "moment": "before_body"}
{"delivery": "reset", "moment": "at_once"}
{"status": 404, "moment": "at_once"}
"#,
    );
    let (_child, endpoint) = started(&["--script", path.to_str().unwrap()]).await;
    assert_eq!(everything(&endpoint, "1").await, (String::new(), true));
    assert_eq!(everything(&endpoint, "2").await, (String::new(), false));
    assert_eq!(everything(&endpoint, "3").await, ("HTTP".to_owned(), true));
    assert!(everything(&endpoint, "4").await.0.ends_with("\r\n\r\n{"));
    assert!(everything(&endpoint, "5").await.0.ends_with("content-length: 0\r\n\r\n"));
    assert_eq!(everything(&endpoint, "6").await, ("early".to_owned(), true));
    let (mut reset, mut found) = (connect(&endpoint).await, Vec::new());
    assert!(reset.read_to_end(&mut found).await.is_err());
    let mut greeted = connect(&endpoint).await;
    greeted.read_to_end(&mut found).await.unwrap();
    assert!(found.starts_with(b"HTTP/1.1 404 Not Found\r\n"));
    assert_eq!(send_to(&endpoint, Call::default().acs3()).await.status, 200);
}

#[tokio::test]
async fn it_explains_what_is_wrong_with_a_script() {
    for (text, line, explanation) in [
        ("{}\n{\"status\": 200", 2, "EOF while parsing"),
        ("{}\n\n\n[]", 4, "expected an object"),
        ("\n{\"stauts\": 200}", 2, "unknown key `stauts`: the keys are action, base64, "),
        ("{\"status\": 99}", 1, "`status` is a number from 100 to 999"),
        ("{\"status\": \"200\"}", 1, "`status` is a whole number"),
        ("{\"times\": 0}", 1, "`times` is from 1 to 100000"),
        ("{\"message\": \"M\"}", 1, "`message` without `code`"),
        ("{\"code\": \"C\", \"body\": \"\"}", 1, "`body` and `code` do not go together"),
        ("{\"raw\": \"\", \"headers\": {}}", 1, "`raw` and `headers` do not go together"),
        ("{\"delivery\": \"lost\", \"status\": 200}", 1, "`delivery` and `status` do not"),
        ("{\"delivery\": \"gone\"}", 1, "one of reset, lost, closed, silent, and \"gone\" is none"),
        ("{\"then\": \"sing\"}", 1, "`then` is one of close, reset, silence"),
        ("{\"moment\": \"later\", \"raw\": \"\"}", 1, "`moment` is one of before_body, at_once"),
        ("{\"moment\": \"at_once\"}", 1, "too early for the usual answer"),
        ("{\"moment\": \"at_once\", \"raw\": \"\", \"action\": \"X\"}", 1, "before any `action`"),
        ("{\"moment\": \"before_body\", \"raw\": \"\", \"executed\": true}", 1, "do not go"),
        ("{\"executed\": false}", 1, "`executed` is always true here"),
        ("{\"drip\": {\"bytes\": 0, \"pause\": \"1s\"}}", 1, "`drip` is such as"),
        ("{\"delay\": \"5\"}", 1, "`delay` is a time such as"),
        ("{\"base64\": true}", 1, "`base64` says how `body` or `raw` is written"),
        ("{\"raw\": \"?\", \"base64\": true}", 1, "`raw`: Invalid"),
        ("{\"headers\": {\"a b\": \"c\"}}", 1, "HTTP knows no header such as \"a b\""),
        ("{\"headers\": {\"a\": 1}}", 1, "`headers` is an object of texts"),
    ] {
        let (_folder, path) = file(text);
        let output =
            in_time(command(&["--script", path.to_str().unwrap()]).output()).await.unwrap();
        assert!(!output.status.success(), "{text}");
        let said = String::from_utf8(output.stderr).unwrap();
        let place = format!("error: {}:{line}: ", path.display());
        assert!(said.starts_with(&place) && said.contains(explanation), "{text}: {said}");
    }
    let output = in_time(command(&["--script", "nowhere.jsonl"]).output()).await.unwrap();
    assert!(String::from_utf8(output.stderr).unwrap().starts_with("error: nowhere.jsonl: "));
}

#[tokio::test]
async fn the_script_of_the_readme_is_one() {
    let readme = include_str!("../../README.md");
    let (_, rest) = readme.split_once("$ cat script.jsonl\n").unwrap();
    let (script, _) = rest.split_once("\n$ ").unwrap();
    let (_folder, path) = file(script);
    started(&["--script", path.to_str().unwrap()]).await;
}
