//! A simulation that runs faster or slower than the clock: objects do, and the calendar does not.

use std::time::{Duration, SystemTime};

use alicloud_fake::{ScriptedResponse, Simulation};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::cdn::{Cdn, each};
use crate::client::connect;
use crate::sign::Call;

const LIST: &str = "DescribeRefreshTasks";
const URL: [(&str, &str); 1] = [("ObjectPath", "http://example.com/")];

fn text(time: SystemTime) -> String {
    humantime::format_rfc3339_seconds(time).to_string()
}

/// The time that an answer's `date` header tells, as a parameter has it.
async fn date(cdn: &Cdn) -> String {
    let response = cdn.call("DescribeRefreshQuota", &[]).await;
    let words: Vec<&str> = response.headers["date"].split(' ').collect();
    // All tests are in one month.
    assert_eq!(words[2..4], ["Jan", "2026"]);
    format!("2026-01-{}T{}Z", words[1], words[4])
}

#[tokio::test]
async fn objects_fare_faster_or_slower_and_never_wrongly() {
    for (speed, seconds, status) in [
        (60.0, 1, "Complete"),
        (0.1, 100, "Refreshing"),
        (f64::NAN, 30, "Complete"),
        (-1.0, 30, "Complete"),
        (1e300, 1, "Complete"),
        (1e-300, 0, "Pending"),
    ] {
        let cdn = Cdn::new(Simulation::new().speed(speed)).await;
        let id = cdn.refresh("http://example.com/").await;
        cdn.pass_seconds(seconds);
        assert_eq!(cdn.service.tasks()[0].status, status, "{speed}");
        if seconds > 0 {
            assert_eq!(each(&cdn.by_id(&id).await, "Status"), [status], "{speed}");
        }
    }
}

#[tokio::test]
async fn tasks_are_listed_by_the_time_of_the_date_header() {
    let cdn = Cdn::new(Simulation::new().speed(60.0)).await;
    cdn.pass_seconds(600);
    let before = date(&cdn).await;
    let id = cdn.refresh("http://example.com/").await;
    cdn.pass_seconds(1);
    let after = date(&cdn).await;
    let response = cdn.ask(LIST, &[("StartTime", &before), ("EndTime", &after)]).await;
    let [task] = &response["Tasks"]["CDNTask"].as_array().unwrap()[..] else {
        panic!("{response}")
    };
    assert_eq!([&task["TaskId"], &task["CreationTime"]], [id.as_str(), before.as_str()]);
}

#[tokio::test]
async fn a_lost_answer_is_found() {
    let cdn = Cdn::new(Simulation::new().speed(60.0)).await;
    // After a day a simulated calendar would be two months ahead.
    cdn.pass_seconds(86_400);
    cdn.service.enqueue(ScriptedResponse::response_lost());
    let sent = text(cdn.time());
    let call = Call { action: "RefreshObjectCaches", time: &sent, ..Call::default() };
    let call = Call { parameters: &URL, ..call };
    let mut connection = connect(cdn.service.endpoint()).await;
    connection.write_all(call.acs3().as_bytes()).await.unwrap();
    assert!(connection.read_u8().await.is_err());

    cdn.pass_seconds(1);
    let window = [("StartTime", sent.as_str()), ("EndTime", &text(cdn.time()))];
    let response = cdn.ask(LIST, &[&URL[..], &window].concat()).await;
    assert_eq!(response["TotalCount"], 1);
    assert_eq!(cdn.service.submissions()[0].at, cdn.time() - Duration::from_secs(1));
}

#[tokio::test]
async fn tasks_are_kept_for_days_of_the_clock() {
    let cdn = Cdn::new(Simulation::new().speed(1000.0)).await;
    let start = text(cdn.time());
    cdn.refresh("http://example.com/").await;
    cdn.pass_seconds(3 * 86_400);
    let window = [("StartTime", start.as_str()), ("EndTime", &text(cdn.time()))];
    assert_eq!(cdn.ask(LIST, &window).await["TotalCount"], 1);
}

#[tokio::test]
async fn a_preload_ends_by_the_clock() {
    let cdn = Cdn::new(Simulation::new().speed(60.0)).await;
    let id = cdn.preload("http://example.com/").await;
    cdn.pass_seconds(10);
    let response = cdn.ask("DescribePreloadDetailById", &[("TaskId", &id)]).await;
    let detail = &response["UrlDetails"][0];
    assert_eq!(detail["CreationTime"], "2026-01-02T03:04:05Z");
    // About 67 seconds, sixty times as fast.
    assert_eq!(detail["EndTime"], "2026-01-02T03:04:06Z");
}
