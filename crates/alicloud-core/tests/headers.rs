//! Headers that a user adds to a call.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod common;

use alicloud_core::testing::{FakeTransport, Fault};
use alicloud_core::{Client, Credentials, Error, ErrorKind, Outcome, SignatureVersion};
use common::*;

const READ: &str = "DescribeRefreshTaskById";

fn cs_client(fake: &FakeTransport) -> Client {
    fixed_builder(&CS).transport(fake.clone()).build().unwrap()
}

fn cluster() -> ClusterRequest {
    ClusterRequest {
        id: Some("c8".to_owned()),
        trace: Some("typed".to_owned()),
        ..Default::default()
    }
}

#[tokio::test]
async fn headers_are_sent_by_every_attempt() {
    let fake = FakeTransport::new()
        .fault(READ, Fault::ConnectionReset)
        .fault(READ, Fault::ConnectionReset)
        .respond(READ, &response());
    let client = client(&fake);
    client.call(&DESCRIBE, &describe(&["1"])).header("X-Trace-Id", "7f3a").await.unwrap();
    let call = client.generic_call(READ).read_only().header("X-Trace-Id", "1");
    call.header("x-trace-id", "7f3a").await.unwrap();
    let sent = fake.requests();
    assert_eq!(sent.len(), 4);
    for request in &sent {
        let values: Vec<_> = request.headers().get_all("x-trace-id").iter().collect();
        assert_eq!(values, ["7f3a"]);
    }
    // Nothing of the call is left in the client.
    client.generic_call(READ).await.unwrap();
    assert_eq!(fake.requests()[4].header("x-trace-id"), None);
}

#[tokio::test]
async fn signatures_cover_the_headers_that_they_have_to() {
    let fake = FakeTransport::new();
    let (rpc, roa) = (client(&fake), cs_client(&fake));
    let preview = async |signature| {
        let call = rpc.call(&DESCRIBE, &describe(&["1"])).signature(signature);
        call.header("x-acs-trace", " 7 ").header("X-Trace", "8").preview().await.unwrap()
    };
    let canonical = preview(SignatureVersion::Acs3).await.canonical_request.unwrap();
    assert!(canonical.contains("\nx-acs-trace:7\n"), "{canonical}");
    assert!(canonical.contains(";x-acs-trace;") && !canonical.contains("x-trace"), "{canonical}");
    // The RPC style of HMAC-SHA1 signs no headers, but sends them.
    let preview = preview(SignatureVersion::Hmac1).await;
    assert!(!preview.string_to_sign.unwrap().contains("trace"));
    assert!(preview.headers.contains(&("x-trace".to_owned(), "8".to_owned())));

    let call = roa.call(&CLUSTER, &cluster()).signature(SignatureVersion::Hmac1);
    let preview = call.header("X-Acs-Trace", "7").preview().await.unwrap();
    assert!(preview.string_to_sign.unwrap().contains("\nx-acs-trace:7\n"));
}

#[tokio::test]
async fn a_header_replaces_the_parameter_of_the_same_name() {
    let fake = FakeTransport::new().respond_json("ModifyCluster", "{}");
    let client = cs_client(&fake);
    client.call(&CLUSTER, &cluster()).header("x-TRACE", "mine").await.unwrap();
    let values: Vec<_> = fake.requests()[0].headers().get_all("x-trace").iter().cloned().collect();
    assert_eq!(values, ["mine"]);
}

#[tokio::test]
async fn a_client_token_in_a_header_makes_the_call_idempotent() {
    let fake = FakeTransport::new().fault("New", Fault::ConnectionReset).respond_json("New", "{}");
    let client = client(&fake);
    client.generic_call("New").header("ClientToken", "t1").await.unwrap();
    assert_eq!(fake.requests().len(), 2);
}

#[tokio::test]
async fn invalid_and_reserved_headers_are_not_sent() {
    let fake = FakeTransport::new().respond(READ, &response());
    let client = client(&fake);
    for (name, value, expected) in [
        ("", "x", r#"header "": the name is invalid"#),
        ("a b", "x", r#"header "a b": the name is invalid"#),
        (":path", "x", r#"header ":path": the name is invalid"#),
        ("x-ä", "x", r#"header "x-ä": the name is invalid"#),
        ("x\r\ny", "x", r#"header "x\r\ny": the name is invalid"#),
        ("X-Trace", "Sesame\r\nhost: y", r#"header "x-trace": the value has a line break"#),
        ("X-Trace", "Sesame\0", r#"header "x-trace": the value"#),
        ("X-Trace", "Sesäme", r#"header "x-trace": the value"#),
        ("Authorization", "Sesame", "is part of the signature"),
        ("Date", "Sesame", "is part of the signature"),
        ("x-acs-date", "Sesame", "is part of the signature"),
        ("x-acs-content-sha256", "Sesame", "is part of the signature"),
        ("X-Acs-Signature-Nonce", "Sesame", "is part of the signature"),
        ("x-acs-signature-method", "Sesame", "is part of the signature"),
        ("x-acs-signature-version", "Sesame", "is part of the signature"),
        ("x-acs-security-token", "Sesame", "ClientBuilder::credentials"),
        ("x-acs-accesskey-id", "Sesame", "ClientBuilder::credentials"),
        ("x-acs-action", "Sesame", "is determined by the operation"),
        ("x-acs-version", "Sesame", "is determined by the operation"),
        ("x-acs-retry-attempts", "Sesame", "describes the attempt"),
        ("Host", "Sesame", "ClientBuilder::endpoint"),
        ("Accept", "Sesame", "Call::format"),
        ("User-Agent", "Sesame", "ClientBuilder::user_agent"),
        ("Content-Length", "Sesame", "describes the body"),
        ("Content-Type", "Sesame", "describes the body"),
        ("Accept-Encoding", "Sesame", "belongs to the connection"),
        ("Transfer-Encoding", "Sesame", "belongs to the connection"),
        ("Connection", "Sesame", "belongs to the connection"),
    ] {
        let typed = client.call(&DESCRIBE, &describe(&["1"])).header(name, value);
        let previewed = client.call(&DESCRIBE, &describe(&["1"])).header(name, value).preview();
        let errors: [Error; 3] = [
            typed.await.unwrap_err(),
            client.generic_call(READ).header(name, value).await.unwrap_err(),
            previewed.await.unwrap_err(),
        ];
        for error in errors {
            let text = error.to_string();
            let lower = format!("header {:?}: ", name.to_ascii_lowercase());
            assert!(text.contains(expected) && text.contains(&lower), "{text}");
            assert!(!format!("{error:?}").contains("Ses"), "{error:?}");
            assert_eq!((error.outcome(), error.attempts()), (Outcome::NotSent, 0));
            assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        }
    }
    assert!(fake.requests().is_empty());
}

#[tokio::test]
async fn sensitive_headers_are_hidden() {
    const LONG: &str = "OpenSesame";
    let body = format!(r#"{{"Code": "Any", "Message": "x-acs-bearer-token:{LONG} is wrong"}}"#);
    let fake = FakeTransport::new().respond_raw(READ, 400, &[], body);
    let client = client(&fake);
    let roa = cs_client(&fake);
    for name in ["x-acs-bearer-token", "Cookie", "X-Api-Key", "x-acs-Client_Secret", "X-Password"] {
        for value in [LONG, "pw1"] {
            for signature in [SignatureVersion::Acs3, SignatureVersion::Hmac1] {
                let call = client.call(&DESCRIBE, &describe(&["1"])).signature(signature);
                let rpc = call.header(name, value).preview().await.unwrap();
                let call = roa.call(&CLUSTER, &cluster()).signature(signature);
                let roa = call.header(name, value).preview().await.unwrap();
                for preview in [rpc, roa] {
                    let shown = format!("{preview} {preview:?}");
                    assert!(!shown.contains(value), "{shown}");
                    let lower = name.to_ascii_lowercase();
                    assert!(preview.curl().contains(&format!("{lower}: <redacted>")), "{shown}");
                }
            }
            let call = client.call(&DESCRIBE, &describe(&["1"])).header(name, value);
            let shown = format!("{call:?}");
            let error = call.await.unwrap_err();
            let sent = fake.requests().pop().unwrap();
            let shown = format!("{shown} {sent:?}");
            assert!(!shown.contains(value), "{shown}");
            // The service quotes it.
            assert!(value != LONG || !format!("{error} {error:?}").contains(LONG), "{error}");
            assert_eq!(sent.header(name), Some(value));
        }
    }
    // Neither an idempotency token nor a trace id is a secret.
    let call = client.call(&DESCRIBE, &describe(&["1"]));
    let call = call.header("x-acs-client-token", "shown-1").header("x-trace", "shown-2");
    let shown = call.preview().await.unwrap().to_string();
    assert!(shown.contains("shown-1") && shown.contains("shown-2"), "{shown}");
    let client: Client = fixed_builder(&CDN)
        .transport(fake)
        .credentials(Credentials::new("id", SECRET).with_security_token(TOKEN))
        .build()
        .unwrap();
    let preview = client.generic_call(READ).into_call().preview().await.unwrap();
    assert!(!format!("{preview} {preview:?}").contains(TOKEN));
}
