//! The file of the official SDKs.

use std::path::PathBuf;

use alicloud_core::ProvideCredentials as _;
use alicloud_core::credentials::{IniProfile, Variables};
use alicloud_core::testing::FakeTransport;
use tempfile::TempDir;

use crate::{clock, found, refused, says, temporary};

/// A home directory with these files in `.alibabacloud`.
fn home(files: &[(&str, &str)]) -> (TempDir, PathBuf) {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join(".alibabacloud");
    std::fs::create_dir(&folder).unwrap();
    for (name, text) in files {
        std::fs::write(folder.join(name), text).unwrap();
    }
    (home, folder)
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
async fn finds_a_profile_in_either_file() {
    let (home, folder) = home(&[("credentials", DEFAULT), ("credentials.ini", OTHER)]);
    let found = provider(&home, &[]).credentials().await.unwrap();
    assert_eq!((found.access_key_id(), found.provider()), ("LTAI1", "profile/access_key"));
    let other = [("ALIBABA_CLOUD_PROFILE", "other")];
    assert_eq!(provider(&home, &other).credentials().await.unwrap().access_key_id(), "LTAI2");
    let named = provider(&home, &[]).profile("other").credentials().await.unwrap();
    assert_eq!(named.access_key_id(), "LTAI2");

    let absent = refused(&provider(&home, &[("ALIBABA_CLOUD_PROFILE", "third")])).await;
    assert!(absent.is_absent());
    says(&absent, &["credentials has no profile \"third\"", "credentials.ini has no profile"]);
    let failed = refused(&provider(&home, &[]).profile("third")).await;
    assert!(!failed.is_absent());

    let file = folder.join("credentials.ini");
    let told = [
        ("ALIBABA_CLOUD_CREDENTIALS_FILE", file.to_str().unwrap()),
        ("ALIBABA_CLOUD_PROFILE", "other"),
    ];
    assert_eq!(provider(&home, &told).credentials().await.unwrap().access_key_id(), "LTAI2");
}

#[tokio::test]
async fn is_absent_without_a_file_and_failed_without_one_that_is_named() {
    let empty = tempfile::tempdir().unwrap();
    let error = refused(&provider(&empty, &[])).await;
    assert!(error.is_absent());
    says(&error, &["credentials does not exist", "credentials.ini does not exist"]);
    let homeless = IniProfile::new().variables(crate::variables(&[])).clock(clock());
    says(&refused(&homeless).await, &["there is no home directory"]);
    let told = [("ALIBABA_CLOUD_CREDENTIALS_FILE", "/nonexistent/file")];
    let error = refused(&provider(&empty, &told)).await;
    assert!(!error.is_absent());
    says(&error, &["/nonexistent/file does not exist"]);
    let folder = provider(&empty, &[]).file(empty.path());
    says(&refused(&folder).await, &["is not a file"]);
}

#[tokio::test]
async fn names_file_profile_and_key() {
    let key = "access_key_id = LTAI1\naccess_key_secret = sesame";
    for (text, parts) in [
        ("[default\n", &["credentials: line 1 is neither"][..]),
        ("[default]\nsesame\n", &["credentials: line 2 is neither"]),
        ("[default]\n", &["the profile \"default\" in", "`type` is missing"]),
        ("[default]\ntype = sesame\n", &["`type` is none of access_key"]),
        ("[default]\ntype = rsa_key_pair\n", &["`type` is none of access_key"]),
        ("[default]\ntype = access_key\n", &["`access_key_id` is missing"]),
        ("[default]\ntype=access_key\naccess_key_id=x", &["`access_key_secret` is missing"]),
        (&format!("[default]\ntype=ram_role_arn\n{key}"), &["`role_arn` is missing"]),
        (
            &format!("[default]\ntype=ram_role_arn\n{key}\nrole_arn=a\nrole_session_name=x y"),
            &["`role_session_name` is not at most 64"],
        ),
        ("[default]\ntype=oidc_role_arn\nrole_arn=a\n", &["`oidc_provider_arn` is missing"]),
        (
            "[default]\ntype=oidc_role_arn\nrole_arn=a\noidc_provider_arn=p\n\
             oidc_token_file_path=/nonexistent/token\n",
            &["the profile \"default\" in", "token file /nonexistent/token does not exist"],
        ),
        (
            "[default]\ntype=access_key\naccess_key_id=x\naccess_key_secret = se same\n",
            &["the access key secret holds a character that no access key has"],
        ),
    ] {
        let (home, _folder) = home(&[("credentials", text)]);
        let error = refused(&provider(&home, &[])).await;
        assert!(!error.is_absent(), "{error}");
        says(&error, parts);
    }
}

#[tokio::test]
async fn takes_a_role() {
    let fields = temporary("2026-01-02T04:04:05Z");
    let fake = FakeTransport::new()
        .respond_json("AssumeRole", format!(r#"{{"Credentials":{{{fields}}}}}"#));
    let text = "[default]\ntype = ram_role_arn\naccess_key_id = LTAI1\naccess_key_secret = s1\n\
                role_arn = acs:ram::1:role/r\nrole_session_name = me # myself\n\
                policy = {\"Version\":\"1\"}\n";
    let (home, _folder) = home(&[("credentials.ini", text)]);
    let provider = provider(&home, &[]).transport(fake.clone());
    assert_eq!(found(&provider).await, "profile/ram_role_arn/access_key");
    let request = &fake.requests()[0];
    assert_eq!(request.param("RoleSessionName"), Some("me"));
    assert_eq!(request.param("Policy"), Some("{\"Version\":\"1\"}"));
    assert_eq!(request.param("AccessKeyId"), Some("LTAI1"));
}
