//! The complete text of requests: request line, headers and body.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests may panic"
)]

use std::fmt::Write as _;

use alicloud_cdn::Client;
use alicloud_cdn::model::DescribeRefreshTaskByIdRequest;
use alicloud_core::testing::{DeterministicNonce, FakeTransport, ManualClock};
use alicloud_core::{Credentials, Format, SignatureVersion};

async fn request_text(signature: SignatureVersion, format: Format) -> String {
    let fake = FakeTransport::new().respond_json("DescribeRefreshTaskById", "{}");
    let fake = match format {
        Format::Xml => {
            FakeTransport::new().respond_raw("DescribeRefreshTaskById", 200, &[], "<R/>")
        }
        _ => fake,
    };
    let client: Client = Client::builder()
        .credentials(Credentials::new("testAccessKeyId", "testAccessKeySecret"))
        .transport(fake.clone())
        // 2026-01-02T03:04:05Z
        .clock(ManualClock::from_unix_seconds(1_767_323_045))
        .nonce_source(DeterministicNonce::constant("3156853299f313e23d1673dc12e1703d"))
        .signature(signature)
        .format(format)
        .build()
        .unwrap();
    let request = DescribeRefreshTaskByIdRequest::new(["704225667", "704222904"]);
    client.describe_refresh_task_by_id(request).await.unwrap();
    let requests = fake.requests();
    let [request] = requests.as_slice() else { panic!("expected one request") };
    let mut text = format!("{} {}\n", request.method(), request.uri());
    let mut headers: Vec<_> = request
        .headers()
        .iter()
        .map(|(name, value)| (name.as_str(), value.to_str().unwrap()))
        .collect();
    headers.sort_unstable();
    for (name, value) in headers {
        // The user agent contains the operating system and versions.
        let value = if name == "user-agent" { "<user agent>" } else { value };
        writeln!(text, "{name}: {value}").unwrap();
    }
    writeln!(text, "\n{}", String::from_utf8_lossy(request.body())).unwrap();
    text
}

#[tokio::test]
async fn acs3_in_json() {
    insta::assert_snapshot!(request_text(SignatureVersion::Acs3, Format::Json).await);
}

#[tokio::test]
async fn acs3_in_xml() {
    insta::assert_snapshot!(request_text(SignatureVersion::Acs3, Format::Xml).await);
}

#[tokio::test]
async fn rpc_in_json() {
    insta::assert_snapshot!(request_text(SignatureVersion::Hmac1, Format::Json).await);
}

#[tokio::test]
async fn rpc_in_xml() {
    insta::assert_snapshot!(request_text(SignatureVersion::Hmac1, Format::Xml).await);
}
