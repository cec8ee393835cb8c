//! The requests sent: their parts, parameters and signatures.

use alicloud_core::testing::FakeTransport;
use alicloud_core::{Client, ClientBuilder, Credentials, Outcome, SignatureVersion, sign};

use crate::common::*;

#[tokio::test]
async fn acs3_requests_are_exact() {
    let fake = FakeTransport::new().respond("DescribeRefreshTaskById", &response());
    let value = client(&fake).call(&DESCRIBE, &describe(&["12345678", "23456789"])).await.unwrap();
    assert_eq!(value, response());

    let request = &fake.requests()[0];
    assert_eq!(request.method(), "POST");
    assert_eq!(request.uri(), "https://cdn.aliyuncs.com/?TaskId=12345678%2C23456789");
    assert_eq!(request.body().len(), 0);
    let mut headers: Vec<String> = request
        .headers()
        .iter()
        .filter(|(name, _)| *name != "user-agent")
        .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
        .collect();
    headers.sort();
    assert_eq!(
        headers,
        [
            "accept: application/json",
            "authorization: ACS3-HMAC-SHA256 Credential=testAccessKeyId,SignedHeaders=host;x-acs-action;\
             x-acs-content-sha256;x-acs-credentials-provider;x-acs-date;x-acs-signature-nonce;x-acs-version,\
             Signature=2dd3c3b8bb198817303541c83802daf2c7cba1cd749e20934bf619008431432a",
            "content-length: 0",
            "host: cdn.aliyuncs.com",
            "x-acs-action: DescribeRefreshTaskById",
            "x-acs-content-sha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "x-acs-credentials-provider: static_ak",
            "x-acs-date: 2026-01-02T03:04:05Z",
            "x-acs-signature-nonce: 3156853299f313e23d1673dc12e1703d",
            "x-acs-version: 2018-05-10",
        ],
    );
    let agent = request.header("user-agent").unwrap();
    assert!(agent.starts_with("AlibabaCloud (") && agent.contains(" Core/"), "{agent}");
}

#[tokio::test]
async fn rpc_requests_are_exact() {
    let fake = FakeTransport::new().respond("DescribeRefreshTaskById", &response());
    let client = fixed_builder(&CDN)
        .transport(fake.clone())
        .signature(SignatureVersion::Hmac1)
        .build()
        .unwrap();
    let client: Client = client;
    client.call(&DESCRIBE, &describe(&["12345678"])).await.unwrap();
    let request = &fake.requests()[0];
    assert_eq!(
        request.uri(),
        "https://cdn.aliyuncs.com/?AccessKeyId=testAccessKeyId&Action=DescribeRefreshTaskById&Format=JSON\
         &SignatureMethod=HMAC-SHA1&SignatureNonce=3156853299f313e23d1673dc12e1703d&SignatureVersion=1.0\
         &TaskId=12345678&Timestamp=2026-01-02T03%3A04%3A05Z&Version=2018-05-10\
         &Signature=%2BNkUuOA5acMLQRTNz%2Bn%2F59eWzUI%3D",
    );
    assert!(request.header("authorization").is_none());
}

#[tokio::test]
async fn a_form_is_sent_in_the_body_and_signed() {
    let request = RefreshRequest {
        object_path: vec![
            "http://example.com/1 b.png".to_owned(),
            "http://example.com/目录/".to_owned(),
        ],
        owner: Some(42),
        client_token: None,
    };
    let body = "ObjectPath=http%3A%2F%2Fexample.com%2F1%20b.png%0Ahttp%3A%2F%2Fexample.com%2F%E7%9B%AE%E5%BD%95%2F";
    for signature in [SignatureVersion::Acs3, SignatureVersion::Hmac1] {
        let fake = FakeTransport::new().respond_json("RefreshObjectCaches", "{}");
        let client =
            fixed_builder(&CDN).transport(fake.clone()).signature(signature).build().unwrap();
        let client: Client = client;
        client.call(&REFRESH, &request).await.unwrap();
        let sent = &fake.requests()[0];
        assert_eq!(sent.body(), body);
        assert_eq!(sent.header("content-type"), Some("application/x-www-form-urlencoded"));
        assert_eq!(sent.param("OwnerId"), Some("42"));
        assert_eq!(
            sent.param("ObjectPath"),
            Some("http://example.com/1 b.png\nhttp://example.com/目录/")
        );
        // The client generates the idempotency token that the request lacks.
        assert_eq!(sent.param("ClientToken").unwrap().len(), 32);
        assert!(sent.uri().query().unwrap().contains("OwnerId=42"));
    }
}

#[tokio::test]
async fn path_parameters_and_a_json_body_are_sent() {
    let request = ClusterRequest {
        id: Some("a b/ü".to_owned()),
        force: Some(true),
        trace: Some("t-1".to_owned()),
        body: Some(serde_json::json!({"name": "默认"})),
    };
    for signature in [SignatureVersion::Acs3, SignatureVersion::Hmac1] {
        let fake = FakeTransport::new().respond("ModifyCluster", &response());
        let client: Client =
            fixed_builder(&CS).transport(fake.clone()).signature(signature).build().unwrap();
        client.call(&CLUSTER, &request).await.unwrap();
        let sent = &fake.requests()[0];
        assert_eq!(sent.method(), "PUT");
        assert_eq!(sent.uri(), "https://cs.aliyuncs.com/clusters/a%20b%2F%C3%BC?api=2&force=true");
        assert_eq!(sent.body(), r#"{"name":"默认"}"#);
        assert_eq!(sent.header("content-type"), Some("application/json; charset=utf-8"));
        assert_eq!(sent.header("x-trace"), Some("t-1"));
        let authorization = sent.header("authorization").unwrap();
        match signature {
            SignatureVersion::Acs3 => {
                assert!(authorization.contains("SignedHeaders=content-type;host;x-acs-"))
            }
            _ => {
                assert!(authorization.starts_with("acs testAccessKeyId:"));
                assert_eq!(sent.header("date"), Some("Fri, 02 Jan 2026 03:04:05 GMT"));
            }
        }
    }
    for id in [".", ".."] {
        let fake = FakeTransport::new().respond("ModifyCluster", &response());
        let client: Client = fixed_builder(&CS).transport(fake.clone()).build().unwrap();
        let request = ClusterRequest { id: Some(id.to_owned()), ..ClusterRequest::default() };
        let error = client.call(&CLUSTER, &request).await.unwrap_err();
        assert_eq!(error.outcome(), Outcome::NotSent);
        assert!(error.to_string().contains("is not allowed in a path"), "{error}");
        assert!(fake.requests().is_empty());
    }
}

#[tokio::test]
async fn the_security_token_of_temporary_credentials_is_signed() {
    let credentials = Credentials::new("id", SECRET).with_security_token(TOKEN);
    let fake = FakeTransport::new().respond("DescribeRefreshTaskById", &response());
    let client: Client =
        fixed_builder(&CDN).transport(fake.clone()).credentials(credentials).build().unwrap();
    client.call(&DESCRIBE, &describe(&["1"])).await.unwrap();
    client.call(&DESCRIBE, &describe(&["1"])).signature(SignatureVersion::Hmac1).await.unwrap();
    let [acs3, rpc] = &fake.requests()[..] else { panic!() };
    assert_eq!(acs3.header("x-acs-security-token"), Some(TOKEN));
    assert_eq!(acs3.header("x-acs-accesskey-id"), Some("id"));
    let signed = acs3.header("authorization").unwrap();
    assert!(
        signed.contains("x-acs-accesskey-id;") && signed.contains("x-acs-security-token;"),
        "{signed}"
    );
    assert_eq!(rpc.param("SecurityToken"), Some(TOKEN));
    for shown in [format!("{acs3:?}"), format!("{rpc:?}")] {
        assert!(!shown.contains("Nobody"), "{shown}");
        assert!(!shown.contains(rpc.param("Signature").unwrap()), "{shown}");
    }
}

#[tokio::test]
async fn parameters_can_be_added_and_replaced() {
    let fake = FakeTransport::new().respond("DescribeRefreshTaskById", &response());
    let call = client(&fake).call(&DESCRIBE, &describe(&["1"]));
    call.query_param("OwnerId", "4 2").query_param("TaskId", "2").await.unwrap();
    assert_eq!(fake.requests()[0].uri(), "https://cdn.aliyuncs.com/?OwnerId=4%202&TaskId=2");
}

#[tokio::test]
async fn an_invalid_request_is_not_sent() {
    let fake = FakeTransport::new().respond("DescribeRefreshTaskById", &response());
    for ids in [&[][..], &["1"; 11][..], &["1", ""], &["1,2"]] {
        let error = client(&fake).call(&DESCRIBE, &describe(ids)).await.unwrap_err();
        assert!(error.is_invalid_request());
        assert_eq!((error.outcome(), error.attempts()), (Outcome::NotSent, 0));
        let text = error.to_string();
        assert!(text.starts_with("Cdn DescribeRefreshTaskById: parameter TaskId: "), "{text}");
        assert!(text.ends_with(" [not sent]"), "{text}");
    }
    assert!(fake.requests().is_empty());
}

#[tokio::test]
async fn each_call_has_its_own_nonce() {
    let fake = FakeTransport::new().respond("DescribeRefreshTaskById", &response());
    let client: Client = ClientBuilder::new(&CDN)
        .credentials(Credentials::new("id", SECRET))
        .transport(fake.clone())
        .build()
        .unwrap();
    for _ in 0..100 {
        client.call(&DESCRIBE, &describe(&["1"])).await.unwrap();
    }
    let mut nonces: Vec<String> = fake
        .requests()
        .iter()
        .map(|sent| sent.header("x-acs-signature-nonce").unwrap().to_owned())
        .collect();
    nonces.sort();
    nonces.dedup();
    assert_eq!(nonces.len(), 100);
    assert!(nonces.iter().all(|nonce| nonce.len() == 32));
}

/// The official clients disagree on this case; the documentation of `roa::string_to_sign` has the evidence.
#[tokio::test]
async fn roa_with_hmac_sha1_sends_and_signs_the_name_of_an_empty_parameter_alone() {
    let fake = FakeTransport::new().respond_json("DescribeClusters", "{}");
    let client: Client = fixed_builder(&CS).transport(fake.clone()).build().unwrap();
    let call = |signature| {
        let call = client.generic_call("DescribeClusters").roa("GET", "/clusters?empty");
        let call = call.param("b", "").param("a", "=").param("c", "d=").param("Z", "");
        call.into_call().signature(signature).into_future()
    };
    call(SignatureVersion::Hmac1).await.unwrap();
    let request = fake.requests().remove(0);
    assert_eq!(request.uri().path_and_query().unwrap(), "/clusters?Z&a=%3D&b&c=d%3D&empty");
    assert_eq!((request.param("b"), request.param("c")), (Some(""), Some("d=")));
    let header = |name| request.header(name).unwrap();
    let signed_headers = [
        "x-acs-action",
        "x-acs-credentials-provider",
        "x-acs-signature-method",
        "x-acs-signature-nonce",
        "x-acs-signature-version",
        "x-acs-version",
    ];
    let lines = signed_headers.into_iter().map(|name| format!("{name}:{}\n", header(name)));
    let string_to_sign = format!(
        "GET\napplication/json\n\n\n{}\n{}/clusters?Z&a==&b&c=d=&empty",
        header("date"),
        lines.collect::<String>(),
    );
    let signature = sign::roa::signature("testAccessKeySecret", &string_to_sign);
    let authorization = sign::roa::authorization("testAccessKeyId", &signature);
    assert_eq!(header("authorization"), authorization);

    // In the other signature, the official clients agree on `name=`.
    call(SignatureVersion::Acs3).await.unwrap();
    let request = fake.requests().remove(1);
    assert_eq!(request.uri().query(), Some("Z=&a=%3D&b=&c=d%3D&empty="));
}
