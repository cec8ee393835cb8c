//! The calls of many tasks across many expirations, with STS and the service in memory.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use alicloud_core::credentials::AssumeRole;
use alicloud_core::http::{Request, Response};
use alicloud_core::testing::ManualClock;
use alicloud_core::{
    BoxFuture, Client, ClientBuilder, Clock, Credentials, Operation, Product, Transport,
    TransportError, TransportOptions, bytes::Bytes, sign,
};

use super::{LIFETIME, seconds};
use crate::clock;

/// STS and the service in memory. Counts the assumed roles and the calls.
#[derive(Debug, Clone)]
struct FakePlatform {
    clock: ManualClock,
    roles: Arc<AtomicUsize>,
    calls: Arc<AtomicUsize>,
}

impl Transport for FakePlatform {
    fn send(
        &self,
        request: Request<Bytes>,
        _: TransportOptions,
    ) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        Box::pin(async move {
            for _ in 0..10 {
                tokio::task::yield_now().await;
            }
            let form = String::from_utf8_lossy(request.body()).into_owned();
            let mut status = 200;
            let body = if form.contains("Action=AssumeRole&") {
                let number = self.roles.fetch_add(1, Ordering::SeqCst);
                let expiration = sign::timestamp(self.clock.now() + Duration::from_secs(LIFETIME));
                format!(
                    r#"{{"Credentials":{{"AccessKeyId":"STS.{number}","AccessKeySecret":"s{number}","SecurityToken":"t{number}","Expiration":"{expiration}"}}}}"#
                )
            } else {
                // The service rejects expired tokens.
                let current = format!("t{}", self.roles.load(Ordering::SeqCst) - 1);
                if request.headers()["x-acs-security-token"] != current.as_str() {
                    status = 403;
                }
                self.calls.fetch_add(1, Ordering::SeqCst);
                "{}".to_owned()
            };
            let mut response = Response::new(Bytes::from(body));
            *response.status_mut() = status.try_into().unwrap();
            Ok(response)
        })
    }
}

static CDN: Product = Product::new("Cdn", "2018-05-10").with_endpoint("cdn.aliyuncs.com");
static QUOTA: Operation = Operation::rpc(&CDN, "DescribeRefreshQuota").read_only();

alicloud_core::wire::request! { struct QuotaRequest -> () { } }

/// 10,000 calls of 1,000 tasks across 10 expirations: one refresh per expiration, and no call fails.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_refresh_per_expiration_for_concurrent_calls() {
    const TASKS: usize = 1_000;
    const EXPIRATIONS: usize = 10;

    let clock = clock();
    let platform =
        FakePlatform { clock: clock.clone(), roles: Arc::default(), calls: Arc::default() };
    let role = AssumeRole::new(Credentials::new("id", "secret"), "acs:ram::1:role/r")
        .variables(crate::variables(&[]))
        .transport(platform.clone())
        .clock(clock.clone());
    let client: Client = ClientBuilder::new(&CDN)
        .credentials(role)
        .transport(platform.clone())
        .clock(clock.clone())
        .build()
        .unwrap();
    client.call(&QUOTA, &QuotaRequest {}).await.unwrap();
    assert_eq!(platform.roles.load(Ordering::SeqCst), 1);

    // All tasks wait for each other before each expiration.
    let barrier = Arc::new(tokio::sync::Barrier::new(TASKS + 1));
    let tasks: Vec<_> = (0..TASKS)
        .map(|_| {
            let (client, barrier) = (client.clone(), Arc::clone(&barrier));
            tokio::spawn(async move {
                let mut failed = 0;
                for _ in 0..EXPIRATIONS {
                    barrier.wait().await;
                    failed += usize::from(client.call(&QUOTA, &QuotaRequest {}).await.is_err());
                    barrier.wait().await;
                }
                failed
            })
        })
        .collect();
    for expiration in 1..=EXPIRATIONS {
        clock.advance(seconds(LIFETIME));
        barrier.wait().await;
        barrier.wait().await;
        assert_eq!(platform.roles.load(Ordering::SeqCst), 1 + expiration);
    }
    let mut failed = 0;
    for task in tasks {
        failed += task.await.unwrap();
    }
    assert_eq!(failed, 0);
    assert_eq!(platform.calls.load(Ordering::SeqCst), TASKS * EXPIRATIONS + 1);
}
