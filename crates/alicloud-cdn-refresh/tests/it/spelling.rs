//! Objects that the service lists in another spelling, and other objects.

use alicloud_cdn_refresh::{Job, Plan, Planner, TargetKind};
use alicloud_core::testing::FakeTransport;

use crate::support::{in_memory, task, task_of_kind, tasks_by_id};

/// Waits for a job of these URLs whose task lists other URLs. Returns the job, and the warnings of the
/// first poll and of all later ones.
async fn wait_for(urls: &[&str], listed: &[&str]) -> (Job, Vec<String>, Vec<String>) {
    let tasks: Vec<_> = listed.iter().map(|url| task("17", url, "Complete", "100%")).collect();
    wait_for_tasks(Plan::refresh(urls.iter().copied()), &tasks, 90).await
}

/// Waits at most some seconds for a job of a plan whose task lists these tasks.
async fn wait_for_tasks(
    plan: Plan,
    tasks: &[serde_json::Value],
    max_seconds: u64,
) -> (Job, Vec<String>, Vec<String>) {
    let submission = FakeTransport::new()
        .respond_json("RefreshObjectCaches", r#"{"RefreshTaskId": "17"}"#.to_owned());
    let mut job = Job::new(plan);
    let _ = job.submit(&in_memory(&submission)).await.unwrap();
    let polls = (0..20).fold(FakeTransport::new(), |fake, _| {
        fake.respond_json("DescribeRefreshTaskById", tasks_by_id(tasks))
    });
    let client = in_memory(&polls);
    let mut wait = job.wait(&client).max_wait(std::time::Duration::from_secs(max_seconds));
    let first = wait.next().await.unwrap().unwrap().warnings;
    let mut later = Vec::new();
    while let Some(progress) = wait.next().await {
        later.extend(progress.unwrap().warnings);
    }
    drop(wait);
    (job, first, later)
}

#[tokio::test]
async fn another_spelling_is_the_same_object() {
    for (url, listed) in [
        ("https://example.com/it's/(1)", "https://example.com/it%27s/%281%29"),
        ("https://example.com/a+b.tar", "https://example.com/a%2bb.tar"),
        ("https://example.com/a?p=/b:c", "https://example.com/a?p=%2Fb%3ac"),
        ("http://example.com:80/x", "http://example.com/x"),
        ("https://example.com/x", "https://example.com:443/x"),
        ("https://Example.com./x", "https://example.com/x"),
        ("https://Example.com。/x", "https://example.com/x"),
        ("https://example.com/x", "https://example.com。/x"),
        ("https://图.example.com/p", "https://图.example.com/p"),
        ("https://图.example.com/图", "https://xn--wcs.example.com/%e5%9b%be"),
        ("https://example.com/%7Ea", "https://EXAMPLE.com/~a"),
        ("https://example.com?a", "https://example.com/?a"),
    ] {
        let (job, first, later) = wait_for(&[url], &[listed]).await;
        assert!(job.report().is_live(), "{url} is listed as {listed}: {first:?}");
        assert_eq!((first.len(), later.len()), (0, 0), "{first:?} {later:?}");
    }
}

#[tokio::test]
async fn another_object_is_shown_at_once_and_leaves_ours_pending() {
    for (url, listed) in [
        ("https://example.com/d/", "https://example.com/d"),
        ("https://example.com/x", "http://example.com/x"),
        ("https://example.com/x", "https://example.com:8443/x"),
        ("https://example.com/x", "https://www.example.com/x"),
        ("https://example.com/a/b", "https://example.com/a%2Fb"),
        ("https://example.com/a?b=1&c", "https://example.com/a?b=1%26c"),
        ("https://example.com/a?b=1+1", "https://example.com/a?b=1%2B1"),
        ("https://example.com/x", "https://example.com/X"),
    ] {
        let (job, first, later) = wait_for(&[url], &[listed]).await;
        assert_eq!(job.report().counts().pending, 1, "{url} is listed as {listed}");
        assert_eq!((first.len(), later.len()), (1, 0), "{first:?} {later:?}");
        let expected = format!("task 17 lists {listed}, but not the submitted {url}, which stays");
        assert!(first[0].starts_with(&expected), "{first:?}");
    }
}

#[tokio::test]
async fn another_kind_is_shown_at_once() {
    let url = "https://example.com/d/";
    for (kind, noun, listed) in [
        (TargetKind::Directory, "directory", "file"),
        (TargetKind::Directory, "directory", "regex"),
        (TargetKind::Directory, "directory", "ignore-params"),
        (TargetKind::File, "file", "directory"),
        (TargetKind::Regex, "regular expression", "file"),
        (TargetKind::IgnoreParams, "parameterless URL", "file"),
    ] {
        let plan = Planner::new().refresh_as(kind, [url]).plan();
        let object_type = if listed == "ignore-params" { "IgnoreParams" } else { listed };
        let tasks = [task_of_kind("17", url, object_type, "Complete", "100%")];
        let (job, first, later) = wait_for_tasks(plan, &tasks, 20).await;
        assert_eq!(job.report().counts().pending, 1, "{kind} is listed as {listed}");
        assert_eq!((first.len(), later.len()), (1, 0), "{first:?} {later:?}");
        let expected =
            format!("task 17 lists {url} as {listed}, but not the submitted {noun} {url}, which");
        assert!(first[0].starts_with(&expected), "{first:?}");
    }
    // Both kinds are objects of the job.
    let plan = Planner::new().refresh([url]).refresh_as(TargetKind::IgnoreParams, [url]).plan();
    let tasks = ["directory", "IgnoreParams"];
    let tasks = tasks.map(|kind| task_of_kind("17", url, kind, "Complete", "100%"));
    let (job, first, _) = wait_for_tasks(plan, &tasks, 20).await;
    assert!(job.report().is_live() && first.is_empty(), "{first:?}");
}

#[tokio::test]
async fn an_object_that_stays_unlisted_beside_others_is_shown_later() {
    let (a, b) = ("https://example.com/a", "https://example.com/b");
    let (job, first, later) = wait_for(&[a, b], &[a, "https://example.com/c"]).await;
    assert_eq!((job.report().counts().live, job.report().counts().pending), (1, 1));
    // The task may be shared with another program, and the service lists objects one by one.
    assert_eq!((first.len(), later.len()), (0, 1), "{first:?} {later:?}");
    assert!(
        later[0]
            .contains("lists https://example.com/c, but not the submitted https://example.com/b")
    );
}
