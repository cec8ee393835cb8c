//! Inputs and task ids of `RefreshObjectCaches`, `PushObjectCache` and
//! `RefreshObjectCacheByCacheTag`.

use std::collections::BTreeSet;
use std::time::Duration;

use alicloud_fake::{Simulation, Task};

use crate::cdn::{Cdn, field_values, urls};

fn without_listing_delay() -> Simulation {
    Simulation::new().rate_limits(false).listing_delay(Duration::ZERO)
}

#[tokio::test]
async fn objects_of_one_domain_and_second_share_a_task_id() {
    let cdn = Cdn::new(without_listing_delay()).await;
    let first = cdn.refresh("http://a.example/1\nhttp://A.example:80/2").await;
    assert!(!first.contains(','));
    assert_eq!(cdn.refresh("http://a.example/3").await, first);
    assert_eq!(cdn.refresh_as("Directory", "http://a.example/4/").await, first);
    let preload = cdn.preload("http://a.example/1").await;
    assert_ne!(preload, first, "another operation");
    let both = cdn.refresh("http://b.example/1\nhttp://a.example/5").await;
    let (other, same) = both.split_once(',').unwrap();
    assert_eq!(same, first);
    assert_ne!(other, first, "another domain");
    assert_eq!(cdn.tasks_by_id(&first).await.len(), 5);
    cdn.advance_seconds(1);
    assert_ne!(cdn.refresh("http://a.example/6").await, first, "another second");
}

#[tokio::test]
async fn a_task_id_is_limited_to_2000_objects_or_500_preloads() {
    let cdn = Cdn::new(without_listing_delay()).await;
    let mut ids = BTreeSet::new();
    for _ in 0..2 {
        ids.insert(cdn.refresh(&urls("example.com", 1_000)).await);
    }
    assert_eq!(ids.len(), 1);
    assert!(!ids.contains(&cdn.refresh("http://example.com/").await));
    let mut ids = BTreeSet::new();
    for _ in 0..5 {
        ids.insert(cdn.preload(&urls("example.com", 100)).await);
    }
    assert_eq!(ids.len(), 1);
    assert!(!ids.contains(&cdn.preload("http://example.com/").await));
}

#[tokio::test]
async fn the_id_of_a_pinned_task_is_not_reused() {
    let id = Cdn::new(without_listing_delay()).await.refresh("http://example.com/").await;
    let cdn =
        Cdn::with_pinned(without_listing_delay(), [Task::new(&id, "http://example.com/pinned")])
            .await;
    assert_ne!(cdn.refresh("http://example.com/").await, id);
}

#[tokio::test]
async fn object_types_are_case_insensitive() {
    let cdn = Cdn::new(without_listing_delay()).await;
    for (kind, url, expected) in [
        ("", "http://example.com/", "file"),
        ("FILE", "http://example.com/", "file"),
        ("directory", "http://example.com/a/", "directory"),
        ("Regex", "https://example.com/.*\\.(png|jpg)", "regex"),
        ("ignoreparams", "http://example.com/a", "IgnoreParams"),
        ("ExQuery", "http://example.com/a", "IgnoreParams"),
    ] {
        let id = cdn.refresh_as(kind, url).await;
        let tasks = cdn.tasks_by_id(&id).await;
        let last = tasks.last().unwrap();
        assert_eq!(
            (last["ObjectType"].as_str(), last["ObjectPath"].as_str()),
            (Some(expected), Some(url))
        );
    }
    let id = cdn.preload("http://example.com/").await;
    assert_eq!(field_values(&cdn.tasks_by_id(&id).await, "ObjectType"), ["preload"]);
}

#[tokio::test]
async fn invalid_refreshes_are_rejected() {
    let cdn = Cdn::new(without_listing_delay()).await;
    let path = "InvalidObjectPath.Malformed";
    let limit = "SingleRequest.OverLimit";
    for (kind, url, code) in [
        ("File", "", path),
        ("File", "\n", path),
        ("File", "http://example.com/a\n\nhttp://example.com/b", path),
        ("File", "example.com/a", path),
        ("File", "ftp://example.com/a", path),
        ("File", "http:///a", path),
        ("File", "http://example.com/\u{7}", path),
        ("Directory", "http://example.com/a", path),
        ("Preload", "http://example.com/a", "InvalidObjectType.Malformed"),
        ("Regex", "https://example.com/a\nhttps://example.com/b", limit),
        ("Directory", &urls("example.com", 101), limit),
        ("IgnoreParams", &urls("example.com", 101), limit),
        ("File", &urls("example.com", 1_001), limit),
        ("File", "http://*.example.com/a", "InvalidExtensiveDomain.ValueNotSupported"),
    ] {
        let params = [("ObjectPath", url), ("ObjectType", kind)];
        let error = cdn.call_error("RefreshObjectCaches", &params).await;
        assert_eq!(error, (400, code.to_owned()), "{kind} {url:.40}");
    }
    let missing = cdn.call_error("RefreshObjectCaches", &[]).await;
    assert_eq!(missing, (400, "MissingObjectPath".to_owned()));
    assert!(cdn.service.tasks().is_empty() && cdn.service.submissions().is_empty());

    cdn.refresh_as("File", "http://example.com/a\r\nhttp://example.com/b\r\n").await;
    cdn.refresh_as("File", &urls("example.com", 1_000)).await;
    assert_eq!(cdn.service.tasks().len(), 1_002);
}

#[tokio::test]
async fn invalid_preloads_are_rejected() {
    let cdn = Cdn::new(without_listing_delay()).await;
    let long = format!("http://example.com/{}", "é".repeat(1_024 - "http://example.com/".len()));
    cdn.preload(&long).await;
    cdn.preload(&urls("example.com", 100)).await;
    for (params, code) in [
        (&[("ObjectPath", format!("{long}é").as_str())][..], "InvalidObjectPath.ExceedsMaximum"),
        (&[("ObjectPath", &urls("example.com", 101))], "SingleRequest.OverLimit"),
        (&[("ObjectPath", "nonsense")], "InvalidObjectPath.Malformed"),
        (&[("ObjectPath", "http://a.b/"), ("WithHeader", "Accept: x")], "InvalidCustomHeader"),
        (&[("ObjectPath", "http://a.b/"), ("WithHeader", r#"{"A":"x"}"#)], "InvalidCustomHeader"),
    ] {
        let error = cdn.call_error("PushObjectCache", params).await;
        assert_eq!(error, (400, code.to_owned()));
    }
    let header = r#"{"Accept-Encoding": ["gzip", "br"]}"#;
    cdn.call_ok("PushObjectCache", &[("ObjectPath", "http://a.b/"), ("WithHeader", header)]).await;
    assert_eq!(cdn.service.tasks().len(), 102);
}

#[tokio::test]
async fn tags_are_listed_as_urls_of_their_domain() {
    let cdn = Cdn::new(without_listing_delay()).await;
    let operation = "RefreshObjectCacheByCacheTag";
    let response = cdn
        .call_ok(
            operation,
            &[("DomainName", "Example.com"), ("CacheTag", "one,two"), ("Force", "true")],
        )
        .await;
    let tasks = cdn.tasks_by_id(response["RefreshTaskId"].as_str().unwrap()).await;
    let paths = ["https://example.com/?CacheTag=one", "https://example.com/?CacheTag=two"];
    assert_eq!(field_values(&tasks, "ObjectPath"), paths);
    assert_eq!(field_values(&tasks, "ObjectType"), ["CacheTag", "CacheTag"]);

    let many = vec!["t"; 1_001].join(",");
    for (params, code) in [
        (&[("CacheTag", "a")][..], "MissingDomainName"),
        (&[("DomainName", "example.com")], "MissingCacheTag"),
        (&[("DomainName", "example.com"), ("CacheTag", "a,,b")], "InvalidObjectPath.Malformed"),
        (
            &[("DomainName", "*.example.com"), ("CacheTag", "a")],
            "InvalidExtensiveDomain.ValueNotSupported",
        ),
        (&[("DomainName", "example.com"), ("CacheTag", &many)], "InvalidObjectPath.Size.Malformed"),
    ] {
        assert_eq!(cdn.call_error(operation, params).await, (400, code.to_owned()));
    }
}

#[tokio::test]
async fn an_unknown_domain_rejects_the_whole_call() {
    let cdn =
        Cdn::new(without_listing_delay().domains(["example.com", "Static.example.com"])).await;
    let error = (404, "InvalidDomain.NotFound".to_owned());
    let mixed = [("ObjectPath", "http://example.com/a\nhttp://example.org/a")];
    assert_eq!(cdn.call_error("RefreshObjectCaches", &mixed).await, error);
    assert_eq!(cdn.call_error("PushObjectCache", &mixed).await, error);
    let tag = [("DomainName", "example.org"), ("CacheTag", "a")];
    assert_eq!(cdn.call_error("RefreshObjectCacheByCacheTag", &tag).await, error);
    assert!(cdn.service.tasks().is_empty());
    cdn.refresh("http://EXAMPLE.com/a\nhttp://static.example.com/a").await;
}

#[tokio::test]
async fn submissions_are_recorded() {
    let cdn = Cdn::new(Simulation::new().speed(10.0)).await;
    cdn.advance_seconds(1);
    let ids = cdn.refresh("http://a.example/\nhttp://b.example/\nhttp://a.example/2").await;
    cdn.call_error("RefreshObjectCaches", &[("ObjectPath", "nonsense")]).await;
    let push = cdn.preload("http://a.example/").await;
    let [refresh, preload] = &cdn.service.submissions()[..] else {
        panic!("expected two submissions")
    };
    assert_eq!(refresh.operation, "RefreshObjectCaches");
    assert_eq!(refresh.object_type, "file");
    assert_eq!(refresh.objects, ["http://a.example/", "http://b.example/", "http://a.example/2"]);
    assert_eq!(refresh.task_ids.join(","), ids);
    assert_eq!(refresh.submitted_at, cdn.now(), "it follows the service's clock at any speed");
    assert_eq!(
        (preload.operation.as_str(), preload.object_type.as_str()),
        ("PushObjectCache", "preload")
    );
    assert_eq!(preload.task_ids, [push]);
}
