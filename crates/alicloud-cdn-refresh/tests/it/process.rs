//! Runs the command as a child process, without this process's environment.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use alicloud_fake::{DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET, FakeService};
use serde_json::Value;
use tempfile::TempDir;
use tokio::io::AsyncWriteExt as _;
use tokio::process::{Child, Command};

pub(crate) const URLS: [&str; 2] = ["https://example.com/a.jpg", "https://example.com/static/"];

/// The directory and the environment variables that commands run with.
pub(crate) struct Shell {
    pub(crate) dir: TempDir,
    env: Vec<(String, String)>,
    endpoint: Option<String>,
}

/// The exit code and the output of a command.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// A running command.
pub(crate) struct Running(pub(crate) Child);

impl Shell {
    /// Creates a shell without credentials.
    pub(crate) fn new() -> Self {
        let metadata = ("ALIBABA_CLOUD_ECS_METADATA_DISABLED".to_owned(), "true".to_owned());
        Shell { dir: tempfile::tempdir().unwrap(), env: vec![metadata], endpoint: None }
    }

    /// Creates a shell with the endpoint and the credentials of a fake service.
    pub(crate) fn for_service(fake: &FakeService) -> Self {
        let mut shell = Shell::new()
            .env("ALIBABA_CLOUD_ACCESS_KEY_ID", DEFAULT_ACCESS_KEY_ID)
            .env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", DEFAULT_ACCESS_KEY_SECRET);
        shell.endpoint = Some(fake.endpoint().to_owned());
        shell
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.env.retain(|(other, _)| other != name);
        self.env.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn write_file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, text).unwrap();
        path
    }

    pub(crate) fn spawn(&self, args: &[&str]) -> Running {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cdn-refresh"));
        command.env_clear().env("HOME", self.dir.path()).args(args);
        command.envs(self.env.iter().map(|(name, value)| (name, value)));
        if let Some(endpoint) = self.endpoint.as_ref().filter(|_| !args.contains(&"--endpoint")) {
            command.args(["--endpoint", endpoint]);
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Running(command.kill_on_drop(true).spawn().unwrap())
    }

    pub(crate) async fn run(&self, args: &[&str]) -> Run {
        self.run_with_stdin(args, "").await
    }

    pub(crate) async fn run_with_stdin(&self, args: &[&str], input: &str) -> Run {
        let mut running = self.spawn(args);
        let mut stdin = running.0.stdin.take().unwrap();
        // A command that does not read stdin may have ended already.
        let _ = stdin.write_all(input.as_bytes()).await;
        drop(stdin);
        running.wait().await
    }
}

impl Running {
    pub(crate) fn pid(&self) -> u32 {
        self.0.id().unwrap()
    }

    pub(crate) async fn signal(&mut self, name: &str) {
        let kill =
            Command::new("sh").args(["-c", &format!("kill -{name} {}", self.pid())]).status();
        assert!(kill.await.unwrap().success());
    }

    pub(crate) async fn wait(self) -> Run {
        let output = self.0.wait_with_output().await.unwrap();
        Run {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Run {
    pub(crate) fn json_lines(&self) -> Vec<Value> {
        self.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

/// Waits until a service has received a call of an operation, and its response has arrived.
pub(crate) async fn wait_for_call(fake: &FakeService, operation: &str) {
    while !fake.requests().iter().any(|request| request.operation.as_deref() == Some(operation)) {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
}

/// Returns how many times each object was submitted.
pub(crate) fn submission_counts(fake: &FakeService) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for url in fake.submissions().into_iter().flat_map(|submission| submission.objects) {
        *counts.entry(url).or_default() += 1;
    }
    counts
}

#[cfg(unix)]
pub(crate) fn kill(pid: u32) {
    // The process may have ended already.
    let _ = std::process::Command::new("sh").args(["-c", &format!("kill -KILL {pid}")]).status();
}
