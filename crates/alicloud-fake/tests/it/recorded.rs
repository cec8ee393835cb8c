//! Requests that official clients really sent, or that the documentation prints, signatures and
//! all. If one of them is refused, the service double is wrong, not the request.
//!
//! They were signed with throw-away keys. An answer about the version or the operation proves the
//! signature too: both are looked at afterwards.

use std::time::{Duration, UNIX_EPOCH};

use alicloud_fake::{Account, FakeService, SignatureScheme};

use crate::client::{Response, now, send};

const TOKEN: &str = "CAISxwF1q6Ft+5B2yfSjIr/eSdMe+T==/x y~*";

/// A recorded request as it goes over the wire; its file has plain line ends and no length.
pub(crate) fn recorded(name: &str) -> String {
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

async fn assert_found(request: String) {
    let response = replay(&request).await;
    assert_eq!(response.status, 200, "{request}\n{}", response.body);
    assert_eq!(response.json()["Tasks"][0]["TaskId"], "12345678");
}

async fn assert_refused(request: String, code: &str) {
    let response = replay(&request).await;
    assert_eq!(response.code().as_deref(), Some(code), "{request}");
}

#[tokio::test]
async fn the_node_client_is_understood() {
    assert_found(recorded("node-acs3-post")).await;
    assert_found(recorded("node-acs3-get")).await;
    assert_found(recorded("node-acs3-sts")).await;
    assert_found(recorded("node-rpc-post")).await;
    assert_found(recorded("node-rpc-get")).await;
    assert_found(recorded("node-rpc-sts")).await;
}

#[tokio::test]
async fn the_node_client_may_leave_characters_unescaped() {
    let unknown = "InvalidAction.NotFound";
    assert_refused(recorded("node-acs3-reserved-characters"), unknown).await;
    assert_refused(recorded("node-rpc-reserved-characters"), unknown).await;
}

#[tokio::test]
async fn bodies_are_part_of_what_is_signed() {
    let unknown = "InvalidAction.NotFound";
    assert_refused(recorded("node-acs3-query-and-form"), unknown).await;
    assert_refused(recorded("node-acs3-form-sts"), unknown).await;
    assert_refused(recorded("node-acs3-json-body"), "InvalidVersion").await;
    assert_refused(recorded("node-rpc-query-and-form"), unknown).await;
}

#[tokio::test]
async fn names_paths_and_headers_may_be_unusual() {
    assert_refused(recorded("node-acs3-key-order"), "InvalidVersion").await;
    assert_refused(recorded("node-rpc-key-order"), "InvalidVersion").await;
    assert_refused(recorded("node-acs3-path"), "InvalidVersion").await;
    assert_refused(recorded("node-acs3-extra-headers"), "InvalidVersion").await;
}

/// It signs every header it has, and writes a space as `+`.
#[tokio::test]
async fn the_python_client_is_understood() {
    assert_refused(recorded("python-acs3-post"), "InvalidTaskId.Malformed").await;
    assert_refused(recorded("python-rpc-post"), "InvalidTaskId.Malformed").await;
}

#[tokio::test]
async fn the_classic_clients_are_understood() {
    assert_found(recorded("classic-python-rpc-get")).await;
    assert_found(recorded("classic-python-rpc-form")).await;
    assert_found(recorded("classic-node-rpc-get")).await;
    assert_found(recorded("classic-node-rpc-form")).await;
}

#[tokio::test]
async fn the_examples_of_the_documentation_are_understood() {
    let examples = [
        (
            recorded("documented-acs3"),
            1_698_315_752,
            Account::new("YourAccessKeyId", "YourAccessKeySecret"),
            SignatureScheme::Acs3HmacSha256,
        ),
        (
            recorded("documented-rpc"),
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

/// The other side of all of the above: one byte more, and the signature is no longer right.
#[tokio::test]
async fn a_recorded_request_that_was_changed_is_refused() {
    let mismatch = "SignatureDoesNotMatch";
    for request in
        [recorded("node-acs3-post"), recorded("node-rpc-post"), recorded("classic-node-rpc-get")]
    {
        let changed = request.replace("TaskId=12345678", "TaskId=123456789");
        assert_refused(changed, mismatch).await;
        assert_refused(request.replacen("POST", "PUT", 1).replacen("GET", "PUT", 1), mismatch)
            .await;
    }
    let form = recorded("node-acs3-query-and-form");
    assert_refused(form.replace("=Directory", "=directory"), mismatch).await;
    let form = recorded("classic-node-rpc-form");
    assert_refused(form.replace("TaskId=12345678", "TaskId=12345679"), mismatch).await;
    let host = recorded("node-acs3-get");
    assert_refused(host.replace("cdn.aliyuncs.com", "cdn.aliyuncs.org"), mismatch).await;
}
