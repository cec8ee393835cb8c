//! Roles, against a server that plays STS, and against what an official client sent.

use std::collections::BTreeMap;
use std::time::Duration;

use alicloud_core::credentials::{AssumeRole, OidcRole, ProvideCredentials as _};
use alicloud_core::sign::rpc;
use alicloud_core::testing::{DeterministicNonce, FakeTransport};
use alicloud_core::{Clock as _, Credentials};
use serde_json::Value;

use crate::server::{Answer, Server, nowhere, ok};
use crate::{SECRET, TOKEN, after, clock, found, refused, says, temporary, variables};

const NONCE: &str = "3156853299f313e23d1673dc12e1703d";

/// What STS answers.
fn response() -> String {
    let fields = temporary("2026-01-02T04:04:05Z");
    format!(r#"{{"RequestId":"1","AssumedRoleUser":{{"Arn":"a"}},"Credentials":{{{fields}}}}}"#)
}

/// A request that an official client sent, by the end of its id.
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

/// The parameters without the signature, which is that of another method; and what it would be for
/// GET, as the official client sends it.
fn as_get(mut form: BTreeMap<String, String>) -> (BTreeMap<String, String>, Option<String>) {
    form.remove("Signature");
    let pairs: Vec<_> = form.iter().map(|(name, value)| (&**name, &**value)).collect();
    let canonical = rpc::canonical_query("GET", &pairs);
    let signature = rpc::signature("testAccessKeySecret", canonical.string_to_sign());
    let signed = form.contains_key("SignatureMethod");
    (form, signed.then_some(signature))
}

fn base() -> Credentials {
    Credentials::new("testAccessKeyId", "testAccessKeySecret")
}

/// Answers for memory instead of a host that a vector names.
fn fake(operation: &str) -> FakeTransport {
    FakeTransport::new().respond_json(operation, response())
}

fn sent(fake: &FakeTransport) -> (String, BTreeMap<String, String>) {
    let requests = fake.requests();
    let request = requests.first().unwrap();
    assert_eq!((requests.len(), request.method().as_str()), (1, "POST"));
    assert_eq!(request.uri().query(), None, "a URL is logged");
    assert_eq!(request.uri().scheme_str(), Some("https"));
    (request.uri().host().unwrap().to_owned(), request.params().iter().cloned().collect())
}

#[tokio::test]
async fn sends_what_the_official_client_sends() {
    let plain = fake("AssumeRole");
    let role = AssumeRole::new(base(), "acs:ram::1234567890123456:role/test")
        .session_name("sess")
        .duration(Duration::from_secs(900))
        .region("cn-hangzhou")
        .variables(variables(&[]))
        .transport(plain.clone())
        .clock(clock())
        .nonce_source(DeterministicNonce::constant(NONCE));
    assert_eq!(found(&role).await, "ram_role_arn/static");
    check_against("AssumeRole", sent(&plain));

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
    found(&role).await;
    check_against("AssumeRole-sts-externalid-policy", sent(&chained));

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
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
    assert_eq!(found(&role).await, "oidc_role_arn");
    check_against("AssumeRoleWithOIDC", sent(&anonymous));
}

fn check_against(name: &str, (host, form): (String, BTreeMap<String, String>)) {
    let (known_host, mut known) = recorded(name);
    assert_eq!(host, known_host);
    let known_signature = known.remove("Signature");
    let own = form.get("Signature").cloned();
    let (form, signature) = as_get(form);
    assert_eq!(form, known);
    assert_eq!(signature, known_signature, "the same parameters have the same signature");
    assert_eq!(own.is_some(), known_signature.is_some());
}

fn role(server: &str) -> AssumeRole {
    AssumeRole::new(base(), "acs:ram::1:role/r")
        .endpoint(server)
        .variables(variables(&[]))
        .clock(clock())
}

#[tokio::test]
async fn signs_the_form_that_it_posts() {
    let server = Server::start(|_, _| ok(response()));
    let credentials = role(&server.url()).credentials().await.unwrap();
    assert_eq!(credentials.expiration(), Some(after(3600)));
    let seen = &server.requests()[0];
    assert_eq!((seen.method.as_str(), seen.target.as_str()), ("POST", "/"));
    assert_eq!(seen.headers["content-type"], "application/x-www-form-urlencoded");
    let mut form = seen.form();
    assert!(form["RoleSessionName"].starts_with("alicloud-rust-1767323045"));
    let signature = form.remove("Signature").unwrap();
    let pairs: Vec<_> = form.iter().map(|(name, value)| (&**name, &**value)).collect();
    let canonical = rpc::canonical_query("POST", &pairs);
    assert_eq!(signature, rpc::signature("testAccessKeySecret", canonical.string_to_sign()));
}

#[tokio::test]
async fn asks_again_when_that_can_help_and_with_a_new_nonce() {
    let throttled = r#"{"Code":"Throttling.User","Message":"slow down"}"#;
    let server = Server::start(move |_, number| match number {
        0 => Answer::Say(503, String::new()),
        1 => Answer::Say(400, throttled.to_owned()),
        _ => ok(response()),
    });
    let clock = clock();
    found(&role(&server.url()).clock(clock.clone())).await;
    let mut nonces: Vec<_> =
        server.requests().iter().map(|seen| seen.form()["SignatureNonce"].clone()).collect();
    nonces.sort();
    nonces.dedup();
    assert_eq!(nonces.len(), 3);
    assert_eq!(clock.elapsed(), Duration::from_secs(1), "both waits");

    let dead = Server::start(|_, _| Answer::Close);
    let error = refused(&role(&dead.url())).await;
    says(&error, &["ram_role_arn/static: STS at 127.0.0.1:", "the connection ended"]);
    assert_eq!(dead.requests().len(), 3);
    says(&refused(&role(&nowhere())).await, &["there was no connection"]);
}

#[tokio::test]
async fn says_what_sts_says_and_hides_what_it_quotes() {
    let body = format!(
        r#"{{"Code":"NoPermission","Message":"You are not authorized. string to sign: POST&SecurityToken={TOKEN} testAccessKeySecret\n2nd line","RequestId":"8D1A"}}"#
    );
    let server = Server::start(move |_, _| Answer::Say(403, body.clone()));
    let provider = AssumeRole::new(base().with_security_token(TOKEN), "acs:ram::1:role/r")
        .endpoint(server.url())
        .variables(variables(&[]))
        .clock(clock());
    let error = refused(&provider).await;
    says(&error, &["NoPermission (HTTP 403)", "<redacted>", "[request id 8D1A]"]);
    assert!(!error.to_string().contains("testAccessKeySecret"), "{error}");
    assert_eq!(server.requests().len(), 1, "a refusal is not asked for twice");

    for (body, part) in [
        ("<html>sesame</html>", "what STS answered is not JSON"),
        (r#"{"RequestId":"1"}"#, "what STS answered has no `Credentials`"),
        (r#"{"Credentials":{}}"#, "has no `Expiration`"),
    ] {
        let server = Server::start(move |_, _| ok(body));
        says(&refused(&role(&server.url())).await, &[part]);
    }
}

#[tokio::test]
async fn refuses_bad_settings_before_it_sends_anything() {
    let server = Server::start(|_, _| ok(response()));
    let valid = || role(&server.url());
    for (wrong, part) in [
        (valid().endpoint("no host at all"), "the STS endpoint is not a host"),
        (valid().session_name("a/b"), "the name of the session is not at most 64"),
        (valid().duration(Duration::from_secs(1)), "the duration of the session is less than 900"),
        (AssumeRole::new(base(), " ").clock(clock()), "the ARN of the role is empty"),
        (
            AssumeRole::new(Credentials::new("id", "sesame\n"), "acs:ram::1:role/r"),
            "ram_role_arn/static: the access key secret ends with a blank",
        ),
    ] {
        says(&refused(&wrong).await, &[part]);
    }
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn a_role_on_top_of_a_role() {
    let first = Server::start(|_, _| ok(response()));
    let second = Server::start(|_, _| ok(response()));
    let provider = AssumeRole::new(role(&first.url()), "acs:ram::2:role/r")
        .endpoint(second.url())
        .variables(variables(&[]))
        .clock(clock());
    assert_eq!(found(&provider).await, "ram_role_arn/ram_role_arn/static");
    assert_eq!(second.requests()[0].form()["SecurityToken"], TOKEN);
    assert!(!second.requests()[0].body.contains(SECRET));
}

#[tokio::test]
async fn reads_the_token_at_each_refresh() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    let server = Server::start(|_, _| ok(response()));
    let provider = OidcRole::new()
        .role_arn("acs:ram::1:role/r")
        .provider_arn("acs:ram::1:oidc-provider/p")
        .token_file(&file)
        .endpoint(server.url())
        .variables(variables(&[]));

    let clock = clock();
    let provider = provider.clock(clock.clone());
    let shown = file.display().to_string();
    says(&refused(&provider).await, &["the token file", &shown, "does not exist"]);
    std::fs::write(&file, " \n").unwrap();
    clock.advance(Duration::from_secs(2));
    says(&refused(&provider).await, &[&shown, "is empty"]);

    clock.advance(Duration::from_secs(2));
    std::fs::write(&file, "first.token.x\n").unwrap();
    found(&provider).await;
    std::fs::write(&file, "second.token.x").unwrap();
    found(&provider).await;
    clock.advance(Duration::from_secs(3300));
    found(&provider).await;
    let tokens: Vec<_> =
        server.requests().iter().map(|seen| seen.form()["OIDCToken"].clone()).collect();
    assert_eq!(tokens, ["first.token.x", "second.token.x"]);
    assert!(!server.requests()[0].body.contains("SignatureMethod"));
}

#[tokio::test]
async fn says_that_a_token_has_ended() {
    // {"exp":1767323000,"sub":"sesame"}
    let token = "e30.eyJleHAiOjE3NjczMjMwMDAsInN1YiI6InNlc2FtZSJ9.c2VzYW1l";
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    std::fs::write(&file, token).unwrap();
    let body = format!(
        r#"{{"Code":"AuthenticationFail.OIDCToken.Expired","Message":"This OIDC token {token} is expired"}}"#
    );
    let server = Server::start(move |_, _| Answer::Say(400, body.clone()));
    let provider = OidcRole::new()
        .role_arn("acs:ram::1:role/r")
        .provider_arn("acs:ram::1:oidc-provider/p")
        .token_file(&file)
        .endpoint(server.url())
        .variables(variables(&[]))
        .clock(clock());
    let error = refused(&provider).await;
    let shown = file.display().to_string();
    says(&error, &["OIDCToken.Expired", &shown, "ended at 2026-01-02T03:03:20Z"]);
    assert!(!error.to_string().contains(token), "{error}");
}

#[tokio::test]
async fn a_part_of_the_oidc_settings_is_a_mistake() {
    let provider = |set: &[(&str, &str)]| OidcRole::new().variables(variables(set)).clock(clock());
    assert!(refused(&provider(&[])).await.is_absent());
    assert!(refused(&provider(&[("ALIBABA_CLOUD_ROLE_ARN", "x")])).await.is_absent());
    let error = refused(&provider(&[("ALIBABA_CLOUD_OIDC_TOKEN_FILE", "/x")])).await;
    assert!(!error.is_absent());
    says(&error, &["ALIBABA_CLOUD_ROLE_ARN is not"]);
}
