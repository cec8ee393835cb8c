//! Limits on what the command reads.

#[cfg(target_os = "linux")]
use std::process::Stdio;
use std::time::Duration;

use tokio::io::AsyncWriteExt as _;

use crate::errors::assert_error_line;
use crate::process::{Run, Shell};

/// Maximum memory of the command, in KiB.
#[cfg(target_os = "linux")]
const MAX_MEMORY_KIB: u64 = 150 * 1024;

/// Runs the command on an endless stream of one text.
async fn run_with_endless_stdin(args: &[&str], text: &str) -> Run {
    let mut running = Shell::new().spawn(args);
    let mut stdin = running.0.stdin.take().unwrap();
    let chunk = text.repeat((1 << 16) / text.len() + 1);
    let write = async {
        // Fails once the command has stopped reading.
        while stdin.write_all(chunk.as_bytes()).await.is_ok() {}
        drop(stdin);
    };
    let work = async { tokio::join!(write, running.wait()).1 };
    tokio::time::timeout(Duration::from_secs(120), work).await.unwrap()
}

#[tokio::test]
async fn reading_stops_at_the_first_limit() {
    let long = format!("https://example.com/{}\n", "x".repeat(4_000));
    let cases: [(&str, &[&str]); 6] = [
        ("https://example.com/static/image.jpg\n", &["<stdin>:100001: ", "100000 inputs", "split"]),
        ("oops\n", &["<stdin>:100001: ", "100000 inputs"]),
        (&long, &["standard input exceeds the maximum of 32 MiB", "split"]),
        ("\u{0}", &["line 1 of standard input is longer than 64 KiB", "one URL per line"]),
        ("# comment\n", &["standard input exceeds the maximum of 32 MiB"]),
        ("\n", &["standard input exceeds the maximum of 32 MiB"]),
    ];
    for (text, parts) in cases {
        let run = run_with_endless_stdin(&["plan", "-"], text).await;
        assert_error_line(&run, 3, parts);
        assert!(run.stderr.lines().count() <= 60 && run.stdout.len() < 10_000, "{run:?}");
    }
    // No option turns a list that was cut off into a success.
    let args = ["refresh", "--demo", "--partial", "--allow-empty", "-"];
    let run = run_with_endless_stdin(&args, cases[0].0).await;
    assert_error_line(&run, 3, cases[0].1);
    assert!(!run.stdout.contains("Done"), "{run:?}");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_device_without_an_end_is_rejected() {
    let run = Shell::new().run(&["plan", "-f", "/dev/zero"]).await;
    assert_error_line(&run, 3, &["line 1 of /dev/zero is longer than 64 KiB"]);
    let run = Shell::new().run(&["plan", "-f", "/dev/urandom"]).await;
    assert_eq!(run.code, 3, "{run:?}");
}

#[tokio::test]
async fn json_lists_a_bounded_number_of_invalid_inputs_and_counts_the_rest() {
    let run = run_with_endless_stdin(&["--json", "plan", "-"], "not a url\n").await;
    let lines = run.json_lines();
    assert_eq!((run.code, lines.len()), (3, 1 + 500 + 1 + 1), "{:?}", lines.last());
    assert_eq!(lines[0]["invalid_inputs"], 100_000);
    let omitted = &lines[501];
    assert_eq!(
        (&omitted["type"], &omitted["count"]),
        (&"invalid-inputs-omitted".into(), &99_500.into())
    );
    assert_eq!(lines[502]["type"], "error");
    // Also without exceeding a limit of the input.
    let run = Shell::new().run_with_stdin(&["--json", "plan", "-"], &"oops\n".repeat(501)).await;
    assert_eq!((run.code, run.json_lines().len()), (3, 1 + 500 + 1));
}

#[tokio::test]
async fn the_limits_count_all_sources_together_and_are_in_the_help_text() {
    let shell = Shell::new();
    let file = shell.write_file("urls.txt", &"https://example.com/a.jpg\n".repeat(60_000));
    let file = file.to_str().unwrap();
    let run = shell.run(&["plan", "-f", file]).await;
    assert_eq!(run.code, 0, "{:?}", run.stderr);
    let run = shell.run(&["plan", "-f", file, "-f", file]).await;
    assert_error_line(&run, 3, &["urls.txt:40001: exceeds the maximum of 100000 inputs"]);
    // A line of 64 KiB is only invalid, and the last line needs no line break.
    let line = format!("{}\noops", "x".repeat((64 << 10) - 1));
    let run = shell.run_with_stdin(&["plan", "-"], &line).await;
    assert_error_line(&run, 3, &["<stdin>:1: ", "characters long"]);
    assert_error_line(&run, 3, &["<stdin>:2: ", "has no scheme"]);
    for command in ["refresh", "preload", "plan"] {
        let help = shell.run(&[command, "--help"]).await.stdout;
        let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
        for limit in ["100000 inputs", "32 MiB", "64 KiB"] {
            assert!(help.contains(limit), "{command}: {help}");
        }
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn memory_stays_bounded() {
    let long = "x".repeat(4_000);
    for url in ["https://example.com/image.jpg", &format!("https://example.com/{long}")] {
        // Linux counts every private writable page as data. Beyond the limit, an allocation aborts.
        let script = format!("ulimit -d {MAX_MEMORY_KIB}; exec \"$@\"");
        let mut command = tokio::process::Command::new("sh");
        command.args(["-c", &script, "sh", env!("CARGO_BIN_EXE_cdn-refresh"), "plan", "-"]);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let chunk = format!("{url}\n").repeat(1_000);
        for _ in 0..300_000_000 / chunk.len() {
            if stdin.write_all(chunk.as_bytes()).await.is_err() {
                break;
            }
        }
        drop(stdin);
        let output = child.wait_with_output().await.unwrap();
        assert_eq!(output.status.code(), Some(3), "{output:?}");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(stderr.contains("exceeds the maximum of "), "{stderr}");
    }
}
