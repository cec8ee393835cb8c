//! The states of a task: listed, pending, refreshing, final, no longer listed.

use std::time::Duration;

use alicloud_fake::{Simulation, Task};

use crate::cdn::{Cdn, field_values, urls};
use crate::client::xml_texts;
use crate::sign::Call;

fn percent(text: &str) -> f64 {
    text.strip_suffix('%').unwrap().parse().unwrap()
}

#[tokio::test]
async fn an_object_passes_through_all_states() {
    let cdn = Cdn::new(Simulation::new().rate_limits(false)).await;
    let id = cdn.refresh("https://example.com/a.png").await;
    assert!(id.bytes().all(|byte| byte.is_ascii_digit()));
    assert!(cdn.tasks_by_id(&id).await.is_empty(), "it is not listed yet");
    cdn.advance(Duration::from_millis(1_999));
    assert!(cdn.tasks_by_id(&id).await.is_empty());

    cdn.advance(Duration::from_millis(1));
    let [task] = &cdn.tasks_by_id(&id).await[..] else { panic!("expected one task") };
    assert_eq!(
        *task,
        serde_json::json!({
            "TaskId": id,
            "ObjectPath": "https://example.com/a.png",
            "ObjectType": "file",
            "Process": "0%",
            "Status": "Pending",
            "CreationTime": "2026-01-02T03:04:05Z",
            "Description": "",
        })
    );

    let (mut statuses, mut last_percent) = (vec!["Pending".to_owned()], 0.0);
    for _ in 0..60 {
        cdn.advance(Duration::from_millis(500));
        let task = cdn.tasks_by_id(&id).await.remove(0);
        let (status, current) =
            (task["Status"].as_str().unwrap(), percent(task["Process"].as_str().unwrap()));
        assert!(current >= last_percent, "{current} after {last_percent}");
        assert_eq!(current >= 100.0, status == "Complete");
        if statuses.last().unwrap() != status {
            statuses.push(status.to_owned());
        }
        last_percent = current;
    }
    assert_eq!(statuses, ["Pending", "Refreshing", "Complete"]);
}

#[tokio::test]
async fn objects_of_one_task_finish_one_after_another() {
    let cdn = Cdn::new(Simulation::new().rate_limits(false)).await;
    let id = cdn.refresh(&urls("example.com", 20)).await;
    // The mean duration: 2 + 5 + 20 seconds.
    cdn.advance_seconds(27);
    let tasks = cdn.tasks_by_id(&id).await;
    let complete = tasks.iter().filter(|task| task["Status"] == "Complete").count();
    assert!((1..20).contains(&complete), "{complete}");
    cdn.advance_seconds(3);
    assert!(cdn.tasks_by_id(&id).await.iter().all(|task| task["Process"] == "100%"));
}

#[tokio::test]
async fn a_simulation_is_reproducible() {
    let mut runs = Vec::new();
    for _ in 0..2 {
        let cdn = Cdn::new(Simulation::new().rate_limits(false)).await;
        let id = cdn.refresh(&urls("example.com", 5)).await;
        cdn.advance_seconds(15);
        runs.push((id.clone(), cdn.tasks_by_id(&id).await));
    }
    assert_eq!(runs[0], runs[1]);
}

#[tokio::test]
async fn durations_can_be_zero_or_maximal() {
    let simulation = Simulation::new()
        .rate_limits(false)
        .listing_delay(Duration::ZERO)
        .pending_duration(Duration::ZERO)
        .refresh_duration(Duration::ZERO)
        .preload_duration(Duration::MAX);
    let cdn = Cdn::new(simulation).await;
    let id = cdn.refresh("http://example.com/").await;
    assert_eq!(field_values(&cdn.tasks_by_id(&id).await, "Status"), ["Complete"]);
    let id = cdn.preload("http://example.com/").await;
    cdn.advance_seconds(3_600);
    assert_eq!(field_values(&cdn.tasks_by_id(&id).await, "Status"), ["Refreshing"]);
}

#[tokio::test]
async fn the_final_status_can_be_configured() {
    let simulation = Simulation::new()
        .rate_limits(false)
        .fail_matching("/broken/", "Origin Timeout")
        .task_status(".iso", "Sleeping")
        .task_status("/broken/", "Canceled");
    let cdn = Cdn::new(simulation).await;
    let id = cdn
        .refresh("http://example.com/a\nhttp://example.com/broken/a.iso\nhttp://example.com/b.iso")
        .await;
    cdn.advance_seconds(12);
    assert!(
        field_values(&cdn.tasks_by_id(&id).await, "Description").iter().all(|text| text.is_empty())
    );
    cdn.advance_seconds(20);
    let tasks = cdn.tasks_by_id(&id).await;
    assert_eq!(field_values(&tasks, "Status"), ["Complete", "Failed", "Sleeping"]);
    assert_eq!(field_values(&tasks, "Description"), ["", "Origin Timeout", ""]);
    for stuck in &field_values(&tasks, "Process")[1..] {
        assert!((1.0..99.0).contains(&percent(stuck)), "{stuck}");
    }
}

#[tokio::test]
async fn unlisted_tasks_are_visible_to_the_test() {
    let cdn =
        Cdn::new(Simulation::new().rate_limits(false).retention(Duration::from_secs(60))).await;
    let id = cdn.refresh("http://example.com/").await;
    assert_eq!(cdn.service.tasks()[0].status, "Pending", "it is not listed yet");
    cdn.advance_seconds(60);
    assert_eq!(cdn.tasks_by_id(&id).await.len(), 1);
    cdn.advance_seconds(1);
    assert!(cdn.tasks_by_id(&id).await.is_empty());
    assert_eq!(cdn.call_ok("DescribeRefreshTasks", &[]).await["TotalCount"], 0);
    assert_eq!(cdn.service.tasks()[0].status, "Complete");
}

#[tokio::test]
async fn pinned_tasks_do_not_change() {
    let pinned = Task { progress: "7%".into(), ..Task::new("1", "http://example.com/pinned") };
    let cdn = Cdn::with_pinned(Simulation::new().rate_limits(false), [pinned]).await;
    let id = cdn.refresh("http://example.com/").await;
    cdn.advance_seconds(60);
    let both = cdn.tasks_by_id(&format!("{id},1")).await;
    assert_eq!(field_values(&both, "Process"), ["7%", "100%"]);
    cdn.service.set_tasks([]);
    assert_eq!(field_values(&cdn.tasks_by_id(&format!("{id},1")).await, "TaskId"), [id.as_str()]);
    assert_eq!(cdn.service.tasks().len(), 1);
}

#[tokio::test]
async fn all_signature_schemes_and_formats_are_supported() {
    let cdn = Cdn::new(Simulation::new().rate_limits(false).listing_delay(Duration::ZERO)).await;
    let path = [("ObjectPath", "http://example.com/a?b=c&d\r\nhttp://example.com/b")];
    let signers: [fn(&Call<'_>) -> String; 3] =
        [|call| call.rpc(), |call| call.rpc_form(), |call| call.acs3()];
    for sign in signers {
        let response = cdn.send("RefreshObjectCaches", &path, sign).await;
        let id = response.json()["RefreshTaskId"].as_str().unwrap().to_owned();
        let tasks = cdn.tasks_by_id(&id).await;
        let paths = ["http://example.com/a?b=c&d", "http://example.com/b"];
        assert_eq!(field_values(&tasks[tasks.len() - 2..], "ObjectPath"), paths);
    }
    let xml = cdn.call("DescribeRefreshTasks", &[("PageSize", "2"), ("Format", "XML")]).await;
    assert!(xml.body.starts_with("<?xml"), "{}", xml.body);
    assert!(xml.body.contains("<Tasks><CDNTask><CreationTime>"), "{}", xml.body);
    assert_eq!(xml_texts(&xml.body, "ObjectPath").len(), 2);
    assert_eq!(xml_texts(&xml.body, "TotalCount"), ["6"]);
}

#[tokio::test]
async fn a_simulation_starts_without_tasks() {
    let simulated = || crate::client::service().simulation(Simulation::new());
    assert_eq!(simulated().start().await.unwrap().tasks(), []);
    let task = Task::new("1", "http://example.com/");
    let service = simulated().task(task.clone()).start().await.unwrap();
    assert_eq!(service.tasks(), std::slice::from_ref(&task));
    let service = simulated().tasks(Task::examples()).start().await.unwrap();
    assert_eq!(service.tasks(), Task::examples());
    let service = crate::client::service().task(task.clone()).start().await.unwrap();
    assert_eq!(service.tasks()[..2], Task::examples());
    assert_eq!(service.tasks()[2..], [task]);
}

#[tokio::test]
async fn without_a_simulation_submissions_are_unknown_operations() {
    let service = crate::client::service().start().await.unwrap();
    for operation in ["RefreshObjectCaches", "PushObjectCache", "DescribeRefreshTasks"] {
        let call = Call { operation, nonce: operation, ..Call::default() };
        let response = crate::client::send(&service, call.acs3()).await;
        assert_eq!(response.code().unwrap(), "InvalidAction.NotFound");
    }
    assert!(service.submissions().is_empty());
    assert_eq!(service.tasks(), Task::examples());
}
