//! The step for deploy pipelines, against fake services for GitHub tokens, STS and CDN.

use std::path::Path;
use std::process::Stdio;

use alicloud_fake::{Account, FakeService, ScriptedResponse};
use http::StatusCode;
use tokio::process::Command;

use crate::process::Run;
use crate::support::instant;

const TOKEN: &str = "header.payload.signature";

/// Starts GitHub's token service and STS, which both accept unsigned requests.
async fn start_token_services() -> FakeService {
    let github_token =
        ScriptedResponse::json(StatusCode::OK, format!(r#"{{"count": 1, "value": "{TOKEN}"}}"#));
    let credentials = r#"{"RequestId": "R", "Credentials": {"AccessKeyId": "STS.key", "AccessKeySecret": "sts-secret",
        "SecurityToken": "sts-token", "Expiration": "2099-01-01T00:00:00Z"}}"#;
    FakeService::builder()
        .response(
            ScriptedResponse::json(StatusCode::OK, credentials)
                .for_operation("AssumeRoleWithOIDC")
                .skip_verification(),
        )
        .response(github_token.skip_verification())
        .start()
        .await
        .unwrap()
}

/// Runs `actions/cdn-refresh/run.sh`.
async fn run_step(tokens: Option<&FakeService>, cdn: &FakeService, urls: &str) -> Run {
    let executable = Path::new(env!("CARGO_BIN_EXE_cdn-refresh"));
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../actions/cdn-refresh/run.sh");
    let path = format!("{}:/usr/bin:/bin", executable.parent().unwrap().display());
    let home = tempfile::tempdir().unwrap();
    let mut command = Command::new("sh");
    command.arg(script).env_clear().env("PATH", path).env("HOME", home.path());
    command.env("TMPDIR", home.path()).env("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true");
    command.env("CDN_URLS", urls).env("CDN_TIMEOUT", "1m");
    command.env("CDN_ARGUMENTS", format!("--endpoint {} --poll-interval 50ms", cdn.endpoint()));
    command.env("CDN_ROLE_ARN", "acs:ram::1:role/deploy");
    command.env("CDN_OIDC_PROVIDER_ARN", "acs:ram::1:oidc-provider/github");
    if let Some(tokens) = tokens {
        command.env("ACTIONS_ID_TOKEN_REQUEST_URL", format!("{}/token?api=2", tokens.endpoint()));
        command.env("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "job-token");
        command.env("ALIBABA_CLOUD_STS_ENDPOINT", tokens.endpoint());
    }
    let output = command.stdin(Stdio::null()).output().await.unwrap();
    let files: Vec<_> = std::fs::read_dir(home.path()).unwrap().collect();
    assert!(files.is_empty(), "the token file was not deleted: {files:?}");
    Run {
        code: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

async fn start_cdn() -> FakeService {
    FakeService::builder()
        .account(Account::new("STS.key", "sts-secret").security_token("sts-token"))
        .simulation(instant().fail_matching("broken", "Origin Timeout"))
        .start()
        .await
        .unwrap()
}

#[tokio::test]
async fn step_assumes_the_role_with_the_job_token_and_waits() {
    if !Path::new("/usr/bin/curl").exists() {
        eprintln!("skipped: the step needs curl");
        return;
    }
    let (tokens, cdn) = (start_token_services().await, start_cdn().await);
    let run = run_step(Some(&tokens), &cdn, "https://a.example/1\nhttps://a.example/static/").await;
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.contains("Done: 2 of 2 live"), "{run:?}");
    let requests = tokens.requests();
    assert_eq!(requests[0].headers["authorization"], "bearer job-token");
    assert_eq!(requests[0].param("audience"), Some("sts.aliyuncs.com"));
    assert_eq!(requests[1].param("OIDCToken"), Some(TOKEN));
    assert_eq!(requests[1].param("RoleArn"), Some("acs:ram::1:role/deploy"));
    assert!(!format!("{run:?}").contains(TOKEN));
}

#[tokio::test]
async fn step_fails_if_an_object_fails() {
    if !Path::new("/usr/bin/curl").exists() {
        eprintln!("skipped: the step needs curl");
        return;
    }
    let (tokens, cdn) = (start_token_services().await, start_cdn().await);
    let run = run_step(Some(&tokens), &cdn, "https://a.example/broken").await;
    assert_eq!(run.code, 1, "{run:?}");
}

#[tokio::test]
async fn step_reports_a_missing_job_token() {
    let cdn = start_cdn().await;
    let run = run_step(None, &cdn, "https://a.example/1").await;
    assert_eq!(run.code, 3, "{run:?}");
    assert!(run.stderr.contains("id-token: write"), "{run:?}");
    assert_eq!(cdn.requests().len(), 0);
}
