//! Calls with the fake transport: the requests sent and the values returned.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod common;

use std::time::Duration;

use alicloud_core::testing::{DeterministicNonce, FakeTransport, Fault, ManualClock};
use alicloud_core::wire::Value;
use alicloud_core::{
    Call, CallFuture, Client, ClientBuilder, Credentials, Error, Format, Outcome, Preview,
    Response, SignatureVersion,
};
use common::*;

fn assert_send<T: Send>(value: T) -> T {
    value
}

#[test]
fn futures_and_errors_are_small() {
    fn future_size<T: IntoFuture>(_: &T) -> usize {
        size_of::<T::IntoFuture>()
    }
    let call = client(&FakeTransport::new()).call(&DESCRIBE, &describe(&["1"]));
    assert_eq!(size_of_val(&call), size_of::<usize>());
    assert!(future_size(&call) <= 256, "{}", future_size(&call));
    assert_eq!(size_of::<Error>(), size_of::<usize>());
}

#[test]
fn public_types_are_send_and_sync() {
    fn send_sync<T: Send + Sync>() {}
    send_sync::<Client>();
    send_sync::<Error>();
    send_sync::<Credentials>();
    send_sync::<FakeTransport>();
    send_sync::<Preview>();
    send_sync::<Response<DescribeResponse>>();
    let client = client(&FakeTransport::new());
    let call: Call<DescribeResponse> = assert_send(client.call(&DESCRIBE, &describe(&["1"])));
    drop(assert_send(call.into_future()));
    drop(assert_send(client.call(&DESCRIBE, &describe(&["1"])).response()));
    drop(assert_send(client.call(&DESCRIBE, &describe(&["1"])).preview()));
}

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
             x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,\
             Signature=ecca9576661068279c2088f610545fa3c2df9edc7840f906f1a1fc4680bc363f",
            "content-length: 0",
            "host: cdn.aliyuncs.com",
            "x-acs-action: DescribeRefreshTaskById",
            "x-acs-content-sha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
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
async fn json_and_xml_decode_to_the_same_value() {
    let fake = FakeTransport::new().respond("DescribeRefreshTaskById", &response());
    let client = client(&fake);
    for signature in [SignatureVersion::Acs3, SignatureVersion::Hmac1] {
        for format in [Format::Json, Format::Xml] {
            let call =
                client.call(&DESCRIBE, &describe(&["1"])).format(format).signature(signature);
            let got = call.response().await.unwrap();
            assert_eq!(got.value, response());
            assert_eq!(got.body.starts_with(b"<"), format == Format::Xml);
            assert_eq!(got.request_id, response().request_id);
            assert_eq!((got.status.as_u16(), got.attempts, got.issues.len()), (200, 1, 0));
        }
    }
}

#[tokio::test]
async fn decode_issues_are_returned_with_the_value() {
    let fake = FakeTransport::new().respond_raw(
        "DescribeRefreshTaskById",
        200,
        &[("x-acs-request-id", "from-the-head")],
        r#"{"TotalCount": "many", "Tasks": [{"TaskId": 7, "New": {}}]}"#,
    );
    let got = client(&fake).call(&DESCRIBE, &describe(&["1"])).response().await.unwrap();
    assert_eq!(got.value.total_count, None);
    assert_eq!(got.value.tasks[0].task_id.as_deref(), Some("7"));
    assert_eq!(got.issues[0].path, "TotalCount");
    assert_eq!(got.request_id.as_deref(), Some("from-the-head"));
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
async fn a_call_ends_at_its_timeout() {
    let clock = ManualClock::from_unix_seconds(1_767_323_045);
    let fake = FakeTransport::new().fault("DescribeRefreshTaskById", Fault::Hang);
    let client: Client =
        fixed_builder(&CDN).transport(fake.clone()).clock(clock.clone()).build().unwrap();
    let call = client.call(&DESCRIBE, &describe(&["1"])).timeout(Duration::from_secs(5));
    let task = tokio::spawn(call.into_future());
    while fake.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    clock.advance(Duration::from_secs(5));
    let error = task.await.unwrap().unwrap_err();
    assert!(error.is_timeout());
    assert_eq!(
        error.to_string(),
        "Cdn DescribeRefreshTaskById: timed out after 5s [outcome unknown, attempt 1]",
    );

    // With the system clock and the timer of the runtime.
    let client: Client = ClientBuilder::new(&CDN)
        .credentials(Credentials::new("id", SECRET))
        .transport(fake)
        .build()
        .unwrap();
    let call = client.call(&DESCRIBE, &describe(&["1"])).timeout(Duration::from_millis(20));
    assert!(call.await.unwrap_err().is_timeout());
}

/// Only the default transport needs a runtime.
#[test]
fn a_call_runs_without_a_runtime() {
    use std::task::{Context, Poll, Wake, Waker};

    struct ThreadWaker(std::thread::Thread);
    impl Wake for ThreadWaker {
        fn wake(self: std::sync::Arc<Self>) {
            self.0.unpark();
        }
    }
    fn block_on<F: std::future::Future>(future: F) -> F::Output {
        let mut future = Box::pin(future);
        let waker = Waker::from(std::sync::Arc::new(ThreadWaker(std::thread::current())));
        loop {
            match future.as_mut().poll(&mut Context::from_waker(&waker)) {
                Poll::Ready(output) => return output,
                Poll::Pending => std::thread::park(),
            }
        }
    }

    let fake = FakeTransport::new()
        .respond("DescribeRefreshTaskById", &response())
        .fault("DescribeRefreshTaskById", Fault::Hang);
    let client: Client = ClientBuilder::new(&CDN)
        .credentials(Credentials::new("id", SECRET))
        .transport(fake)
        .timeout(Duration::from_millis(30))
        .build()
        .unwrap();
    let call = || client.call(&DESCRIBE, &describe(&["1"])).into_future();
    assert_eq!(block_on(call()).unwrap(), response());
    assert!(block_on(call()).unwrap_err().is_timeout());
}

#[tokio::test]
async fn a_fake_returns_its_responses_in_order() {
    let fake = FakeTransport::new()
        .fault("DescribeRefreshTaskById", Fault::ConnectionRefused)
        .fault("DescribeRefreshTaskById", Fault::ConnectionReset)
        .fault("DescribeRefreshTaskById", Fault::ReadTimeout)
        .error("DescribeRefreshTaskById", 503, "ServiceUnavailable", "Try later.")
        .respond("DescribeRefreshTaskById", &response());
    let client = client(&fake);
    let call = || client.call(&DESCRIBE, &describe(&["1"])).no_retry();
    let error = call().await.unwrap_err();
    assert!(error.is_connect() && error.outcome() == Outcome::NotSent);
    let error = call().await.unwrap_err();
    assert!(!error.is_connect() && error.outcome() == Outcome::Unknown);
    let error = call().await.unwrap_err();
    assert!(error.is_timeout() && error.outcome() == Outcome::Unknown);
    let error = call().format(Format::Xml).await.unwrap_err();
    assert!(error.is_server_error() && error.code() == Some("ServiceUnavailable"));
    assert!(error.body().unwrap().starts_with(b"<Error>"));
    assert_eq!(call().await.unwrap(), response());
    assert_eq!(call().await.unwrap(), response());
    assert_eq!(fake.requests().len(), 6);

    let error = client
        .call(&REFRESH, &RefreshRequest { object_path: vec!["x".into()], ..Default::default() });
    let error = error.await.unwrap_err().to_string();
    assert!(
        error.contains(
            r#"no response for "RefreshObjectCaches", only for ["DescribeRefreshTaskById"]"#
        ),
        "{error}"
    );
}

#[tokio::test]
async fn any_response_can_be_decoded_as_a_json_value() {
    alicloud_core::wire::request! { struct AnyRequest -> Value { } }
    let fake = FakeTransport::new().respond_json("DescribeRefreshTaskById", r#"{"A": [1]}"#);
    let value = client(&fake).call(&DESCRIBE, &AnyRequest {}).await.unwrap();
    assert_eq!(value, serde_json::json!({"A": [1]}));
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

#[tokio::test]
async fn send_returns_the_future() {
    fn start(client: &Client) -> impl Future<Output = Result<Value, Error>> + Send + use<> {
        client.generic_call("DescribeRefreshTaskById").send()
    }
    fn assert_static<T: Send + Unpin + 'static>(value: T) -> T {
        value
    }
    let fake = FakeTransport::new().respond("DescribeRefreshTaskById", &response());
    let client = client(&fake);
    let future: CallFuture<DescribeResponse> =
        assert_static(client.call(&DESCRIBE, &describe(&["1"])).send());
    let generic: CallFuture<Value> = assert_static(client.generic_call("New").send());
    drop(generic);
    // Like every future, it does nothing until it is polled.
    assert!(fake.requests().is_empty());
    assert_eq!(tokio::spawn(future).await.unwrap().unwrap(), response());

    let mut tasks = tokio::task::JoinSet::new();
    for id in ["1", "2", "3"] {
        tasks.spawn(client.call(&DESCRIBE, &describe(&[id])).send());
    }
    for value in tasks.join_all().await {
        assert_eq!(value.unwrap(), response());
    }
    let (first, second) = tokio::join!(start(&client), start(&client));
    assert_eq!(first.unwrap()["TotalCount"], second.unwrap()["TotalCount"]);
    assert_eq!(fake.requests().len(), 6);
}
