//! Malformed and excessive input.

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::client::{connect, receive, send, service};
use crate::sign::Call;

const MIB: usize = 1024 * 1024;

fn form_with_length(length: usize) -> String {
    let head = format!(
        "POST /?Action=DescribeRefreshTaskById HTTP/1.1\r\nhost: h\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {length}\r\n\r\n"
    );
    head + &"a".repeat(length)
}

#[tokio::test]
async fn a_body_is_limited_to_one_mebibyte() {
    let service = service().start().await.unwrap();
    let response = send(&service, form_with_length(MIB)).await;
    assert_eq!(response.status, 400);
    assert_eq!(response.code().unwrap(), "MissingAccessKeyId");

    let response = send(&service, form_with_length(MIB + 1)).await;
    assert_eq!(response.status, 413);
    assert_eq!(response.code().unwrap(), "RequestEntityTooLarge");

    let records = service.requests();
    assert_eq!(records[0].body.len(), MIB);
    assert_eq!(records[1].body.len(), 0);
    assert_eq!(records[1].response.status, 413);
}

#[tokio::test]
async fn the_limit_applies_to_chunked_bodies() {
    let service = service().start().await.unwrap();
    let mut connection = connect(service.endpoint()).await;
    let head = "POST / HTTP/1.1\r\nhost: h\r\ntransfer-encoding: chunked\r\n\r\n";
    connection.write_all(head.as_bytes()).await.unwrap();
    let chunk = format!("10000\r\n{}\r\n", "a".repeat(0x10000));
    for _ in 0..17 {
        connection.write_all(chunk.as_bytes()).await.unwrap();
    }
    connection.write_all(b"0\r\n\r\n").await.unwrap();
    assert_eq!(receive(&mut connection).await.status, 413);
}

#[tokio::test]
async fn a_body_with_invalid_framing_is_rejected() {
    let service = service().start().await.unwrap();
    let request = "POST / HTTP/1.1\r\nhost: h\r\ntransfer-encoding: chunked\r\n\r\nnonsense\r\n";
    assert_eq!(send(&service, request).await.status, 400);
}

#[tokio::test]
async fn invalid_http_is_rejected_with_400() {
    let service = service().start().await.unwrap();
    for invalid in [
        &b"hello\r\n\r\n"[..],
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /a b HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
        b"GET / HTTP/1.1\r\ncontent-length: x\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ] {
        let mut connection = connect(service.endpoint()).await;
        connection.write_all(invalid).await.unwrap();
        let mut status = [0; 12];
        connection.read_exact(&mut status).await.unwrap();
        assert_eq!(&status, b"HTTP/1.1 400", "{invalid:?}");
    }
    assert!(service.requests().is_empty());
    assert_eq!(send(&service, Call::default().acs3()).await.status, 200);
}

#[tokio::test]
async fn a_long_path_does_not_overflow_the_stack() {
    let spec = r#"{
        "info": { "style": "ROA", "product": "Deep", "version": "2026-02-01" },
        "apis": { "Get": { "methods": ["get"], "path": "/a/*/{Id}/end" } }
    }"#;
    let service = service().spec(spec).unwrap().start().await.unwrap();
    let version = "x-acs-version: 2026-02-01\r\nauthorization: acs a:b\r\n";
    for end in ["end", "other"] {
        let path = format!("{}/{end}", "/a".repeat(10_000));
        let request = format!("GET {path} HTTP/1.1\r\nhost: h\r\n{version}\r\n");
        assert_eq!(send(&service, request).await.status, 400);
        // For an unsigned request the operation is found first.
        let unsigned = format!("GET {path}?Version=2026-02-01 HTTP/1.1\r\nhost: h\r\n\r\n");
        assert_eq!(send(&service, unsigned).await.code().unwrap(), "MissingAccessKeyId");
    }
}

#[tokio::test]
async fn unusual_requests_are_rejected_without_a_panic() {
    let service = service().start().await.unwrap();
    for unusual in [
        &b"GET /?%=%&%zz=%f&=&&&%ff=%ff&+ HTTP/1.1\r\nhost: h\r\n\r\n"[..],
        b"GET /?Signature HTTP/1.1\r\nhost: h\r\n\r\n",
        b"GET /?AccessKeyId=%00&Timestamp=%ff HTTP/1.1\r\nhost: \xff\r\n\r\n",
        b"GET / HTTP/1.1\r\nauthorization: ACS3-HMAC-SHA256\r\n\r\n",
        b"GET / HTTP/1.1\r\nauthorization: ACS3-HMAC-SHA256 ,,,=\r\n\r\n",
        b"GET / HTTP/1.1\r\nauthorization: \xff\xfe\r\n\r\n",
        b"GET / HTTP/1.1\r\nx-acs-date: \xff\r\nauthorization: ACS3-HMAC-SHA256 \
          Credential=a,SignedHeaders=;; a b;\xc3\xa9;,Signature=\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nhost: h\r\n\r\n",
        b"GET http://elsewhere/?Action=X HTTP/1.1\r\nhost: h\r\n\r\n",
        b"GET / HTTP/1.0\r\n\r\n",
    ] {
        let response = send(&service, unusual).await;
        assert_eq!(response.status, 400, "{}", String::from_utf8_lossy(unusual));
        assert!(response.code().is_some());
    }
    assert_eq!(send(&service, Call::default().acs3()).await.status, 200);
}

#[tokio::test]
async fn invalid_utf8_is_signed_as_bytes() {
    // The signature covers the bytes, not the decoded text.
    let service = service().start().await.unwrap();
    let request = Call::default().rpc().replace("TaskId=12345678", "TaskId=%FF");
    let response = send(&service, request).await;
    let message = response.error_field("Message").unwrap();
    assert!(message.contains("TaskId%3D%25FF"), "{message}");
    assert_eq!(service.requests()[0].param("TaskId"), Some("\u{fffd}"));
}
