//! Waits until refresh tasks are live on the whole network: progress, a failure and a timeout.
//!
//! The fake service runs in this process; its tasks advance after each poll.

use std::error::Error;
use std::time::Duration;

use alicloud_cdn::Client;
use alicloud_core::Credentials;
use alicloud_fake::{DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET, FakeService, Task};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let service = FakeService::builder().tasks([]).start().await?;
    let client: Client = Client::builder()
        .endpoint(service.endpoint())
        .credentials(Credentials::new(DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET))
        .build()?;
    // The defaults suit the real service: poll every 2 to 10 s, for at most 15 minutes.
    let wait = |ids: &'static str| {
        let wait = client.wait_for_refresh_tasks([ids]);
        wait.poll_interval(Duration::from_millis(10), Duration::from_millis(20))
            .max_wait(Duration::from_secs(10))
    };

    // Ids as `RefreshObjectCaches` returns them. The service does not list new tasks at once.
    let mut progress = wait("704225667,704222904").progress();
    let mut next_states = [
        vec![task("704225667", "Refreshing", "37%")],
        vec![task("704225667", "Complete", "100%"), task("704222904", "Refreshing", "99.4%")],
        vec![task("704225667", "Complete", "100%"), task("704222904", "Complete", "100%")],
    ]
    .into_iter();
    let mut polls = 0;
    while let Some(items) = progress.next().await {
        polls += 1;
        for task in items? {
            let progress = task.items.first().and_then(|item| item.progress.as_ref());
            println!("poll {polls}: {} {:?} {:?}", task.id, progress, task.status);
        }
        if let Some(tasks) = next_states.next() {
            service.set_tasks(tasks);
        }
    }
    println!("Live.\n");

    // A failed task: the error says which one and why, and keeps the last state of all tasks.
    let failed = Task { description: "Origin Timeout".into(), ..task("5", "Failed", "0%") };
    service.set_tasks([task("4", "Complete", "100%"), failed]);
    let error = wait("4,5").await.err().ok_or("the wait should have failed")?;
    println!("{error}");
    println!("{} tasks in its state\n", error.state().map_or(0, Vec::len));

    // A timeout: waiting can be resumed at any time.
    let error = wait("6").max_wait(Duration::from_millis(50)).await.err();
    let error = error.ok_or("the wait should have failed")?;
    println!("timeout: {}", error.is_timeout());
    assert!(polls == 4 && error.is_timeout());
    Ok(())
}

fn task(id: &str, status: &str, process: &str) -> Task {
    Task {
        status: status.into(),
        progress: process.into(),
        ..Task::new(id, format!("https://example.com/{id}"))
    }
}
