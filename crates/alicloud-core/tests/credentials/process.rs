//! `ExternalProcess` with real programs.

use std::time::Duration;

use alicloud_core::credentials::{ExternalProcess, ProcessLimits, RunProcess, SystemProcesses};
use alicloud_core::{BoxFuture, Secret};

use crate::{
    ID, SECRET, TOKEN, assert_contains, clock, expect_credentials, expect_error, variables,
};

fn provider(command: &str) -> ExternalProcess {
    ExternalProcess::new(command).variables(variables(&[])).clock(clock())
}

/// Returns a command that prints this text.
fn print_command(text: &str) -> String {
    format!("printf '%s' '{text}'")
}

#[tokio::test]
async fn reads_the_output_of_a_program() {
    for (mode, expiration) in [
        ("StsToken", r#","expiration":"2026-01-02T04:04:05Z""#),
        ("ststoken", r#","expiration":1767326645"#),
        ("STSToken", ""),
    ] {
        let text = format!(
            r#"{{"mode":"{mode}","access_key_id":"{ID}","access_key_secret":"{SECRET}","sts_token":"{TOKEN}"{expiration}}}"#
        );
        assert_eq!(expect_credentials(&provider(&print_command(&text))).await, "external");
    }
}

#[tokio::test]
async fn errors_name_the_cause_and_do_not_quote_the_output() {
    let key = r#""access_key_id":"x","access_key_secret":"sesame""#;
    for (command, part) in [
        (print_command("sesame"), "the output of the command is not JSON (line 1, column 1)"),
        (print_command("{}"), "has no `access_key_id`"),
        (print_command(r#"{"mode":"sesame"}"#), "has a `mode` other than AK and StsToken"),
        (print_command(r#"{"mode":"AK"}"#), "has no `access_key_id`"),
        (print_command(&format!(r#"{{"mode":"StsToken",{key}}}"#)), "has no `sts_token`"),
        (print_command(&format!(r#"{{"mode":"AK",{key},"expiration":"sesame"}}"#)), "not a time"),
        (
            "sh -c 'echo sesame; exit 3'".to_owned(),
            "the command failed: it exited with code 3; run it manually",
        ),
        ("sh -c 'kill -9 $$'".to_owned(), "terminated by a signal"),
        ("/nonexistent/sesame".to_owned(), "No such file"),
        ("printf 'sesame".to_owned(), "ends inside quotes"),
        ("printf sesame\\".to_owned(), "ends with a backslash"),
        ("'' sesame".to_owned(), "the command is empty"),
        ("  ".to_owned(), "the command is empty"),
        (r"printf '\377'".to_owned(), "is not UTF-8 text"),
        // Prints 1 GB, of which 64 KiB are read.
        ("head -c 1000000000 /dev/zero".to_owned(), "it printed more than 65536 bytes"),
        ("yes sesame".to_owned(), "it printed more than 65536 bytes"),
    ] {
        let error = expect_error(&provider(&command)).await;
        assert!(!error.is_absent());
        assert_contains(&error, &["external: ", part]);
    }
}

#[tokio::test]
async fn a_variable_forbids_running_the_command() {
    let directory = tempfile::tempdir().unwrap();
    let trace = directory.path().join("trace");
    let command = format!("touch '{}'", trace.display());
    let disabled = variables(&[("ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS", "TRUE")]);
    let error = expect_error(&provider(&command).variables(disabled)).await;
    assert_contains(&error, &["ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS is set"]);
    assert!(!trace.exists());
    expect_error(&provider(&command)).await;
    assert!(trace.exists());
}

#[tokio::test]
async fn runs_without_a_shell() {
    let directory = tempfile::tempdir().unwrap();
    let trace = directory.path().join("trace");
    let command = format!("printf x; touch {}", trace.display());
    expect_error(&provider(&command)).await;
    assert!(!trace.exists());
}

/// Real processes with a shorter timeout.
#[derive(Debug)]
struct ShortTimeout;

impl RunProcess for ShortTimeout {
    fn run(
        &self,
        program: &str,
        arguments: &[String],
        mut limits: ProcessLimits,
    ) -> BoxFuture<'static, std::io::Result<Secret>> {
        assert_eq!((limits.timeout, limits.max_output_bytes), (Duration::from_secs(60), 64 << 10));
        limits.timeout = Duration::from_millis(500);
        SystemProcesses.run(program, arguments, limits)
    }
}

#[tokio::test]
async fn kills_a_program_that_hangs() {
    let directory = tempfile::tempdir().unwrap();
    let pid_file = directory.path().join("pid");
    // One that prints nothing, one that closes its output, and one whose output a child inherits.
    for tail in ["exec sleep 77", "exec >/dev/null; exec sleep 77", "sleep 3 & wait"] {
        let command = format!("sh -c 'echo $$ > {}; {tail}'", pid_file.display());
        let error = expect_error(&provider(&command).process_runner(ShortTimeout)).await;
        assert_contains(
            &error,
            &["the command failed: it did not exit within 500ms and was killed"],
        );
        let pid = std::fs::read_to_string(&pid_file).unwrap();
        let is_alive = std::process::Command::new("kill")
            .args(["-0", pid.trim()])
            .stderr(std::process::Stdio::null())
            .status();
        assert!(!is_alive.unwrap().success(), "{tail}: {pid} is still running");
    }
}

#[tokio::test]
async fn dropping_the_future_kills_the_program() {
    let directory = tempfile::tempdir().unwrap();
    let pid_file = directory.path().join("pid");
    let arguments = ["-c".to_owned(), format!("echo $$ > {}; exec sleep 77", pid_file.display())];
    let output = SystemProcesses.run("sh", &arguments, ProcessLimits::default());
    let pid = loop {
        match std::fs::read_to_string(&pid_file) {
            Ok(pid) if pid.ends_with('\n') => break pid,
            _ => tokio::time::sleep(Duration::from_millis(5)).await,
        }
    };
    drop(output);
    let is_gone = || {
        let mut kill = std::process::Command::new("kill");
        kill.args(["-0", pid.trim()]).stderr(std::process::Stdio::null());
        !kill.status().unwrap().success()
    };
    for _ in 0..1000 {
        if is_gone() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{pid} is still running");
}
