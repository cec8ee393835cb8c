//! Profiles of the mode `OAuth`, whose access token is renewed with a refresh token.

use std::time::Duration;

use alicloud_core::credentials::DefaultChain;
use serde_json::json;

use super::{CAMEL, PASCAL, SNAKE, Setup, exchanged, oauth, responses, with_names};
use crate::{NOW, assert_contains, expect_credentials, expect_error};

const EXCHANGE: &str = "https://oauth.aliyun.com/v1/exchange";
const RENEW: &str = "https://oauth.aliyun.com/v1/token";

pub(super) fn renewed(access: &str, refresh: &str) -> String {
    json!({"access_token": access, "refresh_token": refresh, "expires_in": 7_200}).to_string()
}

#[tokio::test]
async fn the_access_token_of_oauth_is_exchanged_at_its_site() {
    for (site, host) in [
        (json!("CN"), "oauth.aliyun.com"),
        (json!("intl"), "oauth.alibabacloud.com"),
        (json!(null), "oauth.aliyun.com"),
    ] {
        for names in [PASCAL, CAMEL, SNAKE] {
            let body = with_names(names, "2026-01-02T04:04:05Z");
            let profile = oauth(json!({"oauth_site_type": site, "oauth_refresh_token": null}));
            let setup = Setup::new(profile, responses([(200, body)]));
            assert_eq!(expect_credentials(&setup.provider()).await, "cli_profile/oauth");
            assert_eq!(setup.urls(), [format!("https://{host}/v1/exchange")]);
            assert_eq!(setup.request(0).header("authorization"), Some("Bearer sesame-a1"));
            assert_eq!(setup.request(0).header("content-length"), Some("0"));
        }
    }
}

#[tokio::test]
async fn an_access_token_that_expires_soon_is_renewed_first() {
    for expiration in [json!(NOW + 1_200), json!(NOW - 1), json!(0), json!(null)] {
        let profile = oauth(json!({"oauth_access_token_expire": expiration}));
        let fake = responses([(200, renewed("sesame-a2", "sesame-r2")), (200, exchanged())]);
        let setup = Setup::new(profile.clone(), fake);
        expect_credentials(&setup.provider()).await;
        assert_eq!(setup.urls(), [RENEW, EXCHANGE]);
        let request = setup.request(0);
        assert_eq!(request.param("grant_type"), Some("refresh_token"));
        assert_eq!(request.param("refresh_token"), Some("sesame-r1"));
        assert_eq!(request.param("client_id"), Some("4038181954557748008"));
        assert_eq!(request.param("Timestamp"), Some("2026-01-02T03:04:05Z"));
        assert_eq!(setup.request(1).header("authorization"), Some("Bearer sesame-a2"));
        assert_eq!(setup.read(), Setup::text(&profile), "the file is not written");
    }
    let profile = oauth(json!({"oauth_access_token_expire": NOW + 1_201}));
    let setup = Setup::new(profile, responses([(200, exchanged())]));
    expect_credentials(&setup.provider()).await;
    assert_eq!(setup.urls(), [EXCHANGE]);
    let profile = oauth(json!({"oauth_access_token": null, "oauth_site_type": "INTL"}));
    // A lifetime that is missing or zero is that of other access tokens.
    for body in [r#"{"accessToken":"sesame-a2"}"#, r#"{"accessToken":"sesame-a2","expiresIn":0}"#] {
        let bodies = [(200, body.to_owned()), (200, exchanged())];
        let setup = Setup::new(profile.clone(), responses(bodies));
        expect_credentials(&setup.provider()).await;
        assert_eq!(setup.request(0).param("client_id"), Some("4103531455503354461"));
    }
}

#[tokio::test]
async fn the_newest_refresh_token_is_used_until_the_file_has_another() {
    let fake = responses([
        (200, renewed("sesame-a2", "sesame-r2")),
        (200, exchanged()),
        (200, renewed("sesame-a3", "sesame-r3")),
        (200, with_names(CAMEL, "2026-01-02T06:04:05Z")),
        (200, renewed("sesame-a9", "sesame-r9")),
        (200, with_names(CAMEL, "2026-01-02T08:04:05Z")),
    ]);
    let setup = Setup::new(oauth(json!({"oauth_access_token_expire": NOW - 1})), fake);
    let chain = DefaultChain::new().variables(setup.variables()).clock(setup.clock.clone());
    let chain = chain.transport(setup.fake.clone());
    let refresh_tokens = || -> Vec<String> {
        let requests = setup.fake.requests();
        let tokens = requests.iter().filter_map(|request| request.param("refresh_token"));
        tokens.map(str::to_owned).collect()
    };
    assert_eq!(expect_credentials(&chain).await, "default/cli_profile/oauth");
    // The access token of the renewal has expired as well.
    setup.clock.advance(Duration::from_secs(7_200));
    expect_credentials(&chain).await;
    assert_eq!(refresh_tokens(), ["sesame-r1", "sesame-r2"]);

    setup.write(&oauth(json!({
        "oauth_refresh_token": "sesame-r8", "oauth_access_token_expire": NOW - 1,
    })));
    setup.clock.advance(Duration::from_secs(7_200));
    expect_credentials(&chain).await;
    assert_eq!(refresh_tokens(), ["sesame-r1", "sesame-r2", "sesame-r8"]);
    assert_eq!(setup.urls(), [RENEW, EXCHANGE, RENEW, EXCHANGE, RENEW, EXCHANGE]);
}

#[tokio::test]
async fn a_failed_renewal_does_not_prevent_an_exchange() {
    let profile = oauth(json!({"oauth_access_token_expire": NOW + 60}));
    for status in [400, 500] {
        let fake = responses([(status, "sesame".to_owned()), (200, exchanged())]);
        let setup = Setup::new(profile.clone(), fake);
        expect_credentials(&setup.provider()).await;
        assert_eq!(setup.urls(), [RENEW, EXCHANGE]);
    }
}

#[tokio::test]
async fn a_rejected_access_token_is_renewed_once() {
    let rejected = || (401, r#"{"error":"expired_token"}"#.to_owned());
    let fake =
        responses([rejected(), (200, renewed("sesame-a2", "sesame-r2")), (200, exchanged())]);
    let setup = Setup::new(oauth(json!({})), fake);
    expect_credentials(&setup.provider()).await;
    assert_eq!(setup.urls(), [EXCHANGE, RENEW, EXCHANGE]);

    let fake = responses([rejected(), (200, renewed("sesame-a2", "sesame-r2")), rejected()]);
    let setup = Setup::new(oauth(json!({})), fake);
    let error = expect_error(&setup.provider()).await;
    assert_contains(&error, &["HTTP 401", "log in again with"]);
    assert_eq!(setup.urls(), [EXCHANGE, RENEW, EXCHANGE]);
}
