//! Plans: nothing is lost, nothing is doubled, no limit is passed.

use std::collections::BTreeSet;

use alicloud_cdn::model::DescribeRefreshQuotaResponse;
use alicloud_cdn_refresh::{Job, Limits, Plan, Planner, PreloadOptions, Quota, TargetKind};
use proptest::prelude::*;

/// Where every input of a plan went: its place and its text.
fn whereabouts(plan: &Plan) -> Vec<(usize, String)> {
    let calls = plan.calls().iter().chain(plan.over_quota());
    let objects = calls.flat_map(|call| &call.objects);
    let planned = objects
        .map(|object| (object.index, object.input.clone().unwrap_or_else(|| object.url.clone())));
    let invalid =
        plan.invalid_inputs().iter().map(|invalid| (invalid.index, invalid.input.clone()));
    let repeated = plan.duplicates().iter().map(|again| (again.index, again.input.clone()));
    let mut all: Vec<_> = planned.chain(invalid).chain(repeated).collect();
    all.sort();
    all
}

fn most(kind: TargetKind) -> usize {
    match kind {
        TargetKind::File | TargetKind::CacheTag => 7,
        TargetKind::Regex => 1,
        _ => 3,
    }
}

fn input() -> impl Strategy<Value = String> {
    let host = prop::sample::select(vec!["a.example", "B.example", "例子.中国", "a.example:8443"]);
    let scheme = prop::sample::select(vec!["http://", "HTTPS://", "https://"]);
    prop_oneof![
        8 => (scheme, host, "(/[a-c]{0,2}){0,2}/?(\\?[a-b=%]{0,3})?")
            .prop_map(|(scheme, host, path)| format!("{scheme}{host}{path}")),
        // What stands before an @ is hidden, so it cannot be compared.
        1 => "\\PC{0,12}".prop_map(|text| text.replace('@', "a")),
        1 => ".{0,12}".prop_map(|text| text.replace('@', "a")),
        1 => "[ \\t]*https://c\\.example/[ -~\\r\\n]{0,8}",
    ]
}

fn wish() -> impl Strategy<Value = (usize, Vec<String>)> {
    (0usize..8, prop::collection::vec(input(), 0..40))
}

fn planner(wishes: &[(usize, Vec<String>)]) -> Planner {
    let limits =
        TargetKind::ALL.into_iter().fold(Limits::default().max_inputs(150), |limits, kind| {
            limits.batch_size(kind, most(kind))
        });
    wishes.iter().fold(
        Planner::new().limits(limits).force(true),
        |planner, (how, urls)| match how {
            0 => planner.refresh(urls),
            1 => planner.cache_tags("A.example", urls),
            2 => planner.preload_with(PreloadOptions::new().area("overseas"), urls),
            other => planner.refresh_as(TargetKind::ALL[other % TargetKind::ALL.len()], urls),
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_planned_and_refused_is_the_input(
        wishes in prop::collection::vec(wish(), 0..6),
        left in 0u64..20,
    ) {
        let input: Vec<(usize, String)> =
            wishes.iter().flat_map(|(_, urls)| urls).cloned().enumerate().collect();
        let mut plan = planner(&wishes).plan();
        prop_assert_eq!(whereabouts(&plan), input.clone());

        let mut seen = BTreeSet::new();
        for call in plan.calls() {
            prop_assert!(!call.objects.is_empty());
            prop_assert!(call.objects.len() <= most(call.kind), "{} of {}", call.objects.len(), call.kind);
            for object in &call.objects {
                let one = (call.kind, call.domain.clone(), call.options.clone(), object.url.clone());
                prop_assert!(seen.insert(one), "twice: {}", object.url);
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

        let again: Plan = serde_json::from_str(&serde_json::to_string(&plan).unwrap()).unwrap();
        prop_assert_eq!(&again, &plan);
        prop_assert!(Job::new(plan.clone()).matches(&plan));

        let quota = Quota::from(&serde_json::from_value::<DescribeRefreshQuotaResponse>(serde_json::json!({
            "UrlRemain": left.to_string(), "DirRemain": left, "PreloadRemain": "oops",
        })).unwrap());
        plan.truncate_to(&quota);
        prop_assert_eq!(whereabouts(&plan), input);
        prop_assert!(plan.objects_of(TargetKind::File) as u64 <= left);
        prop_assert!(plan.objects_of(TargetKind::Directory) as u64 <= left);
        prop_assert!(plan.shortages(&quota).is_empty());
        // The whole plan, what was cut included, is still what the job is about.
        prop_assert!(Job::new(plan).matches(&again));
    }
}

#[test]
fn ten_thousand_urls_of_three_domains_are_a_dozen_calls() {
    let urls = (0..10_000).map(|n| format!("https://cdn{}.example.com/assets/{n}.js", n % 3));
    let plan = Plan::refresh(urls);
    let sizes: Vec<usize> = plan.calls().iter().map(|call| call.objects.len()).collect();
    assert_eq!(sizes, [1000, 1000, 1000, 334, 1000, 1000, 1000, 333, 1000, 1000, 1000, 333]);
    assert_eq!(plan.to_string(), "10000 files in 12 calls");
}

#[test]
fn the_input_beyond_the_limit_is_refused_and_the_others_stay() {
    let plan = Plan::refresh((0..100_001).map(|n| format!("https://example.com/{n}")));
    assert_eq!(
        (plan.objects(), plan.invalid_inputs().len(), plan.calls().len()),
        (100_000, 1, 100)
    );
    let invalid = &plan.invalid_inputs()[0];
    assert_eq!((invalid.index, invalid.input.as_str()), (100_000, "https://example.com/100000"));
    assert!(invalid.to_string().contains("more than 100000 inputs"), "{invalid}");
}

#[test]
fn limits_out_of_a_file_are_kept_to() {
    let limits: Limits = serde_json::from_str(r#"{"files": 0, "preloads": 1000000}"#).unwrap();
    let urls = || (0..101).map(|n| format!("https://example.com/{n}"));
    let plan = Planner::new().limits(limits).refresh(urls().take(2)).preload(urls()).plan();
    let sizes: Vec<usize> = plan.calls().iter().map(|call| call.objects.len()).collect();
    assert_eq!(sizes, [1, 1, 100, 1]);
}

#[test]
fn what_was_given_last_is_cut() {
    let urls = ["https://z.example/first", "https://a.example/second", "https://m.example/third"];
    let mut plan = Plan::refresh(urls);
    let mut left = DescribeRefreshQuotaResponse::default();
    left.url_remain = Some("2".to_owned());
    plan.truncate_to(&Quota::from(&left));
    let out: Vec<&str> = plan.over_quota().iter().map(|call| call.domain.as_str()).collect();
    assert_eq!((plan.objects(), out), (2, vec!["m.example"]));
}

#[test]
fn what_becomes_of_an_input_can_be_told() {
    let input =
        [" https://例子.中国/图.png", "oops", "https://例子.中国/图.png", "https://a.example/"];
    let report = Job::new(Plan::refresh(input)).report();
    let object = report.objects.iter().find(|object| object.index == Some(0)).unwrap();
    assert_eq!(object.input.as_deref(), Some(input[0]));
    assert_eq!(object.url, "https://xn--fsqu00a.xn--fiqs8s/%E5%9B%BE.png");
    assert_eq!(report.invalid_inputs[0].index, 1);
    assert_eq!((report.duplicates[0].index, report.duplicates[0].duplicate_of), (2, 0));
    let object = report.objects.iter().find(|object| object.index == Some(3)).unwrap();
    assert_eq!((object.input.as_deref(), object.url.as_str()), (None, input[3]));
}

#[test]
fn what_is_too_long_is_refused_by_kind() {
    let url = format!("https://example.com/{}", "x".repeat(5_000 - 20));
    assert_eq!(url.len(), 5_000);
    let plan = Planner::new().refresh([&url]).preload([&url[..1_024], &url[..1_025]]).plan();
    let invalid: Vec<String> = plan.invalid_inputs().iter().map(ToString::to_string).collect();
    assert_eq!(plan.objects(), 1);
    assert!(
        invalid[0].contains("is 5000 characters long and at most 4096 are taken"),
        "{invalid:?}"
    );
    assert!(
        invalid[1].contains("is 1025 characters long and at most 1024 are taken"),
        "{invalid:?}"
    );
    assert!(invalid.iter().all(|line| line.len() < 400), "the input is not shown in full");
}

#[test]
fn other_domains_are_refused_when_domains_are_given() {
    let plan = Planner::new()
        .only_domains(["Example.COM", "例子.中国"])
        .refresh(["https://example.com/a", "https://例子.中国/b", "https://example.org/c"])
        .plan();
    assert_eq!(plan.objects(), 2);
    assert!(plan.invalid_inputs()[0].to_string().contains("belongs to example.org"));
}

#[test]
fn a_password_is_not_shown() {
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
fn what_differs_in_ignored_parameters_is_one_object() {
    let urls = ["https://a.example/x?v=1", "https://a.example/x?v=2", "https://a.example/x"];
    let plan = Planner::new().refresh_as(TargetKind::IgnoreParams, urls).plan();
    assert_eq!((plan.objects(), plan.duplicates().len()), (1, 2));
    assert_eq!(plan.calls()[0].objects[0].url, urls[0], "it is sent as it was input");
}

#[test]
fn a_job_is_of_its_own_plan_only() {
    let plan = |domain: &str, tag: &str| Planner::new().cache_tags(domain, [tag]).plan();
    let job = Job::new(plan("a.example", "red"));
    assert!(job.matches(&plan("A.example", " red")));
    assert!(!job.matches(&plan("b.example", "red")));
    assert!(!job.matches(&plan("a.example", "blue")));
}

#[test]
fn different_options_are_different_calls() {
    let url = "https://example.com/film.mp4";
    let plan = Planner::new()
        .preload([url, url])
        .preload_with(PreloadOptions::new().area("overseas"), [url])
        .plan();
    assert_eq!((plan.calls().len(), plan.duplicates().len()), (2, 1));
}

#[test]
fn a_shortage_says_how_many_are_left() {
    let response: DescribeRefreshQuotaResponse =
        serde_json::from_str(r#"{"UrlRemain": "0", "UrlQuota": "10000", "DirRemain": "-3"}"#)
            .unwrap();
    let quota = Quota::from(&response);
    let plan = Plan::refresh(["https://example.com/a", "https://example.com/b/"]);
    let shortages: Vec<String> = plan.shortages(&quota).iter().map(ToString::to_string).collect();
    assert_eq!(
        shortages,
        [
            "1 file is planned and 0 of 10000 left today; the quota begins anew at 00:00 in UTC+8",
            "1 directory is planned and 0 left today; the quota begins anew at 00:00 in UTC+8",
        ]
    );
}
