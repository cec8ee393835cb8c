//! The simulation's speed, which affects tasks but not timestamps.

use std::time::{Duration, SystemTime};

use alicloud_fake::{ScriptedResponse, Simulation};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::cdn::{Cdn, field_values};
use crate::client::connect;
use crate::sign::Call;

const LIST: &str = "DescribeRefreshTasks";
const URL: [(&str, &str); 1] = [("ObjectPath", "http://example.com/")];

fn timestamp(time: SystemTime) -> String {
    humantime::format_rfc3339_seconds(time).to_string()
}

/// Returns the time of the `date` header as a timestamp.
async fn date(cdn: &Cdn) -> String {
    let response = cdn.call("DescribeRefreshQuota", &[]).await;
    let words: Vec<&str> = response.headers["date"].split(' ').collect();
    // The clock stays in this month.
    assert_eq!(words[2..4], ["Jan", "2026"]);
    format!("2026-01-{}T{}Z", words[1], words[4])
}

#[tokio::test]
async fn the_speed_scales_the_progress_of_tasks() {
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
        cdn.advance_seconds(seconds);
        assert_eq!(cdn.service.tasks()[0].status, status, "{speed}");
        if seconds > 0 {
            assert_eq!(field_values(&cdn.tasks_by_id(&id).await, "Status"), [status], "{speed}");
        }
    }
}

#[tokio::test]
async fn creation_times_follow_the_date_header() {
    let cdn = Cdn::new(Simulation::new().speed(60.0)).await;
    cdn.advance_seconds(600);
    let before = date(&cdn).await;
    let id = cdn.refresh("http://example.com/").await;
    cdn.advance_seconds(1);
    let after = date(&cdn).await;
    let response = cdn.call_ok(LIST, &[("StartTime", &before), ("EndTime", &after)]).await;
    let [task] = &response["Tasks"]["CDNTask"].as_array().unwrap()[..] else {
        panic!("{response}")
    };
    assert_eq!([&task["TaskId"], &task["CreationTime"]], [id.as_str(), before.as_str()]);
}

#[tokio::test]
async fn the_task_of_a_lost_response_is_found() {
    let cdn = Cdn::new(Simulation::new().speed(60.0)).await;
    // If timestamps were scaled, they would be two months ahead after a day.
    cdn.advance_seconds(86_400);
    cdn.service.enqueue(ScriptedResponse::response_lost());
    let sent = timestamp(cdn.now());
    let call = Call { operation: "RefreshObjectCaches", time: &sent, ..Call::default() };
    let call = Call { params: &URL, ..call };
    let mut connection = connect(cdn.service.endpoint()).await;
    connection.write_all(call.acs3().as_bytes()).await.unwrap();
    assert!(connection.read_u8().await.is_err());

    cdn.advance_seconds(1);
    let window = [("StartTime", sent.as_str()), ("EndTime", &timestamp(cdn.now()))];
    let response = cdn.call_ok(LIST, &[&URL[..], &window].concat()).await;
    assert_eq!(response["TotalCount"], 1);
    assert_eq!(cdn.service.submissions()[0].submitted_at, cdn.now() - Duration::from_secs(1));
}

#[tokio::test]
async fn the_retention_is_not_scaled() {
    let cdn = Cdn::new(Simulation::new().speed(1000.0)).await;
    let start = timestamp(cdn.now());
    cdn.refresh("http://example.com/").await;
    cdn.advance_seconds(3 * 86_400);
    let window = [("StartTime", start.as_str()), ("EndTime", &timestamp(cdn.now()))];
    assert_eq!(cdn.call_ok(LIST, &window).await["TotalCount"], 1);
}

#[tokio::test]
async fn the_end_time_follows_the_clock() {
    let cdn = Cdn::new(Simulation::new().speed(60.0)).await;
    let id = cdn.preload("http://example.com/").await;
    cdn.advance_seconds(10);
    let response = cdn.call_ok("DescribePreloadDetailById", &[("TaskId", &id)]).await;
    let detail = &response["UrlDetails"][0];
    assert_eq!(detail["CreationTime"], "2026-01-02T03:04:05Z");
    // About 67 seconds at 60 times the speed.
    assert_eq!(detail["EndTime"], "2026-01-02T03:04:06Z");
}
