//! Signed requests that official clients sent, or that the documentation contains. If one of them
//! is rejected, the fake service is wrong.
//!
//! They are signed with keys made up for this purpose. An error about version or operation also
//! proves that the signature is accepted, since both are checked after it.

use std::time::{Duration, UNIX_EPOCH};

use alicloud_fake::{Account, FakeService, SignatureScheme};

use crate::client::{Response, now, send};

const TOKEN: &str = "CAISxwF1q6Ft+5B2yfSjIr/eSdMe+T==/x y~*";

/// Loads a recorded request. Its file has LF line breaks and no `content-length`.
pub(crate) fn load(name: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/recorded");
    let text = std::fs::read_to_string(format!("{folder}/{name}.http")).unwrap();
    let (head, body) = text.split_once("\n\n").unwrap();
    let head = head.replace('\n', "\r\n");
    format!("{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

fn account() -> Account {
    Account::new("testAccessKeyId", "testAccessKeySecret")
}

async fn replay(request: &str) -> Response {
    let account =
        if request.contains("oken") { account().security_token(TOKEN) } else { account() };
    let service = FakeService::builder().clock(now).account(account).start().await.unwrap();
    send(&service, request).await
}

async fn assert_accepted(request: String) {
    let response = replay(&request).await;
    assert_eq!(response.status, 200, "{request}\n{}", response.body);
    assert_eq!(response.json()["Tasks"][0]["TaskId"], "12345678");
}

async fn assert_error(request: String, code: &str) {
    let response = replay(&request).await;
    assert_eq!(response.code().as_deref(), Some(code), "{request}");
}

#[tokio::test]
async fn requests_of_the_node_client_are_accepted() {
    assert_accepted(load("node-acs3-post")).await;
    assert_accepted(load("node-acs3-get")).await;
    assert_accepted(load("node-acs3-sts")).await;
    assert_accepted(load("node-rpc-post")).await;
    assert_accepted(load("node-rpc-get")).await;
    assert_accepted(load("node-rpc-sts")).await;
}

#[tokio::test]
async fn unescaped_reserved_characters_are_accepted() {
    let unknown = "InvalidAction.NotFound";
    assert_error(load("node-acs3-reserved-characters"), unknown).await;
    assert_error(load("node-rpc-reserved-characters"), unknown).await;
}

#[tokio::test]
async fn signed_bodies_are_accepted() {
    let unknown = "InvalidAction.NotFound";
    assert_error(load("node-acs3-query-and-form"), unknown).await;
    assert_error(load("node-acs3-form-sts"), unknown).await;
    assert_error(load("node-acs3-json-body"), "InvalidVersion").await;
    assert_error(load("node-rpc-query-and-form"), unknown).await;
}

#[tokio::test]
async fn unusual_names_paths_and_headers_are_accepted() {
    assert_error(load("node-acs3-key-order"), "InvalidVersion").await;
    assert_error(load("node-rpc-key-order"), "InvalidVersion").await;
    assert_error(load("node-acs3-path"), "InvalidVersion").await;
    assert_error(load("node-acs3-extra-headers"), "InvalidVersion").await;
}

/// The Python client signs every header and encodes a space as `+`.
#[tokio::test]
async fn requests_of_the_python_client_are_accepted() {
    assert_error(load("python-acs3-post"), "InvalidTaskId.Malformed").await;
    assert_error(load("python-rpc-post"), "InvalidTaskId.Malformed").await;
}

#[tokio::test]
async fn requests_of_the_classic_clients_are_accepted() {
    assert_accepted(load("classic-python-rpc-get")).await;
    assert_accepted(load("classic-python-rpc-form")).await;
    assert_accepted(load("classic-node-rpc-get")).await;
    assert_accepted(load("classic-node-rpc-form")).await;
}

#[tokio::test]
async fn documented_requests_are_accepted() {
    let examples = [
        (
            load("documented-acs3"),
            1_698_315_752,
            Account::new("YourAccessKeyId", "YourAccessKeySecret"),
            SignatureScheme::Acs3HmacSha256,
        ),
        (
            load("documented-rpc"),
            1_456_231_584,
            Account::new("testid", "testsecret"),
            SignatureScheme::RpcHmacSha1,
        ),
    ];
    for (request, second, account, scheme) in examples {
        let service = FakeService::builder()
            .clock(move || UNIX_EPOCH + Duration::from_secs(second))
            .account(account)
            .start()
            .await
            .unwrap();
        let response = send(&service, request).await;
        assert_eq!(response.code().as_deref(), Some("InvalidVersion"));
        assert_eq!(service.requests()[0].scheme, Some(scheme));
    }
}

/// Proves that the tests above detect a wrong signature.
#[tokio::test]
async fn a_modified_request_is_rejected() {
    let mismatch = "SignatureDoesNotMatch";
    for request in [load("node-acs3-post"), load("node-rpc-post"), load("classic-node-rpc-get")] {
        let changed = request.replace("TaskId=12345678", "TaskId=123456789");
        assert_error(changed, mismatch).await;
        assert_error(request.replacen("POST", "PUT", 1).replacen("GET", "PUT", 1), mismatch).await;
    }
    let form = load("node-acs3-query-and-form");
    assert_error(form.replace("=Directory", "=directory"), mismatch).await;
    let form = load("classic-node-rpc-form");
    assert_error(form.replace("TaskId=12345678", "TaskId=12345679"), mismatch).await;
    let host = load("node-acs3-get");
    assert_error(host.replace("cdn.aliyuncs.com", "cdn.aliyuncs.org"), mismatch).await;
}
