//! Servers that lost or evicted some of the keys of a job.

use alicloud_cdn_refresh::Journal as _;
use alicloud_limit_redis::testing::RedisProcess;

use super::{new_job, run, sending, sent, store_on};

#[tokio::test]
async fn a_job_without_some_of_its_keys_is_not_opened() {
    let Some(server) = RedisProcess::start() else { return };
    for (part, expected) in [
        ("events", "has 0 events of 2;"),
        ("owner", "has 2 events of an unknown number;"),
        ("header", "or a remainder of a job"),
    ] {
        let store = store_on(&server);
        let mut journal = store.create("purge", &new_job()).await.unwrap();
        journal.record(&[sending(0), sent(0)]).await.unwrap();
        journal.close().await;
        run::<usize>(&server, "DEL", part, &[]).await;
        for _ in 0..2 {
            let error = store.open("purge").await.unwrap_err();
            assert!(!error.is_missing() && error.to_string().contains(expected), "{error}");
        }
        if part != "header" {
            let read = store.read("purge").await.unwrap_err().to_string();
            assert!(read.contains(expected) && read.contains("noeviction"), "{read}");
        }
        for part in ["events", "owner", "header", "lease"] {
            run::<usize>(&server, "DEL", part, &[]).await;
        }
    }
}

#[tokio::test]
async fn one_event_of_several_that_is_lost_is_noticed() {
    let Some(server) = RedisProcess::start() else { return };
    let mut journal = store_on(&server).create("purge", &new_job()).await.unwrap();
    journal.record(&[sending(0)]).await.unwrap();
    journal.record(&[sent(0), sending(1)]).await.unwrap();
    journal.close().await;
    run::<()>(&server, "LTRIM", "events", &["0", "1"]).await;
    let error = store_on(&server).open("purge").await.unwrap_err().to_string();
    assert!(error.contains("has 2 events of 3;"), "{error}");
}

#[tokio::test]
async fn a_program_whose_owner_key_is_evicted_lost_its_job() {
    let Some(server) = RedisProcess::start() else { return };
    let mut journal = store_on(&server).create("purge", &new_job()).await.unwrap();
    run::<usize>(&server, "DEL", "owner", &[]).await;
    let error = journal.record(&[sending(0)]).await.unwrap_err().to_string();
    assert!(error.contains("is no longer on the server"), "{error}");
}
