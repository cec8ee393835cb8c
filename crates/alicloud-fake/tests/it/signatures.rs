//! What a signature must cover, and the explanation of a mismatch.

use crate::client::{Response, send, service};
use crate::sign::Call;

async fn response_to(request: impl AsRef<[u8]>) -> Response {
    let service = service().start().await.unwrap();
    send(&service, request).await
}

async fn error_code(request: impl AsRef<[u8]>) -> String {
    response_to(request).await.code().unwrap_or_default()
}

#[tokio::test]
async fn unsigned_requests_are_rejected() {
    let unsigned = "GET /?Action=DescribeRefreshTaskById HTTP/1.1\r\nhost: h\r\n\r\n";
    assert_eq!(error_code(unsigned).await, "MissingAccessKeyId");
    let bearer = "GET / HTTP/1.1\r\nhost: h\r\nauthorization: Bearer token\r\n\r\n";
    assert_eq!(error_code(bearer).await, "InvalidSignatureMethod");
    let other_hash = Call::default().acs3().replace("ACS3-HMAC-SHA256", "ACS3-HMAC-SM3");
    assert_eq!(error_code(other_hash).await, "InvalidSignatureMethod");
}

#[tokio::test]
async fn the_authorization_header_must_be_complete() {
    let request = Call::default().acs3();
    for (part, replacement) in [
        ("Credential=", "Credentials="),
        (",SignedHeaders=", ",Signed="),
        (",Signature=", ",Signed="),
        ("Credential=fake-access-key-id,", ""),
        ("authorization: ", "authorization: ACS3-HMAC-SHA256\r\nauthorization: "),
    ] {
        let broken = request.replace(part, replacement);
        assert_eq!(error_code(broken).await, "IncompleteSignature", "{part}");
    }
}

#[tokio::test]
async fn important_headers_must_be_signed() {
    let request = Call { headers: &[("x-acs-extra", "1")], ..Call::default() }.acs3();
    assert_eq!(response_to(&request).await.status, 200);
    for (part, replacement) in [
        ("SignedHeaders=host;", "SignedHeaders="),
        (";x-acs-extra", ""),
        (";x-acs-date", ""),
        (";x-acs-content-sha256", ""),
        ("host: cdn.aliyuncs.com\r\n", ""),
        ("\r\n\r\n", "\r\nx-acs-added: 1\r\n\r\n"),
        ("\r\n\r\n", "\r\nx-acs-accesskey-id: other\r\n\r\n"),
        ("\r\n\r\n", "\r\ncontent-type: text/plain\r\ncontent-length: 1\r\n\r\nx"),
    ] {
        let broken = request.replace(part, replacement);
        assert_eq!(error_code(&broken).await, "IncompleteSignature", "{broken}");
    }
    let other_id = Call { headers: &[("x-acs-accesskey-id", "other")], ..Call::default() };
    assert_eq!(error_code(other_id.acs3()).await, "IncompleteSignature");
}

#[tokio::test]
async fn a_body_that_differs_from_the_signed_one_is_rejected() {
    let request = Call::default().acs3().replace("\r\n\r\n", "\r\ncontent-length: 1\r\n\r\nx");
    assert_eq!(error_code(request).await, "SignatureDoesNotMatch");
}

#[tokio::test]
async fn rpc_requires_its_signature_method_and_version() {
    let request = Call::default().rpc();
    for (part, replacement, expected) in [
        ("HMAC-SHA1", "HMAC-SHA256", "InvalidSignatureMethod"),
        ("=1.0", "=2.0", "InvalidSignatureVersion"),
        ("&SignatureMethod=HMAC-SHA1", "", "MissingSignatureMethod"),
        ("&SignatureVersion=1.0", "", "MissingSignatureVersion"),
        ("&Signature=", "&Other=", "MissingSignature"),
        ("AccessKeyId=fake-access-key-id", "", "MissingAccessKeyId"),
    ] {
        let broken = request.replace(part, replacement);
        assert_eq!(error_code(&broken).await, expected, "{broken}");
    }
}

#[tokio::test]
async fn a_mismatch_error_contains_the_signed_string() {
    let guess = Call { secret: "guess", params: &[("TaskId", "1,2")], ..Call::default() };
    let rpc = response_to(guess.rpc()).await.error_field("Message").unwrap();
    assert_eq!(
        rpc,
        "Specified signature is not matched with our calculation. server string to sign is:\
         POST&%2F&AccessKeyId%3Dfake-access-key-id%26Action%3DDescribeRefreshTaskById\
         %26SignatureMethod%3DHMAC-SHA1%26SignatureNonce%3Donce%26SignatureVersion%3D1.0\
         %26TaskId%3D1%252C2%26Timestamp%3D2026-01-02T03%253A04%253A05Z%26Version%3D2018-05-10"
    );

    let acs3 = response_to(guess.acs3()).await.error_field("Message").unwrap();
    assert_eq!(
        acs3,
        "Specified signature is not matched with our calculation. \
         server StringToSign is [ACS3-HMAC-SHA256\n\
         7d8572534f0202438df5e7a914daa39903603441db7386757b5b568a10013320], \
         server CanonicalRequest is [POST\n/\nTaskId=1%2C2\nhost:cdn.aliyuncs.com\n\
         x-acs-action:DescribeRefreshTaskById\n\
         x-acs-content-sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n\
         x-acs-date:2026-01-02T03:04:05Z\nx-acs-signature-nonce:once\nx-acs-version:2018-05-10\n\n\
         host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version\n\
         e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855]"
    );
}

#[tokio::test]
async fn parameter_names_may_be_signed_plain_or_encoded() {
    let encoded =
        Call { params: &[("TaskId", "12345678"), ("Labels.app/name", "x")], ..Call::default() };
    assert_eq!(response_to(encoded.acs3()).await.status, 200);

    let plain = encoded.acs3_with_plain_names();
    assert!(plain.contains("Labels.app%2Fname=x"));
    assert_eq!(response_to(plain).await.status, 200);
}
