//! Limits of decode issues.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

use std::collections::BTreeMap;

use alicloud_wire::{DecodeIssue, from_json, from_xml};

alicloud_wire::record! {
    struct Counts {
        counts: BTreeMap<String, Vec<i64>> = "Counts",
        total: Option<i64> = "Total",
        pages: Vec<Counts> = "Pages",
    }
}

fn size(issues: &[DecodeIssue]) -> usize {
    issues.iter().map(|issue| issue.path.len() + issue.reason.len()).sum()
}

#[test]
fn a_long_key_over_wrong_values_is_cut_off() {
    let key = "é".repeat(300_000);
    let json = format!("{{\"Counts\": {{\"{key}\": [{}]}}}}", vec!["\"x\""; 1_000].join(","));
    let issues = from_json::<Counts>(json.as_bytes()).unwrap().issues;
    let expected = format!("Counts.{}…[0]", "é".repeat(64));
    assert_eq!(issues[0].path, expected);
    assert!(size(&issues) <= 192 << 10, "{}", size(&issues));

    let items = "<i>x</i>".repeat(1_000);
    let xml = format!("<R><Counts><{key}>{items}</{key}></Counts></R>");
    let issues = from_xml::<Counts>(xml.as_bytes()).unwrap().issues;
    assert_eq!(issues[0].path, expected);
    assert!(size(&issues) <= 192 << 10, "{}", size(&issues));
}

#[test]
fn paths_and_reasons_have_a_maximum_size() {
    let key = "k".repeat(63);
    let json = format!(
        "{}{{\"Total\": [1, 2]}}{}",
        "{\"Pages\": [{\"Counts\": {}}, ".repeat(40),
        "]}".repeat(40)
    );
    let issues = from_json::<Counts>(json.as_bytes()).unwrap().issues;
    assert!(issues[0].path.len() <= 256 && issues[0].path.ends_with('…'), "{}", issues[0].path);
    let json =
        format!(r#"{{"Counts": {{"{key}": "{}"}}, "Total": 1.5e308}}"#, "\u{1F600}".repeat(500));
    for issue in from_json::<Counts>(json.as_bytes()).unwrap().issues {
        assert!(issue.path.len() <= 256 && issue.reason.len() <= 256, "{issue}");
    }
}

#[test]
fn the_last_issue_counts_those_that_are_not_listed() {
    let json =
        |wrong: usize| format!("{{\"Counts\": {{\"a\": [{}]}}}}", vec!["[]"; wrong].join(","));
    let issues =
        from_json::<Counts>(json(999).replace("[]", "{\"b\":1}").as_bytes()).unwrap().issues;
    assert_eq!(issues.len(), 999);
    assert!(issues.iter().all(|issue| !issue.path.is_empty()));
    let issues =
        from_json::<Counts>(json(5_000).replace("[]", "{\"b\":1}").as_bytes()).unwrap().issues;
    assert_eq!(issues.len(), 1_000);
    assert_eq!(issues[999].to_string(), "4001 more issues are not listed");
}

#[test]
fn a_wrong_root_is_an_error_after_many_issues() {
    let items = vec!["{\"Total\": \"x\"}"; 2_000].join(",");
    let text = format!("{{\"a\": 1, \"b\": \"x\", \"c\": [[{items}]]}}");
    let decoded = from_json::<Vec<i64>>(text.as_bytes());
    assert!(decoded.is_err() || decoded.is_ok_and(|decoded| decoded.issues.len() <= 1_000));
    assert!(from_json::<Vec<Counts>>(b"true").is_err());
}
