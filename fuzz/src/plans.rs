//! URLs and cache tags into plans.

use std::collections::BTreeSet;

use alicloud_cdn_refresh::{Job, Limits, Plan, Planner, Quota, TargetKind};
use url::Url;

use crate::cost::bounded;
use crate::runtime::Choices;

/// What is done with the inputs of a plan.
#[derive(Clone, Copy, PartialEq)]
enum Action {
    Refresh,
    RefreshAs(TargetKind),
    CacheTags,
    Preload,
}

const ACTIONS: &[Action] = &[
    Action::Refresh,
    Action::RefreshAs(TargetKind::File),
    Action::RefreshAs(TargetKind::Directory),
    Action::RefreshAs(TargetKind::Regex),
    Action::RefreshAs(TargetKind::IgnoreParams),
    Action::CacheTags,
    Action::Preload,
];

/// Checks the plan of one input per line. The first byte selects the action, the second one the options; the byte 1
/// stands for a line break inside an input.
pub fn check(data: &[u8]) {
    let mut choices = Choices(data);
    let action = choices.one_of(ACTIONS);
    let options = choices.byte();
    let text = String::from_utf8_lossy(choices.0);
    let inputs: Vec<String> =
        text.split('\n').take(200).map(|input| input.replace('\u{1}', "\n")).collect();
    let plan = bounded(data, || plan(action, options, &inputs));
    every_input_is_in_one_place(&plan, &inputs);
    let mut identities = BTreeSet::new();
    for call in plan.calls() {
        let limit = if options & 1 == 0 { usize::MAX } else { 2 };
        assert!(!call.objects.is_empty() && call.objects.len() <= limit, "{call:?}");
        for object in &call.objects {
            let input = &inputs[object.index];
            assert_eq!(object.input.as_ref().unwrap_or(&object.url), input);
            let identity = (&call.domain, call.kind, &call.options, &object.url);
            assert!(identities.insert(identity), "{identity:?} is planned twice");
            match action {
                Action::CacheTags => assert!(!object.url.contains([',', '\n', ' ']), "{object:?}"),
                _ => check_url(&call.domain, call.kind, input, &object.url),
            }
        }
    }
    check_again(&plan, action, options);
    for invalid in plan.invalid_inputs() {
        let shown = invalid.to_string();
        assert!(!shown.contains(char::is_control), "{shown:?} has control characters");
    }
    let json = serde_json::to_string(&plan).expect("a plan can be stored");
    assert_eq!(serde_json::from_str::<Plan>(&json).expect("a stored plan can be read"), plan);
    check_quota(&plan);
    let job = Job::new(plan.clone());
    assert!(job.matches(&plan) && !job.report().to_string().is_empty());
}

fn plan(action: Action, options: u8, inputs: &[String]) -> Plan {
    let mut limits = Limits::default();
    if options & 1 != 0 {
        limits =
            TargetKind::ALL.into_iter().fold(limits, |limits, kind| limits.batch_size(kind, 2));
    }
    if options & 2 != 0 {
        limits = limits.max_inputs(5);
    }
    let mut planner = Planner::new().limits(limits).force(options & 4 != 0);
    if options & 8 != 0 {
        planner = planner.only_domains(["example.com", "\u{4f8b}\u{5b50}.\u{4e2d}\u{56fd}"]);
    }
    let planner = match action {
        Action::Refresh => planner.refresh(inputs),
        Action::RefreshAs(kind) => planner.refresh_as(kind, inputs),
        Action::CacheTags => planner.cache_tags("example.com", inputs),
        Action::Preload => planner.preload(inputs),
    };
    planner.plan()
}

/// Every input is planned, invalid or a duplicate, and only one of these.
fn every_input_is_in_one_place(plan: &Plan, inputs: &[String]) {
    let planned = plan.calls().iter().flat_map(|call| &call.objects).map(|object| object.index);
    let invalid = plan.invalid_inputs().iter().map(|invalid| invalid.index);
    let duplicates = plan.duplicates().iter().map(|duplicate| duplicate.index);
    let mut indexes: Vec<usize> = planned.chain(invalid).chain(duplicates).collect();
    indexes.sort_unstable();
    assert!(
        indexes.into_iter().eq(0..inputs.len()),
        "an input is lost, or in two places: {plan:?}"
    );
    let planned: BTreeSet<usize> =
        plan.calls().iter().flat_map(|call| &call.objects).map(|object| object.index).collect();
    for duplicate in plan.duplicates() {
        let is_earlier = duplicate.duplicate_of < duplicate.index;
        assert!(is_earlier && planned.contains(&duplicate.duplicate_of), "{duplicate:?}");
    }
}

/// Checks a planned URL against another parser of URLs.
fn check_url(domain: &str, kind: TargetKind, input: &str, url: &str) {
    assert!(!url.contains(|c: char| c.is_whitespace() || c.is_control()), "{url:?}");
    let parsed = |text: &str| {
        Url::parse(text).unwrap_or_else(|error| panic!("{text:?} is planned: {error}"))
    };
    let (mut before, after) = (parsed(input.trim()), parsed(url));
    // The name of the root of all domains is left out.
    if let Some(host) = before.host_str().and_then(|host| host.strip_suffix('.')).map(str::to_owned)
    {
        before.set_host(Some(&host)).expect("a host without its last dot is one");
    }
    assert_eq!(before.origin(), after.origin(), "{input:?} is sent as {url:?}");
    assert_eq!(after.host_str(), Some(domain), "{url:?}");
    assert!(after.username().is_empty() && after.password().is_none(), "{url:?}");
    if kind != TargetKind::Regex {
        assert!(url.is_ascii() && after.fragment().is_none(), "{url:?}");
        assert!(kind != TargetKind::Directory || url.ends_with('/'), "{url:?}");
    }
}

/// What is planned is planned again as it is; a file at the root of a domain becomes a directory.
fn check_again(plan: &Plan, action: Action, options: u8) {
    let urls = |plan: &Plan| -> Vec<String> {
        let objects = plan.calls().iter().flat_map(|call| &call.objects);
        let mut urls: Vec<String> = objects.map(|object| object.url.clone()).collect();
        urls.sort();
        urls.dedup();
        urls
    };
    let first = urls(plan);
    let again = self::plan(action, options, &first);
    assert_eq!(urls(&again), first);
}

fn check_quota(plan: &Plan) {
    let mut quota = Quota::default();
    (quota.files.remaining, quota.directories.remaining) = (Some(1), Some(0));
    let mut smaller = plan.clone();
    smaller.truncate_to(&quota);
    let removed: usize = smaller.over_quota().iter().map(|call| call.objects.len()).sum();
    assert_eq!(smaller.object_count() + removed, plan.object_count());
    assert!(smaller.shortages(&quota).is_empty(), "{smaller:?}");
}
