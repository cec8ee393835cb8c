//! `CliProfile`: the configuration file of the Alibaba Cloud CLI.

use std::path::PathBuf;

use alicloud_core::ProvideCredentials as _;
use alicloud_core::credentials::{CliProfile, Variables};
use alicloud_core::testing::FakeTransport;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    ID, SECRET, TOKEN, assert_contains, clock, expect_credentials, expect_error, temporary,
};

/// Creates a home directory with this `config.json`.
fn home(text: &str) -> TempDir {
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir(home.path().join(".aliyun")).unwrap();
    std::fs::write(home.path().join(".aliyun").join("config.json"), text).unwrap();
    home
}

fn provider(home: &TempDir, more: &[(&str, &str)]) -> CliProfile {
    let home = ("HOME", home.path().to_str().unwrap());
    let all = more.iter().copied().chain([home]);
    CliProfile::new().variables(Variables::from_pairs(all)).clock(clock())
}

/// Creates a home directory with this profile, called `p`, as the current one.
fn home_with_profile(mut fields: Value) -> TempDir {
    fields["name"] = json!("p");
    home(&json!({"current": "p", "profiles": [fields]}).to_string())
}

fn sts() -> FakeTransport {
    let fields = temporary("2026-01-02T04:04:05Z");
    FakeTransport::new()
        .respond_json("AssumeRole", format!(r#"{{"Credentials":{{{fields}}}}}"#))
        .respond_json("AssumeRoleWithOIDC", format!(r#"{{"Credentials":{{{fields}}}}}"#))
}

#[tokio::test]
async fn selects_the_profile() {
    let key = |name: &str, id: &str| json!({"name": name, "mode": "AK", "access_key_id": id, "access_key_secret": "s"});
    let file = json!({"current": "b", "profiles": [key("a", "LTAI1"), key("b", "LTAI2")]});
    let home = home(&file.to_string());
    let id = async |provider: CliProfile| {
        provider.credentials().await.unwrap().access_key_id().to_owned()
    };
    assert_eq!(id(provider(&home, &[])).await, "LTAI2");
    assert_eq!(id(provider(&home, &[("ALIBABA_CLOUD_PROFILE", "a")])).await, "LTAI1");
    assert_eq!(id(provider(&home, &[]).profile("a")).await, "LTAI1");
    let path: PathBuf = home.path().join(".aliyun").join("config.json");
    let configured = [("ALIBABA_CLOUD_CONFIG_FILE", path.to_str().unwrap())];
    let configured = CliProfile::new().variables(crate::variables(&configured));
    assert_eq!(id(configured).await, "LTAI2");

    let absent = expect_error(&provider(&home, &[("ALIBABA_CLOUD_PROFILE", "c")])).await;
    assert!(absent.is_absent());
    assert_contains(&absent, &["config.json has no profile \"c\" (set by ALIBABA_CLOUD_PROFILE)"]);
    assert!(!expect_error(&provider(&home, &[]).profile("c")).await.is_absent());
    for variable in ["ALIBABA_CLOUD_CLI_PROFILE_DISABLED", "ALIBABA_CLOUD_IGNORE_PROFILE"] {
        let absent = expect_error(&provider(&home, &[(variable, "TRUE")])).await;
        assert!(absent.is_absent());
        assert_contains(&absent, &[variable, "is set"]);
    }
}

#[tokio::test]
async fn modes_with_stored_credentials() {
    for mode in ["StsToken", "STSTOKEN", "ststoken"] {
        let home = home_with_profile(json!({
            "mode": mode, "access_key_id": ID, "access_key_secret": SECRET, "sts_token": TOKEN,
        }));
        assert_eq!(expect_credentials(&provider(&home, &[])).await, "cli_profile/sts_token");
    }
}

#[tokio::test]
async fn modes_that_call_sts() {
    let (base, role) = (("LTAI1", "s1"), "acs:ram::1:role/r");
    let home = home_with_profile(json!({
        "mode": "RamRoleArn", "access_key_id": base.0, "access_key_secret": base.1,
        "ram_role_arn": role, "ram_session_name": "me", "external_id": "ext",
        "expired_seconds": 900, "sts_region": "cn-beijing", "enable_vpc": true,
    }));
    let fake = sts();
    let provided = provider(&home, &[]).transport(fake.clone());
    assert_eq!(expect_credentials(&provided).await, "cli_profile/ram_role_arn/ak");
    let request = &fake.requests()[0];
    assert_eq!(request.uri().host(), Some("sts-vpc.cn-beijing.aliyuncs.com"));
    assert_eq!(request.param("DurationSeconds"), Some("900"));
    assert_eq!(request.param("RoleSessionName"), Some("me"));
    assert_eq!(request.param("ExternalId"), Some("ext"));

    let token = home.path().join("token");
    std::fs::write(&token, "a.b.c").unwrap();
    let home = home_with_profile(json!({
        "mode": "OIDC", "oidc_provider_arn": "acs:ram::1:oidc-provider/p", "ram_role_arn": role,
        "oidc_token_file": token, "sts_endpoint": "sts.example.com",
    }));
    let fake = sts();
    let provided = provider(&home, &[]).transport(fake.clone());
    assert_eq!(expect_credentials(&provided).await, "cli_profile/oidc_role_arn");
    assert_eq!(fake.requests()[0].uri().host(), Some("sts.example.com"));
    assert_eq!(fake.requests()[0].param("OIDCToken"), Some("a.b.c"));
}

#[cfg(feature = "transport")]
#[tokio::test]
async fn credentials_uri_mode() {
    use crate::server::{Server, ok};

    let fields = temporary("2026-01-02T04:04:05Z");
    let server = Server::start(move |_, _| ok(format!("{{{fields}}}")));
    let home =
        home_with_profile(json!({"mode": "CredentialsURI", "credentials_uri": server.url()}));
    assert_eq!(expect_credentials(&provider(&home, &[])).await, "cli_profile/credentials_uri");
}

#[tokio::test]
async fn ecs_ram_role_mode() {
    // The address of the metadata service is fixed, so the test replaces the transport.
    let home = home_with_profile(json!({"mode": "EcsRamRole", "ram_role_name": "web"}));
    let fields = temporary("2026-01-02T04:04:05Z");
    let fake = FakeTransport::new().respond_json("", format!(r#"{{"Code":"Success",{fields}}}"#));
    let provided = provider(&home, &[]).direct_transport(fake.clone());
    assert_eq!(expect_credentials(&provided).await, "cli_profile/ecs_ram_role");
    assert_eq!(fake.requests()[1].uri().host(), Some("100.100.100.200"));
    assert!(fake.requests()[1].uri().path().ends_with("/security-credentials/web"));
}

#[tokio::test]
async fn chained_roles() {
    let chain = |name: &str, source: &str, role: &str| json!({"name": name, "mode": "ChainableRamRoleArn", "source_profile": source, "ram_role_arn": role});
    let key =
        json!({"name": "key", "mode": "AK", "access_key_id": "LTAI1", "access_key_secret": "s"});
    let file = json!({"current": "top", "profiles": [
        chain("top", "middle", "role-2"), chain("middle", "key", "role-1"), key,
        chain("self", "self", "r"), chain("one", "two", "r"), chain("two", "one", "r"),
        chain("lost", "nobody", "r"),
    ]});
    let home = home(&file.to_string());
    let fake = sts();
    let provided = provider(&home, &[]).transport(fake.clone());
    assert_eq!(expect_credentials(&provided).await, "cli_profile/ram_role_arn/ram_role_arn/ak");
    let roles: Vec<_> = fake
        .requests()
        .iter()
        .map(|request| request.param("RoleArn").unwrap().to_owned())
        .collect();
    assert_eq!(roles, ["role-1", "role-2"]);
    assert_eq!(fake.requests()[1].param("AccessKeyId"), Some(ID));

    for (name, parts) in [
        ("self", &["the profile \"self\" in", "`source_profile` forms a cycle: self → self"][..]),
        ("one", &["the profile \"two\" in", "forms a cycle: one → two → one"]),
        ("lost", &["the profile \"nobody\" in", "does not exist; correct the `source_profile`"]),
    ] {
        let error = expect_error(&provider(&home, &[]).profile(name)).await;
        assert!(!error.is_absent());
        assert_contains(&error, parts);
    }
}

#[tokio::test]
async fn errors_name_the_file_the_profile_and_the_key() {
    let key = json!({"access_key_id": "LTAI1", "access_key_secret": "sesame"});
    let with = |more: Value| {
        let mut fields = key.clone();
        fields.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        fields
    };
    let role = |more: Value| {
        let mut fields = with(json!({"mode": "RamRoleArn", "ram_role_arn": "r"}));
        fields.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        fields
    };
    for (fields, part) in [
        (with(json!({})), "`mode` is missing"),
        (with(json!({"mode": "sesame"})), "`mode` is not one of AK, StsToken"),
        (with(json!({"mode": 1})), "`mode` is missing"),
        (json!({"mode": "AK", "access_key_id": "x"}), "`access_key_secret` is missing"),
        (with(json!({"mode": "StsToken"})), "`sts_token` is missing"),
        (with(json!({"mode": "RamRoleArn"})), "`ram_role_arn` is missing"),
        (role(json!({"expired_seconds": 10})), "`expired_seconds` must be at least 900"),
        (
            role(json!({"expired_seconds": "sesame"})),
            "`expired_seconds` must be a number of seconds",
        ),
        (role(json!({"enable_vpc": "sesame"})), "`enable_vpc` must be `true`, `1`"),
        (role(json!({"enable_vpc": []})), "`enable_vpc` must be `true`, `1`"),
        (role(json!({"ram_session_name": "sesame!"})), "`ram_session_name` must be at most 64"),
        (role(json!({"sts_endpoint": "se same"})), "`sts_endpoint` must be a host"),
        (role(json!({"sts_endpoint": "https://u:sesame@h"})), "`sts_endpoint` must be a host"),
        (role(json!({"sts_region": "se/same"})), "`sts_region` must be a region"),
        (json!({"mode": "OIDC", "ram_role_arn": "r"}), "`oidc_provider_arn` is missing"),
        (json!({"mode": "ChainableRamRoleArn"}), "`source_profile` is missing"),
        (json!({"mode": "CredentialsURI"}), "`credentials_uri` is missing"),
        (json!({"mode": "CredentialsURI", "credentials_uri": "sesame"}), "must be a URL"),
        (json!({"mode": "External"}), "`process_command` is missing"),
        (with(json!({"mode": "CloudSSO"})), "`cloud_sso_sign_in_url` is missing; log in again"),
        (
            with(json!({"mode": "OAuth"})),
            "`oauth_access_token` and `oauth_refresh_token` are missing",
        ),
    ] {
        let home = home_with_profile(fields);
        let error = expect_error(&provider(&home, &[])).await;
        assert!(!error.is_absent(), "{error}");
        assert_contains(
            &error,
            &["cli_profile", "the profile \"p\" in ", ".aliyun", "config.json", part],
        );
    }
}

#[tokio::test]
async fn invalid_files() {
    let large = format!("{{\"x\":\"{}\"}}", "sesame".repeat(3_000_000));
    for (text, part, absent) in [
        ("{\"current\": \"sesame", "config.json is not JSON (line 1, column 19)", false),
        ("", "config.json is empty", true),
        ("[]", "is JSON, but not an object", false),
        (&large, "is larger than 16 MiB", false),
        ("{\"current\":\"x\",\"profiles\":[{\"name\":\"y\"}]}", "no profile \"x\"", false),
        ("{}", "has no `profiles`", true),
        ("{\"profiles\":\"sesame\"}", "has no `profiles`", true),
        ("{\"profiles\":[{\"name\":\"default\",\"mode\":\"AK\"}]}", "has no access key", true),
    ] {
        let error = expect_error(&provider(&home(text), &[])).await;
        assert_eq!(error.is_absent(), absent, "{error}");
        assert_contains(&error, &[part]);
    }
    let home = home("");
    std::fs::write(home.path().join(".aliyun").join("config.json"), b"\xff\xfe").unwrap();
    assert_contains(&expect_error(&provider(&home, &[])).await, &["config.json is not UTF-8 text"]);
}

#[tokio::test]
async fn modes_without_an_access_key_are_skipped() {
    for mode in ["BearerToken", "anonymous", "RSAKEYPAIR"] {
        let role = json!({"name": "role", "mode": "ChainableRamRoleArn", "source_profile": "p", "ram_role_arn": "r"});
        let file = json!({"current": "p", "profiles": [{"name": "p", "mode": mode, "bearer_token": "sesame"}, role]});
        let home = home(&file.to_string());
        let error = expect_error(&provider(&home, &[])).await;
        assert!(error.is_absent(), "{error}");
        assert_contains(&error, &["the profile \"p\" in", "which is not supported"]);
        // A profile that needs it is not skipped.
        let error = expect_error(&provider(&home, &[]).profile("role")).await;
        assert!(!error.is_absent(), "{error}");
        assert_contains(&error, &["the profile \"p\" in", "which is not supported"]);
    }
}

#[tokio::test]
async fn the_role_of_an_instance_can_assume_another_role() {
    let home = home_with_profile(json!({
        "mode": "RamRoleArnWithRoleName", "ram_role_name": "web", "external_id": "",
    }));
    let variables =
        [("ALIBABA_CLOUD_ROLE_ARN", "acs:ram::7:role/x"), ("ALIBABA_CLOUD_EXTERNAL_ID", "ext")];
    let fields = temporary("2026-01-02T04:04:05Z");
    let instance =
        FakeTransport::new().respond_json("", format!(r#"{{"Code":"Success",{fields}}}"#));
    let sts = sts();
    let provider =
        provider(&home, &variables).direct_transport(instance.clone()).transport(sts.clone());
    assert_eq!(expect_credentials(&provider).await, "cli_profile/ram_role_arn/ecs_ram_role");
    assert!(instance.requests()[1].uri().path().ends_with("/security-credentials/web"));
    let request = &sts.requests()[0];
    assert_eq!(request.param("RoleArn"), Some("acs:ram::7:role/x"));
    assert_eq!(request.param("ExternalId"), Some("ext"));
    assert_eq!(request.param("SecurityToken"), Some(TOKEN));
}

#[cfg(unix)]
#[tokio::test]
async fn a_pipe_is_rejected_without_blocking() {
    let home = home("{}");
    let path = home.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
    assert_contains(&expect_error(&provider(&home, &[]).file(path)).await, &["pipe is not a file"]);
}
