use alicloud_core::Clock as _;
use alicloud_esa::Client;

use super::fake::Fake;
use super::*;

const HOST: &str = "www.example.com";

async fn start() -> (Fake, Client) {
    let fake = site::start().await.unwrap();
    let client = fake.client(Client::builder().region("cn-hangzhou")).unwrap();
    (fake, client)
}

fn urls(numbers: std::ops::Range<usize>) -> Vec<String> {
    numbers.map(|number| format!("https://www.example.com/{number}.jpg")).collect()
}

#[tokio::test]
async fn a_purge_of_more_urls_than_a_page_ends() {
    let (fake, client) = start().await;
    let urls = urls(0..120);
    let tasks = purge(&client, HOST, urls.iter().map(String::as_str)).await.unwrap();
    assert_eq!(tasks.len(), 120);
    assert_eq!(fake.calls("PurgeCaches"), 1);
    assert!(fake.calls("DescribePurgeTasks") > 3, "the list has several pages");
}

#[tokio::test]
async fn a_url_that_is_given_twice_counts_once() {
    let (_fake, client) = start().await;
    let urls = ["https://www.example.com/a.jpg"; 2];
    assert_eq!(purge(&client, HOST, urls).await.unwrap().len(), 1);
}

#[tokio::test]
async fn only_recent_tasks_of_files_are_listed() {
    let (fake, client) = start().await;
    client.core().clock().sleep(Duration::from_secs(3_600)).await;
    purge(&client, HOST, ["https://www.example.com/a.jpg"]).await.unwrap();
    let calls = fake.service.requests();
    let list =
        calls.iter().find(|call| call.operation.as_deref() == Some("DescribePurgeTasks")).unwrap();
    assert_eq!(list.param("StartTime"), Some("2026-01-02T03:59:05Z"), "five minutes earlier");
    assert_eq!(list.param("Type"), Some("file"));
}

#[tokio::test]
async fn more_urls_than_the_quota_are_not_submitted() {
    let (fake, client) = start().await;
    let urls = urls(0..1001);
    let error = purge(&client, HOST, urls.iter().map(String::as_str)).await.unwrap_err();
    assert_eq!(error.to_string(), "1001 URLs, but only 1000 purges remain");
    assert_eq!(fake.calls("PurgeCaches"), 0);
}

#[test]
fn the_smaller_quota_counts() {
    let quota = |day: Option<i64>, month: Option<i64>| {
        let mut quota = GetPurgeQuotaResponse::default();
        (quota.quota, quota.usage) = (day, Some(10));
        (quota.quota30_day, quota.usage30_day) = (month, Some(95));
        remaining(&quota)
    };
    assert_eq!(quota(Some(50), Some(0)), Some(40));
    assert_eq!(quota(Some(50), None), Some(40));
    assert_eq!(quota(Some(50), Some(100)), Some(5));
    assert_eq!(quota(None, Some(100)), None);
}
