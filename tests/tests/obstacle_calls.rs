//! Calls of the obstacle course through the real encoding and signing: by name, by path, unsigned.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where it fails"
)]

use alicloud_core::testing::FakeTransport;
use alicloud_core::{Credentials, Outcome, SignatureVersion};
use alicloud_obstacle::model::{
    AnonymousRequest, BytesRootRequest, CreateOnceRequest, GetOnlyRequest, TextBodyRequest,
};
use alicloud_obstacle_roa::model::{
    DescribeThingRequest, PutThingRequest, StopThingRequest, ThingAclRequest, WholePathRequest,
    put_thing,
};

fn by_name(fake: &FakeTransport) -> alicloud_obstacle::Client {
    alicloud_obstacle::Client::builder()
        .credentials(Credentials::new("id", "secret"))
        .region("cn-hangzhou")
        .transport(fake.clone())
        .build()
        .unwrap()
}

fn by_path(fake: &FakeTransport, signature: SignatureVersion) -> alicloud_obstacle_roa::Client {
    alicloud_obstacle_roa::Client::builder()
        .credentials(Credentials::new("id", "secret"))
        .region("eu-central-1")
        .signature(signature)
        .transport(fake.clone())
        .build()
        .unwrap()
}

#[tokio::test]
async fn a_path_takes_its_values_segment_by_segment() {
    for signature in [SignatureVersion::Acs3, SignatureVersion::Hmac1] {
        let fake = FakeTransport::new()
            .respond_json("DescribeThing", "{}")
            .respond_raw("StopThing", 204, &[], "")
            .respond_json("ThingAcl", r#"[{"Grant": "read"}]"#)
            .respond_json("WholePath", r#"{"x": [1]}"#)
            .respond_raw("PutThing", 204, &[], "");
        let client = by_path(&fake, signature);
        client.describe_thing(DescribeThingRequest::new("a/b c").kind("a")).await.unwrap();
        client.stop_thing(StopThingRequest::new("t")).await.unwrap();
        let acl = client.thing_acl(ThingAclRequest::new()).await.unwrap();
        assert_eq!(acl[0].grant.as_deref(), Some("read"));
        client.whole_path(WholePathRequest::new("/api/v1/provider x/y")).await.unwrap();
        client
            .put_thing(PutThingRequest::new(7).body(put_thing::Body::new("n")).workspace("w"))
            .await
            .unwrap();

        let requests = fake.requests();
        let sent: Vec<String> =
            requests.iter().map(|one| format!("{} {}", one.method(), one.uri())).collect();
        let host = "https://obstacle.eu-central-1.aliyuncs.com";
        assert_eq!(
            sent,
            [
                format!("GET {host}/things/a%2Fb%20c?Kind=a"),
                format!("POST {host}/things/t:stop"),
                format!("GET {host}/things?acl="),
                format!("GET {host}/api/v1/provider%20x/y"),
                format!("PUT {host}/things/7/"),
            ]
        );
        assert_eq!(requests[4].body().as_ref(), br#"{"Name":"n"}"#);
        assert_eq!(requests[4].header("workspace"), Some("w"));
        for request in &requests {
            let authorization = request.header("authorization").unwrap();
            let scheme =
                if signature == SignatureVersion::Acs3 { "ACS3-HMAC-SHA256 " } else { "acs id:" };
            assert!(authorization.starts_with(scheme), "{authorization}");
        }
        let error = client.whole_path(WholePathRequest::new("/a/../b")).await.unwrap_err();
        assert_eq!(error.outcome(), Outcome::NotSent, "{error}");
    }
}

#[tokio::test]
async fn other_bodies_and_methods_go_as_they_are_described() {
    let fake = FakeTransport::new()
        .respond_raw("BytesRoot", 200, &[], "\u{0}bytes")
        .respond_raw("TextBody", 200, &[], "")
        .respond_raw("GetOnly", 200, &[], "plain text")
        .respond_json("CreateOnce", r#"{"TaskId": "t"}"#);
    let client = by_name(&fake);
    let bytes = client.bytes_root(BytesRootRequest::new().body(&b"\x01\x02"[..])).await.unwrap();
    assert_eq!(&bytes[..], b"\0bytes");
    client.text_body(TextBodyRequest::new("just text").x_custom("c")).await.unwrap();
    assert_eq!(client.get_only(GetOnlyRequest::new()).await.unwrap(), "plain text");
    client.create_once(CreateOnceRequest::new()).await.unwrap();
    client.create_once(CreateOnceRequest::new()).await.unwrap();

    let requests = fake.requests();
    assert_eq!(
        (requests[0].body().as_ref(), requests[0].header("content-type")),
        (&b"\x01\x02"[..], Some("application/octet-stream"))
    );
    assert_eq!(
        (requests[1].body().as_ref(), requests[1].header("x-custom")),
        (&b"just text"[..], Some("c"))
    );
    assert_eq!(requests[2].method().as_str(), "GET");
    let tokens: Vec<_> =
        requests[3..].iter().map(|one| one.param("ClientToken").unwrap()).collect();
    assert!(tokens[0].len() >= 16 && tokens[0] != tokens[1], "a fresh token a call: {tokens:?}");
}

#[tokio::test]
async fn an_anonymous_operation_needs_no_credentials_and_has_no_signature() {
    let fake = FakeTransport::new().respond_json("Anonymous", r#"{"Ok": true}"#);
    let client: alicloud_obstacle::Client = alicloud_obstacle::Client::builder()
        .credentials(alicloud_core::credentials::Environment::from_variables(
            alicloud_core::credentials::Variables::from_pairs([("NOTHING", "here")]),
        ))
        .region("cn-hangzhou")
        .transport(fake.clone())
        .build()
        .unwrap();
    assert_eq!(client.anonymous(AnonymousRequest::new()).await.unwrap().ok, Some(true));
    assert_eq!(fake.requests()[0].header("authorization"), None);
}

#[tokio::test]
async fn a_region_without_an_endpoint_is_an_error_that_names_what_was_tried() {
    let error = alicloud_obstacle::Client::builder()
        .credentials(Credentials::new("id", "secret"))
        .region("mars-north-1")
        .transport(FakeTransport::new())
        .build()
        .map(|client: alicloud_obstacle::Client| client)
        .unwrap_err();
    assert!(error.to_string().contains("mars-north-1"), "{error}");
}
