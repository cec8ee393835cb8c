//! Roles with the token of an OIDC provider.

use std::time::Duration;

use alicloud_core::credentials::OidcRole;
use alicloud_core::testing::FakeTransport;

use super::response;
use crate::server::{Server, ServerResponse, ok};
use crate::{NOW, assert_contains, clock, expect_credentials, expect_error, variables};

#[tokio::test]
async fn reads_the_token_file_at_each_refresh() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("token");
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
    assert_contains(&expect_error(&provider).await, &["the token file", &shown, "does not exist"]);
    std::fs::write(&file, " \n").unwrap();
    clock.advance(Duration::from_secs(2));
    assert_contains(&expect_error(&provider).await, &[&shown, "is empty"]);

    clock.advance(Duration::from_secs(2));
    std::fs::write(&file, "first.token.x\n").unwrap();
    expect_credentials(&provider).await;
    std::fs::write(&file, "second.token.x").unwrap();
    expect_credentials(&provider).await;
    clock.advance(Duration::from_secs(3300));
    expect_credentials(&provider).await;
    let tokens: Vec<_> =
        server.requests().iter().map(|request| request.form()["OIDCToken"].clone()).collect();
    assert_eq!(tokens, ["first.token.x", "second.token.x"]);
    assert!(!server.requests()[0].body.contains("SignatureMethod"));
}

#[tokio::test]
async fn the_error_names_the_expiration_of_an_oidc_token() {
    // {"exp":1767323000,"sub":"sesame"}
    let token = "e30.eyJleHAiOjE3NjczMjMwMDAsInN1YiI6InNlc2FtZSJ9.c2VzYW1l";
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("token");
    std::fs::write(&file, token).unwrap();
    let body = format!(
        r#"{{"Code":"AuthenticationFail.OIDCToken.Expired","Message":"This OIDC token {token} is expired"}}"#
    );
    let server = Server::start(move |_, _| ServerResponse::Status(400, body.clone()));
    let provider = OidcRole::new()
        .role_arn("acs:ram::1:role/r")
        .provider_arn("acs:ram::1:oidc-provider/p")
        .token_file(&file)
        .endpoint(server.url())
        .variables(variables(&[]))
        .clock(clock());
    let error = expect_error(&provider).await;
    let shown = file.display().to_string();
    assert_contains(
        &error,
        &["OIDCToken.Expired", &shown, "the token expired at 2026-01-02T03:03:20Z"],
    );
    assert!(!error.to_string().contains(token), "{error}");
}

#[tokio::test]
async fn incomplete_oidc_settings_are_an_error() {
    let provider = |set: &[(&str, &str)]| OidcRole::new().variables(variables(set)).clock(clock());
    assert!(expect_error(&provider(&[])).await.is_absent());
    assert!(expect_error(&provider(&[("ALIBABA_CLOUD_ROLE_ARN", "x")])).await.is_absent());
    // A profile may have the other settings.
    let error = expect_error(&provider(&[("ALIBABA_CLOUD_OIDC_TOKEN_FILE", "/x")])).await;
    assert!(error.is_absent());
    assert_contains(&error, &["ALIBABA_CLOUD_ROLE_ARN is not set"]);
    let error = expect_error(&provider(&[]).token_file("/x")).await;
    assert!(!error.is_absent());
    assert_contains(&error, &["ALIBABA_CLOUD_ROLE_ARN is not set"]);
    // Each setting of the program shows that the role is to be used.
    for configured in [
        provider(&[("ALIBABA_CLOUD_OIDC_TOKEN_FILE", "/x")]).role_arn("r"),
        provider(&[("ALIBABA_CLOUD_OIDC_TOKEN_FILE", "/x")]).provider_arn("p"),
    ] {
        assert!(!expect_error(&configured).await.is_absent());
    }
}

#[tokio::test]
async fn only_a_token_that_has_expired_is_called_so() {
    use base64::Engine as _;

    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("token");
    for (payload, has_expired) in [
        (format!(r#"{{"exp":{NOW}}}"#), true),
        (format!(r#"{{"exp":{}}}"#, NOW + 1), false),
        (format!(r#"{{"exp":{}}}"#, u64::MAX), false),
        ("{}".to_owned(), false),
        ("sesame".to_owned(), false),
    ] {
        let payload = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(payload);
        std::fs::write(&file, format!("e30.{payload}.c2Vz")).unwrap();
        let body = r#"{"Code":"NoPermission","Message":"m"}"#;
        let sts = FakeTransport::new().respond_raw("AssumeRoleWithOIDC", 403, &[], body);
        let provider = OidcRole::new().role_arn("r").provider_arn("p").token_file(&file);
        let provider = provider.transport(sts).variables(variables(&[])).clock(clock());
        let error = expect_error(&provider).await.to_string();
        assert!(error.contains("NoPermission"), "{error}");
        assert_eq!(error.contains("the token expired at"), has_expired, "{error}");
    }
}
