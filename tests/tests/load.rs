//! Many concurrent calls over real connections, with credentials that expire.
#![allow(clippy::unwrap_used, reason = "tests may panic")]

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

const CONCURRENCY: usize = 200;
const CALLS_PER_TASK: usize = 5;
const EXPIRATION_COUNT: usize = 10;

/// A provider whose credentials expire after an hour. It counts how often it is called.
#[derive(Debug, Clone)]
struct HourlyProvider {
    clock: ManualClock,
    calls: Arc<AtomicUsize>,
}

impl ProvideCredentials for HourlyProvider {
    fn credentials(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(async move {
            self.calls.fetch_add(1, Ordering::Relaxed);
            tokio::task::yield_now().await;
            Ok(Credentials::new(DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET)
                .with_expiration(self.clock.now() + Duration::from_secs(3_600)))
        })
    }

    fn name(&self) -> &str {
        "hourly"
    }
}

/// Starts a proxy that counts the connections to the target. Returns its endpoint.
async fn counting_proxy(target: String, connections: Arc<AtomicUsize>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut inbound, _)) = listener.accept().await {
            connections.fetch_add(1, Ordering::Relaxed);
            let target = target.clone();
            tokio::spawn(async move {
                let mut outbound = TcpStream::connect(target).await.unwrap();
                let _ = copy_bidirectional(&mut inbound, &mut outbound).await;
            });
        }
    });
    format!("http://{address}")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn concurrent_calls_share_connections_and_refresh_expired_credentials_once() {
    let clock = ManualClock::from_unix_seconds(1_767_323_045);
    let service_clock = clock.clone();
    let service = FakeService::builder()
        .clock(move || service_clock.now())
        .record_limit(1)
        .start()
        .await
        .unwrap();
    let connections = Arc::new(AtomicUsize::new(0));
    let target = service.endpoint().trim_start_matches("http://").to_owned();
    let endpoint = counting_proxy(target, connections.clone()).await;
    let provider_calls = Arc::new(AtomicUsize::new(0));
    let provider = HourlyProvider { clock: clock.clone(), calls: provider_calls.clone() };
    let client: Client = Client::builder()
        .endpoint(endpoint)
        .credentials(CachingCredentialsProvider::new(provider).clock(clock.clone()))
        .clock(clock.clone())
        .rate_limiter(RateLimits::off())
        .build()
        .unwrap();

    for _ in 0..EXPIRATION_COUNT {
        clock.advance(Duration::from_secs(2 * 3_600));
        let tasks: Vec<_> = (0..CONCURRENCY)
            .map(|_| {
                let client = client.clone();
                tokio::spawn(async move {
                    for _ in 0..CALLS_PER_TASK {
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
    assert_eq!(provider_calls.load(Ordering::Relaxed), EXPIRATION_COUNT);
    let connections = connections.load(Ordering::Relaxed);
    let calls = EXPIRATION_COUNT * CONCURRENCY * CALLS_PER_TASK;
    println!("{calls} calls over {connections} connections");
    // More than the concurrency, because a call can open a connection while another becomes idle.
    assert!(
        connections <= 5 * CONCURRENCY,
        "{connections} connections for {CONCURRENCY} concurrent calls"
    );
}
