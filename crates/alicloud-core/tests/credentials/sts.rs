//! Roles, with a server that acts as STS, and compared with requests of an official client.

mod clock;
mod oidc;

use std::collections::BTreeMap;
use std::time::Duration;

use alicloud_core::credentials::{
    AssumeRole, CredentialsUri, EcsMetadata, OidcRole, ProvideCredentials as _,
};
use alicloud_core::sign::rpc;
use alicloud_core::testing::{DeterministicNonce, FakeTransport};
use alicloud_core::{Client, Clock as _, Credentials};
use serde_json::Value;

use crate::server::{Server, ServerResponse, ok, unused_url};
use crate::{
    SECRET, TOKEN, assert_contains, clock, expect_credentials, expect_error, temporary, time_after,
    variables,
};

const NONCE: &str = "3156853299f313e23d1673dc12e1703d";

/// The response of STS.
fn response() -> String {
    let fields = temporary("2026-01-02T04:04:05Z");
    format!(r#"{{"RequestId":"1","AssumedRoleUser":{{"Arn":"a"}},"Credentials":{{{fields}}}}}"#)
}

/// Returns the host and the parameters of a recorded request of an official client.
fn recorded(name: &str) -> (String, BTreeMap<String, String>) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors/sts_requests_python.json");
    let all: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let id = format!("py-credentials/sts/{name}");
    let vector = all.iter().find(|vector| vector["id"] == id.as_str()).unwrap();
    let outputs = &vector["outputs"];
    let query = outputs["query_decoded"].as_object().unwrap().iter();
    let query = query.map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()));
    (outputs["host"].as_str().unwrap().to_owned(), query.collect())
}

/// Returns the parameters without the signature, and the signature for GET, which the official client
/// uses.
fn sign_as_get(mut form: BTreeMap<String, String>) -> (BTreeMap<String, String>, Option<String>) {
    form.remove("Signature");
    let pairs: Vec<_> = form.iter().map(|(name, value)| (&**name, &**value)).collect();
    let canonical = rpc::canonical_query("GET", &pairs);
    let signature = rpc::signature("testAccessKeySecret", canonical.string_to_sign());
    let is_signed = form.contains_key("SignatureMethod");
    (form, is_signed.then_some(signature))
}

fn base() -> Credentials {
    Credentials::new("testAccessKeyId", "testAccessKeySecret")
}

/// Responds in memory instead of the host of a vector.
fn fake(operation: &str) -> FakeTransport {
    FakeTransport::new().respond_json(operation, response())
}

/// Returns the host and the parameters of the only request.
fn only_request(fake: &FakeTransport) -> (String, BTreeMap<String, String>) {
    let requests = fake.requests();
    let request = requests.first().unwrap();
    assert_eq!((requests.len(), request.method().as_str()), (1, "POST"));
    assert_eq!(request.uri().query(), None, "parameters in a URL would be logged");
    assert_eq!(request.uri().scheme_str(), Some("https"));
    (request.uri().host().unwrap().to_owned(), request.params().iter().cloned().collect())
}

#[tokio::test]
async fn sends_the_same_requests_as_the_official_client() {
    let plain = fake("AssumeRole");
    let role = AssumeRole::new(base(), "acs:ram::1234567890123456:role/test")
        .session_name("sess")
        .duration(Duration::from_secs(900))
        .region("cn-hangzhou")
        .variables(variables(&[]))
        .transport(plain.clone())
        .clock(clock())
        .nonce_source(DeterministicNonce::constant(NONCE));
    assert_eq!(expect_credentials(&role).await, "ram_role_arn/static_ak");
    assert_matches_recording("AssumeRole", only_request(&plain));

    let chained = fake("AssumeRole");
    let role = AssumeRole::new(base().with_security_token("tok+/=="), "acs:ram::1:role/r")
        .session_name("s")
        .policy(r#"{"Version":"1","Statement":[]}"#)
        .external_id("ext")
        .variables(variables(&[
            ("ALIBABA_CLOUD_STS_REGION", "cn-shanghai"),
            ("ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED", "true"),
        ]))
        .transport(chained.clone())
        .clock(clock())
        .nonce_source(DeterministicNonce::constant(NONCE));
    expect_credentials(&role).await;
    assert_matches_recording("AssumeRole-sts-externalid-policy", only_request(&chained));

    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("token");
    std::fs::write(&file, "header.payload.signature\n").unwrap();
    let anonymous = fake("AssumeRoleWithOIDC");
    let role = OidcRole::new()
        .variables(variables(&[
            ("ALIBABA_CLOUD_ROLE_ARN", "acs:ram::1:role/r"),
            ("ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "acs:ram::1:oidc-provider/p"),
            ("ALIBABA_CLOUD_OIDC_TOKEN_FILE", file.to_str().unwrap()),
            ("ALIBABA_CLOUD_ROLE_SESSION_NAME", "s"),
        ]))
        .transport(anonymous.clone())
        .clock(clock());
    assert_eq!(expect_credentials(&role).await, "oidc_role_arn");
    assert_matches_recording("AssumeRoleWithOIDC", only_request(&anonymous));
}

fn assert_matches_recording(name: &str, (host, form): (String, BTreeMap<String, String>)) {
    let (recorded_host, mut recorded_form) = recorded(name);
    assert_eq!(host, recorded_host);
    let recorded_signature = recorded_form.remove("Signature");
    let has_signature = form.contains_key("Signature");
    let (form, signature) = sign_as_get(form);
    assert_eq!(form, recorded_form);
    assert_eq!(signature, recorded_signature, "the same parameters have the same signature");
    assert_eq!(has_signature, recorded_signature.is_some());
}

fn role(server: &str) -> AssumeRole {
    AssumeRole::new(base(), "acs:ram::1:role/r")
        .endpoint(server)
        .variables(variables(&[]))
        .clock(clock())
}

#[tokio::test]
async fn signs_the_posted_form() {
    let server = Server::start(|_, _| ok(response()));
    let credentials = role(&server.url()).credentials().await.unwrap();
    assert_eq!(credentials.expiration(), Some(time_after(3600)));
    let request = &server.requests()[0];
    assert_eq!((request.method.as_str(), request.target.as_str()), ("POST", "/"));
    assert_eq!(request.headers["content-type"], "application/x-www-form-urlencoded");
    let mut form = request.form();
    assert!(form["RoleSessionName"].starts_with("alicloud-rust-1767323045"));
    let signature = form.remove("Signature").unwrap();
    let pairs: Vec<_> = form.iter().map(|(name, value)| (&**name, &**value)).collect();
    let canonical = rpc::canonical_query("POST", &pairs);
    assert_eq!(signature, rpc::signature("testAccessKeySecret", canonical.string_to_sign()));
}

#[tokio::test]
async fn retries_transient_errors_with_a_new_nonce() {
    let throttled = r#"{"Code":"Throttling.User","Message":"slow down"}"#;
    let server = Server::start(move |_, index| match index {
        0 => ServerResponse::Status(503, String::new()),
        1 => ServerResponse::Status(400, throttled.to_owned()),
        _ => ok(response()),
    });
    let clock = clock();
    expect_credentials(&role(&server.url()).clock(clock.clone())).await;
    let mut nonces: Vec<_> =
        server.requests().iter().map(|request| request.form()["SignatureNonce"].clone()).collect();
    nonces.sort();
    nonces.dedup();
    assert_eq!(nonces.len(), 3);
    assert_eq!(clock.elapsed(), Duration::from_secs(1), "both delays");

    let closing = Server::start(|_, _| ServerResponse::Close);
    let error = expect_error(&role(&closing.url())).await;
    let cause = "the connection was closed";
    assert_contains(&error, &["ram_role_arn/static_ak: STS at 127.0.0.1:", cause]);
    assert_eq!(closing.requests().len(), 3);
    assert_contains(&expect_error(&role(&unused_url())).await, &["could not connect"]);
}

#[tokio::test]
async fn errors_show_the_error_code_of_sts_and_no_secrets() {
    let body = format!(
        r#"{{"Code":"NoPermission","Message":"You are not authorized. string to sign: POST&SecurityToken={TOKEN} testAccessKeySecret\n2nd line","RequestId":"8D1A"}}"#
    );
    let server = Server::start(move |_, _| ServerResponse::Status(403, body.clone()));
    let provider = AssumeRole::new(base().with_security_token(TOKEN), "acs:ram::1:role/r")
        .endpoint(server.url())
        .variables(variables(&[]))
        .clock(clock());
    let error = expect_error(&provider).await;
    assert_contains(&error, &["NoPermission (HTTP 403)", "<redacted>", "[request id 8D1A]"]);
    assert!(!error.to_string().contains("testAccessKeySecret"), "{error}");
    assert_eq!(server.requests().len(), 1, "a rejection is not retried");

    for (body, part) in [
        ("<html>sesame</html>", "the response of STS is not JSON"),
        (r#"{"RequestId":"1"}"#, "the response of STS has no `Credentials`"),
        (r#"{"Credentials":{}}"#, "has no `Expiration`"),
    ] {
        let server = Server::start(move |_, _| ok(body));
        assert_contains(&expect_error(&role(&server.url())).await, &[part]);
    }
}

#[tokio::test]
async fn no_body_of_sts_is_excerpted() {
    for body in [
        "upstream failed after it issued sesame".to_owned(),
        r#"{"Credentials":{"AccessKeySecret":"sesame","SecurityToken":"sesame"}}"#.to_owned(),
        r#"{"Credentials":{"AccessKeySecret":"sesame","#.to_owned(),
        "<AssumeRoleResponse><Key>sesame</Key></AssumeRoleResponse>".to_owned(),
        format!("<html>{}sesame</html>", " ".repeat(500)),
    ] {
        let length = body.len();
        let server = Server::start(move |_, _| ServerResponse::Status(400, body.clone()));
        let error = expect_error(&role(&server.url())).await;
        assert_contains(
            &error,
            &["HTTP 400 without an error code (", &format!(", {length} bytes)")],
        );
    }
    let body = "<E><Message>&#115;trange \u{202e}token</Message><RequestId>8\u{200b}D&#10;1A</RequestId></E>";
    let server = Server::start(move |_, _| ServerResponse::Status(400, body.to_owned()));
    let error = expect_error(&role(&server.url())).await;
    assert_contains(&error, &["HTTP 400: strange token", "[request id 8D 1A]"]);
    assert!(!error.to_string().contains(['\u{202e}', '\u{200b}', '\n']), "{error:?}");
}

#[tokio::test]
async fn what_sts_says_is_shown_without_new_credentials() {
    for text in [
        "SecurityToken=CAISsesame",
        "SecurityToken=CAISabc+sesame/x== is bad",
        "SecurityToken: CAISabc\n  1sesame ok",
        "AccessKeySecret=sesame&SecurityToken=CAISsesame",
        "SecurityToken%3DCAIS%2Fsesame%26Foo%3D1",
        "{\"SecurityToken\" : \"CAISsesame\"}",
        r#"{\"AccessKeySecret\":\"sesame\"}"#,
        "<SecurityToken>CAISsesame</SecurityToken>",
        "&lt;SecurityToken&gt;CAISsesame&lt;/SecurityToken&gt;",
        "access_key_secret: 'sesame'",
    ] {
        for name in ["Code", "Message", "RequestId"] {
            let mut body = serde_json::json!({"Code": "X", "Message": "shown text"});
            body[name] = text.into();
            let server = Server::start(move |_, _| ServerResponse::Status(400, body.to_string()));
            let error = expect_error(&role(&server.url())).await;
            assert_contains(&error, &["HTTP 400", "<redacted>"]);
            assert!(!error.to_string().contains("sesame"), "{error}");
        }
        let content_type = text.replace('\n', " ");
        let headers = [("content-type", content_type.as_str())];
        let sts = FakeTransport::new().respond_raw("AssumeRole", 400, &headers, "x");
        let error = expect_error(&role("sts.aliyuncs.com").transport(sts)).await;
        assert_contains(&error, &["<redacted>"]);
        assert!(!error.to_string().contains("sesame"), "{error}");
        let sidecar = FakeTransport::new().respond_raw("", 400, &headers, "x");
        let provider = CredentialsUri::new().uri("http://127.0.0.1/c").direct_transport(sidecar);
        let error = expect_error(&provider).await;
        assert_contains(&error, &["<redacted>"]);
        assert!(!error.to_string().contains("sesame"), "{error}");
    }
    for text in
        ["The specified SecurityToken is malformed", "token expired; see https://example.com"]
    {
        let body = serde_json::json!({"Code": "InvalidSecurityToken.Malformed", "Message": text});
        let server = Server::start(move |_, _| ServerResponse::Status(400, body.to_string()));
        let error = expect_error(&role(&server.url())).await;
        assert_contains(&error, &["InvalidSecurityToken.Malformed", text]);
    }
    // The rest of the sentence is shown.
    let body = r#"{"Code":"X","Message":"SecurityToken=CAISabc+sesame is bad"}"#;
    let server = Server::start(move |_, _| ServerResponse::Status(400, body.to_owned()));
    assert_contains(
        &expect_error(&role(&server.url())).await,
        &["SecurityToken=<redacted> is bad"],
    );
}

#[tokio::test]
async fn an_endpoint_is_shown_without_its_user_name_password_and_query() {
    for endpoint in [
        "https://user:sesame@sts.aliyuncs.com",
        "socks5://user:sesame@",
        "::u:sesame@::",
        "https://sts.aliyuncs.com?x=sesame",
        r"https://sts.aliyuncs.com\@user:sesame",
    ] {
        let provider = role(endpoint);
        assert!(!format!("{provider:?}").contains("sesame"), "{provider:?}");
        assert_contains(&expect_error(&provider).await, &["the STS endpoint must be a host"]);
        let provider = EcsMetadata::new().endpoint(endpoint).variables(variables(&[]));
        assert!(!format!("{provider:?}").contains("sesame"), "{provider:?}");
        assert_contains(&expect_error(&provider).await, &["the endpoint "]);
        let builder = Client::generic("Cdn", "2018-05-10", endpoint).credentials(base());
        assert!(!format!("{builder:?}").contains("sesame"), "{builder:?}");
        let error = builder.build().unwrap_err();
        assert!(!format!("{error} {error:?}").contains("sesame"), "{error}");
    }
}

#[tokio::test]
async fn rejects_invalid_settings_before_sending() {
    let server = Server::start(|_, _| ok(response()));
    let valid = || role(&server.url());
    for (invalid, part) in [
        (valid().endpoint("no host at all"), "the STS endpoint must be a host"),
        (valid().session_name("a/b"), "the session name must be at most 64"),
        (valid().duration(Duration::from_secs(1)), "the session duration must be at least 900"),
        (AssumeRole::new(base(), " ").clock(clock()), "the role ARN is empty"),
        (
            AssumeRole::new(Credentials::new("id", "sesame\n"), "acs:ram::1:role/r"),
            "ram_role_arn/static_ak: the access key secret ends with a space",
        ),
    ] {
        assert_contains(&expect_error(&invalid).await, &[part]);
    }
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn roles_can_be_chained() {
    let first = Server::start(|_, _| ok(response()));
    let second = Server::start(|_, _| ok(response()));
    let provider = AssumeRole::new(role(&first.url()), "acs:ram::2:role/r")
        .endpoint(second.url())
        .variables(variables(&[]))
        .clock(clock());
    assert_eq!(expect_credentials(&provider).await, "ram_role_arn/ram_role_arn/static_ak");
    assert_eq!(second.requests()[0].form()["SecurityToken"], TOKEN);
    assert!(!second.requests()[0].body.contains(SECRET));
}
