//! Region and endpoints of a profile of the CLI.

use alicloud_core::Config;
use alicloud_core::credentials::Variables;
use alicloud_core::testing::FakeTransport;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{ECS, RAM, REGION, assert_contains, builder, client, endpoint};

/// Creates a home directory with a file of the CLI.
fn home(file: &str) -> TempDir {
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir(home.path().join(".aliyun")).unwrap();
    std::fs::write(home.path().join(".aliyun/config.json"), file).unwrap();
    home
}

/// Returns a file whose current profile has these keys, and another one.
fn file(keys: Value) -> String {
    let mut profile =
        json!({"name": "p", "mode": "AK", "access_key_id": "id", "access_key_secret": "secret"});
    profile.as_object_mut().unwrap().extend(keys.as_object().unwrap().clone());
    let other = json!({
        "name": "other", "mode": "AK", "access_key_id": "other-id", "access_key_secret": "other-secret",
        "region_id": "us-west-1",
    });
    json!({"current": "p", "profiles": [profile, other]}).to_string()
}

#[test]
fn has_the_region() {
    let home = home(&file(json!({"region_id": "cn-beijing"})));
    let home = ("HOME", home.path().to_str().unwrap());
    let host = |more: &[(&str, &str)]| {
        let variables: Vec<_> = more.iter().copied().chain([home]).collect();
        endpoint(&ECS, &variables)
    };
    assert_eq!(host(&[]).unwrap(), "https://ecs.cn-beijing.aliyuncs.com");
    assert_eq!(host(&[(REGION, "cn-hangzhou")]).unwrap(), "https://ecs.cn-hangzhou.aliyuncs.com");
    let other = [("ALIBABA_CLOUD_PROFILE", "other")];
    assert_eq!(host(&other).unwrap(), "https://ecs.us-west-1.aliyuncs.com");
    let missing = [("ALIBABA_CLOUD_PROFILE", "of the SDKs")];
    assert_contains(&host(&missing).unwrap_err(), "no region is set");
    let disabled = [("ALIBABA_CLOUD_CLI_PROFILE_DISABLED", "true")];
    assert_contains(&host(&disabled).unwrap_err(), "no region is set");
}

#[test]
fn that_does_not_exist_is_named_where_its_region_is_missing() {
    let existing = home(&file(json!({"region_id": "cn-beijing"})));
    let current =
        home(r#"{"current": "gone", "profiles": [{"name": "p", "region_id": "cn-beijing"}]}"#);
    let empty = tempfile::tempdir().unwrap();
    let disabled = Some(("ALIBABA_CLOUD_CLI_PROFILE_DISABLED", "true"));
    let variable = Some(("ALIBABA_CLOUD_PROFILE", "typo"));
    for (home, more, profile, reason) in [
        (&existing, None, Some("typo"), "config.json has no profile \"typo\""),
        (&existing, None, Some(""), "config.json has no profile \"\""),
        (&existing, variable, None, "has no profile \"typo\" (set by ALIBABA_CLOUD_PROFILE)"),
        (&existing, disabled, Some("p"), "because ALIBABA_CLOUD_CLI_PROFILE_DISABLED is set"),
        (&current, None, None, "has no profile \"gone\", which is the value of `current`"),
        (&empty, None, Some("p"), "config.json does not exist"),
    ] {
        let home = ("HOME", home.path().to_str().unwrap());
        let mut builder = builder(&more.into_iter().chain([home]).collect::<Vec<_>>());
        if let Some(profile) = profile {
            builder = builder.profile(profile);
        }
        let config = builder.build().unwrap();
        let error = client(&ECS, &config).unwrap_err().to_string();
        for part in ["no region is set", "the profile of the CLI was not read", reason] {
            assert_contains(&error, part);
        }
        assert_eq!(client(&RAM, &config).unwrap().endpoint(), "https://ram.aliyuncs.com");
    }
    // Most machines have no file of the CLI.
    let error = endpoint(&ECS, &[("HOME", empty.path().to_str().unwrap())]).unwrap_err();
    assert!(!error.contains("profile"), "{error}");
}

#[test]
fn has_endpoints() {
    let keys = json!({
        "region_id": "cn-beijing", "endpoint": "all.example", "endpoints": {"ecs": "ecs.example", "n": 1},
        "endpoint_type": "vpc",
    });
    let home = home(&file(keys));
    let home = ("HOME", home.path().to_str().unwrap());
    assert_eq!(endpoint(&ECS, &[home]).unwrap(), "https://ecs.example");
    assert_eq!(endpoint(&RAM, &[home]).unwrap(), "https://all.example");
    let all = ("ALIBABA_CLOUD_ENDPOINT", "variable.example");
    assert_eq!(endpoint(&ECS, &[home, all]).unwrap(), "https://variable.example");
}

#[test]
fn has_no_endpoint_where_the_value_is_blank() {
    let keys = json!({"region_id": " cn-beijing ", "endpoint": " ", "endpoints": {"ecs": "", "ram": " ram.example\n"}});
    let home = home(&file(keys));
    let home = ("HOME", home.path().to_str().unwrap());
    assert_eq!(endpoint(&ECS, &[home]).unwrap(), "https://ecs.cn-beijing.aliyuncs.com");
    assert_eq!(endpoint(&RAM, &[home]).unwrap(), "https://ram.example");
}

#[test]
fn has_the_kind_of_endpoint() {
    let home = home(&file(json!({"region_id": "cn-beijing", "endpoint_type": "VPC"})));
    let home = ("HOME", home.path().to_str().unwrap());
    assert_eq!(endpoint(&ECS, &[home]).unwrap(), "https://ecs-vpc.cn-beijing.aliyuncs.com");
    let off = ("ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED", "false");
    assert_eq!(endpoint(&ECS, &[home, off]).unwrap(), "https://ecs.cn-beijing.aliyuncs.com");
}

#[test]
fn that_is_broken_matters_only_to_those_who_need_it() {
    let endpoint_of_profile = file(json!({"region_id": "cn-beijing", "endpoint": "a b"}));
    for (text, reason) in [
        ("{", "is not JSON (line 1, column 1)"),
        (&*file(json!({"region_id": "Beijing"})), "`region_id` of the profile \"p\""),
    ] {
        let home = home(text);
        let home = ("HOME", home.path().to_str().unwrap());
        assert_eq!(endpoint(&RAM, &[home]).unwrap(), "https://ram.aliyuncs.com");
        let error = endpoint(&ECS, &[home]).unwrap_err();
        for part in ["no region is set", "the profile of the CLI was not read", reason] {
            assert_contains(&error, part);
        }
        let hangzhou = endpoint(&ECS, &[home, (REGION, "cn-hangzhou")]).unwrap();
        assert_eq!(hangzhou, "https://ecs.cn-hangzhou.aliyuncs.com");
    }
    let home = home(&endpoint_of_profile);
    let home = ("HOME", home.path().to_str().unwrap());
    assert_contains(&endpoint(&ECS, &[home]).unwrap_err(), "`endpoint` of the profile \"p\" in ");
}

#[tokio::test]
async fn named_by_the_program_has_the_credentials_too() {
    let home = home(&file(json!({"region_id": "cn-beijing"})));
    let variables = Variables::from_pairs([
        ("HOME", home.path().to_str().unwrap()),
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", "of-the-environment"),
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "secret"),
    ]);
    let config = Config::builder()
        .profile("other")
        .variables(variables)
        .transport(FakeTransport::new())
        .build()
        .unwrap();
    let client = client(&ECS, &config).unwrap();
    assert_eq!(client.endpoint(), "https://ecs.us-west-1.aliyuncs.com");
    let credentials = client.credentials_provider().credentials().await.unwrap();
    assert_eq!(credentials.access_key_id(), "other-id");
    // Credentials that the program sets have priority.
    assert!(builder(&[]).profile("other").build().is_ok());
}
