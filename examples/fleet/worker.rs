//! One process of the fleet.

use std::error::Error;
use std::time::Duration;

use alicloud_cdn::Client;
use alicloud_cdn::model::RefreshObjectCachesRequest;
use alicloud_core::{Clock as _, Credentials, SystemClock};
use alicloud_limit_redis::{RedisConfig, RedisRateLimits};
use futures_util::stream::{self, StreamExt as _};

/// The number of calls that a process makes at the same time.
const CONCURRENCY: usize = 4;

/// Makes the calls, and prints how they ended: succeeded, without a result, throttled, seconds, and milliseconds of CPU.
pub(crate) async fn run(
    endpoint: &str,
    redis: &str,
    number: usize,
    calls: usize,
) -> Result<(), Box<dyn Error>> {
    // Each process has an access key of its own, like pods with a role; the scope says that the account is the same.
    let client: Client = Client::builder()
        .endpoint(endpoint)
        .credentials(Credentials::new(format!("key-{number}"), "secret"))
        .limit_scope("1234567890123456")
        .rate_limiter(RedisRateLimits::new(RedisConfig::from_url(redis)?))
        .build()?;
    let start = SystemClock.elapsed();
    let results = stream::iter(0..calls).map(|call| {
        let url = format!("https://p{number}.example.com/{call}.png");
        let request = RefreshObjectCachesRequest::new([url]);
        let call = client.refresh_object_caches(request).timeout(Duration::from_secs(600));
        async move { call.await }
    });
    let results: Vec<_> = results.buffer_unordered(CONCURRENCY).collect().await;
    let (mut succeeded, mut throttled, mut other) = (0, 0, 0);
    for result in results {
        match result {
            Ok(_) => succeeded += 1,
            Err(error) if error.is_throttling() => throttled += 1,
            Err(_) => other += 1,
        }
    }
    println!(
        "{succeeded} {other} {throttled} {:.3} {}",
        (SystemClock.elapsed() - start).as_secs_f64(),
        cpu_milliseconds()
    );
    Ok(())
}

/// Returns the CPU time of this process so far, where the system says it.
fn cpu_milliseconds() -> u64 {
    const MILLISECONDS_PER_TICK: u64 = 10;
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The numbers follow the name in parentheses.
    let fields = stat.rsplit_once(')').map(|(_, fields)| fields).unwrap_or_default();
    let ticks =
        fields.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<u64>().ok());
    MILLISECONDS_PER_TICK * ticks.sum::<u64>()
}
