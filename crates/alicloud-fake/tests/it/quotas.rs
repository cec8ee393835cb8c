//! Daily quotas, minute quotas and rate limits.

use std::time::Duration;

use alicloud_fake::Simulation;

use crate::cdn::{Cdn, urls};

#[tokio::test]
async fn quotas_are_strings_or_numbers_depending_on_the_operation() {
    let cdn = Cdn::new(Simulation::new()).await;
    cdn.refresh("http://example.com/a\nhttp://example.com/b").await;
    cdn.refresh_as("Directory", "http://example.com/").await;
    cdn.refresh_as("Regex", "http://example.com/.*").await;
    cdn.refresh_as("ExQuery", "http://example.com/").await;
    cdn.preload("http://example.com/").await;
    let tags = [("DomainName", "example.com"), ("CacheTag", "a,b,c")];
    cdn.call_ok("RefreshObjectCacheByCacheTag", &tags).await;
    assert_eq!(
        cdn.call_ok("DescribeRefreshQuota", &[]).await,
        serde_json::json!({
            "UrlQuota": "10000", "UrlRemain": "9995",
            "DirQuota": "100", "DirRemain": "99",
            "RegexQuota": "20", "RegexRemain": "19",
            "IgnoreParamsQuota": "100", "IgnoreParamsRemain": "99",
            "PreloadQuota": "1000", "PreloadRemain": "999",
            "PreloadEdgeQuota": "20", "PreloadEdgeRemain": "20",
            "BlockQuota": "300", "BlockRemain": "300",
            "RequestId": "FA4E0000-0000-4000-8000-000000000007",
        })
    );
    assert_eq!(
        cdn.call_ok("DescribeCdnUserQuota", &[]).await,
        serde_json::json!({
            "DomainQuota": 50,
            "RefreshUrlQuota": 10000, "RefreshUrlRemain": 9995,
            "RefreshDirQuota": 100, "RefreshDirRemain": 99,
            "PreloadQuota": 1000, "PreloadRemain": 999,
            "BlockQuota": 300, "BlockRemain": 300,
            "IgnoreParamsQuota": 100, "IgnoreParamsRemain": 99,
            "RequestId": "FA4E0000-0000-4000-8000-000000000008",
        })
    );
}

#[tokio::test]
async fn a_call_above_the_quota_consumes_nothing() {
    let simulation = Simulation::new()
        .daily_files(3)
        .daily_directories(0)
        .daily_regexes(1)
        .daily_ignore_params(1)
        .daily_preloads(2);
    let cdn = Cdn::new(simulation).await;
    let refresh = (400, "QuotaExceeded.Refresh".to_owned());
    cdn.refresh(&urls("example.com", 2)).await;
    let two = urls("example.com", 2);
    assert_eq!(cdn.call_error("RefreshObjectCaches", &[("ObjectPath", &two)]).await, refresh);
    cdn.refresh(&urls("example.com", 1)).await;
    let tag = [("DomainName", "example.com"), ("CacheTag", "a")];
    assert_eq!(cdn.call_error("RefreshObjectCacheByCacheTag", &tag).await, refresh);

    cdn.refresh_as("Regex", "http://example.com/.*").await;
    cdn.refresh_as("IgnoreParams", "http://example.com/").await;
    for kind in ["Directory", "Regex", "IgnoreParams"] {
        let params = [("ObjectPath", "http://example.com/"), ("ObjectType", kind)];
        assert_eq!(cdn.call_error("RefreshObjectCaches", &params).await, refresh, "{kind}");
    }
    cdn.preload(&two).await;
    let error = cdn.call_error("PushObjectCache", &[("ObjectPath", "http://example.com/")]).await;
    assert_eq!(error, (400, "QuotaExceeded.Preload".to_owned()));
    assert_eq!(cdn.service.tasks().len(), 7);
}

#[tokio::test]
async fn a_day_starts_at_midnight_in_utc_plus_8() {
    let cdn = Cdn::new(Simulation::new().daily_files(1).rate_limits(false).speed(60.0)).await;
    cdn.refresh("http://example.com/").await;
    // From 03:04:05 to 15:59 UTC.
    cdn.advance_seconds((12 * 60 + 54) * 60);
    let url = [("ObjectPath", "http://example.com/")];
    let error = cdn.call_error("RefreshObjectCaches", &url).await;
    assert_eq!(error.1, "QuotaExceeded.Refresh");
    assert_eq!(cdn.call_ok("DescribeRefreshQuota", &[]).await["UrlRemain"], "0");
    cdn.advance_seconds(2 * 60);
    assert_eq!(cdn.call_ok("DescribeRefreshQuota", &[]).await["UrlRemain"], "1");
    cdn.refresh("http://example.com/").await;
}

#[tokio::test]
async fn the_minute_quota_applies_per_domain() {
    let cdn = Cdn::new(Simulation::new().files_per_minute(2)).await;
    let three = urls("b.example", 3);
    for mixed in [format!("http://a.example/\n{three}"), three] {
        let error = cdn.call_error("RefreshObjectCaches", &[("ObjectPath", &mixed)]).await;
        assert_eq!(error, (400, "QuotaPerMinuteExceeded.Refresh".to_owned()));
    }
    cdn.refresh(&urls("a.example", 2)).await;
    cdn.refresh(&urls("b.example", 2)).await;
    cdn.refresh_as("Directory", "http://a.example/").await;
    let more = [("ObjectPath", "http://a.example/")];
    assert_eq!(cdn.call_error("RefreshObjectCaches", &more).await.0, 400);
    assert_eq!(cdn.call_ok("DescribeRefreshQuota", &[]).await["UrlRemain"], "9996");
    // The quota is reset at second 0.
    cdn.advance_seconds(55);
    cdn.refresh("http://a.example/").await;
}

#[tokio::test]
async fn the_preload_queue_is_limited() {
    let simulation = Simulation::new().rate_limits(false).daily_preloads(1_000_000);
    let cdn = Cdn::new(simulation).await;
    let hundred = urls("example.com", 100);
    for _ in 0..1_000 {
        cdn.preload(&hundred).await;
    }
    let one = [("ObjectPath", "http://example.com/")];
    let error = cdn.call_error("PushObjectCache", &one).await;
    assert_eq!(error, (400, "PreloadQueueFull".to_owned()));
    cdn.advance_seconds(100);
    cdn.preload(&hundred).await;
}

#[tokio::test]
async fn calls_above_the_rate_are_throttled() {
    let task = ("TaskId", "1");
    for (operation, parameter, rate, status) in [
        ("DescribeRefreshTaskById", task, 30, 429),
        ("DescribeRefreshTasks", task, 10, 429),
        ("DescribePreloadDetailById", task, 30, 429),
        ("DescribeRefreshQuota", task, 20, 429),
        ("DescribeCdnUserQuota", task, 30, 429),
        ("RefreshObjectCaches", ("ObjectPath", "http://example.com/"), 50, 429),
        ("PushObjectCache", ("ObjectPath", "http://example.com/"), 50, 400),
    ] {
        let cdn = Cdn::new(Simulation::new().speed(1000.0)).await;
        for _ in 0..rate {
            cdn.call_ok(operation, &[parameter]).await;
        }
        let error = cdn.call_error(operation, &[parameter]).await;
        assert_eq!(error, (status, "TooManyRequests".to_owned()), "{operation}");
        cdn.advance(Duration::from_millis(100));
        assert_eq!(
            cdn.call_error(operation, &[parameter]).await.0,
            status,
            "less than a second has passed"
        );
        cdn.call_ok("RefreshObjectCacheByCacheTag", &[("DomainName", "a.b"), ("CacheTag", "t")])
            .await;
        cdn.advance_seconds(1);
        cdn.call_ok(operation, &[parameter]).await;
        assert!(cdn.service.submissions().len() <= rate + 2);
    }
}

#[tokio::test]
async fn rate_limits_can_be_disabled() {
    let cdn = Cdn::new(Simulation::new().rate_limits(false)).await;
    for _ in 0..100 {
        cdn.call_ok("DescribeRefreshTasks", &[]).await;
    }
}
