//! Answers that tell the state of the last time somebody asked.

use alicloud_fake::Simulation;

use crate::cdn::{Cdn, each};

const LIST: &str = "DescribeRefreshTasks";

async fn stale() -> Cdn {
    Cdn::new(Simulation::new().rates(false).stale_reads(true)).await
}

async fn status(cdn: &Cdn, id: &str) -> Vec<String> {
    each(&cdn.by_id(id).await, "Status").into_iter().map(str::to_owned).collect()
}

#[tokio::test]
async fn the_first_answer_is_stale() {
    let cdn = stale().await;
    let id = cdn.refresh("http://example.com/").await;
    // Who asks too early does not find it, and that is no read.
    assert!(status(&cdn, &id).await.is_empty());
    cdn.pass_seconds(60);
    let task = cdn.by_id(&id).await.remove(0);
    assert_eq!([&task["Status"], &task["Process"]], ["Pending", "0%"]);
    assert_eq!(cdn.service.tasks()[0].status, "Complete");
    assert_eq!(status(&cdn, &id).await, ["Complete"]);
}

#[tokio::test]
async fn an_answer_is_as_old_as_the_last_question() {
    let cdn = stale().await;
    let id = cdn.refresh("http://example.com/").await;
    for (seconds, seen) in [(3, "Pending"), (7, "Pending"), (40, "Refreshing"), (0, "Complete")] {
        cdn.pass_seconds(seconds);
        assert_eq!(status(&cdn, &id).await, [seen], "{seconds}");
    }
}

#[tokio::test]
async fn a_list_is_a_question_about_all_that_fits_but_its_state() {
    let cdn = stale().await;
    let (a, b) = ("http://a.example/", "http://b.example/");
    let ids = [cdn.refresh(a).await, cdn.refresh(b).await];
    cdn.pass_seconds(60);
    let done = [("ObjectType", "file"), ("Status", "Complete"), ("DomainName", "a.example")];
    assert_eq!(cdn.ask(LIST, &done).await["TotalCount"], 0, "it is told by what is known");
    let response = cdn.ask(LIST, &done).await;
    assert_eq!(each(response["Tasks"]["CDNTask"].as_array().unwrap(), "TaskId"), [&ids[0]]);
    assert_eq!(status(&cdn, &ids[1]).await, ["Pending"], "nobody has asked about it");
}

#[tokio::test]
async fn a_detail_is_stale_as_a_whole() {
    let cdn = stale().await;
    let id = cdn.preload("http://example.com/a\nhttp://example.com/b").await;
    cdn.pass_seconds(600);
    let detail = async || cdn.ask("DescribePreloadDetailById", &[("TaskId", &id)]).await;
    let first = &detail().await["UrlDetails"][0];
    assert_eq!([&first["Status"], &first["EndTime"], &first["Process"]], ["Pending", "", "0%"]);
    let second = &detail().await["UrlDetails"][0];
    assert_eq!([&second["Status"], &second["Process"]], ["Complete", "100%"]);
}
