//! `IniProfile`: the credentials file of the official SDKs.

use std::path::PathBuf;

use alicloud_core::ProvideCredentials as _;
use alicloud_core::credentials::{IniProfile, Variables};
use alicloud_core::testing::FakeTransport;
use tempfile::TempDir;

use crate::{assert_contains, clock, expect_credentials, expect_error, temporary};

/// Creates a home directory with these files in `.alibabacloud`.
fn home(files: &[(&str, &str)]) -> (TempDir, PathBuf) {
    let home = tempfile::tempdir().unwrap();
    let directory = home.path().join(".alibabacloud");
    std::fs::create_dir(&directory).unwrap();
    for (name, text) in files {
        std::fs::write(directory.join(name), text).unwrap();
    }
    (home, directory)
}

fn provider(home: &TempDir, more: &[(&str, &str)]) -> IniProfile {
    let home = ("HOME", home.path().to_str().unwrap());
    let all = more.iter().copied().chain([home]);
    IniProfile::new().variables(Variables::from_pairs(all)).clock(clock())
}

const DEFAULT: &str =
    "[default]\ntype = access_key\naccess_key_id = LTAI1\naccess_key_secret = s1\n";
const OTHER: &str = "[other]\ntype = access_key\naccess_key_id = LTAI2\naccess_key_secret = s2\n";

#[tokio::test]
async fn a_file_has_at_most_one_mebibyte() {
    for (length, is_accepted) in [(1 << 20, true), ((1 << 20) + 1, false)] {
        // The last byte is read, too.
        let text = DEFAULT.trim_end();
        let text = "\n".repeat(length - text.len()) + text;
        let (home, _directory) = home(&[("credentials", &text)]);
        let provider = provider(&home, &[]);
        if is_accepted {
            let credentials = provider.credentials().await.unwrap();
            let secret = credentials.access_key_secret().expose();
            assert_eq!((credentials.access_key_id(), secret), ("LTAI1", "s1"));
        } else {
            assert_contains(&expect_error(&provider).await, &["credentials is larger than 1 MiB"]);
        }
    }
}

#[tokio::test]
async fn finds_a_profile_in_either_file() {
    let (home, directory) = home(&[("credentials", DEFAULT), ("credentials.ini", OTHER)]);
    let credentials = provider(&home, &[]).credentials().await.unwrap();
    let (id, name) = (credentials.access_key_id(), credentials.provider());
    assert_eq!((id, name), ("LTAI1", "profile/access_key"));
    let other = [("ALIBABA_CLOUD_PROFILE", "other")];
    assert_eq!(provider(&home, &other).credentials().await.unwrap().access_key_id(), "LTAI2");
    let named = provider(&home, &[]).profile("other").credentials().await.unwrap();
    assert_eq!(named.access_key_id(), "LTAI2");

    let absent = expect_error(&provider(&home, &[("ALIBABA_CLOUD_PROFILE", "third")])).await;
    assert!(absent.is_absent());
    assert_contains(
        &absent,
        &["credentials has no profile \"third\"", "credentials.ini has no profile"],
    );
    let failed = expect_error(&provider(&home, &[]).profile("third")).await;
    assert!(!failed.is_absent());

    let file = directory.join("credentials.ini");
    let configured = [
        ("ALIBABA_CLOUD_CREDENTIALS_FILE", file.to_str().unwrap()),
        ("ALIBABA_CLOUD_PROFILE", "other"),
    ];
    assert_eq!(provider(&home, &configured).credentials().await.unwrap().access_key_id(), "LTAI2");
}

#[tokio::test]
async fn a_missing_default_file_is_absent_and_a_missing_configured_file_fails() {
    let empty = tempfile::tempdir().unwrap();
    let error = expect_error(&provider(&empty, &[])).await;
    assert!(error.is_absent());
    assert_contains(&error, &["credentials does not exist", "credentials.ini does not exist"]);
    let without_home = IniProfile::new().variables(crate::variables(&[])).clock(clock());
    assert_contains(&expect_error(&without_home).await, &["there is no home directory; set "]);
    let configured = [("ALIBABA_CLOUD_CREDENTIALS_FILE", "/nonexistent/file")];
    let error = expect_error(&provider(&empty, &configured)).await;
    assert!(!error.is_absent());
    let remedy = "correct ALIBABA_CLOUD_CREDENTIALS_FILE";
    assert_contains(&error, &["/nonexistent/file does not exist", remedy]);
    let directory = provider(&empty, &[]).file(empty.path());
    assert_contains(&expect_error(&directory).await, &["is not a file"]);
}

#[tokio::test]
async fn errors_name_the_file_the_profile_and_the_key() {
    let key = "access_key_id = LTAI1\naccess_key_secret = sesame";
    for (text, parts) in [
        ("[default\n", &["credentials: line 1 is neither"][..]),
        ("[default]\nsesame\n", &["credentials: line 2 is neither"]),
        ("[default]\n", &["the profile \"default\" in", "`type` is missing"]),
        ("[default]\ntype = sesame\n", &["`type` is not one of access_key"]),
        ("[default]\ntype = access_key\n", &["`access_key_id` is missing"]),
        ("[default]\ntype=access_key\naccess_key_id=x", &["`access_key_secret` is missing"]),
        (&format!("[default]\ntype=ram_role_arn\n{key}"), &["`role_arn` is missing"]),
        (
            &format!("[default]\ntype=ram_role_arn\n{key}\nrole_arn=a\nrole_session_name=x y"),
            &["`role_session_name` must be at most 64"],
        ),
        ("[default]\ntype=oidc_role_arn\nrole_arn=a\n", &["`oidc_provider_arn` is missing"]),
        (
            "[default]\ntype=oidc_role_arn\nrole_arn=a\noidc_provider_arn=p\n\
             oidc_token_file_path=/nonexistent/token\n",
            &["the profile \"default\" in", "token file /nonexistent/token does not exist"],
        ),
        (
            "[default]\ntype=access_key\naccess_key_id=x\naccess_key_secret = se same\n",
            &["the access key secret contains a character that no access key has"],
        ),
    ] {
        let (home, _) = home(&[("credentials", text)]);
        let error = expect_error(&provider(&home, &[])).await;
        assert!(!error.is_absent(), "{error}");
        assert_contains(&error, parts);
    }
}

#[tokio::test]
async fn types_without_an_access_key_are_skipped() {
    for kind in ["rsa_key_pair", "bearer"] {
        let (home, _) = home(&[("credentials", &format!("[default]\ntype = {kind}\n"))]);
        let error = expect_error(&provider(&home, &[])).await;
        assert!(error.is_absent(), "{error}");
        assert_contains(&error, &[&format!("because the type {kind} is not supported")]);
    }
}

#[tokio::test]
async fn assumes_a_role() {
    let fields = temporary("2026-01-02T04:04:05Z");
    let fake = FakeTransport::new()
        .respond_json("AssumeRole", format!(r#"{{"Credentials":{{{fields}}}}}"#));
    let text = "[default]\ntype = ram_role_arn\naccess_key_id = LTAI1\naccess_key_secret = s1\n\
                role_arn = acs:ram::1:role/r\nrole_session_name = me # myself\n\
                policy = {\"Version\":\"1\"}\n";
    let (home, _) = home(&[("credentials.ini", text)]);
    let provider = provider(&home, &[]).transport(fake.clone());
    assert_eq!(expect_credentials(&provider).await, "profile/ram_role_arn/access_key");
    let request = &fake.requests()[0];
    assert_eq!(request.param("RoleSessionName"), Some("me"));
    assert_eq!(request.param("Policy"), Some("{\"Version\":\"1\"}"));
    assert_eq!(request.param("AccessKeyId"), Some("LTAI1"));
}
