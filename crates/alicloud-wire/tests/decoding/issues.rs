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
fn only_longer_texts_are_cut_off() {
    // A path of 21 pages, a map and a key.
    let path_of = |key: &str| {
        let json = format!(
            "{}{{\"Counts\": {{\"{key}\": [\"x\"]}}}}{}",
            "{\"Pages\": [".repeat(21),
            "]}".repeat(21)
        );
        let issues = from_json::<Counts>(json.as_bytes()).unwrap().issues;
        assert_eq!(issues.len(), 1);
        issues[0].path.clone()
    };
    let pages = ["Pages[0]"; 21].join(".");
    let fits = "k".repeat(256 - pages.len() - ".Counts.".len() - "[0]".len());
    assert_eq!(path_of(&fits), format!("{pages}.Counts.{fits}[0]"));
    for more in ["k", "kk", "kkk", "kkkk"] {
        let path = path_of(&format!("{fits}{more}"));
        assert_eq!((path.len(), path.ends_with('…')), (256, true), "{path}");
    }
    let key = "k".repeat(64);
    let json = format!(r#"{{"Counts": {{"{key}": ["x"]}}}}"#);
    let issues = from_json::<Counts>(json.as_bytes()).unwrap().issues;
    assert_eq!(issues[0].path, format!("Counts.{key}[0]"));
}

/// Returns wrong values that have issues of about 400 bytes each.
fn long_issues(count: usize) -> String {
    let wrong = format!("\"{}\"", "\\u0001".repeat(40));
    let key = "k".repeat(64);
    let lists = (0..count).map(|number| format!("\"{number}{key}\": [{wrong}]"));
    format!("{{\"Counts\": {{{}}}}}", lists.collect::<Vec<_>>().join(", "))
}

#[test]
fn all_texts_together_have_a_maximum_size() {
    let issues = from_json::<Counts>(long_issues(900).as_bytes()).unwrap().issues;
    let (last, listed) = issues.split_last().unwrap();
    assert!((128 << 10..(128 << 10) + 512).contains(&size(listed)), "{}", size(listed));
    assert_eq!(last.to_string(), format!("{} more issues are not listed", 900 - listed.len()));
}

alicloud_wire::record! {
    struct Wrapped {
        first: Vec<Counts> = "First",
        list: Vec<Counts> = "List",
        last: Vec<Counts> = "Last",
    }
}

/// Returns a response whose list is in the second key of a wrapper. The text in the first key is only tried,
/// because the JSON in it is cut off.
fn tried_and_decoded(first: &str, tried: usize, last: &str) -> Vec<DecodeIssue> {
    let wrong = r#"{\"Total\": \"x\"}"#;
    let tried = vec![wrong; tried].join(",");
    let json = format!(
        r#"{{"First": [{first}], "List": {{"A": "[{tried}", "B": [{{"Total": 1}}]}}, "Last": [{last}]}}"#
    );
    let decoded = from_json::<Wrapped>(json.as_bytes()).unwrap();
    assert_eq!(decoded.value.list[0].total, Some(1));
    decoded.issues
}

#[test]
fn issues_of_a_discarded_attempt_do_not_count() {
    let wrong = |count: usize| vec![r#"{"Total": "x"}"#; count].join(",");
    let issues = tried_and_decoded(&wrong(1), 2_000, &wrong(2));
    let paths: Vec<&str> = issues.iter().map(|issue| &*issue.path).collect();
    assert_eq!(paths, ["First[0].Total", "Last[0].Total", "Last[1].Total"]);

    let issues = tried_and_decoded(&wrong(1_200), 100, "");
    assert_eq!(issues.len(), 1_000);
    assert_eq!(issues[999].to_string(), "201 more issues are not listed");

    // Their texts do not count either.
    let issues = tried_and_decoded(&long_issues(200), 700, &long_issues(900));
    let (last, listed) = issues.split_last().unwrap();
    assert!((128 << 10..(128 << 10) + 512).contains(&size(listed)), "{}", size(listed));
    assert_eq!(last.to_string(), format!("{} more issues are not listed", 1_100 - listed.len()));
}

#[test]
fn a_wrong_root_is_an_error_after_many_issues() {
    let items = vec!["{\"Total\": \"x\"}"; 2_000].join(",");
    let text = format!("{{\"a\": 1, \"b\": \"x\", \"c\": [[{items}]]}}");
    let decoded = from_json::<Vec<i64>>(text.as_bytes());
    assert!(decoded.is_err() || decoded.is_ok_and(|decoded| decoded.issues.len() <= 1_000));
    assert!(from_json::<Vec<Counts>>(b"true").is_err());
}

#[test]
fn a_text_in_place_of_elements_is_quoted() {
    alicloud_wire::record! { struct Page { counts: Option<Box<Counts>> = "Counts" } }
    for text in ["plain", "12", "null", "\"a\"", "a [1]"] {
        let xml = format!("<R><Counts> {text}\n</Counts></R>");
        let decoded = from_xml::<Page>(xml.as_bytes()).unwrap();
        let expected = format!("expected an object, found the text {text:?}");
        let issue = &decoded.issues[0];
        assert_eq!((issue.path.as_str(), issue.reason.as_str()), ("Counts", expected.as_str()));
        assert!(decoded.value.counts.is_none_or(|counts| counts.total.is_none()));
    }
}
