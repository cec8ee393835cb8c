//! Renewed logins that are saved into the file of the CLI.

use std::path::PathBuf;
use std::sync::Arc;

use alicloud_core::testing::FakeTransport;
use alicloud_core::{BoxFuture, Transport, TransportError, TransportOptions};
use serde_json::json;

use super::oauth::renewed;
use super::{Setup, cloud_sso, exchanged, oauth, responses};
use crate::{ID, NOW, SECRET, TOKEN, expect_credentials, temporary};

/// A file with things that only its owner knows. `{…}` stands for what a renewal changes.
const FILE: &str = r#"{
    "zebra": 1.50e1, "current": "p",
	"profiles": [ "odd", {"name": "q", "oauth_refresh_token": "sesame-r1"},
        { "unknown": [12345678901234567890123, "\u00e9"],"name":"\u0070", "mode": "OAuth",
        "sts_expiration":{sts_expiration},"access_key_id":  "{id}",
        "oauth_access_token": "{access}", "oauth_refresh_token": "{refresh}",
        "oauth_access_token_expire": {expiration}, "access_key_secret":"{secret}", "sts_token":"{token}"
        }, {"name": "p", "mode": "AK"}],
    "meta_path": ""
}
"#;

fn filled(values: [(&str, &str); 7]) -> String {
    values
        .iter()
        .fold(FILE.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}

fn before() -> String {
    filled([
        ("sts_expiration", "0"),
        ("id", "STS.old"),
        ("access", "sesame-a1"),
        ("refresh", "sesame-r1"),
        ("expiration", "1767323044"),
        ("secret", ""),
        ("token", "sesame"),
    ])
}

fn after() -> String {
    filled([
        ("sts_expiration", "1767326645"),
        ("id", ID),
        ("access", "sesame-a2"),
        ("refresh", "sesame-r2"),
        ("expiration", "1767330245"),
        ("secret", SECRET),
        ("token", TOKEN),
    ])
}

fn renewal() -> FakeTransport {
    responses([(200, renewed("sesame-a2", "sesame-r2")), (200, exchanged())])
}

fn path(setup: &Setup) -> PathBuf {
    setup.home.path().join(".aliyun").join("config.json")
}

#[tokio::test]
async fn only_the_keys_of_the_login_change() {
    for (prefix, text) in [("", before()), ("\u{feff}", before())] {
        let setup = Setup::new(json!({}), renewal());
        std::fs::write(path(&setup), format!("{prefix}{text}")).unwrap();
        let provider = setup.provider().save_renewed_logins();
        assert_eq!(expect_credentials(&provider).await, "cli_profile/oauth");
        assert_eq!(setup.read(), format!("{prefix}{}", after()));
        let files = std::fs::read_dir(path(&setup).parent().unwrap()).unwrap();
        assert_eq!(files.count(), 1, "no temporary file is left");
        // Another program uses what was saved.
        expect_credentials(&setup.provider()).await;
        assert_eq!(setup.urls().len(), 2);
    }
}

#[cfg(unix)]
#[tokio::test]
async fn the_file_is_private_and_a_link_stays_a_link() {
    use std::os::unix::fs::PermissionsExt as _;

    let setup = Setup::new(json!({}), renewal());
    let target = setup.home.path().join("target.json");
    std::fs::write(&target, before()).unwrap();
    std::fs::remove_file(path(&setup)).unwrap();
    std::os::unix::fs::symlink(&target, path(&setup)).unwrap();
    expect_credentials(&setup.provider().save_renewed_logins()).await;
    assert!(std::fs::symlink_metadata(path(&setup)).unwrap().is_symlink());
    assert_eq!(std::fs::read_to_string(&target).unwrap(), after());
    assert_eq!(std::fs::metadata(&target).unwrap().permissions().mode() & 0o777, 0o600);
}

#[tokio::test]
async fn keys_that_are_missing_are_added() {
    let profile = oauth(json!({
        "oauth_access_token": null, "oauth_access_token_expire": null, "access_key_id": null,
        "access_key_secret": null, "sts_token": null, "sts_expiration": null,
    }));
    let setup = Setup::new(profile, renewal());
    expect_credentials(&setup.provider().save_renewed_logins()).await;
    let saved: serde_json::Value = serde_json::from_str(&setup.read()).unwrap();
    let expected = oauth(json!({
        "oauth_access_token": "sesame-a2", "oauth_access_token_expire": NOW + 7_200,
        "oauth_refresh_token": "sesame-r2", "access_key_id": ID, "access_key_secret": SECRET,
        "sts_token": TOKEN, "sts_expiration": NOW + 3_600,
    }));
    assert_eq!(saved, json!({"current": "p", "profiles": [expected]}));
}

#[tokio::test]
async fn credentials_of_cloud_sso_are_saved() {
    let body = format!(r#"{{"CloudCredential":{}}}"#, exchanged());
    let setup = Setup::new(cloud_sso(json!({})), responses([(200, body)]));
    expect_credentials(&setup.provider().save_renewed_logins()).await;
    let expected = cloud_sso(json!({
        "access_key_id": ID, "access_key_secret": SECRET, "sts_token": TOKEN,
        "sts_expiration": NOW + 3_600,
    }));
    assert_eq!(setup.read(), Setup::text(&expected));
}

#[tokio::test]
async fn the_login_of_a_source_profile_is_saved() {
    let top = json!({"name": "p", "mode": "ChainableRamRoleArn", "source_profile": "login",
        "ram_role_arn": "acs:ram::1:role/r"});
    let login = oauth(json!({"name": "login"}));
    let sts = format!(r#"{{"Credentials":{{{}}}}}"#, temporary("2026-01-02T04:04:05Z"));
    let fake = responses([(200, exchanged())]).respond_json("AssumeRole", sts);
    let setup = Setup::new(json!({}), fake);
    let file = |login| json!({"current": "p", "profiles": [top, login]}).to_string();
    std::fs::write(path(&setup), file(login)).unwrap();
    let provider = setup.provider().save_renewed_logins();
    assert_eq!(expect_credentials(&provider).await, "cli_profile/ram_role_arn/oauth");
    let saved = json!({"name": "login", "access_key_id": ID, "access_key_secret": SECRET,
        "sts_token": TOKEN, "sts_expiration": NOW + 3_600});
    assert_eq!(setup.read(), file(oauth(saved)));
}

/// Runs a function before each request.
struct Interrupted<F>(FakeTransport, Arc<F>);

impl<F> std::fmt::Debug for Interrupted<F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Interrupted")
    }
}

impl<F: Fn() + Send + Sync> Transport for Interrupted<F> {
    fn send(
        &self,
        request: http::Request<bytes::Bytes>,
        options: TransportOptions,
    ) -> BoxFuture<'_, Result<http::Response<bytes::Bytes>, TransportError>> {
        (self.1)();
        self.0.send(request, options)
    }
}

#[tokio::test]
async fn what_another_program_wrote_meanwhile_stays() {
    let setup = Setup::new(oauth(json!({"oauth_access_token_expire": NOW - 1})), renewal());
    let theirs = json!({"oauth_access_token": "sesame-a8", "oauth_refresh_token": "sesame-r8"});
    for text in [
        Setup::text(&oauth(theirs)),
        Setup::text(&json!({"name": "p", "mode": "AK"})),
        r#"{"profiles":[]}"#.to_owned(),
        "{\"profiles\":".to_owned(),
    ] {
        setup.write(&oauth(json!({"oauth_access_token_expire": NOW - 1})));
        let (path, theirs) = (path(&setup), text.clone());
        let interrupt = Arc::new(move || std::fs::write(&path, &theirs).unwrap());
        let transport = Interrupted(renewal(), interrupt);
        let provider = setup.provider().transport(transport).save_renewed_logins();
        expect_credentials(&provider).await;
        assert_eq!(setup.read(), text);
    }
    setup.write(&oauth(json!({"oauth_access_token_expire": NOW - 1})));
    let removed = path(&setup);
    let interrupt = Arc::new(move || std::fs::remove_file(&removed).unwrap_or_default());
    let transport = Interrupted(renewal(), interrupt);
    expect_credentials(&setup.provider().transport(transport).save_renewed_logins()).await;
    assert!(!path(&setup).exists());
}
