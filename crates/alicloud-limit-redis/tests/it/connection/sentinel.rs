//! Sentinel: the connection follows a failover.

use std::sync::Arc;
use std::time::Duration;

use alicloud_core::credentials::Variables;
use alicloud_core::{Clock, Operation, Product, RateLimitRequest, RateLimiter as _, SystemClock};
use alicloud_limit_redis::testing::RedisProcess;
use alicloud_limit_redis::{RedisConfig, RedisConnection, RedisErrorKind, RedisRateLimits, redis};

static PRODUCT: Product = Product::new("Cdn", "2018-05-10");
static FIFTY: Operation = Operation::rpc(&PRODUCT, "Fifty").with_rate_limit(50);

fn config(sentinel: &RedisProcess, master: &str) -> RedisConfig {
    let url = format!("redis+sentinel://127.0.0.1:{}/{master}", sentinel.port());
    RedisConfig::from_url_and_variables(&url, &Variables::from_pairs::<&str, &str>([])).unwrap()
}

async fn port_of(connection: &RedisConnection) -> Option<String> {
    let mut command = redis::cmd("SET");
    command.arg("alicloud:test").arg("x");
    connection.command::<()>("alicloud:test", command).await.ok()?;
    let mut command = redis::cmd("CONFIG");
    command.arg("GET").arg("port");
    connection.command::<(String, String)>("", command).await.ok().map(|(_, port)| port)
}

#[tokio::test]
async fn the_connection_follows_a_failover() {
    let Some(mut master) = RedisProcess::start() else { return };
    let of = format!("127.0.0.1 {}", master.port());
    let Some(replica) = RedisProcess::builder()
        .setting("replicaof", &of)
        .setting("repl-diskless-sync-delay", "0")
        .start()
    else {
        return;
    };
    let Some(sentinel) = RedisProcess::start_sentinel(&master, "shared") else { return };
    let connection = config(&sentinel, "shared").connect().await.unwrap();
    assert_eq!(port_of(&connection).await, Some(master.port().to_string()));

    // The Sentinel has to know the replica before the master is lost.
    let asks = RedisConfig::from_url(&sentinel.url()).unwrap().connect().await.unwrap();
    let deadline = SystemClock.elapsed() + Duration::from_secs(40);
    loop {
        let mut command = redis::cmd("SENTINEL");
        command.arg("REPLICAS").arg("shared");
        let replicas: Vec<Vec<String>> = asks.command("", command).await.unwrap();
        let is_synchronized = |replica: &Vec<String>| {
            replica.windows(2).any(|pair| pair == ["master-link-status", "ok"])
        };
        if replicas.iter().any(is_synchronized) {
            break;
        }
        assert!(SystemClock.elapsed() < deadline, "{replicas:?}");
        SystemClock.sleep(Duration::from_millis(50)).await;
    }
    let limits = RedisRateLimits::with_connection(connection.clone());
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let request = RateLimitRequest::new("id", &FIFTY, &clock);
    limits.acquire(request).await;
    assert!(limits.is_shared());

    master.kill();
    while port_of(&connection).await != Some(replica.port().to_string()) {
        assert!(SystemClock.elapsed() < deadline, "no failover");
        // Meanwhile, the process uses its share of the rate.
        limits.acquire(request).await;
    }
    while !limits.is_shared() {
        assert!(SystemClock.elapsed() < deadline, "the limits are not shared");
        limits.acquire(request).await;
    }
}

#[tokio::test]
async fn an_unknown_master_and_a_server_that_is_no_sentinel() {
    let Some(master) = RedisProcess::start() else { return };
    let Some(sentinel) = RedisProcess::start_sentinel(&master, "shared") else { return };
    let error = config(&sentinel, "other").connect().await.unwrap_err();
    assert_eq!(error.kind(), RedisErrorKind::UnknownMaster);
    assert!(error.to_string().contains("knows no master \"other\""), "{error}");
    let error = config(&master, "shared").connect().await.unwrap_err();
    assert!(error.to_string().contains("is no Sentinel"), "{error}");
}
