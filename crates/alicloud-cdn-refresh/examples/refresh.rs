//! Plans, submits and follows a refresh, with a state file that survives a crash.
//!
//! The fake service runs in this process, ten times faster than the real one.

use std::time::Duration;

use alicloud_cdn::Client;
use alicloud_cdn_refresh::{Job, Planner, Quota, StateFile, TargetKind};
use alicloud_core::Credentials;
use alicloud_fake::{DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET, FakeService, Simulation};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let simulation = Simulation::new().speed(10.0).fail_matching("broken", "Origin Timeout");
    let fake = FakeService::builder().simulation(simulation).start().await?;
    let client: Client = Client::builder()
        .endpoint(fake.endpoint())
        .credentials(Credentials::new(DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET))
        .build()?;

    let mut plan = Planner::new()
        .only_domains(["example.com"])
        .refresh(["https://example.com/index.html", "https://example.com/static/"])
        .refresh(["https://example.com/broken.js", "https://elsewhere.example/a.js", "oops"])
        .refresh_as(TargetKind::Regex, [r"https://example.com/img/.*\.webp"])
        .plan();
    println!("{plan}");
    plan.invalid_inputs().iter().for_each(|invalid| println!("  {invalid}"));

    let quota = Quota::fetch(&client).await?;
    plan.shortages(&quota).iter().for_each(|shortage| println!("  {shortage}"));
    plan.truncate_to(&quota);

    let folder = tempfile::tempdir()?;
    let mut job = Job::new(plan);
    let mut state = StateFile::create(folder.path().join("purge.state"), &job)?;
    let report = job.submit(&client).journal(&mut state).await?;
    println!("submitted: {report}; tasks {}", job.task_ids().join(", "));

    let mut wait = job
        .wait(&client)
        .poll_interval(Duration::from_millis(500), Duration::from_secs(1))
        .journal(&mut state);
    while let Some(progress) = wait.next().await {
        let progress = progress?;
        println!("{:3.0}%, {} of {} live", progress.percent, progress.live, progress.objects);
    }
    drop(wait);

    // Another process that opens the file now sees the finished job.
    drop(state);
    let (_state, job) = StateFile::open(folder.path().join("purge.state"))?;
    let report = job.report();
    println!("{report}");
    report.not_live().for_each(|object| println!("  {object}"));
    Ok(())
}
