//! Recording while the server is slow, restarts or loses data.

use std::time::Duration;

use alicloud_cdn_refresh::{Error, Job, Journal as _, Plan, RedisConfig, RedisStore};
use alicloud_core::testing::FakeTransport;
use alicloud_limit_redis::testing::RedisProcess;
use futures_util::FutureExt as _;

use super::{LEASE, connection_to, new_job, run, sending, sent, store_on};
use crate::support::{in_memory, states};

#[tokio::test]
async fn a_record_that_is_dropped_is_completed_by_the_next_one() {
    let Some(server) = RedisProcess::start() else { return };
    let mut journal = store_on(&server).create("purge", &new_job()).await.unwrap();
    // The command may arrive or not.
    assert!(journal.record(&[sending(0), sent(0)]).now_or_never().is_none());
    assert!(journal.record(&[sending(1)]).now_or_never().is_none());
    journal.record(&[sent(1)]).await.unwrap();
    let length: usize = run(&server, "LLEN", "events", &[]).await;
    assert_eq!(length, 4, "each event is recorded once");
    journal.close().await;
    assert_eq!(states(&store_on(&server).read("purge").await.unwrap().job), ["sent", "sent"]);
}

#[tokio::test]
async fn events_are_recorded_once_although_the_server_hangs() {
    let Some(server) = RedisProcess::start() else { return };
    let mut journal = store_on(&server).create("purge", &new_job()).await.unwrap();
    server.pause();
    let events = [sending(0), sent(0)];
    let (recorded, ()) = tokio::join!(journal.record(&events), async {
        // Longer than the timeout of a command, so that it is repeated.
        tokio::time::sleep(Duration::from_millis(1500)).await;
        server.resume();
    });
    recorded.unwrap();
    let length: usize = run(&server, "LLEN", "events", &[]).await;
    assert_eq!(length, 2);
}

#[tokio::test]
async fn a_restart_with_its_data_does_not_stop_a_job() {
    let builder =
        RedisProcess::builder().setting("appendonly", "yes").setting("appendfsync", "always");
    let Some(mut server) = builder.start() else { return };
    let mut journal = store_on(&server).create("purge", &new_job()).await.unwrap();
    journal.record(&[sending(0), sent(0)]).await.unwrap();
    server.kill();
    let events = [sending(1)];
    let (recorded, ()) = tokio::join!(journal.record(&events), async {
        tokio::time::sleep(Duration::from_millis(500)).await;
        server.restart();
    });
    recorded.unwrap();
    assert!(journal.lease().unwrap().is_valid());
    let length: usize = run(&server, "LLEN", "events", &[]).await;
    assert_eq!(length, 3);
}

#[tokio::test]
async fn a_restart_without_its_data_stops_the_job() {
    let Some(mut server) = RedisProcess::start() else { return };
    let mut journal = store_on(&server).create("purge", &new_job()).await.unwrap();
    journal.record(&[sending(0), sent(0)]).await.unwrap();
    server.restart();
    let error = journal.record(&[sending(1)]).await.unwrap_err().to_string();
    assert!(error.contains("is no longer on the server"), "{error}");
    assert!(error.contains("do not run the job again") && error.contains("appendonly"), "{error}");
    assert!(!journal.lease().unwrap().is_valid());
    // Nothing was written.
    let exists: usize = run(&server, "EXISTS", "events", &[]).await;
    assert_eq!(exists, 0);
    assert!(store_on(&server).open("purge").await.unwrap_err().is_missing());
}

#[tokio::test]
async fn events_that_the_server_lost_are_recorded_again() {
    let Some(server) = RedisProcess::start() else { return };
    store_on(&server).create("purge", &new_job()).await.unwrap().close().await;
    let (mut journal, mut expected) = store_on(&server).open("purge").await.unwrap();
    let events = [sending(0), sent(0), sending(1)];
    journal.record(&events).await.unwrap();
    // As after a failover to a replica that is behind.
    run::<()>(&server, "LTRIM", "events", &["0", "0"]).await;
    journal.record(&[sent(1)]).await.unwrap();
    let length: usize = run(&server, "LLEN", "events", &[]).await;
    assert_eq!(length, 4);
    events.iter().chain(&[sent(1)]).for_each(|event| expected.apply(event));
    assert_eq!(store_on(&server).read("purge").await.unwrap().job, expected);
    journal.close().await;

    // Events of an earlier program are gone: only it knew them.
    let (mut journal, _) = store_on(&server).open("purge").await.unwrap();
    run::<()>(&server, "LTRIM", "events", &["0", "0"]).await;
    let error = journal.record(&[sending(1)]).await.unwrap_err().to_string();
    assert!(error.contains("is no longer on the server"), "{error}");
}

#[tokio::test]
async fn events_that_another_program_wrote_without_the_lease_are_an_error() {
    let Some(server) = RedisProcess::start() else { return };
    let mut journal = store_on(&server).create("purge", &new_job()).await.unwrap();
    run::<usize>(&server, "RPUSH", "events", &["{}"]).await;
    let error = journal.record(&[sending(0)]).await.unwrap_err().to_string();
    assert!(error.contains("has an event 1 that this program did not write"), "{error}");
}

#[tokio::test]
async fn a_job_stops_when_the_server_stays_away() {
    let Some(mut server) = RedisProcess::start() else { return };
    let store = RedisStore::new(connection_to(&server)).lease(LEASE);
    let store = store.write_timeout(Duration::from_millis(700));
    let mut job = Job::new(Plan::refresh(["http://a.example/1"]));
    let mut journal = store.create("purge", &job).await.unwrap();
    server.kill();
    let fake =
        FakeTransport::new().respond_json("RefreshObjectCaches", r#"{"RefreshTaskId": "17"}"#);
    let error = job.submit(&in_memory(&fake)).journal(&mut journal).await.unwrap_err();
    assert!(matches!(error, Error::Journal(_)), "{error:?}");
    let error = error.to_string();
    assert!(error.contains("the last event is not known to be recorded within 700ms"), "{error}");
    assert!(
        error.contains("connection refused") && error.contains("run the same command"),
        "{error}"
    );
    assert_eq!((states(&job), fake.requests().len()), (vec!["planned"], 0));
}

#[tokio::test]
async fn a_job_continues_after_a_failover() {
    let Some(mut master) = RedisProcess::start() else { return };
    let replicaof = format!("127.0.0.1 {}", master.port());
    let replica = RedisProcess::builder().setting("replicaof", &replicaof).start().unwrap();
    let sentinel = RedisProcess::start_sentinel(&master, "shared").unwrap();
    let url = format!("redis+sentinel://127.0.0.1:{}/shared", sentinel.port());
    let connection = RedisConfig::from_url(&url).unwrap().connect_lazily();
    let mut journal =
        RedisStore::new(connection.clone()).create("purge", &new_job()).await.unwrap();
    journal.record(&[sending(0), sent(0)]).await.unwrap();
    while !is_complete(&replica).await {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    master.kill();
    journal.record(&[sending(1), sent(1)]).await.unwrap();
    journal.close().await;
    let (_, job) = RedisStore::new(connection).open("purge").await.unwrap();
    assert_eq!(states(&job), ["sent", "sent"]);
}

async fn is_complete(replica: &RedisProcess) -> bool {
    store_on(replica).read("purge").await.is_ok_and(|snapshot| states(&snapshot.job)[0] == "sent")
}

#[tokio::test]
async fn operations_wait_for_a_server_that_is_away() {
    let builder =
        RedisProcess::builder().setting("appendonly", "yes").setting("appendfsync", "always");
    let Some(mut server) = builder.start() else { return };
    let store = store_on(&server);
    for round in 0..3 {
        server.kill();
        let operation = async {
            match round {
                0 => store.create("purge", &new_job()).await.unwrap().close().await,
                1 => store.open("purge").await.unwrap().0.close().await,
                _ => assert!(!store.read("purge").await.unwrap().is_in_use),
            }
        };
        let ((), ()) = tokio::join!(operation, async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            let cause = store.waiting_for().unwrap();
            assert!(cause.contains("connection refused; start the server"), "{cause}");
            server.restart();
        });
        assert_eq!(store.waiting_for(), None);
    }
    server.kill();
    let error = store.write_timeout(Duration::from_millis(200)).open("purge").await.unwrap_err();
    assert!(error.is_temporary() && !error.is_lost(), "{error}");
}
