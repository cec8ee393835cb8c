//! What previews and debug output show: everything except secrets.

use alicloud_core::testing::{DeterministicNonce, FakeTransport};
use alicloud_core::{Client, Credentials, SignatureVersion};

use crate::common::*;

#[tokio::test]
async fn a_preview_shows_everything_except_secrets() {
    let fake = FakeTransport::new();
    let client: Client = fixed_builder(&CDN)
        .transport(fake.clone())
        .credentials(Credentials::new("id", SECRET).with_security_token(TOKEN))
        .build()
        .unwrap();
    for signature in [SignatureVersion::Acs3, SignatureVersion::Hmac1] {
        let call = client.call(&DESCRIBE, &describe(&["1"])).signature(signature);
        let preview = call.preview().await.unwrap();
        assert!(!preview.has_placeholder_credentials);
        assert!(preview.url.contains("TaskId=1"));
        assert!(preview.string_to_sign.is_some());
        let shown = format!("{preview} {preview:?}");
        assert!(shown.contains("curl -X POST 'https://cdn.aliyuncs.com/?"), "{shown}");
        assert!(shown.contains("<redacted>"), "{shown}");
        for hidden in [SECRET, "Nobody", "Signature=8", "Signature=2"] {
            assert!(!shown.contains(hidden), "{hidden} in {shown}");
        }
    }
    assert!(fake.requests().is_empty());
}

#[tokio::test]
async fn no_output_contains_a_secret() {
    let fake = FakeTransport::new().error("DescribeRefreshTaskById", 400, "Any", "Any");
    let builder = fixed_builder(&CDN)
        .transport(fake.clone())
        .nonce_source(DeterministicNonce::sequence("n"))
        .credentials(Credentials::new("id", SECRET).with_security_token(TOKEN));
    let mut shown = format!("{builder:?}");
    let client: Client = builder.build().unwrap();
    shown += &format!("{client:?} {:?}", client.call(&DESCRIBE, &describe(&["1"])));
    shown += &format!("{:?}", client.call(&DESCRIBE, &describe(&["1"])).response());
    let error = client.call(&DESCRIBE, &describe(&["1"])).await.unwrap_err();
    shown += &format!("{error} {error:?} {fake:?} {:?}", fake.requests());
    for hidden in [SECRET, "Nobody"] {
        assert!(!shown.contains(hidden), "{shown}");
    }
}
