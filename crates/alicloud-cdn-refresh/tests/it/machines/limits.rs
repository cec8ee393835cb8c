//! `--state`, `--shared-limits`, `--processes` and `--limit-scope`: settings, messages and hints.

use alicloud_fake::{FakeService, ScriptedResponse};
use alicloud_limit_redis::testing::RedisProcess;
use std::time::Duration;

use crate::process::{Shell, URLS};
use crate::support::instant;

async fn started() -> (FakeService, Shell) {
    let fake = FakeService::builder().simulation(instant()).start().await.unwrap();
    let shell = Shell::for_service(&fake);
    (fake, shell)
}

#[tokio::test]
async fn urls_of_jobs_are_checked_before_anything_is_sent() {
    let (fake, shell) = started().await;
    for (state, expected) in [
        (
            "redis://cache.example",
            "the name of the job is missing; write redis://HOST[:PORT][/DATABASE]/NAME",
        ),
        ("redis://cache.example/2", "the name of the job is missing"),
        ("redis://cache.example/2/", "the name of the job is missing"),
        ("redis://cache.example/x/purge", "invalid Redis URL"),
        ("redis://cache.example:x/purge", "and append /NAME, the name of the job"),
        ("redis+sentinel://cache.example/purge", "the name of the master is missing"),
        ("redis://:s3cr3t@cache.example/a@b", "the name of the job contains @"),
        ("redis://:s3cr3t/x@cache.example/2/purge", "the host is missing"),
        ("redis://u:s3cr3t/x@cache.example/2/purge", "percent-encode"),
        ("redis://:x/s3cr3t@cache.example", "percent-encode"),
        ("unix:///tmp/s3cr3t.sock/purge", "unix:// is for --shared-limits"),
        ("redis+unix:///tmp/b.sock/purge", "cannot be reached through a socket"),
        ("redis:purge", "// is missing after redis:; write redis://HOST"),
        ("Redis+Cluster:/cache.example/s3cr3t", "// is missing after Redis+Cluster:"),
        ("REDIS://cache.example", "the name of the job is missing"),
        ("reids://:s3cr3t@cache.example/purge", "unknown scheme reids://"),
        ("redis://127.0.0.1:1/a%20b", "has an invalid name"),
    ] {
        for command in [&["refresh", URLS[0]][..], &["status"], &["wait"]] {
            let run = shell.run(&[command, &["--state", state]].concat()).await;
            assert_eq!((run.code, run.stderr.lines().count()), (3, 1), "{state}: {run:?}");
            assert!(run.stderr.contains(expected), "{state}: {run:?}");
            assert!(!run.stderr.contains("s3cr3t"), "{state}: {run:?}");
        }
    }
    let away = ["--timeout", "200ms", "--state", "redis://:s3cr3t@127.0.0.1:1/purge"];
    for command in [&["refresh", URLS[0]][..], &["wait"]] {
        let run = shell.run(&[command, &away].concat()).await;
        assert_eq!((run.code, run.stderr.lines().count()), (2, 1), "{run:?}");
        assert!(run.stderr.contains("connection refused; start the server"), "{run:?}");
        assert!(!run.stderr.contains("s3cr3t"), "{run:?}");
    }
    let long = shell.run(&["wait", "--state", "redis://h/x", "--lease", "61m"]).await;
    assert_eq!(long.code, 3);
    assert!(long.stderr.contains("expected at most 1h"), "{long:?}");
    let cluster = shell.run(&["wait", "--state", "redis+cluster://h/3/x"]).await;
    assert!(cluster.stderr.contains("a Cluster has only the database 0"), "{cluster:?}");
    assert!(!cluster.stderr.contains("append /NAME"), "{cluster:?}");
    // A path of a file may contain a colon.
    let file = shell.run(&["wait", "--state", "./redis:purge"]).await;
    assert!(file.stderr.contains("state file ./redis:purge"), "{file:?}");
    let run = shell.run(&["refresh", "--state", "a.state", "--lease", "1m", URLS[0]]).await;
    assert_eq!(run.code, 3);
    assert!(run.stderr.contains("--lease is for jobs in Redis"), "{run:?}");
    assert_eq!(fake.requests().len(), 0);
}

#[tokio::test]
async fn hints_resume_a_job_without_its_password() {
    let builder = RedisProcess::builder().setting("requirepass", "s3cr3t");
    let Some(server) = builder.start() else { return };
    let (fake, shell) = started().await;
    let wrong =
        shell.run(&["refresh", "--state", &format!("{}/purge", server.url()), URLS[0]]).await;
    assert_eq!(wrong.code, 3, "{wrong:?}");
    assert!(wrong.stderr.contains("requires a password; set ALICLOUD_REDIS_PASSWORD"), "{wrong:?}");

    let state = format!("{}/purge", server.url().replace("redis://", "redis://:s3cr3t@"));
    fake.enqueue(
        ScriptedResponse::passthrough()
            .delay(Duration::from_millis(300))
            .for_operation("DescribeRefreshTaskById"),
    );
    let options = ["--processes", "3", "--limit-scope", "team a"];
    let args =
        ["refresh", "--wait", "--timeout", "250ms", "--state", &state, "--lease", "1m", URLS[0]];
    let run = shell.run(&[&options[..], &args].concat()).await;
    assert_eq!(run.code, 2, "{run:?}");
    let state = format!("{}/0/purge", server.url());
    let resume =
        format!("--processes 3 --limit-scope 'team a' refresh --wait --state {state} --lease 1m");
    assert!(run.stderr.contains(&resume), "{run:?}");
    assert!(!run.stderr.contains("s3cr3t"), "{run:?}");

    // The hint works with the password in the environment.
    let shell = Shell::for_service(&fake).env("ALICLOUD_REDIS_PASSWORD", "s3cr3t");
    let run = shell.run(&["refresh", "--wait", "--state", &state]).await;
    assert_eq!(run.code, 0, "{run:?}");
    let other = shell.run(&["preload", "--state", &state, URLS[0]]).await;
    assert_eq!(other.code, 3);
    assert!(other.stderr.contains("job purge in redis://"), "{other:?}");
    assert!(other.stderr.contains("not of preload; use another name"), "{other:?}");
    assert_eq!(fake.submissions().len(), 1);
}

#[tokio::test]
async fn rate_limits_are_shared_unless_the_server_is_away() {
    let Some(mut server) = RedisProcess::start() else { return };
    let (fake, shell) = started().await;
    let url = server.url();
    let args = ["--shared-limits", &url, "--processes", "2", "--limit-scope", "team", "refresh"];
    let run = shell.run(&[&args[..], &["--wait", URLS[0]]].concat()).await;
    assert_eq!(run.code, 0, "{run:?}");
    assert!(!run.stderr.contains("warning"), "{run:?}");
    server.kill();
    let run = shell.run(&[&args[..], &["--wait", URLS[1]]].concat()).await;
    assert_eq!(run.code, 0, "{run:?}");
    let warnings = run.stderr.matches("warning: the rate limits are not shared: redis://").count();
    assert_eq!(warnings, 1, "{run:?}");
    let json = [&["--json"], &args[..], &["--wait", URLS[1]]].concat();
    let run = shell.run(&json).await;
    let warnings = run.stdout.matches("the rate limits are not shared: redis://").count();
    assert!(warnings == 1 && run.stdout.contains("\"type\":\"warning\""), "{run:?}");
    assert_eq!(fake.submissions().len(), 3);

    let run = shell.run(&["--shared-limits", "redis://:s3cr3t@127.0.0.1:x", "quota"]).await;
    assert_eq!(run.code, 3);
    assert!(run.stderr.contains("invalid --shared-limits: invalid Redis URL"), "{run:?}");
    assert!(!run.stderr.contains("s3cr3t"), "{run:?}");
}

#[tokio::test]
async fn limits_that_a_server_cannot_store_are_one_warning() {
    // PING succeeds; only the script fails.
    let Some(server) = RedisProcess::builder().setting("maxmemory", "1").start() else { return };
    let (_fake, shell) = started().await;
    let url = server.url();
    let args = ["--shared-limits", &url, "--processes", "2", "refresh", "--wait", URLS[0]];
    let run = shell.run(&args).await;
    assert_eq!(run.code, 0, "{run:?}");
    let warnings = run.stderr.matches("the rate limits are not shared: redis://").count();
    assert!(warnings == 1 && run.stderr.contains("memory is full"), "{run:?}");
}
