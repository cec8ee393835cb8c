//! The step for deploy pipelines, with a token service, an STS and a CDN on loopback.

use std::path::Path;
use std::process::Stdio;

use alicloud_fake::{Account, FakeService, ScriptedResponse};
use http::StatusCode;
use tokio::process::Command;

use crate::process::Run;
use crate::support::instant;

const TOKEN: &str = "header.payload.signature";

/// GitHub's token service and STS: neither wants a signature.
async fn tokens() -> FakeService {
    let github =
        ScriptedResponse::json(StatusCode::OK, format!(r#"{{"count": 1, "value": "{TOKEN}"}}"#));
    let sts = r#"{"RequestId": "R", "Credentials": {"AccessKeyId": "STS.key", "AccessKeySecret": "sts-secret",
        "SecurityToken": "sts-token", "Expiration": "2099-01-01T00:00:00Z"}}"#;
    FakeService::builder()
        .response(
            ScriptedResponse::json(StatusCode::OK, sts)
                .for_operation("AssumeRoleWithOIDC")
                .skip_verification(),
        )
        .response(github.skip_verification())
        .start()
        .await
        .unwrap()
}

async fn step(tokens: Option<&FakeService>, cdn: &FakeService, urls: &str) -> Run {
    let command = Path::new(env!("CARGO_BIN_EXE_cdn-refresh"));
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../actions/cdn-refresh/run.sh");
    let path = format!("{}:/usr/bin:/bin", command.parent().unwrap().display());
    let home = tempfile::tempdir().unwrap();
    let mut step = Command::new("sh");
    step.arg(script).env_clear().env("PATH", path).env("HOME", home.path());
    step.env("TMPDIR", home.path()).env("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true");
    step.env("CDN_URLS", urls).env("CDN_TIMEOUT", "1m");
    step.env("CDN_ARGUMENTS", format!("--endpoint {} --poll-interval 50ms", cdn.endpoint()));
    step.env("CDN_ROLE_ARN", "acs:ram::1:role/deploy");
    step.env("CDN_OIDC_PROVIDER_ARN", "acs:ram::1:oidc-provider/github");
    if let Some(tokens) = tokens {
        step.env("ACTIONS_ID_TOKEN_REQUEST_URL", format!("{}/token?api=2", tokens.endpoint()));
        step.env("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "of-the-job");
        step.env("ALIBABA_CLOUD_STS_ENDPOINT", tokens.endpoint());
    }
    let output = step.stdin(Stdio::null()).output().await.unwrap();
    let left: Vec<_> = std::fs::read_dir(home.path()).unwrap().collect();
    assert!(left.is_empty(), "the token is not left behind: {left:?}");
    Run {
        code: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

async fn cdn() -> FakeService {
    FakeService::builder()
        .account(Account::new("STS.key", "sts-secret").security_token("sts-token"))
        .simulation(instant().fail_matching("broken", "Origin Timeout"))
        .start()
        .await
        .unwrap()
}

#[tokio::test]
async fn the_step_takes_the_role_with_the_jobs_token_and_waits() {
    if !Path::new("/usr/bin/curl").exists() {
        eprintln!("skipped: the step needs curl, and it is not here");
        return;
    }
    let (tokens, cdn) = (tokens().await, cdn().await);
    let run = step(Some(&tokens), &cdn, "https://a.example/1\nhttps://a.example/static/").await;
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.contains("Done: 2 of 2 live"), "{run:?}");
    let asked = tokens.requests();
    assert_eq!(asked[0].headers["authorization"], "bearer of-the-job");
    assert_eq!(asked[0].param("audience"), Some("sts.aliyuncs.com"));
    assert_eq!(asked[1].param("OIDCToken"), Some(TOKEN));
    assert_eq!(asked[1].param("RoleArn"), Some("acs:ram::1:role/deploy"));
    assert!(!format!("{run:?}").contains(TOKEN));
}

#[tokio::test]
async fn the_step_fails_when_an_object_does() {
    if !Path::new("/usr/bin/curl").exists() {
        eprintln!("skipped: the step needs curl, and it is not here");
        return;
    }
    let (tokens, cdn) = (tokens().await, cdn().await);
    let run = step(Some(&tokens), &cdn, "https://a.example/broken").await;
    assert_eq!(run.code, 1, "{run:?}");
}

#[tokio::test]
async fn the_step_says_what_is_missing() {
    let cdn = cdn().await;
    let run = step(None, &cdn, "https://a.example/1").await;
    assert_eq!(run.code, 3, "{run:?}");
    assert!(run.stderr.contains("id-token: write"), "{run:?}");
    assert_eq!(cdn.requests().len(), 0);
}
