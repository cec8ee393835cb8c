//! The largest and smallest values that are accepted, the moments at which something changes, and settings that
//! have priority over others.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use alicloud_core::credentials::{
    AssumeRole, CliProfile, EcsMetadata, ExternalProcess, IniProfile, OidcRole, ProcessLimits,
    ProvideCredentials as _, RunProcess, Variables,
};
use alicloud_core::testing::{DeterministicNonce, FakeTransport, ManualClock};
use alicloud_core::{BoxFuture, Credentials, Secret};
use serde_json::json;

use crate::{
    ID, NOW, SECRET, TOKEN, assert_contains, clock, expect_credentials, expect_error, temporary,
    time_after, variables,
};

fn sts() -> FakeTransport {
    let fields = temporary("2026-01-02T04:04:05Z");
    let body = format!(r#"{{"Credentials":{{{fields}}}}}"#);
    FakeTransport::new()
        .respond_json("AssumeRole", body.clone())
        .respond_json("AssumeRoleWithOIDC", body)
}

fn role(sts: &FakeTransport) -> AssumeRole {
    let base = Credentials::new("id", "secret");
    let role = AssumeRole::new(base, "acs:ram::1:role/r");
    role.variables(variables(&[])).transport(sts.clone()).clock(clock())
}

#[tokio::test]
async fn settings_of_a_role_can_have_their_limits() {
    let name = "a.b@c-d_".repeat(8);
    let sts = sts();
    expect_credentials(&role(&sts).session_name(&name).duration(Duration::from_secs(900))).await;
    assert_eq!(sts.requests()[0].param("RoleSessionName"), Some(name.as_str()));
    let error = expect_error(&role(&sts).session_name(name + "a")).await;
    assert_contains(&error, &["the session name must be at most 64"]);
    assert_contains(&expect_error(&role(&sts).session_name("")).await, &["the session name"]);
    let error = expect_error(&role(&sts).duration(Duration::from_millis(899_999))).await;
    assert_contains(&error, &["must be at least 900 seconds"]);
}

#[tokio::test]
async fn settings_of_the_program_have_priority_over_the_environment() {
    let sts = sts();
    let environment = variables(&[
        ("ALIBABA_CLOUD_STS_ENDPOINT", "sts.environment.test"),
        ("ALIBABA_CLOUD_STS_REGION", "cn-environment"),
        ("ALIBABA_CLOUD_ROLE_SESSION_NAME", "environment"),
    ]);
    let role = || role(&sts).variables(environment.clone());
    for provider in [role(), role().region("cn-program"), role().endpoint("sts.program.test")] {
        expect_credentials(&provider).await;
    }
    expect_credentials(&role().session_name("program")).await;
    let hosts: Vec<_> =
        sts.requests().iter().map(|sent| sent.uri().host().unwrap().to_owned()).collect();
    let environment = "sts.environment.test";
    assert_eq!(
        hosts,
        [environment, "sts.cn-program.aliyuncs.com", "sts.program.test", environment]
    );
    let sessions: Vec<_> = sts
        .requests()
        .iter()
        .map(|sent| sent.param("RoleSessionName").unwrap().to_owned())
        .collect();
    assert_eq!(sessions, ["environment", "environment", "environment", "program"]);
}

#[tokio::test]
async fn names_and_tokens_of_the_metadata_service_have_a_maximum_length() {
    let fields = temporary("2026-01-02T04:04:05Z");
    let credentials = format!(r#"{{"Code":"Success",{fields}}}"#);
    let token = "t".repeat(4_096);
    for (body, has_token) in [(token.clone(), true), (token + "t", false), (" ".to_owned(), false)]
    {
        let fake = FakeTransport::new().respond_raw("", 200, &[], body).respond_raw(
            "",
            200,
            &[],
            credentials.clone(),
        );
        let provider = EcsMetadata::new().variables(variables(&[])).clock(clock());
        let name = "web-1.b_".repeat(8);
        let provider = provider.direct_transport(fake.clone());
        expect_credentials(&provider.role(&name)).await;
        let requests = fake.requests();
        assert!(requests[1].uri().path().ends_with(&format!("/{name}")));
        assert_eq!(requests[1].header("x-aliyun-ecs-metadata-token").is_some(), has_token);
    }
    let provider = EcsMetadata::new().variables(variables(&[])).clock(clock());
    let provider = provider.direct_transport(FakeTransport::new().respond_json("", "t"));
    assert_contains(
        &expect_error(&provider.role("a".repeat(65))).await,
        &["the name of the role is invalid"],
    );
}

/// A program that prints this text. Counts how often it runs.
#[derive(Debug, Clone)]
struct Printing(String, Arc<AtomicUsize>);

impl RunProcess for Printing {
    fn run(
        &self,
        _: &str,
        _: &[String],
        _: ProcessLimits,
    ) -> BoxFuture<'static, std::io::Result<Secret>> {
        self.1.fetch_add(1, Ordering::SeqCst);
        let output = match self.0.as_str() {
            "" => Err(std::io::Error::other("no output")),
            text => Ok(Secret::new(text)),
        };
        Box::pin(async move { output })
    }
}

fn printing(text: &str) -> (ManualClock, Arc<AtomicUsize>, ExternalProcess) {
    let (clock, runs) = (clock(), Arc::new(AtomicUsize::new(0)));
    let provider = ExternalProcess::new("program")
        .process_runner(Printing(text.to_owned(), runs.clone()))
        .nonce_source(DeterministicNonce::constant("a"))
        .variables(variables(&[]))
        .clock(clock.clone());
    (clock, runs, provider)
}

fn key(mode: &str, more: &str) -> String {
    format!(
        r#"{{"mode":"{mode}","access_key_id":"{ID}","access_key_secret":"{SECRET}","sts_token":"{TOKEN}"{more}}}"#
    )
}

/// Asserts that the second run is at this time in milliseconds after the first.
async fn assert_runs_again_after(milliseconds: u64, text: &str) {
    let (clock, runs, provider) = printing(text);
    let run = async |advance| {
        clock.advance(Duration::from_millis(advance));
        _ = provider.credentials().await;
        runs.load(Ordering::SeqCst)
    };
    assert_eq!(run(0).await, 1);
    assert_eq!(run(milliseconds - 1).await, 1, "{text}");
    assert_eq!(run(1).await, 2, "{text}");
}

#[tokio::test]
async fn refreshes_are_reproducible_with_deterministic_nonces() {
    // FNV-1a of the nonce is 0.89081 of its range, so windows are longer by 0.22270 of their length.
    let expiring = |seconds: u64| key("StsToken", &format!(r#","expiration":{}"#, NOW + seconds));
    assert_runs_again_after(2_719_655, &expiring(3_600)).await;
    assert_runs_again_after(42_099_568, &expiring(43_200)).await;
    // Without an expiration, after five minutes and the same part of them.
    assert_runs_again_after(366_811, &key("AK", "")).await;
    assert_runs_again_after(1_000, "").await;
}

#[tokio::test]
async fn the_expiration_of_a_program_is_a_time_or_seconds() {
    for (expiration, expected) in [
        (format!("{}", NOW + 7), Some(time_after(7))),
        (format!("\"{}\"", NOW + 7), Some(time_after(7))),
        ("\"2026-01-02T03:04:12Z\"".to_owned(), Some(time_after(7))),
        ("null".to_owned(), None),
        ("\"\"".to_owned(), None),
        // Too large to be a time.
        ("18446744073709551615".to_owned(), None),
        (format!("{}", 1_u64 << 40), None),
        (format!("{}", (1_u64 << 40) - 1), Some(time_after((1 << 40) - 1 - NOW))),
    ] {
        let (_, _, provider) = printing(&key("AK", &format!(r#","expiration":{expiration}"#)));
        let credentials = provider.credentials().await.unwrap();
        assert_eq!(credentials.expiration(), expected, "{expiration}");
    }
    let (_, _, provider) = printing(&key("AK", r#","expiration":"18446744073709551615""#));
    assert_contains(&expect_error(&provider).await, &["has an `expiration` that is not a time"]);
}

#[cfg(unix)]
#[tokio::test]
async fn a_program_can_print_as_much_as_is_read() {
    let text = key("StsToken", "");
    for (length, is_accepted) in [(64 << 10, true), ((64 << 10) + 1, false)] {
        let blanks = length - text.len();
        let command = format!("sh -c 'printf %s \"$1\"; printf %{blanks}s' sh '{text}'");
        let provider = ExternalProcess::new(command).variables(variables(&[])).clock(clock());
        match is_accepted {
            true => _ = expect_credentials(&provider).await,
            false => {
                assert_contains(&expect_error(&provider).await, &["printed more than 65536 bytes"]);
            }
        }
    }
}

#[tokio::test]
async fn a_login_is_valid_until_its_expiration() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("config.json");
    let provider = |expiration: serde_json::Value| {
        let profile = json!({
            "name": "default", "mode": "CloudSSO", "access_key_id": ID, "access_key_secret": SECRET,
            "sts_token": TOKEN, "sts_expiration": expiration,
        });
        std::fs::write(&file, json!({"profiles": [profile]}).to_string()).unwrap();
        CliProfile::new().file(&file).variables(variables(&[])).clock(clock())
    };
    // Without valid credentials, the other keys of a login are needed.
    let missing = "`cloud_sso_sign_in_url` is missing";
    for expiration in [json!(NOW), json!(u64::MAX), json!(0), json!("sesame")] {
        assert_contains(&expect_error(&provider(expiration)).await, &[missing]);
    }
    let credentials = provider(json!(NOW + 1)).credentials().await.unwrap();
    assert_eq!(credentials.expiration(), Some(time_after(1)));
    let credentials = provider(json!((NOW + 1).to_string())).credentials().await.unwrap();
    assert_eq!(credentials.expiration(), Some(time_after(1)));
}

#[tokio::test]
async fn a_profile_of_the_cli_can_have_no_duration() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("config.json");
    for (seconds, expected) in [
        (json!(0), "3600"),
        (json!(null), "3600"),
        (json!(""), "3600"),
        (json!(900), "900"),
        (json!(7_200), "7200"),
    ] {
        let profile = json!({
            "name": "default", "mode": "RamRoleArn", "access_key_id": "id", "access_key_secret": "s",
            "ram_role_arn": "r", "expired_seconds": seconds,
        });
        std::fs::write(&file, json!({"profiles": [profile]}).to_string()).unwrap();
        let sts = sts();
        let provider = CliProfile::new().file(&file).variables(variables(&[])).clock(clock());
        expect_credentials(&provider.transport(sts.clone())).await;
        assert_eq!(sts.requests()[0].param("DurationSeconds"), Some(expected));
    }
}

#[tokio::test]
async fn a_missing_file_names_the_setting_that_selects_it() {
    let home = tempfile::tempdir().unwrap();
    let home_variable = ("HOME", home.path().to_str().unwrap());
    let variables =
        |more: &[(&str, &str)]| Variables::from_pairs(more.iter().copied().chain([home_variable]));
    let path = "/nonexistent/file";
    let by_variable = variables(&[("ALIBABA_CLOUD_CONFIG_FILE", path)]);
    let cli = || CliProfile::new().clock(clock());
    let ini = || IniProfile::new().clock(clock());
    let correct_path = "/nonexistent/file does not exist; correct the path";
    let correct_variable = "/nonexistent/file does not exist; correct ALIBABA_CLOUD_CONFIG_FILE";
    let by_path = expect_error(&cli().file(path).variables(variables(&[]))).await;
    let by_variable = expect_error(&cli().variables(by_variable)).await;
    let ini_by_path = expect_error(&ini().file(path).variables(variables(&[]))).await;
    for (error, part) in
        [(by_path, correct_path), (by_variable, correct_variable), (ini_by_path, correct_path)]
    {
        assert!(!error.is_absent());
        assert_contains(&error, &[part]);
    }
    let error = expect_error(&cli().variables(variables(&[]))).await;
    assert!(error.is_absent() && !error.to_string().contains("correct"), "{error}");
}

#[tokio::test]
async fn an_ini_profile_can_be_an_instance_or_an_oidc_role() {
    let directory = tempfile::tempdir().unwrap();
    let (file, token) = (directory.path().join("credentials"), directory.path().join("token"));
    let provider = || IniProfile::new().file(&file).variables(variables(&[])).clock(clock());
    std::fs::write(&file, "[default]\ntype = ecs_ram_role\nrole_name = web\n").unwrap();
    let fields = temporary("2026-01-02T04:04:05Z");
    let fake = FakeTransport::new().respond_json("", format!(r#"{{"Code":"Success",{fields}}}"#));
    let provided = provider().direct_transport(fake.clone());
    assert_eq!(expect_credentials(&provided).await, "profile/ecs_ram_role");
    assert!(fake.requests()[1].uri().path().ends_with("/security-credentials/web"));

    std::fs::write(&token, "a.b.c").unwrap();
    let text = format!(
        "[default]\ntype = oidc_role_arn\nrole_arn = r\noidc_provider_arn = p\noidc_token_file_path = {}\n",
        token.display()
    );
    std::fs::write(&file, text).unwrap();
    let sts = sts();
    let provided = provider().transport(sts.clone());
    assert_eq!(expect_credentials(&provided).await, "profile/oidc_role_arn");
    let sent = &sts.requests()[0];
    assert_eq!((sent.param("RoleArn"), sent.param("OIDCProviderArn")), (Some("r"), Some("p")));
}

#[tokio::test]
async fn the_missing_setting_of_an_oidc_role_is_named() {
    let all = [
        ("ALIBABA_CLOUD_ROLE_ARN", "r"),
        ("ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "p"),
        ("ALIBABA_CLOUD_OIDC_TOKEN_FILE", "/nonexistent/token"),
    ];
    for (missing, _) in all {
        let set: Vec<_> = all.into_iter().filter(|(name, _)| *name != missing).collect();
        let error = expect_error(&OidcRole::new().variables(variables(&set)).clock(clock())).await;
        assert_contains(&error, &[&format!("oidc_role_arn: {missing} is not set")]);
        // An empty setting of the program is none.
        let provider = OidcRole::new().role_arn("").provider_arn("");
        let error = expect_error(&provider.variables(variables(&set)).clock(clock())).await;
        assert_contains(&error, &[&format!("oidc_role_arn: {missing} is not set")]);
    }
}
