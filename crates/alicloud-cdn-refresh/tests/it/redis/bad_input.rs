//! Settings and keys that cannot be used. The job is never damaged.

use std::time::Duration;

use alicloud_cdn_refresh::{Journal as _, RedisConfig, RedisStore, StateError};
use alicloud_limit_redis::testing::RedisProcess;

use super::{new_job, run, sending, store_on};

/// Returns the message that every operation returns with this store.
async fn message(store: &RedisStore, name: &str) -> String {
    let created = store.create(name, &new_job()).await.unwrap_err().to_string();
    let opened = store.open(name).await.unwrap_err().to_string();
    let read = store.read(name).await.unwrap_err().to_string();
    let general = |text: &str| text.replace("cannot be written", "cannot be read");
    assert_eq!(general(&created), opened);
    assert_eq!(opened, read);
    assert!(!opened.contains("s3cr3t") && !opened.contains(char::is_control), "{opened}");
    opened
}

fn store_with(config: RedisConfig) -> RedisStore {
    RedisStore::new(config.connect_lazily()).write_timeout(Duration::ZERO)
}

#[tokio::test]
async fn names_are_checked() {
    let store = store_with(RedisConfig::from_url("redis://127.0.0.1:1").unwrap());
    for name in ["", "a b", "a/b", "a}b", "{a}", "ä", "a\n", "17", &"a".repeat(101)] {
        let message = message(&store, name).await;
        assert!(message.contains("has an invalid name; use 1 to 100 ASCII letters"), "{message}");
    }
}

#[tokio::test]
async fn settings_are_checked() {
    let builder = RedisProcess::builder().setting("requirepass", "s3cr3t");
    let Some(server) = builder.start() else { return };
    let message_of = async |config: RedisConfig| message(&store_with(config), "purge").await;
    let without_password = message_of(server.config()).await;
    assert!(without_password.contains("the server requires a password"), "{without_password}");
    let wrong_password = message_of(server.config().credentials("", "s3cr3t-2")).await;
    assert!(wrong_password.contains("rejected the password of user default"), "{wrong_password}");
    let url = format!("{}/99", server.url());
    let database = RedisConfig::from_url(&url).unwrap().credentials("", "s3cr3t");
    let wrong_database = message_of(database).await;
    assert!(wrong_database.contains("use a database from 0"), "{wrong_database}");
    let url = server.url().replace("redis:", "rediss:");
    let no_tls = message_of(RedisConfig::from_url(&url).unwrap().credentials("", "s3cr3t")).await;
    assert!(no_tls.contains("rediss://"), "{no_tls}");
    let closed = RedisConfig::from_url("redis://127.0.0.1:1").unwrap();
    let unreachable = message_of(closed).await;
    assert!(
        unreachable.contains("cannot be read: redis://127.0.0.1:1: connection refused"),
        "{unreachable}"
    );
}

#[tokio::test]
async fn a_replica_can_only_be_read() {
    let Some(master) = RedisProcess::start() else { return };
    let replicaof = format!("127.0.0.1 {}", master.port());
    let replica = RedisProcess::builder().setting("replicaof", &replicaof).start().unwrap();
    let journal = store_on(&master).create("purge", &new_job()).await.unwrap();
    journal.close().await;
    let mut store = store_on(&replica).write_timeout(Duration::from_millis(100));
    for _ in 0..100 {
        match store.read("purge").await {
            Ok(snapshot) => {
                assert_eq!(snapshot.job, new_job());
                break;
            }
            Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
        }
        store = store_on(&replica).write_timeout(Duration::from_millis(100));
    }
    let error = store.open("purge").await.unwrap_err().to_string();
    assert!(error.contains("read-only replica; use the URL of the master"), "{error}");
    let error = store.create("other", &new_job()).await.unwrap_err().to_string();
    assert!(error.contains("read-only replica"), "{error}");
}

#[tokio::test]
async fn keys_of_other_programs_are_left_alone() {
    let Some(server) = RedisProcess::start() else { return };
    let store = store_on(&server);
    for (part, command, arguments) in [
        ("header", "RPUSH", vec!["x"]),
        ("events", "SET", vec!["x"]),
        ("owner", "SET", vec!["x"]),
        ("lease", "SADD", vec!["x"]),
    ] {
        let _: alicloud_limit_redis::redis::Value = run(&server, command, part, &arguments).await;
        let message = message(&store, "purge").await;
        assert!(
            message.contains(&format!("the key alicloud:job:1:{{purge}}:{part} is of another")),
            "{message}"
        );
        run::<usize>(&server, "DEL", part, &[]).await;
    }

    // Another version, and a text that is no job.
    run::<usize>(&server, "HSET", "owner", &["events", "0"]).await;
    for (header, expected) in [
        (r#"{"alicloud-cdn-refresh":99}"#, "has format version 99"),
        ("hello", "does not begin with a job"),
    ] {
        run::<()>(&server, "SET", "header", &[header]).await;
        let opened = store.open("purge").await.unwrap_err().to_string();
        assert!(opened.contains(expected), "{opened}");
        assert_eq!(store.read("purge").await.unwrap_err().to_string(), opened);
        let created: StateError = store.create("purge", &new_job()).await.unwrap_err();
        assert!(created.to_string().contains("already exists"), "{created}");
        assert_eq!(run::<String>(&server, "GET", "header", &[]).await, header);
    }
    run::<usize>(&server, "DEL", "header", &[]).await;
    run::<usize>(&server, "DEL", "owner", &[]).await;

    // A damaged event.
    store.create("purge", &new_job()).await.unwrap().close().await;
    run::<usize>(&server, "RPUSH", "events", &["{}"]).await;
    run::<usize>(&server, "HSET", "owner", &["events", "1"]).await;
    let error = store.open("purge").await.unwrap_err().to_string();
    assert!(error.contains("is damaged in entry 1"), "{error}");
    assert!(error.contains("delete the keys alicloud:job:1:{purge}:*"), "{error}");
}

#[tokio::test]
async fn events_without_a_header_are_no_new_job() {
    let Some(server) = RedisProcess::start() else { return };
    run::<usize>(&server, "RPUSH", "events", &["{}"]).await;
    let error = store_on(&server).create("purge", &new_job()).await.unwrap_err().to_string();
    assert!(error.contains("or a remainder of a job"), "{error}");
    let error = store_on(&server).open("purge").await.unwrap_err();
    assert!(!error.is_missing(), "{error}");
    let missing = store_on(&server).read("other").await.unwrap_err();
    assert!(missing.is_missing() && missing.path().is_none(), "{missing}");
}

/// The rights that messages and the README name.
#[tokio::test]
async fn an_acl_user_needs_few_rights() {
    let rights = "on >s3cr3t ~alicloud:* +@read +@write -@dangerous +eval +evalsha +time +ping";
    let builder = RedisProcess::builder().setting("user", &format!("worker {rights}"));
    let Some(server) = builder.start() else { return };
    let store = store_with(server.config().credentials("worker", "s3cr3t"));
    let mut journal = store.create("purge", &new_job()).await.unwrap();
    journal.record(&[sending(0)]).await.unwrap();
    journal.close().await;
    store.open("purge").await.unwrap().0.close().await;
    store.read("purge").await.unwrap();
}

#[tokio::test]
async fn a_damaged_entry_names_the_tasks_of_the_entries_before_it() {
    let Some(server) = RedisProcess::start() else { return };
    let store = store_on(&server);
    let mut journal = store.create("purge", &new_job()).await.unwrap();
    journal.record(&[sending(0), super::sent(0)]).await.unwrap();
    journal.close().await;
    run::<usize>(&server, "RPUSH", "events", &["{}"]).await;
    run::<usize>(&server, "HSET", "owner", &["events", "3"]).await;
    let error = store.open("purge").await.unwrap_err().to_string();
    assert!(error.contains("the entries before it submitted the tasks 17"), "{error}");
}
