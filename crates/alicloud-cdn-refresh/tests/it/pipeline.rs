//! The step for deploy pipelines, against fake services for GitHub tokens, STS and CDN.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use alicloud_fake::{Account, FakeService, ScriptedResponse, Simulation};
use http::StatusCode;
use tempfile::TempDir;
use tokio::process::Command;

use crate::process::{Run, Running};
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

/// A step of a job that uses the action, run as GitHub does: with the environment that earlier steps wrote
/// to `GITHUB_ENV`, a script file for the shell, and signals for the shell only.
struct Step {
    home: TempDir,
    inputs: Vec<(&'static str, String)>,
    env: Vec<(String, String)>,
}

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../actions/cdn-refresh");

impl Step {
    fn new(cdn: &FakeService, urls: &str, arguments: &str) -> Self {
        let home = tempfile::tempdir().unwrap();
        let executable = Path::new(env!("CARGO_BIN_EXE_cdn-refresh")).parent().unwrap();
        let mut env = vec![
            ("PATH".to_owned(), format!("{}:/usr/bin:/bin", executable.display())),
            ("ALIBABA_CLOUD_ECS_METADATA_DISABLED".to_owned(), "true".to_owned()),
            ("GITHUB_ACTIONS".to_owned(), "true".to_owned()),
            ("GITHUB_ACTION_PATH".to_owned(), FOLDER.to_owned()),
        ];
        for folder in ["HOME", "TMPDIR", "RUNNER_TEMP"] {
            let path = home.path().join(folder);
            fs::create_dir(&path).unwrap();
            env.push((folder.to_owned(), path.to_str().unwrap().to_owned()));
        }
        for file in ["GITHUB_ENV", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"] {
            let path = home.path().join(file);
            fs::write(&path, "").unwrap();
            env.push((file.to_owned(), path.to_str().unwrap().to_owned()));
        }
        let arguments = format!("--endpoint {} --poll-interval 50ms {arguments}", cdn.endpoint());
        let inputs =
            vec![("urls", urls.to_owned()), ("timeout", "1m".to_owned()), ("arguments", arguments)];
        Step { home, inputs, env }
    }

    fn role(mut self) -> Self {
        self.inputs.push(("role-arn", "acs:ram::1:role/deploy".to_owned()));
        let provider = "acs:ram::1:oidc-provider/github";
        self.inputs.push(("oidc-provider-arn", provider.to_owned()));
        self
    }

    /// Adds the token service that a job with the permission has.
    fn tokens(mut self, tokens: &FakeService) -> Self {
        let url = format!("{}/token?api=2", tokens.endpoint());
        self.env.push(("ACTIONS_ID_TOKEN_REQUEST_URL".to_owned(), url));
        self.env.push(("ACTIONS_ID_TOKEN_REQUEST_TOKEN".to_owned(), "job-token".to_owned()));
        self.env.push(("ALIBABA_CLOUD_STS_ENDPOINT".to_owned(), tokens.endpoint().to_owned()));
        self
    }

    /// Runs a script of an earlier step.
    async fn after(mut self, script: &str) -> Self {
        let earlier = self.command(script).output().await.unwrap();
        assert!(earlier.status.success(), "{earlier:?}");
        let lines = fs::read_to_string(self.home.path().join("GITHUB_ENV")).unwrap();
        let variables = lines.lines().map(|line| line.split_once('=').unwrap());
        self.env.extend(variables.map(|(name, value)| (name.to_owned(), value.to_owned())));
        self
    }

    /// Returns a shell that runs a script, as for `shell: sh`.
    fn command(&self, script: &str) -> Command {
        let path = self.home.path().join("script.sh");
        fs::write(&path, script).unwrap();
        let mut command = Command::new("sh");
        command.arg("-e").arg(path).env_clear().stdin(Stdio::null()).kill_on_drop(true);
        command.envs(self.env.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Starts the last step of `action.yml`.
    fn spawn(&self) -> Running {
        let action = fs::read_to_string(format!("{FOLDER}/action.yml")).unwrap();
        let (_, step) = action.rsplit_once("    - name: ").unwrap();
        let script = step.lines().find_map(|line| line.trim().strip_prefix("run: ")).unwrap();
        let mut command = self.command(script);
        for line in step.lines() {
            if let Some((variable, value)) = line.trim().split_once(": ${{ inputs.") {
                let input = value.trim_end_matches(" }}");
                let value = self.inputs.iter().find(|(name, _)| *name == input);
                command.env(variable, value.map_or("", |(_, value)| value));
            }
        }
        Running(command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap())
    }

    async fn run(self) -> Run {
        let running = self.spawn();
        self.finish(running).await
    }

    /// Waits for the step, and checks that it leaves no file and no secret.
    async fn finish(&self, running: Running) -> Run {
        let run = running.wait().await;
        for folder in ["HOME", "TMPDIR", "RUNNER_TEMP"] {
            let files: Vec<_> = fs::read_dir(self.home.path().join(folder)).unwrap().collect();
            assert!(files.is_empty(), "the token file was not deleted: {files:?}");
        }
        assert!(!format!("{run:?}").contains(TOKEN));
        run
    }
}

fn is_curl_missing() -> bool {
    let is_missing = !Path::new("/usr/bin/curl").exists();
    if is_missing {
        eprintln!("skipped: the step needs curl");
    }
    is_missing
}

async fn start_cdn() -> FakeService {
    start_cdn_with(instant().fail_matching("broken", "Origin Timeout")).await
}

async fn start_cdn_with(simulation: Simulation) -> FakeService {
    FakeService::builder()
        .account(Account::new("STS.key", "sts-secret").security_token("sts-token"))
        .simulation(simulation)
        .start()
        .await
        .unwrap()
}

#[tokio::test]
async fn step_assumes_the_role_with_the_job_token_and_waits() {
    if is_curl_missing() {
        return;
    }
    let (tokens, cdn) = (start_token_services().await, start_cdn().await);
    let step = Step::new(&cdn, "https://a.example/1\nhttps://a.example/static/", "");
    let run = step.role().tokens(&tokens).run().await;
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.contains("Done: 2 of 2 live"), "{run:?}");
    let requests = tokens.requests();
    assert_eq!(requests[0].headers["authorization"], "bearer job-token");
    assert_eq!(requests[0].param("audience"), Some("sts.aliyuncs.com"));
    assert_eq!(requests[1].param("OIDCToken"), Some(TOKEN));
    assert_eq!(requests[1].param("RoleArn"), Some("acs:ram::1:role/deploy"));
}

#[tokio::test]
async fn step_uses_the_role_instead_of_an_access_key_and_says_so() {
    if is_curl_missing() {
        return;
    }
    let (tokens, cdn) = (start_token_services().await, start_cdn().await);
    let script = "echo ALIBABA_CLOUD_ACCESS_KEY_ID=other >>\"$GITHUB_ENV\"\n\
                  echo ALIBABA_CLOUD_ACCESS_KEY_SECRET=secret >>\"$GITHUB_ENV\"";
    let step = Step::new(&cdn, "https://a.example/1", "").role().tokens(&tokens);
    let run = step.after(script).await.run().await;
    assert_eq!(run.code, 0, "{run:?}");
    let warning =
        "warning: using the role acs:ram::1:role/deploy; the access key in the environment";
    assert!(run.stderr.contains(warning), "{run:?}");

    // Without a role, the access key is used.
    let script = "echo ALIBABA_CLOUD_ACCESS_KEY_ID=STS.key >>\"$GITHUB_ENV\"\n\
                  echo ALIBABA_CLOUD_ACCESS_KEY_SECRET=sts-secret >>\"$GITHUB_ENV\"\n\
                  echo ALIBABA_CLOUD_SECURITY_TOKEN=sts-token >>\"$GITHUB_ENV\"";
    let run = Step::new(&cdn, "https://a.example/1", "").after(script).await.run().await;
    assert_eq!((run.code, run.stderr.contains("warning")), (0, false), "{run:?}");
}

#[tokio::test]
async fn signals_to_the_shell_reach_the_command_which_reports() {
    if is_curl_missing() {
        return;
    }
    for signal in ["INT", "TERM"] {
        let slow = instant().refresh_duration(Duration::from_secs(300));
        let (tokens, cdn) = (start_token_services().await, start_cdn_with(slow).await);
        let step = Step::new(&cdn, "https://a.example/1", "").role().tokens(&tokens);
        let mut running = step.spawn();
        let is_polled =
            |operation: &Option<String>| operation.as_deref() == Some("DescribeRefreshTaskById");
        while !cdn.requests().iter().any(|request| is_polled(&request.operation)) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        running.signal(signal).await;
        let run = tokio::time::timeout(Duration::from_secs(60), step.finish(running)).await;
        let run = run.unwrap();
        assert_eq!(run.code, 2, "{signal}: {run:?}");
        assert!(run.stdout.contains("Not finished: 0 of 1 live; 1 pending"), "{signal}: {run:?}");
        let task_id = &cdn.submissions()[0].task_ids[0];
        assert!(run.stderr.contains(&format!(" wait {task_id}")), "{signal}: {run:?}");
    }
}

#[tokio::test]
async fn arguments_can_contain_blanks_and_are_not_expanded() {
    if is_curl_missing() {
        return;
    }
    let (tokens, cdn) = (start_token_services().await, start_cdn().await);
    let arguments = "--header 'Accept-Encoding: br'\n  --header \"X-Note: a  * $HOME `id` $(id)\"";
    let mut step = Step::new(&cdn, "https://a.example/$HOME/`id`", arguments).role();
    step.inputs.push(("command", "preload".to_owned()));
    let run = step.tokens(&tokens).run().await;
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.contains("live      https://a.example/$HOME/%60id%60\n"), "{run:?}");
    let requests = cdn.requests();
    let preload = requests.iter().find_map(|request| request.param("WithHeader")).unwrap();
    let headers: serde_json::Value = serde_json::from_str(preload).unwrap();
    assert_eq!(
        headers,
        serde_json::json!({"Accept-Encoding": ["br"], "X-Note": ["a  * $HOME `id` $(id)"]})
    );

    let run = Step::new(&cdn, "https://a.example/1", "--header 'A: b").run().await;
    assert_eq!(run.code, 3, "{run:?}");
    assert!(run.stderr.contains("error: cannot split the arguments; close every quote"), "{run:?}");

    let run = Step::new(&cdn, "https://a.example/1", "--domain ''").run().await;
    assert_eq!(run.code, 3, "{run:?}");
    assert!(run.stderr.contains("invalid value '' for '--domain <DOMAIN>'"), "{run:?}");
}

#[tokio::test]
async fn step_fails_if_an_object_fails() {
    if is_curl_missing() {
        return;
    }
    let (tokens, cdn) = (start_token_services().await, start_cdn().await);
    let step = Step::new(&cdn, "https://a.example/broken", "").role().tokens(&tokens);
    let run = step.run().await;
    assert_eq!(run.code, 1, "{run:?}");
}

#[tokio::test]
async fn step_reports_a_missing_job_token() {
    let cdn = start_cdn().await;
    let run = Step::new(&cdn, "https://a.example/1", "").role().run().await;
    assert_eq!(run.code, 3, "{run:?}");
    assert!(run.stderr.contains("id-token: write"), "{run:?}");
    assert_eq!(cdn.requests().len(), 0);
}
