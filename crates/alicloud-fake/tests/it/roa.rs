//! The older signature of ROA operations.

use alicloud_fake::{Account, FakeService, SignatureScheme};
use serde_json::Value;

use crate::client::{now, send, service};
use crate::sign::Call;

/// Requests as an official client sends them; the keys were made up.
fn recorded() -> Vec<Value> {
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
async fn the_node_client_is_understood() {
    let vectors = recorded();
    assert_eq!(vectors.len(), 10);
    for vector in vectors {
        let inputs = &vector["inputs"];
        let account =
            Account::new(text(inputs, "access_key_id"), text(inputs, "access_key_secret"))
                .security_token(text(inputs, "security_token"));
        let service = FakeService::builder().clock(now).account(account).start().await.unwrap();
        let response = send(&service, request(&vector)).await;
        // What is looked at once the signature is found right.
        assert_eq!(response.code().unwrap(), "InvalidVersion", "{vector}\n{}", response.body);
        let record = &service.requests()[0];
        assert_eq!(record.scheme, Some(SignatureScheme::RoaHmacSha1));
        assert_eq!(record.action.as_deref(), Some(text(inputs, "action")));
    }
}

async fn code(request: String) -> String {
    let account = Account::new("sts", "sts-secret").security_token("the token");
    let service = service().account(account).start().await.unwrap();
    send(&service, request).await.code().unwrap_or_default()
}

#[tokio::test]
async fn whatever_is_changed_is_noticed() {
    let call =
        Call { path: "/trees/7", parameters: &[("a", "b"), ("empty", "")], ..Call::default() };
    let good = call.roa();
    let fine = "InvalidApi.NotFound";
    assert_eq!(code(good.clone()).await, fine);
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
        assert!(good.contains(from), "{from}");
        assert_eq!(code(good.replacen(from, to, 1)).await, expected, "{from} -> {to}");
    }
    let guess = Call { secret: "guess", ..call.clone() };
    assert_eq!(code(guess.roa()).await, "SignatureDoesNotMatch");
    let temporary = Call {
        access_key_id: "sts",
        secret: "sts-secret",
        token: Some("the token"),
        ..call.clone()
    };
    assert_eq!(code(temporary.roa()).await, fine);
    let without = Call { token: None, ..temporary };
    assert_eq!(code(without.roa()).await, "MissingSecurityToken");
}

#[tokio::test]
async fn a_nonce_is_good_once() {
    let service = service().start().await.unwrap();
    let request = Call { path: "/trees", ..Call::default() }.roa();
    assert_eq!(send(&service, &request).await.code().unwrap(), "InvalidApi.NotFound");
    assert_eq!(send(&service, &request).await.code().unwrap(), "SignatureNonceUsed");
}
