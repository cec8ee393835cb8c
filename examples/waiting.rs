//! Is the new content live on the whole network? Waiting for refresh tasks, with progress, and what a
//! failure and a timeout look like.
//!
//! The service is a double in this process, in which the tasks move on with each look.

use std::error::Error;
use std::time::Duration;

use alicloud_cdn::Client;
use alicloud_cdn::model::CdnTask;
use alicloud_core::Credentials;
use alicloud_fake::{DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET, FakeService, Task};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let service = FakeService::builder().tasks([]).start().await?;
    let client: Client = Client::builder()
        .endpoint(service.endpoint())
        .credentials(Credentials::new(DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET))
        .build()?;
    // A program waits for minutes and looks every few seconds, which is the default.
    let wait = |ids: &'static str| {
        let wait = client.wait_for_refresh_tasks([ids]);
        wait.poll_interval(Duration::from_millis(10), Duration::from_millis(20))
            .max_wait(Duration::from_secs(10))
    };

    // The ids as RefreshObjectCaches returns them. At first the service does not list them.
    let mut progress = wait("704225667,704222904").progress();
    let mut later = [
        vec![task("704225667", "Refreshing", "37%")],
        vec![task("704225667", "Complete", "100%"), task("704222904", "Refreshing", "99.4%")],
        vec![task("704225667", "Complete", "100%"), task("704222904", "Complete", "100%")],
    ]
    .into_iter();
    let mut looks = 0;
    while let Some(seen) = progress.next().await {
        looks += 1;
        for task in seen? {
            let percent = task.items.first().and_then(CdnTask::progress_as_percent);
            println!("look {looks}: {} {:?} {:?}", task.id, percent, task.status);
        }
        if let Some(tasks) = later.next() {
            service.set_tasks(tasks);
        }
    }
    println!("Live.\n");

    // One that fails: the error says which and why, and keeps all that was seen.
    let failed = Task { description: "Origin Timeout".into(), ..task("5", "Failed", "0%") };
    service.set_tasks([task("4", "Complete", "100%"), failed]);
    let error = wait("4,5").await.err().ok_or("that cannot succeed")?;
    println!("{error}");
    println!("{} tasks were seen\n", error.state().map_or(0, Vec::len));

    // One that takes too long can be waited for again.
    let error = wait("6").max_wait(Duration::from_millis(50)).await.err();
    let error = error.ok_or("that cannot succeed")?;
    println!("timeout: {}", error.is_timeout());
    if looks == 4 && error.is_timeout() { Ok(()) } else { Err("not as expected".into()) }
}

fn task(id: &str, status: &str, process: &str) -> Task {
    Task {
        status: status.into(),
        progress: process.into(),
        ..Task::new(id, format!("https://example.com/{id}"))
    }
}
