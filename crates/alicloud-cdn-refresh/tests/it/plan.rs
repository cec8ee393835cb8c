//! Plans: no input is lost, no object is duplicated, every limit is kept.

use std::collections::BTreeSet;

use alicloud_cdn::model::DescribeRefreshQuotaResponse;
use alicloud_cdn_refresh::{Job, Limits, Plan, Planner, PreloadOptions, Quota, TargetKind};
use alicloud_core::wire::from_json;
use proptest::prelude::*;

/// Returns the index and text of every input of a plan, wherever the plan keeps it.
fn all_inputs(plan: &Plan) -> Vec<(usize, String)> {
    let calls = plan.calls().iter().chain(plan.over_quota());
    let objects = calls.flat_map(|call| &call.objects);
    let planned = objects
        .map(|object| (object.index, object.input.clone().unwrap_or_else(|| object.url.clone())));
    let invalid =
        plan.invalid_inputs().iter().map(|invalid| (invalid.index, invalid.input.clone()));
    let duplicates =
        plan.duplicates().iter().map(|duplicate| (duplicate.index, duplicate.input.clone()));
    let mut all: Vec<_> = planned.chain(invalid).chain(duplicates).collect();
    all.sort();
    all
}

fn max_batch_size(kind: TargetKind) -> usize {
    match kind {
        TargetKind::File | TargetKind::CacheTag => 7,
        TargetKind::Regex => 1,
        _ => 3,
    }
}

fn input_text() -> impl Strategy<Value = String> {
    let host = prop::sample::select(vec!["a.example", "B.example", "例子.中国", "a.example:8443"]);
    let scheme = prop::sample::select(vec!["http://", "HTTPS://", "https://"]);
    prop_oneof![
        8 => (scheme, host, "(/[a-c]{0,2}){0,2}/?(\\?[a-b=%]{0,3})?")
            .prop_map(|(scheme, host, path)| format!("{scheme}{host}{path}")),
        // No @, because the text before it is masked in the plan.
        1 => "\\PC{0,12}".prop_map(|text| text.replace('@', "a")),
        1 => ".{0,12}".prop_map(|text| text.replace('@', "a")),
        1 => "[ \\t]*https://c\\.example/[ -~\\r\\n]{0,8}",
    ]
}

/// A number that selects the planner's method, and inputs for it.
fn input_group() -> impl Strategy<Value = (usize, Vec<String>)> {
    (0usize..8, prop::collection::vec(input_text(), 0..40))
}

fn planner(groups: &[(usize, Vec<String>)]) -> Planner {
    let limits =
        TargetKind::ALL.into_iter().fold(Limits::default().max_inputs(150), |limits, kind| {
            limits.batch_size(kind, max_batch_size(kind))
        });
    groups.iter().fold(Planner::new().limits(limits).force(true), |planner, (method, urls)| {
        match method {
            0 => planner.refresh(urls),
            1 => planner.cache_tags("A.example", urls),
            2 => planner.preload_with(PreloadOptions::new().area("overseas"), urls),
            other => planner.refresh_as(TargetKind::ALL[other % TargetKind::ALL.len()], urls),
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_input_is_in_exactly_one_place_of_the_plan(
        groups in prop::collection::vec(input_group(), 0..6),
        remaining in 0u64..20,
    ) {
        let input: Vec<(usize, String)> =
            groups.iter().flat_map(|(_, urls)| urls).cloned().enumerate().collect();
        let mut plan = planner(&groups).plan();
        prop_assert_eq!(all_inputs(&plan), input.clone());

        let mut seen = BTreeSet::new();
        for call in plan.calls() {
            prop_assert!(!call.objects.is_empty());
            prop_assert!(call.objects.len() <= max_batch_size(call.kind), "{} of {}", call.objects.len(), call.kind);
            for object in &call.objects {
                let identity = (call.kind, call.domain.clone(), call.options.clone(), object.url.clone());
                prop_assert!(seen.insert(identity), "duplicate: {}", object.url);
                prop_assert!(!object.url.contains(|c: char| c.is_whitespace() || c.is_control()));
                if call.kind == TargetKind::CacheTag {
                    continue;
                }
                let host = object.url.split('/').nth(2).unwrap().split([':', '?']).next().unwrap();
                prop_assert_eq!(host, &call.domain);
                prop_assert!(call.kind != TargetKind::Directory || object.url.ends_with('/'));
                prop_assert!(call.kind == TargetKind::Regex || object.url.is_ascii());
            }
        }

        let restored: Plan = serde_json::from_str(&serde_json::to_string(&plan).unwrap()).unwrap();
        prop_assert_eq!(&restored, &plan);
        prop_assert!(Job::new(plan.clone()).matches(&plan));

        let response = serde_json::json!({
            "UrlRemain": remaining.to_string(), "DirRemain": remaining, "PreloadRemain": "oops",
        });
        let response = response.to_string();
        let decoded = from_json::<DescribeRefreshQuotaResponse>(response.as_bytes()).unwrap();
        let quota = Quota::from(&decoded.value);
        plan.truncate_to(&quota);
        prop_assert_eq!(all_inputs(&plan), input);
        prop_assert!(plan.object_count_of(TargetKind::File) as u64 <= remaining);
        prop_assert!(plan.object_count_of(TargetKind::Directory) as u64 <= remaining);
        prop_assert!(plan.shortages(&quota).is_empty());
        // A job includes the calls that are over quota.
        prop_assert!(Job::new(plan).matches(&restored));
    }
}

#[test]
fn ten_thousand_urls_of_three_domains_make_twelve_calls() {
    let urls = (0..10_000).map(|n| format!("https://cdn{}.example.com/assets/{n}.js", n % 3));
    let plan = Plan::refresh(urls);
    let sizes: Vec<usize> = plan.calls().iter().map(|call| call.objects.len()).collect();
    assert_eq!(sizes, [1000, 1000, 1000, 334, 1000, 1000, 1000, 333, 1000, 1000, 1000, 333]);
    assert_eq!(plan.to_string(), "10000 files in 12 calls");
}

#[test]
fn only_the_inputs_beyond_the_limit_are_invalid() {
    let plan = Plan::refresh((0..100_001).map(|n| format!("https://example.com/{n}")));
    assert_eq!(
        (plan.object_count(), plan.invalid_inputs().len(), plan.calls().len()),
        (100_000, 1, 100)
    );
    let invalid = &plan.invalid_inputs()[0];
    assert_eq!((invalid.index, invalid.input.as_str()), (100_000, "https://example.com/100000"));
    assert!(invalid.to_string().contains("exceeds the maximum of 100000 inputs"), "{invalid}");
}

#[test]
fn limits_from_a_file_are_clamped() {
    let limits: Limits = serde_json::from_str(r#"{"files": 0, "preloads": 1000000}"#).unwrap();
    let urls = || (0..101).map(|n| format!("https://example.com/{n}"));
    let plan = Planner::new().limits(limits).refresh(urls().take(2)).preload(urls()).plan();
    let sizes: Vec<usize> = plan.calls().iter().map(|call| call.objects.len()).collect();
    assert_eq!(sizes, [1, 1, 100, 1]);
}

#[test]
fn the_last_inputs_are_truncated() {
    let urls = ["https://z.example/first", "https://a.example/second", "https://m.example/third"];
    let mut plan = Plan::refresh(urls);
    let mut response = DescribeRefreshQuotaResponse::default();
    response.url_remain = Some(2);
    plan.truncate_to(&Quota::from(&response));
    let over_quota: Vec<&str> = plan.over_quota().iter().map(|call| call.domain.as_str()).collect();
    assert_eq!((plan.object_count(), over_quota), (2, vec!["m.example"]));
}

#[test]
fn a_report_covers_every_input() {
    let inputs =
        [" https://例子.中国/图.png", "oops", "https://例子.中国/图.png", "https://a.example/"];
    let report = Job::new(Plan::refresh(inputs)).report();
    let object = report.objects.iter().find(|object| object.index == Some(0)).unwrap();
    assert_eq!(object.input.as_deref(), Some(inputs[0]));
    assert_eq!(object.url, "https://xn--fsqu00a.xn--fiqs8s/%E5%9B%BE.png");
    assert_eq!(report.invalid_inputs[0].index, 1);
    assert_eq!((report.duplicates[0].index, report.duplicates[0].duplicate_of), (2, 0));
    let object = report.objects.iter().find(|object| object.index == Some(3)).unwrap();
    assert_eq!((object.input.as_deref(), object.url.as_str()), (None, inputs[3]));
}

#[test]
fn maximum_lengths_depend_on_the_kind() {
    let url = format!("https://example.com/{}", "x".repeat(5_000 - 20));
    assert_eq!(url.len(), 5_000);
    let plan = Planner::new().refresh([&url]).preload([&url[..1_024], &url[..1_025]]).plan();
    let invalid: Vec<String> = plan.invalid_inputs().iter().map(ToString::to_string).collect();
    assert_eq!(plan.object_count(), 1);
    assert!(invalid[0].contains("is 5000 characters long and the maximum is 4096"), "{invalid:?}");
    assert!(invalid[1].contains("is 1025 characters long and the maximum is 1024"), "{invalid:?}");
    assert!(invalid.iter().all(|line| line.len() < 400), "the input is not shown in full");
}

#[test]
fn inputs_of_other_domains_are_invalid() {
    let plan = Planner::new()
        .only_domains(["Example.COM", "例子.中国"])
        .refresh(["https://example.com/a", "https://例子.中国/b", "https://example.org/c"])
        .plan();
    assert_eq!(plan.object_count(), 2);
    assert!(plan.invalid_inputs()[0].to_string().contains("belongs to example.org"));
}

#[test]
fn passwords_are_masked() {
    for input in
        ["https://user:secret@example.com/a", "user:secret@example.com/a", " http://secret@"]
    {
        let plan = Plan::refresh([input]);
        let json = serde_json::to_string(&plan).unwrap();
        for text in [plan.invalid_inputs()[0].to_string(), format!("{plan:?}"), json] {
            assert!(!text.contains("secret"), "{text}");
            assert!(text.contains("***@"), "{text}");
        }
    }
}

#[test]
fn urls_that_differ_only_in_ignored_parameters_are_duplicates() {
    let urls = ["https://a.example/x?v=1", "https://a.example/x?v=2", "https://a.example/x"];
    let plan = Planner::new().refresh_as(TargetKind::IgnoreParams, urls).plan();
    assert_eq!((plan.object_count(), plan.duplicates().len()), (1, 2));
    assert_eq!(plan.calls()[0].objects[0].url, urls[0], "the first URL is sent unchanged");
}

#[test]
fn a_job_matches_only_its_own_plan() {
    let plan = |domain: &str, tag: &str| Planner::new().cache_tags(domain, [tag]).plan();
    let job = Job::new(plan("a.example", "red"));
    assert!(job.matches(&plan("A.example", " red")));
    assert!(!job.matches(&plan("b.example", "red")));
    assert!(!job.matches(&plan("a.example", "blue")));
}

#[test]
fn calls_are_split_by_options() {
    let url = "https://example.com/film.mp4";
    let plan = Planner::new()
        .preload([url, url])
        .preload_with(PreloadOptions::new().area("overseas"), [url])
        .plan();
    assert_eq!((plan.calls().len(), plan.duplicates().len()), (2, 1));
}

#[test]
fn shortages_show_the_remaining_quota() {
    let response: DescribeRefreshQuotaResponse =
        serde_json::from_str(r#"{"UrlRemain": "0", "UrlQuota": "10000", "DirRemain": "-3"}"#)
            .unwrap();
    let quota = Quota::from(&response);
    let plan = Plan::refresh(["https://example.com/a", "https://example.com/b/"]);
    let shortages: Vec<String> = plan.shortages(&quota).iter().map(ToString::to_string).collect();
    assert_eq!(
        shortages,
        [
            "1 file requested, but only 0 of 10000 left today; the quota resets at 00:00 UTC+8",
            "1 directory requested, but only 0 left today; the quota resets at 00:00 UTC+8",
        ]
    );
}
