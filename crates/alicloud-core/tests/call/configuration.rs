//! The configuration of a client: invalid values, and calls without credentials.

use alicloud_core::testing::FakeTransport;
use alicloud_core::{Client, ClientBuilder, Credentials, SignatureVersion};

use crate::common::*;

#[tokio::test]
async fn an_anonymous_operation_is_not_signed_and_needs_no_credentials() {
    for signature in [SignatureVersion::Acs3, SignatureVersion::Hmac1] {
        let fake = FakeTransport::new().respond("AssumeRoleWithOIDC", &response());
        let client: Client = ClientBuilder::new(&CDN)
            .credentials(alicloud_core::credentials::Environment::from_variables(
                alicloud_core::credentials::Variables::from_pairs::<String, String>([]),
            ))
            .transport(fake.clone())
            .signature(signature)
            .build()
            .unwrap();
        client.call(&ANONYMOUS, &describe(&["1"])).await.unwrap();
        let sent = &fake.requests()[0];
        assert!(sent.header("authorization").is_none());
        assert!(sent.param("Signature").is_none() && sent.param("AccessKeyId").is_none());
        assert_eq!(sent.param("Format"), Some("JSON"));
    }
}

#[tokio::test]
async fn nothing_is_sent_without_credentials() {
    let empty = alicloud_core::credentials::Variables::from_pairs::<String, String>([]);
    let fake = FakeTransport::new().respond("DescribeRefreshTaskById", &response());
    let client: Client = ClientBuilder::new(&CDN)
        .credentials(alicloud_core::credentials::Environment::from_variables(empty))
        .transport(fake.clone())
        .build()
        .unwrap();
    let error = client.call(&DESCRIBE, &describe(&["1"])).await.unwrap_err();
    assert!(error.is_auth());
    assert_eq!(
        error.to_string(),
        "Cdn DescribeRefreshTaskById: no credentials: env: ALIBABA_CLOUD_ACCESS_KEY_ID and \
         ALIBABA_CLOUD_ACCESS_KEY_SECRET are not set [not sent]",
    );
    let preview = client.call(&DESCRIBE, &describe(&["1"])).preview().await.unwrap();
    assert!(
        preview.has_placeholder_credentials
            && preview.to_string().contains("signed with a placeholder")
    );

    let invalid: Client = fixed_builder(&CDN)
        .transport(fake.clone())
        .credentials(Credentials::new("id", "pasted secret\n"))
        .build()
        .unwrap();
    let error = invalid.call(&DESCRIBE, &describe(&["1"])).await.unwrap_err();
    assert!(
        error.is_auth() && error.to_string().contains("ends with a space or a line break"),
        "{error}"
    );
    assert!(!format!("{error} {error:?}").contains("pasted secret"));
    assert!(fake.requests().is_empty());
}

#[test]
fn a_builder_reports_an_invalid_configuration() {
    let build = |builder: ClientBuilder<Client>| builder.build().unwrap_err().to_string();
    let fake = FakeTransport::new();
    let new = || ClientBuilder::<Client>::new(&CDN).transport(fake.clone());
    assert!(build(new().endpoint("a b")).contains("is not a host"));
    assert!(build(new().user_agent("tool\r\nx: 1")).contains("user agent"));
    assert!(build(new().user_agent("é")).contains("user agent"));
    let client = new().region("eu-central-1").user_agent("tool/1").build().unwrap();
    assert_eq!(client.endpoint(), "https://cdn.ap-southeast-1.aliyuncs.com");
    assert!(new().endpoint("x").build().unwrap().endpoint() == "https://x");
}
