//! Clusters: MOVED and ASK are followed.

use std::sync::Arc;
use std::time::Duration;

use alicloud_core::credentials::Variables;
use alicloud_core::{Clock, Operation, Product, RateLimitRequest, RateLimiter as _, SystemClock};
use alicloud_limit_redis::testing::RedisProcess;
use alicloud_limit_redis::{RedisConfig, RedisErrorKind, RedisRateLimits, redis};

async fn run(server: &RedisProcess, words: &[&str]) -> String {
    let mut command = redis::cmd(words[0]);
    command.arg(&words[1..]);
    let connection = server.config().connect().await.unwrap();
    connection.command("", command).await.unwrap()
}

fn node() -> Option<RedisProcess> {
    RedisProcess::builder().setting("cluster-enabled", "yes").start()
}

#[tokio::test]
async fn keys_are_found_on_their_node() {
    let (Some(a), Some(b)) = (node(), node()) else { return };
    run(&a, &["CLUSTER", "ADDSLOTSRANGE", "0", "8191"]).await;
    run(&b, &["CLUSTER", "ADDSLOTSRANGE", "8192", "16383"]).await;
    run(&a, &["CLUSTER", "MEET", "127.0.0.1", &b.port().to_string()]).await;
    let deadline = SystemClock.elapsed() + Duration::from_secs(30);
    for server in [&a, &b] {
        while !run(server, &["CLUSTER", "INFO"]).await.contains("cluster_state:ok") {
            assert!(SystemClock.elapsed() < deadline, "the Cluster does not start");
            SystemClock.sleep(Duration::from_millis(50)).await;
        }
    }
    let url = format!("redis+cluster://127.0.0.1:{},127.0.0.1:{}", a.port(), b.port());
    let none = Variables::from_pairs::<&str, &str>([]);
    let cluster =
        RedisConfig::from_url_and_variables(&url, &none).unwrap().connect().await.unwrap();
    for number in 0..20 {
        let key = format!("alicloud:test:{{{number}}}");
        let mut command = redis::cmd("INCR");
        command.arg(&key);
        assert_eq!(cluster.command::<i64>(&key, command).await.unwrap(), 1);
    }
    let sizes = (run_number(&a).await, run_number(&b).await);
    assert!(sizes.0 > 0 && sizes.1 > 0 && sizes.0 + sizes.1 == 20, "{sizes:?}");

    static PRODUCT: Product = Product::new("Cdn", "2018-05-10");
    static LIST: Operation = Operation::rpc(&PRODUCT, "List").with_rate_limit(50);
    let limits = RedisRateLimits::with_connection(cluster);
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    for account in ["a", "b", "c", "d", "e", "f"] {
        limits.acquire(RateLimitRequest::new(account, &LIST, &clock)).await;
    }
    assert!(limits.is_shared());
    let with_limits = (run_number(&a).await, run_number(&b).await);
    assert_eq!(with_limits.0 + with_limits.1, 26);

    // A URL of one server reports what is wrong.
    let single = a.config().connect().await.unwrap();
    let mut errors = 0;
    for number in 0..20 {
        let key = format!("alicloud:test:{{{number}}}");
        let mut command = redis::cmd("GET");
        command.arg(&key);
        if let Err(error) = single.command::<String>(&key, command).await {
            assert_eq!(error.kind(), RedisErrorKind::Cluster);
            assert!(error.to_string().contains("write redis+cluster://"), "{error}");
            errors += 1;
        }
    }
    assert_eq!(errors, sizes.1);
}

async fn run_number(server: &RedisProcess) -> i64 {
    let connection = server.config().connect().await.unwrap();
    connection.command("", redis::cmd("DBSIZE")).await.unwrap()
}

#[tokio::test]
async fn many_commands_for_a_slot_that_is_being_moved() {
    let node = || {
        let builder = RedisProcess::builder().setting("cluster-enabled", "yes");
        builder.setting("cluster-require-full-coverage", "no").start()
    };
    let (Some(a), Some(b)) = (node(), node()) else { return };
    const KEY: &str = "alicloud:test:{x}";
    let slot = run(&a, &["CLUSTER", "KEYSLOT", KEY]).await;
    let ids = (run(&a, &["CLUSTER", "MYID"]).await, run(&b, &["CLUSTER", "MYID"]).await);
    run(&a, &["CLUSTER", "ADDSLOTS", &slot]).await;
    run(&a, &["CLUSTER", "MEET", "127.0.0.1", &b.port().to_string()]).await;
    let deadline = SystemClock.elapsed() + Duration::from_secs(30);
    for (server, other) in [(&a, &ids.1), (&b, &ids.0)] {
        while !run(server, &["CLUSTER", "NODES"]).await.contains(other.as_str())
            || !run(server, &["CLUSTER", "INFO"]).await.contains("cluster_slots_assigned:1\r\n")
            || !run(server, &["CLUSTER", "INFO"]).await.contains("cluster_state:ok")
        {
            assert!(SystemClock.elapsed() < deadline, "the Cluster does not start");
            SystemClock.sleep(Duration::from_millis(50)).await;
        }
    }
    run(&b, &["CLUSTER", "SETSLOT", &slot, "IMPORTING", &ids.0]).await;
    run(&a, &["CLUSTER", "SETSLOT", &slot, "MIGRATING", &ids.1]).await;
    let none = Variables::from_pairs::<&str, &str>([]);
    let url = format!("redis+cluster://127.0.0.1:{}", a.port());
    let cluster = RedisConfig::from_url_and_variables(&url, &none).unwrap().connect_lazily();
    let mut commands = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let cluster = cluster.clone();
        commands.spawn(async move {
            let mut command = redis::cmd("INCR");
            command.arg(KEY);
            cluster.command::<i64>(KEY, command).await.unwrap()
        });
    }
    let mut counts = commands.join_all().await;
    counts.sort_unstable();
    assert!(counts.into_iter().eq(1..=50));
}
