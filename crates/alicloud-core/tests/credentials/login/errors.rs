//! Errors of profiles of a login.

use alicloud_core::testing::FakeTransport;
use serde_json::json;

use super::{CAMEL, Setup, cloud_sso, oauth, responses, with_names};
use crate::{NOW, assert_contains, expect_error, temporary};

#[tokio::test]
async fn a_login_that_cannot_be_renewed_names_the_command() {
    let remedy =
        |mode: &str| format!("log in again with `aliyun configure --profile \"p\" --mode {mode}`");
    let (sso, oauth_login) = (remedy("CloudSSO"), remedy("OAuth"));
    for (profile, parts) in [
        (
            cloud_sso(json!({"cloud_sso_access_token_expire": NOW})),
            ["the login expired at 2026-01-02T03:04:05Z (`cloud_sso_access_token_expire`)", &sso],
        ),
        (
            cloud_sso(json!({"cloud_sso_access_token_expire": 0})),
            ["`cloud_sso_access_token_expire` is missing", &sso],
        ),
        (cloud_sso(json!({"access_token": ""})), ["`access_token` is missing", &sso]),
        (
            cloud_sso(json!({"cloud_sso_account_id": null})),
            ["`cloud_sso_account_id` is missing", &sso],
        ),
        (
            cloud_sso(json!({"cloud_sso_access_config": 1})),
            ["`cloud_sso_access_config` is missing", &sso],
        ),
        (
            cloud_sso(json!({"cloud_sso_sign_in_url": null})),
            ["`cloud_sso_sign_in_url` is missing", &sso],
        ),
        (
            cloud_sso(json!({"cloud_sso_sign_in_url": "http://signin.example.com/sesame"})),
            ["`cloud_sso_sign_in_url` must be a URL that begins with https://", &sso],
        ),
        (
            cloud_sso(json!({"cloud_sso_sign_in_url": "https://me:sesame@signin.example.com/"})),
            ["`cloud_sso_sign_in_url` must be a URL that begins with https://", &sso],
        ),
        (
            cloud_sso(json!({"access_token": "sesame\n1"})),
            ["the token contains a character that no token has", &sso],
        ),
        (
            oauth(json!({"oauth_access_token_expire": NOW, "oauth_refresh_token": ""})),
            [
                "the login expired at 2026-01-02T03:04:05Z (`oauth_access_token_expire`)",
                &oauth_login,
            ],
        ),
        (
            oauth(json!({"oauth_access_token": null, "oauth_refresh_token": null})),
            ["`oauth_access_token` and `oauth_refresh_token` are missing", &oauth_login],
        ),
        (
            oauth(json!({"oauth_site_type": "sesame"})),
            ["`oauth_site_type` is neither CN nor INTL", &oauth_login],
        ),
    ] {
        let setup = Setup::new(profile, FakeTransport::new());
        let error = expect_error(&setup.provider()).await;
        assert!(!error.is_absent(), "{error}");
        assert_contains(&error, &["the profile \"p\" in "]);
        assert_contains(&error, &parts);
        assert!(setup.urls().is_empty());
    }
}

#[tokio::test]
async fn errors_of_the_services_show_no_body_and_no_token() {
    let body = r#"{"error":"x","error_description":"sesame-1 sesame-r1","ErrorMessage":"sesame"}"#;
    for (status, has_remedy) in [(400, true), (401, true), (403, true), (429, false), (503, false)]
    {
        for profile in [
            cloud_sso(json!({})),
            oauth(json!({"oauth_refresh_token": null})),
            oauth(json!({"oauth_access_token_expire": NOW - 1})),
        ] {
            let setup = Setup::new(profile, responses([(status, body.to_owned())]));
            let error = expect_error(&setup.provider()).await;
            let part = format!("HTTP {status} from ");
            assert_contains(&error, &[&part, "(application/json, 78 bytes)"]);
            assert_eq!(error.to_string().contains("log in again with"), has_remedy, "{error}");
        }
    }
    for (body, part) in [
        ("sesame".to_owned(), "is not JSON"),
        (r#"{"error":"sesame"}"#.to_owned(), "has no `"),
        (format!("{{{}}}", temporary("sesame")), "not a time"),
        (with_names(CAMEL, "2026-01-02T03:04:05Z"), "expired at 2026-01-02T03:04:05Z"),
    ] {
        for profile in [cloud_sso(json!({})), oauth(json!({}))] {
            let setup = Setup::new(profile, responses([(200, body.clone())]));
            assert_contains(&expect_error(&setup.provider()).await, &[part]);
        }
    }
    let profile = oauth(json!({"oauth_access_token_expire": NOW - 1}));
    let setup = Setup::new(profile, responses([(200, r#"{"error":"sesame"}"#.to_owned())]));
    let error = expect_error(&setup.provider()).await;
    assert_contains(&error, &["the response of oauth.aliyun.com has no `access_token`"]);
}

/// The type of the content is shown, so a token in it is hidden.
#[tokio::test]
async fn a_service_that_repeats_a_token_does_not_show_it() {
    for (token, profile) in [
        ("sesame-1", cloud_sso(json!({}))),
        ("sesame-a1", oauth(json!({}))),
        ("sesame-r1", oauth(json!({"oauth_access_token_expire": NOW - 1}))),
    ] {
        let kind = format!("text/{token}");
        let headers = [("content-type", kind.as_str())];
        let setup = Setup::new(profile, FakeTransport::new().respond_raw("", 500, &headers, ""));
        assert_contains(&expect_error(&setup.provider()).await, &["(text/<redacted>, 0 bytes)"]);
    }
}
