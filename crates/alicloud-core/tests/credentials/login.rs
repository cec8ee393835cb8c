//! `CliProfile`: profiles of a login, which are renewed with the tokens that the CLI stored.

mod errors;
mod oauth;
mod save;

use alicloud_core::ProvideCredentials as _;
use alicloud_core::credentials::{CliProfile, Variables};
use alicloud_core::testing::{FakeTransport, ManualClock, RecordedRequest};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{ID, NOW, SECRET, TOKEN, clock, expect_credentials, temporary, time_after, variables};

/// The names of the fields of a response: as the services write them, or as other tools expect them.
const PASCAL: [&str; 4] = ["AccessKeyId", "AccessKeySecret", "SecurityToken", "Expiration"];
const CAMEL: [&str; 4] = ["accessKeyId", "accessKeySecret", "securityToken", "expiration"];
const SNAKE: [&str; 4] = ["access_key_id", "access_key_secret", "security_token", "expiration"];

fn with_names(names: [&str; 4], expiration: &str) -> String {
    let pairs = PASCAL.iter().zip(names);
    let fields = pairs.fold(temporary(expiration), |fields, (pascal, name)| {
        fields.replace(&format!("\"{pascal}\""), &format!("\"{name}\""))
    });
    format!("{{{fields}}}")
}

/// A response to an exchange of an access token. The credentials are valid for an hour.
fn exchanged() -> String {
    with_names(CAMEL, "2026-01-02T04:04:05Z")
}

/// Changes fields; `null` removes one.
fn changed(mut fields: Value, changes: Value) -> Value {
    for (key, value) in changes.as_object().unwrap() {
        fields[key] = value.clone();
    }
    fields.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    fields
}

/// A profile whose stored credentials have expired.
fn cloud_sso(changes: Value) -> Value {
    let fields = json!({
        "name": "p", "mode": "CloudSSO",
        "cloud_sso_sign_in_url": "https://signin-cn-shanghai.alibabacloudsso.com/start/login?x=1",
        "cloud_sso_account_id": "123456789012****", "cloud_sso_access_config": "ac-1",
        "access_token": "sesame-1", "cloud_sso_access_token_expire": NOW + 3_600,
        "access_key_id": "STS.old", "access_key_secret": "sesame-2", "sts_token": "sesame-3",
        "sts_expiration": NOW - 60,
    });
    changed(fields, changes)
}

/// A profile whose stored credentials have expired.
fn oauth(changes: Value) -> Value {
    let fields = json!({
        "name": "p", "mode": "OAuth", "oauth_site_type": "CN",
        "oauth_access_token": "sesame-a1", "oauth_access_token_expire": NOW + 3_600,
        "oauth_refresh_token": "sesame-r1",
        "access_key_id": "STS.old", "access_key_secret": "sesame-2", "sts_token": "sesame-3",
        "sts_expiration": NOW - 60,
    });
    changed(fields, changes)
}

struct Setup {
    home: TempDir,
    fake: FakeTransport,
    clock: ManualClock,
}

impl Setup {
    fn new(profile: Value, fake: FakeTransport) -> Setup {
        let setup = Setup { home: tempfile::tempdir().unwrap(), fake, clock: clock() };
        std::fs::create_dir(setup.home.path().join(".aliyun")).unwrap();
        setup.write(&profile);
        setup
    }

    fn text(profile: &Value) -> String {
        json!({"current": "p", "profiles": [profile]}).to_string()
    }

    fn write(&self, profile: &Value) {
        let path = self.home.path().join(".aliyun").join("config.json");
        std::fs::write(path, Self::text(profile)).unwrap();
    }

    fn read(&self) -> String {
        std::fs::read_to_string(self.home.path().join(".aliyun").join("config.json")).unwrap()
    }

    fn variables(&self) -> Variables {
        variables(&[("HOME", self.home.path().to_str().unwrap())])
    }

    fn provider(&self) -> CliProfile {
        let provider = CliProfile::new().variables(self.variables()).clock(self.clock.clone());
        provider.transport(self.fake.clone())
    }

    /// Returns the URLs of all requests.
    fn urls(&self) -> Vec<String> {
        self.fake.requests().iter().map(|request| request.uri().to_string()).collect()
    }

    fn request(&self, index: usize) -> RecordedRequest {
        self.fake.requests()[index].clone()
    }
}

fn responses<const N: usize>(bodies: [(u16, String); N]) -> FakeTransport {
    bodies.into_iter().fold(FakeTransport::new(), |fake, (status, body)| {
        fake.respond_raw("", status, &[("content-type", "application/json")], body)
    })
}

#[tokio::test]
async fn valid_stored_credentials_are_used_without_a_request() {
    for (profile, name) in [(cloud_sso(json!({})), "cloud_sso"), (oauth(json!({})), "oauth")] {
        // Valid, although the login has expired.
        let stored = json!({
            "access_key_id": ID, "access_key_secret": SECRET, "sts_token": TOKEN,
            "sts_expiration": NOW + 100, "cloud_sso_access_token_expire": NOW - 1,
            "oauth_access_token_expire": NOW - 1,
        });
        let setup = Setup::new(changed(profile, stored), FakeTransport::new());
        assert_eq!(expect_credentials(&setup.provider()).await, format!("cli_profile/{name}"));
        let credentials = setup.provider().credentials().await.unwrap();
        assert_eq!(credentials.expiration(), Some(time_after(100)));
    }
}

#[tokio::test]
async fn the_access_token_of_cloud_sso_is_exchanged() {
    let direct = with_names(PASCAL, "2026-01-02T04:04:05Z");
    for body in [
        format!(r#"{{"CloudCredential":{direct},"RequestId":"1"}}"#),
        format!(r#"{{"cloudCredential":{}}}"#, with_names(CAMEL, "2026-01-02T04:04:05Z")),
        format!(r#"{{"cloud_credential":{}}}"#, with_names(SNAKE, "2026-01-02T04:04:05Z")),
        direct,
    ] {
        let setup = Setup::new(cloud_sso(json!({})), responses([(200, body)]));
        assert_eq!(expect_credentials(&setup.provider()).await, "cli_profile/cloud_sso");
        let request = setup.request(0);
        assert_eq!(request.method(), "POST");
        assert_eq!(
            setup.urls(),
            ["https://signin-cn-shanghai.alibabacloudsso.com/cloud-credentials"]
        );
        assert_eq!(request.header("authorization"), Some("Bearer sesame-1"));
        assert_eq!(request.header("content-type"), Some("application/json"));
        assert_eq!(request.header("accept"), Some("application/json"));
        let body: Value = serde_json::from_slice(request.body()).unwrap();
        let expected = json!({"AccountId": "123456789012****", "AccessConfigurationId": "ac-1"});
        assert_eq!(body, expected);
        assert_eq!(setup.read(), Setup::text(&cloud_sso(json!({}))), "the file is not written");
    }
}

#[tokio::test]
async fn credentials_that_are_missing_in_the_file_are_requested() {
    for missing in [
        json!({"sts_expiration": 0}),
        json!({"sts_expiration": null}),
        json!({"sts_expiration": NOW + 100, "sts_token": ""}),
        json!({"sts_expiration": NOW + 100, "access_key_id": null}),
        json!({"sts_expiration": NOW + 100, "access_key_secret": null}),
    ] {
        let body = format!(r#"{{"CloudCredential":{}}}"#, exchanged());
        let setup = Setup::new(cloud_sso(missing.clone()), responses([(200, body)]));
        expect_credentials(&setup.provider()).await;
        let setup = Setup::new(oauth(missing), responses([(200, exchanged())]));
        expect_credentials(&setup.provider()).await;
        assert_eq!(setup.urls(), ["https://oauth.aliyun.com/v1/exchange"]);
    }
}
