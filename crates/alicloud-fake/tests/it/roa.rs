//! HMAC-SHA1 signatures of ROA operations.

use alicloud_fake::{Account, FakeService, SignatureScheme};
use serde_json::Value;

use crate::client::{now, send, service};
use crate::sign::Call;

/// Requests that an official client sent, signed with made-up keys.
fn vectors() -> Vec<Value> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors/v1_roa_node_tea.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}

fn request(vector: &Value) -> String {
    let (inputs, outputs) = (&vector["inputs"], &vector["outputs"]);
    let query = match text(outputs, "raw_query_as_sent") {
        "" => String::new(),
        query => format!("?{query}"),
    };
    let mut head =
        format!("{} {}{query} HTTP/1.1\r\n", text(inputs, "method"), text(inputs, "path"));
    for (name, value) in outputs["headers"].as_object().unwrap() {
        head.push_str(&format!("{name}: {}\r\n", value.as_str().unwrap()));
    }
    let body = text(outputs, "body");
    if !outputs["headers"].as_object().unwrap().contains_key("authorization") {
        head.push_str(&format!("authorization: {}\r\n", text(outputs, "authorization")));
    }
    format!("{head}content-length: {}\r\n\r\n{body}", body.len())
}

#[tokio::test]
async fn requests_of_the_node_client_are_accepted() {
    let vectors = vectors();
    assert_eq!(vectors.len(), 10);
    for vector in vectors {
        let inputs = &vector["inputs"];
        let account =
            Account::new(text(inputs, "access_key_id"), text(inputs, "access_key_secret"))
                .security_token(text(inputs, "security_token"));
        let service = FakeService::builder().clock(now).account(account).start().await.unwrap();
        let response = send(&service, request(&vector)).await;
        // The version is checked after the signature.
        assert_eq!(response.code().unwrap(), "InvalidVersion", "{vector}\n{}", response.body);
        let record = &service.requests()[0];
        assert_eq!(record.scheme, Some(SignatureScheme::RoaHmacSha1));
        assert_eq!(record.operation.as_deref(), Some(text(inputs, "action")));
    }
}

async fn error_code(request: String) -> String {
    let account = Account::new("sts", "sts-secret").security_token("the token");
    let service = service().account(account).start().await.unwrap();
    send(&service, request).await.code().unwrap_or_default()
}

#[tokio::test]
async fn every_modification_is_detected() {
    let call = Call { path: "/trees/7", params: &[("a", "b"), ("empty", "")], ..Call::default() };
    let valid = call.roa();
    let accepted = "InvalidApi.NotFound";
    assert_eq!(error_code(valid.clone()).await, accepted);
    for (from, to, expected) in [
        ("/trees/7", "/trees/8", "SignatureDoesNotMatch"),
        ("a=b", "a=c", "SignatureDoesNotMatch"),
        ("DescribeRefreshTaskById", "Other", "SignatureDoesNotMatch"),
        ("accept: application/json", "accept: text/xml", "SignatureDoesNotMatch"),
        ("03:04:05 GMT", "03:04:06 GMT", "SignatureDoesNotMatch"),
        ("03:04:05 GMT", "02:04:05 GMT", "InvalidTimeStamp.Expired"),
        ("Fri, 02 Jan 2026 03:04:05 GMT", "2026-01-02T03:04:05Z", "InvalidTimeStamp.Format"),
        ("date: Fri, 02 Jan 2026 03:04:05 GMT\r\n", "", "MissingTimestamp"),
        ("HMAC-SHA1", "HMAC-SHA256", "InvalidSignatureMethod"),
        ("version: 1.0", "version: 2.0", "InvalidSignatureVersion"),
        ("x-acs-signature-nonce: once\r\n", "", "SignatureDoesNotMatch"),
        ("acs fake", "acs other-", "InvalidAccessKeyId.NotFound"),
        ("acs fake-access-key-id:", "acs ", "IncompleteSignature"),
        ("acs fake", "bcs fake", "InvalidSignatureMethod"),
    ] {
        assert!(valid.contains(from), "{from}");
        assert_eq!(error_code(valid.replacen(from, to, 1)).await, expected, "{from} -> {to}");
    }
    let guess = Call { secret: "guess", ..call.clone() };
    assert_eq!(error_code(guess.roa()).await, "SignatureDoesNotMatch");
    let temporary = Call {
        access_key_id: "sts",
        secret: "sts-secret",
        token: Some("the token"),
        ..call.clone()
    };
    assert_eq!(error_code(temporary.roa()).await, accepted);
    let without = Call { token: None, ..temporary };
    assert_eq!(error_code(without.roa()).await, "MissingSecurityToken");
}

#[tokio::test]
async fn a_nonce_is_valid_once() {
    let service = service().start().await.unwrap();
    let request = Call { path: "/trees", ..Call::default() }.roa();
    assert_eq!(send(&service, &request).await.code().unwrap(), "InvalidApi.NotFound");
    assert_eq!(send(&service, &request).await.code().unwrap(), "SignatureNonceUsed");
}
