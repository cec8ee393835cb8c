//! The account of credentials: its id where the configuration says it, and what the rate limiter counts by.

use std::sync::{Arc, Mutex};

use alicloud_core::credentials::{AssumeRole, CliProfile, OidcRole, ProvideCredentials, Variables};
use alicloud_core::testing::FakeTransport;
use alicloud_core::{BoxFuture, Client, Credentials, RateLimitRequest, RateLimiter};
use serde_json::json;

use crate::{NOW, clock, temporary, time_after, variables};

const ACCOUNT: &str = "1234567890123456";

/// A limiter that remembers the accounts of the calls.
#[derive(Debug, Default)]
struct Accounts(Mutex<Vec<String>>);

impl RateLimiter for Accounts {
    fn acquire<'a>(&'a self, request: RateLimitRequest<'a>) -> BoxFuture<'a, ()> {
        self.0.lock().unwrap().push(request.account().to_owned());
        Box::pin(std::future::ready(()))
    }
}

/// Returns what the calls with these credentials are counted by.
async fn counted_by(provider: impl ProvideCredentials + 'static) -> String {
    let accounts = Arc::new(Accounts::default());
    let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
        .credentials(provider)
        .transport(FakeTransport::new().respond_json("List", "{}"))
        .rate_limiter(accounts.clone())
        .clock(clock())
        .build()
        .unwrap();
    client.generic_call("List").await.unwrap();
    accounts.0.lock().unwrap().remove(0)
}

fn sts() -> FakeTransport {
    let body = format!(r#"{{"Credentials":{{{}}}}}"#, temporary("2026-01-02T04:04:05Z"));
    FakeTransport::new()
        .respond_json("AssumeRole", body.clone())
        .respond_json("AssumeRoleWithOIDC", body)
}

#[tokio::test]
async fn roles_are_counted_by_the_account_in_their_arn() {
    let base = Credentials::new("LTAI1", "secret").with_account_id("1");
    let role = |arn: &str| {
        AssumeRole::new(base.clone(), arn).variables(variables(&[])).transport(sts()).clock(clock())
    };
    let arn = format!("acs:ram::{ACCOUNT}:role/deploy");
    assert_eq!(counted_by(role(&arn)).await, ACCOUNT);
    // What is not an account id is not taken for one.
    for arn in ["acs:ram::123****:role/r", "acs:ram:::role/r", "role", "xcs:ram::1:role/r"] {
        assert_eq!(counted_by(role(arn)).await, crate::ID, "{arn}");
    }

    let folder = tempfile::tempdir().unwrap();
    let token_file = folder.path().join("token");
    std::fs::write(&token_file, "a-token").unwrap();
    let oidc = OidcRole::new()
        .role_arn(arn)
        .provider_arn(format!("acs:ram::{ACCOUNT}:oidc-provider/ack"))
        .token_file(&token_file)
        .variables(variables(&[]))
        .transport(sts())
        .clock(clock());
    assert_eq!(oidc.credentials().await.unwrap().account_id(), Some(ACCOUNT));
    assert_eq!(counted_by(oidc).await, ACCOUNT);
}

#[tokio::test]
async fn logins_are_counted_by_the_account_of_the_profile() {
    for (expiration, id) in [(NOW + 60, "STS.stored"), (NOW - 60, crate::ID)] {
        let home = tempfile::tempdir().unwrap();
        let profile = json!({
            "name": "p", "mode": "CloudSSO", "cloud_sso_account_id": ACCOUNT,
            "cloud_sso_sign_in_url": "https://signin-cn-shanghai.alibabacloudsso.com/start/x",
            "cloud_sso_access_config": "ac-1", "access_token": "t",
            "cloud_sso_access_token_expire": NOW + 3_600, "access_key_id": "STS.stored",
            "access_key_secret": "s", "sts_token": "t", "sts_expiration": expiration,
        });
        std::fs::create_dir(home.path().join(".aliyun")).unwrap();
        let file = json!({"current": "p", "profiles": [profile]}).to_string();
        std::fs::write(home.path().join(".aliyun/config.json"), file).unwrap();
        let exchanged = format!("{{{}}}", temporary("2026-01-02T04:04:05Z"));
        let provider = CliProfile::new()
            .variables(Variables::from_pairs([("HOME", home.path().to_str().unwrap())]))
            .transport(FakeTransport::new().respond_raw("", 200, &[], exchanged))
            .clock(clock());
        let credentials = provider.credentials().await.unwrap();
        assert_eq!((credentials.access_key_id(), credentials.account_id()), (id, Some(ACCOUNT)));
        assert_eq!(counted_by(provider).await, ACCOUNT);
    }
}

#[tokio::test]
async fn other_credentials_are_counted_by_their_key() {
    let credentials = Credentials::new("STS.1", "secret").with_security_token("token");
    assert_eq!(counted_by(credentials.clone()).await, "STS.1");
    let credentials = credentials.with_expiration(time_after(60)).with_account_id(ACCOUNT);
    assert!(format!("{credentials:?}").contains(ACCOUNT));
    assert_eq!(counted_by(credentials).await, ACCOUNT);
}

#[cfg(feature = "transport")]
#[tokio::test]
async fn the_role_of_an_instance_is_counted_by_its_name() {
    let server = crate::server::Server::start(crate::ecs::hardened);
    let provider = crate::ecs::provider(&server);
    assert_eq!(counted_by(provider).await, "role/web-server");
}
