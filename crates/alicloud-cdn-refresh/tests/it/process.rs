//! The command as a process, with nothing of this one's environment.

use std::fs;
use std::path::PathBuf;
use std::process::Stdio;

use alicloud_fake::{DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET, FakeService};
use serde_json::Value;
use tempfile::TempDir;
use tokio::io::AsyncWriteExt as _;
use tokio::process::{Child, Command};

/// Where commands run: a folder of their own, and the variables they see.
pub(crate) struct Shell {
    pub(crate) folder: TempDir,
    variables: Vec<(String, String)>,
    endpoint: Option<String>,
}

/// How a command ended.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// A command under way.
pub(crate) struct Running(pub(crate) Child);

impl Shell {
    /// Without credentials.
    pub(crate) fn new() -> Self {
        let metadata = ("ALIBABA_CLOUD_ECS_METADATA_DISABLED".to_owned(), "true".to_owned());
        Shell { folder: tempfile::tempdir().unwrap(), variables: vec![metadata], endpoint: None }
    }

    /// With the credentials of a service, to which commands talk.
    pub(crate) fn of(fake: &FakeService) -> Self {
        let mut shell = Shell::new()
            .variable("ALIBABA_CLOUD_ACCESS_KEY_ID", DEFAULT_ACCESS_KEY_ID)
            .variable("ALIBABA_CLOUD_ACCESS_KEY_SECRET", DEFAULT_ACCESS_KEY_SECRET);
        shell.endpoint = Some(fake.endpoint().to_owned());
        shell
    }

    pub(crate) fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.retain(|(other, _)| other != name);
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, text).unwrap();
        path
    }

    pub(crate) fn start(&self, args: &[&str]) -> Running {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cdn-refresh"));
        command.env_clear().env("HOME", self.folder.path()).args(args);
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        if let Some(endpoint) = self.endpoint.as_ref().filter(|_| !args.contains(&"--endpoint")) {
            command.args(["--endpoint", endpoint]);
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Running(command.kill_on_drop(true).spawn().unwrap())
    }

    pub(crate) async fn run(&self, args: &[&str]) -> Run {
        self.run_with(args, "").await
    }

    pub(crate) async fn run_with(&self, args: &[&str], stdin: &str) -> Run {
        let mut running = self.start(args);
        let mut input = running.0.stdin.take().unwrap();
        // One that does not read it may be gone by now.
        let _ = input.write_all(stdin.as_bytes()).await;
        drop(input);
        running.end().await
    }
}

impl Running {
    pub(crate) fn id(&self) -> u32 {
        self.0.id().unwrap()
    }

    pub(crate) async fn signal(&mut self, name: &str) {
        let kill = Command::new("sh").args(["-c", &format!("kill -{name} {}", self.id())]).status();
        assert!(kill.await.unwrap().success());
    }

    pub(crate) async fn end(self) -> Run {
        let output = self.0.wait_with_output().await.unwrap();
        Run {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Run {
    pub(crate) fn json(&self) -> Vec<Value> {
        self.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}
