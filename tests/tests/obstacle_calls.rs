//! Calls with the clients of the test product `obstacle`: RPC, ROA and anonymous operations, with the
//! real encoding and signing.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests may panic")]

use alicloud_core::testing::FakeTransport;
use alicloud_core::{Credentials, Outcome, SignatureVersion};
use alicloud_obstacle::model::{
    AnonymousRequest, BytesRootRequest, CreateOnceRequest, GetOnlyRequest, TextBodyRequest,
};
use alicloud_obstacle_roa::model::{
    DescribeThingRequest, PutThingRequest, StopThingRequest, ThingAclRequest, WholePathRequest,
    put_thing,
};

fn rpc_client(fake: &FakeTransport) -> alicloud_obstacle::Client {
    alicloud_obstacle::Client::builder()
        .credentials(Credentials::new("id", "secret"))
        .region("cn-hangzhou")
        .transport(fake.clone())
        .build()
        .unwrap()
}

fn roa_client(fake: &FakeTransport, signature: SignatureVersion) -> alicloud_obstacle_roa::Client {
    alicloud_obstacle_roa::Client::builder()
        .credentials(Credentials::new("id", "secret"))
        .region("eu-central-1")
        .signature(signature)
        .transport(fake.clone())
        .build()
        .unwrap()
}

#[tokio::test]
async fn roa_calls_encode_path_query_header_and_body() {
    for signature in [SignatureVersion::Acs3, SignatureVersion::Hmac1] {
        let fake = FakeTransport::new()
            .respond_json("DescribeThing", "{}")
            .respond_raw("StopThing", 204, &[], "")
            .respond_json("ThingAcl", r#"[{"Grant": "read"}]"#)
            .respond_json("WholePath", r#"{"x": [1]}"#)
            .respond_raw("PutThing", 204, &[], "");
        let client = roa_client(&fake, signature);
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
        let request_lines: Vec<String> = requests
            .iter()
            .map(|request| format!("{} {}", request.method(), request.uri()))
            .collect();
        let host = "https://obstacle.eu-central-1.aliyuncs.com";
        // An empty parameter.
        let acl = match signature {
            SignatureVersion::Hmac1 => "acl",
            _ => "acl=",
        };
        assert_eq!(
            request_lines,
            [
                format!("GET {host}/things/a%2Fb%20c?Kind=a"),
                format!("POST {host}/things/t:stop"),
                format!("GET {host}/things?{acl}"),
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
async fn rpc_calls_use_the_documented_methods_and_body_types() {
    let fake = FakeTransport::new()
        .respond_raw("BytesRoot", 200, &[], "\u{0}bytes")
        .respond_raw("TextBody", 200, &[], "")
        .respond_raw("GetOnly", 200, &[], "plain text")
        .respond_json("CreateOnce", r#"{"TaskId": "t"}"#);
    let client = rpc_client(&fake);
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
        requests[3..].iter().map(|request| request.param("ClientToken").unwrap()).collect();
    assert!(
        tokens[0].len() >= 16 && tokens[0] != tokens[1],
        "each call has its own token: {tokens:?}"
    );
}

#[tokio::test]
async fn anonymous_calls_need_no_credentials_and_are_not_signed() {
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
async fn an_unknown_region_follows_the_rule_and_a_missing_one_is_an_error() {
    let build = |region: Option<&str>| {
        let builder = alicloud_obstacle::Client::builder()
            .credentials(Credentials::new("id", "secret"))
            .transport(FakeTransport::new());
        region.into_iter().fold(builder, |builder, region| builder.region(region)).build()
    };
    let client = build(Some("mars-north-1")).unwrap();
    assert_eq!(client.core().endpoint(), "https://obstacle.mars-north-1.aliyuncs.com");
    let error = build(None).unwrap_err().to_string();
    assert!(error.contains("ALIBABA_CLOUD_REGION_ID"), "{error}");
    let error = build(Some("Mars North")).unwrap_err().to_string();
    assert!(error.contains("\"Mars North\""), "{error}");
}
