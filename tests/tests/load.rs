//! Many calls at once over real connections, while the credentials expire under them.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use alicloud_cdn::Client;
use alicloud_cdn::model::DescribeRefreshTaskByIdRequest;
use alicloud_core::credentials::{
    CachingCredentialsProvider, CredentialsError, ProvideCredentials,
};
use alicloud_core::testing::ManualClock;
use alicloud_core::{BoxFuture, Clock as _, Credentials, RateLimits};
use alicloud_fake::{DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET, FakeService};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};

const TASKS: usize = 200;
const CALLS: usize = 5;
const EXPIRATIONS: usize = 10;

/// A provider whose credentials are good for an hour, and which counts how often it is asked.
#[derive(Debug, Clone)]
struct Hourly {
    clock: ManualClock,
    asked: Arc<AtomicUsize>,
}

impl ProvideCredentials for Hourly {
    fn credentials(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(async move {
            self.asked.fetch_add(1, Ordering::Relaxed);
            tokio::task::yield_now().await;
            Ok(Credentials::new(DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET)
                .with_expiration(self.clock.now() + Duration::from_secs(3_600)))
        })
    }

    fn name(&self) -> &str {
        "hourly"
    }
}

/// Passes connections on and counts them.
async fn counting(target: String, connections: Arc<AtomicUsize>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut inside, _)) = listener.accept().await {
            connections.fetch_add(1, Ordering::Relaxed);
            let target = target.clone();
            tokio::spawn(async move {
                let mut outside = TcpStream::connect(target).await.unwrap();
                let _ = copy_bidirectional(&mut inside, &mut outside).await;
            });
        }
    });
    format!("http://{address}")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_calls_share_connections_and_one_refresh_an_expiration() {
    let clock = ManualClock::from_unix_seconds(1_767_323_045);
    let of_service = clock.clone();
    let service = FakeService::builder()
        .clock(move || of_service.now())
        .record_limit(1)
        .start()
        .await
        .unwrap();
    let connections = Arc::new(AtomicUsize::new(0));
    let target = service.endpoint().trim_start_matches("http://").to_owned();
    let endpoint = counting(target, connections.clone()).await;
    let asked = Arc::new(AtomicUsize::new(0));
    let provider = Hourly { clock: clock.clone(), asked: asked.clone() };
    let client: Client = Client::builder()
        .endpoint(endpoint)
        .credentials(CachingCredentialsProvider::new(provider).clock(clock.clone()))
        .clock(clock.clone())
        .rate_limiter(RateLimits::off())
        .build()
        .unwrap();

    for _ in 0..EXPIRATIONS {
        clock.advance(Duration::from_secs(2 * 3_600));
        let tasks: Vec<_> = (0..TASKS)
            .map(|_| {
                let client = client.clone();
                tokio::spawn(async move {
                    for _ in 0..CALLS {
                        let request = DescribeRefreshTaskByIdRequest::new(["12345678"]);
                        client.describe_refresh_task_by_id(request).no_retry().await.unwrap();
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
    }
    assert_eq!(asked.load(Ordering::Relaxed), EXPIRATIONS);
    let connections = connections.load(Ordering::Relaxed);
    println!("{} calls over {connections} connections", EXPIRATIONS * TASKS * CALLS);
    // No more than are in use at once, but for those that were opened while another became free.
    assert!(connections <= 5 * TASKS, "{connections} connections for {TASKS} calls at once");
}
