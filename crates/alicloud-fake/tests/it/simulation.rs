//! The life of a refresh: listed, pending, under way, at its end, forgotten.

use std::time::Duration;

use alicloud_fake::{Simulation, Task};

use crate::cdn::{Cdn, each, urls};
use crate::client::texts;
use crate::sign::Call;

fn percent(text: &str) -> f64 {
    text.strip_suffix('%').unwrap().parse().unwrap()
}

#[tokio::test]
async fn an_object_goes_through_its_life() {
    let cdn = Cdn::new(Simulation::new().rates(false)).await;
    let id = cdn.refresh("https://example.com/a.png").await;
    assert!(id.bytes().all(|byte| byte.is_ascii_digit()));
    assert!(cdn.by_id(&id).await.is_empty(), "it is not listed at once");
    cdn.pass(Duration::from_millis(1_999));
    assert!(cdn.by_id(&id).await.is_empty());

    cdn.pass(Duration::from_millis(1));
    let [task] = &cdn.by_id(&id).await[..] else { panic!("it is listed now") };
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

    let (mut seen, mut last) = (vec!["Pending".to_owned()], 0.0);
    for _ in 0..60 {
        cdn.pass(Duration::from_millis(500));
        let task = cdn.by_id(&id).await.remove(0);
        let (status, done) =
            (task["Status"].as_str().unwrap(), percent(task["Process"].as_str().unwrap()));
        assert!(done >= last, "{done} after {last}");
        assert_eq!(done >= 100.0, status == "Complete");
        if seen.last().unwrap() != status {
            seen.push(status.to_owned());
        }
        last = done;
    }
    assert_eq!(seen, ["Pending", "Refreshing", "Complete"]);
}

#[tokio::test]
async fn objects_of_one_id_end_one_by_one() {
    let cdn = Cdn::new(Simulation::new().rates(false)).await;
    let id = cdn.refresh(&urls("example.com", 20)).await;
    // The mean of 2 + 5 + 20 seconds.
    cdn.pass_seconds(27);
    let tasks = cdn.by_id(&id).await;
    let done = tasks.iter().filter(|task| task["Status"] == "Complete").count();
    assert!((1..20).contains(&done), "{done}");
    cdn.pass_seconds(3);
    assert!(cdn.by_id(&id).await.iter().all(|task| task["Process"] == "100%"));
}

#[tokio::test]
async fn the_same_calls_have_the_same_fate() {
    let mut lives = Vec::new();
    for _ in 0..2 {
        let cdn = Cdn::new(Simulation::new().rates(false)).await;
        let id = cdn.refresh(&urls("example.com", 5)).await;
        cdn.pass_seconds(15);
        lives.push((id.clone(), cdn.by_id(&id).await));
    }
    assert_eq!(lives[0], lives[1]);
}

#[tokio::test]
async fn phases_can_be_left_out_or_last_forever() {
    let at_once = Simulation::new()
        .rates(false)
        .listing_delay(Duration::ZERO)
        .pending_duration(Duration::ZERO)
        .refresh_duration(Duration::ZERO)
        .preload_duration(Duration::MAX);
    let cdn = Cdn::new(at_once).await;
    let id = cdn.refresh("http://example.com/").await;
    assert_eq!(each(&cdn.by_id(&id).await, "Status"), ["Complete"]);
    let id = cdn.preload("http://example.com/").await;
    cdn.pass_seconds(3_600);
    assert_eq!(each(&cdn.by_id(&id).await, "Status"), ["Refreshing"]);
}

#[tokio::test]
async fn objects_end_as_they_were_told_to() {
    let simulation = Simulation::new()
        .rates(false)
        .fail("/broken/", "Origin Timeout")
        .task_status(".iso", "Sleeping")
        .task_status("/broken/", "Canceled");
    let cdn = Cdn::new(simulation).await;
    let id = cdn
        .refresh("http://example.com/a\nhttp://example.com/broken/a.iso\nhttp://example.com/b.iso")
        .await;
    cdn.pass_seconds(12);
    assert!(each(&cdn.by_id(&id).await, "Description").iter().all(|text| text.is_empty()));
    cdn.pass_seconds(20);
    let tasks = cdn.by_id(&id).await;
    assert_eq!(each(&tasks, "Status"), ["Complete", "Failed", "Sleeping"]);
    assert_eq!(each(&tasks, "Description"), ["", "Origin Timeout", ""]);
    for stuck in &each(&tasks, "Process")[1..] {
        assert!((1.0..99.0).contains(&percent(stuck)), "{stuck}");
    }
}

#[tokio::test]
async fn tasks_are_forgotten_by_callers_but_not_by_the_test() {
    let cdn = Cdn::new(Simulation::new().rates(false).retention(Duration::from_secs(60))).await;
    let id = cdn.refresh("http://example.com/").await;
    assert_eq!(cdn.service.tasks()[0].status, "Pending", "not listed, and yet there");
    cdn.pass_seconds(60);
    assert_eq!(cdn.by_id(&id).await.len(), 1);
    cdn.pass_seconds(1);
    assert!(cdn.by_id(&id).await.is_empty());
    assert_eq!(cdn.ask("DescribeRefreshTasks", &[]).await["TotalCount"], 0);
    assert_eq!(cdn.service.tasks()[0].status, "Complete");
}

#[tokio::test]
async fn pinned_tasks_stand_still_beside_simulated_ones() {
    let pinned = Task { process: "7%".into(), ..Task::new("1", "http://example.com/pinned") };
    let cdn = Cdn::with(Simulation::new().rates(false), [pinned]).await;
    let id = cdn.refresh("http://example.com/").await;
    cdn.pass_seconds(60);
    let both = cdn.by_id(&format!("{id},1")).await;
    assert_eq!(each(&both, "Process"), ["7%", "100%"]);
    cdn.service.set_tasks([]);
    assert_eq!(each(&cdn.by_id(&format!("{id},1")).await, "TaskId"), [id.as_str()]);
    assert_eq!(cdn.service.tasks().len(), 1);
}

#[tokio::test]
async fn both_signatures_and_both_formats_tell_the_same() {
    let cdn = Cdn::new(Simulation::new().rates(false).listing_delay(Duration::ZERO)).await;
    let path = [("ObjectPath", "http://example.com/a?b=c&d\r\nhttp://example.com/b")];
    let signs: [fn(&Call<'_>) -> String; 3] =
        [|call| call.rpc(), |call| call.rpc_form(), |call| call.acs3()];
    for sign in signs {
        let response = cdn.send("RefreshObjectCaches", &path, sign).await;
        let id = response.json()["RefreshTaskId"].as_str().unwrap().to_owned();
        let tasks = cdn.by_id(&id).await;
        let paths = ["http://example.com/a?b=c&d", "http://example.com/b"];
        assert_eq!(each(&tasks[tasks.len() - 2..], "ObjectPath"), paths);
    }
    let xml = cdn.call("DescribeRefreshTasks", &[("PageSize", "2"), ("Format", "XML")]).await;
    assert!(xml.body.starts_with("<?xml"), "{}", xml.body);
    assert!(xml.body.contains("<Tasks><CDNTask><CreationTime>"), "{}", xml.body);
    assert_eq!(texts(&xml.body, "ObjectPath").len(), 2);
    assert_eq!(texts(&xml.body, "TotalCount"), ["6"]);
}

#[tokio::test]
async fn a_simulation_begins_without_tasks() {
    let simulated = || crate::client::service().simulation(Simulation::new());
    assert_eq!(simulated().start().await.unwrap().tasks(), []);
    let given = Task::new("1", "http://example.com/");
    let service = simulated().task(given.clone()).start().await.unwrap();
    assert_eq!(service.tasks(), std::slice::from_ref(&given));
    let service = simulated().tasks(Task::examples()).start().await.unwrap();
    assert_eq!(service.tasks(), Task::examples());
    let service = crate::client::service().task(given.clone()).start().await.unwrap();
    assert_eq!(service.tasks()[..2], Task::examples());
    assert_eq!(service.tasks()[2..], [given]);
}

#[tokio::test]
async fn without_a_simulation_there_is_one_operation() {
    let service = crate::client::service().start().await.unwrap();
    for action in ["RefreshObjectCaches", "PushObjectCache", "DescribeRefreshTasks"] {
        let call = Call { action, nonce: action, ..Call::default() };
        let response = crate::client::send(&service, call.acs3()).await;
        assert_eq!(response.code().unwrap(), "InvalidAction.NotFound");
    }
    assert!(service.submissions().is_empty());
    assert_eq!(service.tasks(), Task::examples());
}
