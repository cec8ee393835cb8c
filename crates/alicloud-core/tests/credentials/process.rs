//! Programs that print credentials, run for real.

use std::time::Duration;

use alicloud_core::credentials::{ExternalProcess, ProcessLimits, RunProcess, SystemProcesses};
use alicloud_core::{BoxFuture, Secret};

use crate::{ID, SECRET, TOKEN, clock, found, refused, says, variables};

fn provider(command: &str) -> ExternalProcess {
    ExternalProcess::new(command).variables(variables(&[])).clock(clock())
}

fn prints(text: &str) -> String {
    format!("printf '%s' '{text}'")
}

#[tokio::test]
async fn takes_what_a_program_prints() {
    for (mode, end) in [
        ("StsToken", r#","expiration":"2026-01-02T04:04:05Z""#),
        ("ststoken", r#","expiration":1767326645"#),
        ("STSToken", ""),
    ] {
        let text = format!(
            r#"{{"mode":"{mode}","access_key_id":"{ID}","access_key_secret":"{SECRET}","sts_token":"{TOKEN}"{end}}}"#
        );
        assert_eq!(found(&provider(&prints(&text))).await, "external");
    }
}

#[tokio::test]
async fn says_what_is_wrong_without_what_it_printed() {
    let key = r#""access_key_id":"x","access_key_secret":"sesame""#;
    for (command, part) in [
        (prints("sesame"), "what the command printed is not JSON (line 1, column 1)"),
        (prints("{}"), "has no `mode`"),
        (prints(r#"{"mode":"sesame"}"#), "another `mode` than AK or StsToken"),
        (prints(r#"{"mode":"AK"}"#), "has no `access_key_id`"),
        (prints(&format!(r#"{{"mode":"StsToken",{key}}}"#)), "has no `sts_token`"),
        (prints(&format!(r#"{{"mode":"AK",{key},"expiration":"sesame"}}"#)), "not a time"),
        ("sh -c 'echo sesame; exit 3'".to_owned(), "failed with the exit code 3"),
        ("sh -c 'kill -9 $$'".to_owned(), "ended by a signal"),
        ("/nonexistent/sesame".to_owned(), "No such file"),
        ("printf 'sesame".to_owned(), "ends inside of quotes"),
        ("  ".to_owned(), "the command is empty"),
        (r"printf '\377'".to_owned(), "not text in UTF-8"),
        // 1 GB, of which 64 KiB are read.
        ("head -c 1000000000 /dev/zero".to_owned(), "it printed more than 65536 bytes"),
        ("yes sesame".to_owned(), "it printed more than 65536 bytes"),
    ] {
        let error = refused(&provider(&command)).await;
        assert!(!error.is_absent());
        says(&error, &["external: ", part]);
    }
}

#[tokio::test]
async fn is_not_run_where_that_is_forbidden() {
    let folder = tempfile::tempdir().unwrap();
    let trace = folder.path().join("trace");
    let command = format!("touch '{}'", trace.display());
    let off = variables(&[("ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS", "TRUE")]);
    let error = refused(&provider(&command).variables(off)).await;
    says(&error, &["ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS is set"]);
    assert!(!trace.exists());
    refused(&provider(&command)).await;
    assert!(trace.exists());
}

#[tokio::test]
async fn knows_no_shell() {
    let folder = tempfile::tempdir().unwrap();
    let trace = folder.path().join("trace");
    let command = format!("printf x; touch {}", trace.display());
    refused(&provider(&command)).await;
    assert!(!trace.exists());
}

/// The real processes with less time.
#[derive(Debug)]
struct Hasty;

impl RunProcess for Hasty {
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
async fn kills_what_hangs() {
    let folder = tempfile::tempdir().unwrap();
    let pid = folder.path().join("pid");
    // One that prints nothing, one that closes its output, and one that leaves it to another.
    for tail in ["exec sleep 77", "exec >/dev/null; exec sleep 77", "sleep 3 & wait"] {
        let command = format!("sh -c 'echo $$ > {}; {tail}'", pid.display());
        let error = refused(&provider(&command).process_runner(Hasty)).await;
        says(&error, &["the command: it did not end within 500ms and was killed"]);
        let id = std::fs::read_to_string(&pid).unwrap();
        let alive = std::process::Command::new("kill")
            .args(["-0", id.trim()])
            .stderr(std::process::Stdio::null())
            .status();
        assert!(!alive.unwrap().success(), "{tail}: {id} is still there");
    }
}

#[tokio::test]
async fn ends_a_program_that_nobody_waits_for() {
    let folder = tempfile::tempdir().unwrap();
    let pid = folder.path().join("pid");
    let words = ["-c".to_owned(), format!("echo $$ > {}; exec sleep 77", pid.display())];
    let run = SystemProcesses.run("sh", &words, ProcessLimits::default());
    let id = loop {
        match std::fs::read_to_string(&pid) {
            Ok(id) if id.ends_with('\n') => break id,
            _ => tokio::time::sleep(Duration::from_millis(5)).await,
        }
    };
    drop(run);
    let gone = || {
        let mut kill = std::process::Command::new("kill");
        kill.args(["-0", id.trim()]).stderr(std::process::Stdio::null());
        !kill.status().unwrap().success()
    };
    for _ in 0..1000 {
        if gone() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{id} is still there");
}
