//! When credentials are fetched, and by whom. Time is a clock that stands still; what is asserted is
//! counted.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use alicloud_core::credentials::{
    AssumeRole, CachingCredentialsProvider, CredentialsError, ProvideCredentials,
};
use alicloud_core::http::{Request, Response};
use alicloud_core::testing::ManualClock;
use alicloud_core::{
    BoxFuture, Client, ClientBuilder, Clock, Credentials, Operation, Product, Transport,
    TransportError, TransportOptions, bytes::Bytes, sign,
};

use crate::clock;

const LIFE: u64 = 3600;

/// A provider that counts, and fails when it is told to.
#[derive(Debug, Clone)]
struct Counting {
    clock: ManualClock,
    life: Option<u64>,
    fetches: Arc<AtomicUsize>,
    broken: Arc<Mutex<bool>>,
}

impl Counting {
    fn new(clock: &ManualClock, life: Option<u64>) -> Self {
        Counting { clock: clock.clone(), life, fetches: Arc::default(), broken: Arc::default() }
    }

    fn fetches(&self) -> usize {
        self.fetches.load(Ordering::SeqCst)
    }

    fn set_broken(&self, broken: bool) {
        *self.broken.lock().unwrap() = broken;
    }
}

impl ProvideCredentials for Counting {
    fn credentials(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(async {
            let number = self.fetches.fetch_add(1, Ordering::SeqCst) + 1;
            // Long enough for all others to arrive.
            for _ in 0..20 {
                tokio::task::yield_now().await;
            }
            if *self.broken.lock().unwrap() {
                return Err(CredentialsError::failed("counting", format!("failure {number}")));
            }
            let credentials = Credentials::new(format!("id-{number}"), "secret");
            Ok(match self.life {
                Some(life) => {
                    credentials.with_expiration(self.clock.now() + Duration::from_secs(life))
                }
                None => credentials,
            })
        })
    }

    fn name(&self) -> &str {
        "counting"
    }
}

fn counting(life: Option<u64>) -> (ManualClock, Counting, CachingCredentialsProvider) {
    let clock = clock();
    let source = Counting::new(&clock, life);
    let cached = CachingCredentialsProvider::new(source.clone()).clock(clock.clone());
    (clock, source, cached)
}

async fn id(cached: &CachingCredentialsProvider) -> String {
    cached.credentials().await.unwrap().access_key_id().to_owned()
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[tokio::test]
async fn renews_ahead_of_the_end_and_not_before() {
    let (clock, source, cached) = counting(Some(LIFE));
    assert_eq!(source.fetches(), 0);
    assert_eq!(id(&cached).await, "id-1");
    // A fifth of an hour is shorter than 15 minutes; jitter adds a quarter of it at most.
    clock.advance(seconds(LIFE - LIFE / 4 - 1));
    assert_eq!(id(&cached).await, "id-1");
    clock.advance(seconds(LIFE / 20 + 1));
    assert_eq!(id(&cached).await, "id-2");
    assert_eq!(source.fetches(), 2);

    // Of twelve hours it is 15 minutes.
    let (clock, _source, cached) = counting(Some(12 * LIFE));
    id(&cached).await;
    clock.advance(seconds(12 * LIFE - 900 - 225 - 1));
    assert_eq!(id(&cached).await, "id-1");
    clock.advance(seconds(226));
    assert_eq!(id(&cached).await, "id-2");
}

#[tokio::test]
async fn asks_again_for_those_without_an_end() {
    let (clock, _source, cached) = counting(None);
    id(&cached).await;
    clock.advance(seconds(299));
    assert_eq!(id(&cached).await, "id-1");
    clock.advance(seconds(76));
    assert_eq!(id(&cached).await, "id-2");
}

#[tokio::test]
async fn valid_ones_survive_a_failure_and_errors_do_not() {
    let (clock, source, cached) = counting(Some(LIFE));
    id(&cached).await;
    source.set_broken(true);
    clock.advance(seconds(LIFE - LIFE / 5));
    assert_eq!(id(&cached).await, "id-1");
    assert_eq!(id(&cached).await, "id-1");
    assert_eq!(source.fetches(), 2, "it is not tried again at once");
    clock.advance(seconds(10));
    assert_eq!(id(&cached).await, "id-1");
    assert_eq!(source.fetches(), 3);
    // The second wait is twice as long, less a half by chance.
    clock.advance(seconds(9));
    assert_eq!(id(&cached).await, "id-1");
    assert_eq!(source.fetches(), 3);

    clock.advance(seconds(LIFE / 5));
    let error = cached.credentials().await.unwrap_err();
    assert_eq!(error.to_string(), "counting: failure 4");
    let error = cached.credentials().await.unwrap_err();
    assert_eq!(error.to_string(), "counting: failure 4", "kept for a second");
    source.set_broken(false);
    clock.advance(seconds(1));
    assert_eq!(id(&cached).await, "id-5");
}

#[tokio::test]
async fn one_renews_while_the_others_go_on() {
    let (clock, source, cached) = counting(Some(LIFE));
    id(&cached).await;
    clock.advance(seconds(LIFE - LIFE / 5));
    let mut first = cached.credentials();
    assert!(futures_poll(&mut first).is_none(), "it waits for new ones");
    assert_eq!(id(&cached).await, "id-1", "the others have the old ones at once");
    assert_eq!(source.fetches(), 2);

    // When the one that renews is dropped, the next one takes over where it was.
    drop(first);
    assert_eq!(id(&cached).await, "id-2");
    assert_eq!(source.fetches(), 2);

    // And it does not wait for ever.
    clock.advance(seconds(LIFE - LIFE / 5));
    let mut patient = cached.credentials();
    assert!(futures_poll(&mut patient).is_none());
    clock.advance(seconds(1));
    assert_eq!(futures_poll(&mut patient).unwrap().unwrap().access_key_id(), "id-2");
}

fn futures_poll<T>(future: &mut BoxFuture<'_, T>) -> Option<T> {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match future.as_mut().poll(&mut context) {
        std::task::Poll::Ready(output) => Some(output),
        std::task::Poll::Pending => None,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn those_who_wait_share_an_error() {
    let (_clock, source, cached) = counting(Some(LIFE));
    source.set_broken(true);
    let tasks: Vec<_> = (0..100)
        .map(|_| {
            let cached = cached.clone();
            tokio::spawn(async move { cached.credentials().await.unwrap_err().to_string() })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap(), "counting: failure 1");
    }
    assert_eq!(source.fetches(), 1);
}

/// STS and the service, in memory: counts the roles that it hands out.
#[derive(Debug, Clone)]
struct Platform {
    clock: ManualClock,
    roles: Arc<AtomicUsize>,
    calls: Arc<AtomicUsize>,
}

impl Transport for Platform {
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
                let end = sign::timestamp(self.clock.now() + Duration::from_secs(LIFE));
                format!(
                    r#"{{"Credentials":{{"AccessKeyId":"STS.{number}","AccessKeySecret":"s{number}","SecurityToken":"t{number}","Expiration":"{end}"}}}}"#
                )
            } else {
                // The service refuses what has ended.
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

const CDN: Product = Product::new("Cdn", "2018-05-10").with_endpoint("cdn.aliyuncs.com");
const QUOTA: Operation = Operation::rpc(&CDN, "DescribeRefreshQuota").read_only();

#[derive(Default)]
struct QuotaRequest {}
alicloud_core::wire::request! { QuotaRequest => () {} }

/// 10,000 calls from 1,000 tasks over 10 expirations: one refresh an expiration, no call fails.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn ten_thousand_calls_and_ten_expirations() {
    const TASKS: usize = 1_000;
    const EXPIRATIONS: usize = 10;

    let clock = clock();
    let platform = Platform { clock: clock.clone(), roles: Arc::default(), calls: Arc::default() };
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

    // All tasks live through all expirations, and meet before each.
    let gate = Arc::new(tokio::sync::Barrier::new(TASKS + 1));
    let tasks: Vec<_> = (0..TASKS)
        .map(|_| {
            let (client, gate) = (client.clone(), Arc::clone(&gate));
            tokio::spawn(async move {
                let mut failed = 0;
                for _ in 0..EXPIRATIONS {
                    gate.wait().await;
                    failed += usize::from(client.call(&QUOTA, &QuotaRequest {}).await.is_err());
                    gate.wait().await;
                }
                failed
            })
        })
        .collect();
    for expiration in 1..=EXPIRATIONS {
        clock.advance(seconds(LIFE));
        gate.wait().await;
        gate.wait().await;
        assert_eq!(platform.roles.load(Ordering::SeqCst), 1 + expiration);
    }
    let mut failed = 0;
    for task in tasks {
        failed += task.await.unwrap();
    }
    assert_eq!(failed, 0);
    assert_eq!(platform.calls.load(Ordering::SeqCst), TASKS * EXPIRATIONS + 1);
}
