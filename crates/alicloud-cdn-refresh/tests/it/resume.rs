//! Resumed jobs, and that a state file belongs to a command, a kind, an endpoint and an account.

use std::fs;
use std::net::SocketAddr;
use std::time::Duration;

use alicloud_fake::{Account, DEFAULT_ACCESS_KEY_ID, FakeService};

use crate::errors::assert_error_line;
use crate::process::{Run, Shell, URLS, wait_for_call};
use crate::support::instant;

const URL: &str = "https://example.com/a.jpg";

/// Returns the last command that stderr suggests, as arguments of the command.
fn suggested_command(run: &Run) -> Vec<String> {
    let (_, command) = run.stderr.trim_end().rsplit_once(": cdn-refresh ").unwrap();
    command.split(' ').map(str::to_owned).collect()
}

/// Starts a job that stays unfinished because its domain has no quota left for most of it.
async fn start_unfinished(shell: &Shell, state: &str, args: &[&str]) -> Run {
    let run = shell.run(&[args, &["--partial", "--state", state]].concat()).await;
    assert_eq!(run.code, 1, "{run:?}");
    run
}

#[tokio::test]
async fn a_file_belongs_to_its_command_and_kind() {
    let simulation = instant().daily_files(1).daily_preloads(1).daily_regexes(1);
    let fake = FakeService::builder().simulation(simulation).start().await.unwrap();
    let shell = Shell::for_service(&fake);
    let path = |name: &str| shell.path(name).to_str().unwrap().to_owned();
    let other_url = "https://example.com/b.jpg";
    for (name, start) in [
        ("refresh", &["refresh", URL, other_url][..]),
        ("preload", &["preload", URL, other_url]),
        (
            "regex",
            &["refresh", "--kind", "regex", "https://example.com/a.*", "https://example.com/b.*"],
        ),
    ] {
        let run = start_unfinished(&shell, &path(name), start).await;
        let count = fake.submissions().len();
        assert!(run.stderr.contains("To send the rest: cdn-refresh "), "{run:?}");
        // The suggested command continues the job.
        let command = suggested_command(&run);
        let command: Vec<&str> = command.iter().map(String::as_str).collect();
        let resumed = shell.run(&command).await;
        assert!(resumed.stderr.contains("resuming from"), "{resumed:?}");
        assert_eq!(fake.submissions().len(), count, "the quota is used up: {resumed:?}");
    }
    for (args, parts) in [
        (
            &["preload", "--state", "refresh"][..],
            "belongs to a job of refresh --kind file, not of preload",
        ),
        (
            &["preload", URL, other_url, "--state", "refresh"],
            "not of preload; use another file, or",
        ),
        (&["refresh", "--state", "preload"], "belongs to a job of preload, not of refresh"),
        (
            &["refresh", "--kind", "regex", "--state", "refresh"],
            "belongs to a job of refresh --kind file, not of refresh --kind regex",
        ),
        (
            &["refresh", "--kind", "cache-tag", "--state", "regex"],
            "belongs to a job of refresh --kind regex, not of refresh --kind cache-tag",
        ),
        (&["refresh", URL, "--state", "refresh"], "belongs to a job with other URLs or options"),
    ] {
        let state = path(args[args.len() - 1]);
        let run = shell.run(&[&args[..args.len() - 1], &[&state]].concat()).await;
        assert_error_line(&run, 3, &[&state, parts, " --wait --state "]);
    }
    assert_eq!(fake.submissions().len(), 3);
}

#[tokio::test]
async fn hints_repeat_the_profile_and_the_endpoint() {
    let fake =
        FakeService::builder().simulation(instant().daily_preloads(1)).start().await.unwrap();
    let shell = Shell::for_service(&fake);
    let home = shell.path(".aliyun");
    fs::create_dir(&home).unwrap();
    let profile = serde_json::json!({"current": "other", "profiles": [{
        "name": "staging", "mode": "AK", "access_key_id": DEFAULT_ACCESS_KEY_ID,
        "access_key_secret": alicloud_fake::DEFAULT_ACCESS_KEY_SECRET,
    }]});
    fs::write(home.join("config.json"), profile.to_string()).unwrap();
    let state = shell.path("preload.state");
    let args = [
        "preload",
        "--profile",
        "staging",
        "--response-format",
        "xml",
        URL,
        "https://example.com/b",
    ];
    let run = start_unfinished(&shell, state.to_str().unwrap(), &args).await;
    let expected = format!(
        "To send the rest: cdn-refresh --profile staging --endpoint {} --response-format xml preload \
         --wait --state {}\n",
        fake.endpoint(),
        state.display()
    );
    assert!(run.stderr.contains(&expected), "{run:?}");
}

#[tokio::test]
async fn a_file_belongs_to_its_endpoint() {
    let fake = FakeService::builder().simulation(instant().daily_files(1)).start().await.unwrap();
    let other = FakeService::builder().simulation(instant()).start().await.unwrap();
    let shell = Shell::for_service(&fake);
    let state = shell.path("purge.state");
    let state = state.to_str().unwrap();
    let args = ["refresh", URL, "https://example.com/b.jpg"];
    start_unfinished(&shell, state, &args).await;
    let expected = format!("belongs to a job of the endpoint {}", fake.endpoint());
    for command in [&["refresh", "--wait"][..], &args, &["wait"], &["status"]] {
        let args = [command, &["--state", state, "--endpoint", other.endpoint()]].concat();
        assert_error_line(&shell.run(&args).await, 3, &[state, &expected, "pass that endpoint"]);
    }
    assert_eq!(other.requests().len(), 0);
    let same = fake.endpoint().replace("http://", "HTTP://") + "/";
    let run = shell.run(&["status", "--state", state, "--endpoint", &same]).await;
    assert!(run.stdout.contains("live"), "{run:?}");
}

#[tokio::test]
async fn a_file_belongs_to_its_account() {
    let fake = FakeService::builder()
        .account(Account::new("other-id", "other-secret"))
        .simulation(instant().daily_files(1))
        .start()
        .await
        .unwrap();
    let shell = Shell::for_service(&fake);
    let state = shell.path("purge.state");
    let state = state.to_str().unwrap();
    start_unfinished(&shell, state, &["refresh", URL, "https://example.com/b.jpg"]).await;
    let content = fs::read_to_string(state).unwrap();
    assert!(!content.contains(DEFAULT_ACCESS_KEY_ID), "only a hash is stored");

    let shell = shell
        .env("ALIBABA_CLOUD_ACCESS_KEY_ID", "other-id")
        .env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "other-secret");
    for command in ["refresh", "wait", "status"] {
        let run = shell.run(&[command, "--state", state]).await;
        assert_error_line(&run, 3, &["belongs to a job of another account or access key; use the"]);
    }

    // Credentials of a role say nothing about the account.
    let shell = shell.env("ALIBABA_CLOUD_SECURITY_TOKEN", "token");
    let run = shell.run(&["refresh", "--state", state]).await;
    assert!(!run.stderr.contains("another account"), "{run:?}");
    assert!(run.stderr.contains("resuming from"), "{run:?}");

    // A file without the fields, from an older version.
    let (start, end) = (content.find("\"service\"").unwrap(), content.find("\"job\"").unwrap());
    fs::write(state, content[..start].to_owned() + &content[end..]).unwrap();
    let run = shell.run(&["refresh", "--state", state]).await;
    assert!(run.stderr.contains("resuming from"), "{run:?}");
}

#[tokio::test]
async fn resumes_an_interrupted_job_from_its_state_file() {
    let slow = instant().refresh_duration(Duration::from_secs(3));
    let fake = FakeService::builder().simulation(slow).start().await.unwrap();
    let shell = Shell::for_service(&fake);
    let state = shell.path("purge.state");
    let state = state.to_str().unwrap();
    let mut child =
        shell.spawn(&["refresh", "--wait", "--state", state, "--poll-interval", "100ms", URLS[0]]);
    wait_for_call(&fake, "DescribeRefreshTaskById").await;
    child.signal("INT").await;
    let run = child.wait().await;
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains(&format!("--state {state}")), "{run:?}");

    let resumed =
        shell.run(&["refresh", "--wait", "--state", state, "--poll-interval", "100ms"]).await;
    assert_eq!(resumed.code, 0, "{resumed:?}");
    assert!(resumed.stderr.contains("resuming from"), "{resumed:?}");
    let request_count = fake.requests().len();
    let done = shell.run(&["refresh", "--wait", "--state", state]).await;
    assert_eq!(done.code, 0, "{done:?}");
    let next = shell.run(&["refresh", "--wait", "--state", state, URLS[0]]).await;
    assert_eq!(next.code, 3, "the URLs were not submitted again: {next:?}");
    assert!(next.stderr.contains("belongs to a finished job; delete it"), "{next:?}");
    let empty = shell.write_file("empty.txt", "# nothing here\n");
    let no_urls = ["refresh", "--state", state, "--file", empty.to_str().unwrap()];
    assert!(shell.run(&no_urls).await.stderr.contains("error: no URL in "));
    assert_eq!(
        (fake.submissions().len(), fake.requests().len()),
        (1, request_count),
        "a finished job sends nothing"
    );
    let other = shell.run(&["refresh", "--state", state, "https://example.com/other"]).await;
    assert_eq!(other.code, 3);
    assert!(other.stderr.contains("belongs to a job with other URLs"), "{other:?}");
}

#[tokio::test]
async fn resuming_sends_deferred_objects() {
    let limited = instant().daily_files(1);
    let fake = FakeService::builder().simulation(limited).start().await.unwrap();
    let shell = Shell::for_service(&fake);
    let state = shell.path("purge.state");
    let args = [
        "refresh",
        "--wait",
        "--partial",
        "--state",
        state.to_str().unwrap(),
        "https://a.example/1",
        "https://a.example/2",
    ];
    let run = shell.run(&args).await;
    assert_eq!((run.code, fake.submissions().len()), (1, 1), "{run:?}");
    // The next day: a service with an unused quota at the same endpoint.
    let address: SocketAddr = fake.endpoint().trim_start_matches("http://").parse().unwrap();
    fake.shutdown().await;
    let next_day = FakeService::builder().address(address).simulation(instant());
    let next_day = next_day.start().await.unwrap();
    let mut shell_next_day = Shell::for_service(&next_day);
    shell_next_day.dir = shell.dir;
    let run = shell_next_day.run(&args).await;
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(next_day.submissions()[0].objects, ["https://a.example/2"]);
}
