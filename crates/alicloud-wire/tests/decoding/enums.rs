//! Open enums: other spellings of known values, unknown values, comparison and predicates.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cmp_owned,
    reason = "a test may panic, and compares values in both forms"
)]

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::hash::{BuildHasher as _, RandomState};

use alicloud_wire::{from_json, from_xml, to_xml};

alicloud_wire::open_enum! {
    /// State of a task.
    enum Status {
        /// Done.
        Complete = "Complete",
        /// Waits.
        Pending = "Pending",
        /// Failed.
        Failed = "Failed",
        /// Gave up.
        Timeout = "Timeout",
    }
    is_success: Complete;
    /// Whether waiting longer is useless.
    is_failure: Failed | Timeout;
}

alicloud_wire::open_enum! {
    /// Texts that differ only in case.
    enum Letter {
        Small = "a",
        Capital = "A",
        Other = "b",
    }
}

alicloud_wire::open_enum! {
    /// Names that the macro uses.
    enum Position {
        /// First.
        Known = "known",
        /// Second.
        First = "position",
        /// Third.
        EnumKey = "self",
    }
}

alicloud_wire::open_enum! {
    /// No value is known.
    enum Empty {}
}

alicloud_wire::record! {
    struct Task {
        status: Option<Status> = "Status",
        history: Vec<Status> = "History",
    }
}

#[test]
fn another_case_equals_the_known_value_and_is_written_as_it_came() {
    for text in ["failed", "FAILED", "fAiLeD"] {
        let status = Status::from(text);
        assert_eq!(status, Status::Failed);
        assert_eq!(status, text.parse::<Status>().unwrap());
        assert!(status == "Failed" && status == *"fAILED");
        assert!(status.is_failure() && !status.is_success() && !status.is_unknown());
        assert!(matches!(status.normalize(), Status::Failed));
        assert_eq!(status.to_string(), text);
        assert_eq!(status.as_ref(), text);
    }
    assert_ne!(Status::from("failed"), Status::Timeout);
    assert_eq!(
        format!("{:?} {:?}", Status::from("failed"), Status::Failed),
        "Respelled(\"failed\") Failed"
    );
}

#[test]
fn every_format_keeps_the_spelling() {
    let json = r#"{"Status":"TIMEOUT","History":["pending","Paused","Complete"]}"#;
    let task = from_json::<Task>(json.as_bytes()).unwrap().value;
    assert!(task.status.as_ref().is_some_and(Status::is_failure));
    assert_eq!(task.history, [Status::Pending, Status::from("Paused"), Status::Complete]);
    assert_eq!(serde_json::to_string(&task).unwrap(), json);
    assert_eq!(serde_json::from_str::<Task>(json).unwrap(), task);
    let xml = to_xml("Task", "Item", &task);
    assert!(xml.contains("<Status>TIMEOUT</Status><History>pending</History>"), "{xml}");
    assert_eq!(from_xml::<Task>(xml.as_bytes()).unwrap().value, task);
}

#[test]
fn decoding_ignores_whitespace_around_a_known_value() {
    let decode = |text: &str| from_json::<Status>(format!("{text:?}").as_bytes()).unwrap().value;
    assert_eq!(decode("Complete ").as_str(), "Complete");
    assert_eq!(decode("\tcomplete\n").as_str(), "complete");
    assert_eq!(decode(" complete"), Status::Complete);
    assert_eq!(decode(" Paused").as_str(), " Paused");
    assert!(Status::from(" complete").is_unknown() && Status::Complete != "Complete ");
}

#[test]
fn unknown_values_compare_by_their_exact_text() {
    assert_ne!(Status::from("Paused"), Status::from("paused"));
    assert_eq!(Status::from("Paused"), Status::from("Paused".to_owned()));
    assert!(Status::from("Paused") != Status::Complete && Status::from("Paused") != "Complete");
    assert!(!Status::from("Paused").is_success() && !Status::from("Paused").is_failure());
    // Only the case of ASCII letters is ignored.
    assert!(Status::from("Timeout\u{0130}").is_unknown());
    assert!(Status::default().is_unknown() && Status::default() == "");
    assert!(Empty::from("a").is_unknown());
    assert!(Empty::KNOWN.is_empty());
    assert!(Position::Known < Position::First && Position::EnumKey == "SELF");
}

#[test]
fn texts_that_differ_only_in_case_are_exact() {
    assert!(matches!(Letter::from("a"), Letter::Small));
    assert!(matches!(Letter::from("A"), Letter::Capital));
    assert_ne!(Letter::from("a"), Letter::from("A"));
    assert!(Letter::Small == "a" && Letter::Small != "A");
    assert!(Letter::Small < Letter::Capital);
    assert_eq!(Letter::from("B"), Letter::Other);
}

#[test]
fn order_equality_and_hashes_agree() {
    let values =
        ["Complete", "COMPLETE", "Pending", "failed", "Failed", "Timeout", "Aaa", "aaa", "Zzz"];
    let hasher = RandomState::new();
    for (left, right) in
        values.iter().flat_map(|left| values.iter().map(move |right| (left, right)))
    {
        let (left, right) = (Status::from(*left), Status::from(*right));
        assert_eq!(left == right, left.cmp(&right) == Ordering::Equal, "{left} {right}");
        assert_eq!(left.cmp(&right), right.cmp(&left).reverse());
        assert_eq!(left == right, right == left.as_str());
        assert!(left != right || hasher.hash_one(&left) == hasher.hash_one(&right));
    }
    let sorted: BTreeSet<Status> = values.into_iter().rev().map(Status::from).collect();
    let sorted: Vec<String> =
        sorted.iter().map(|status| status.to_string().to_lowercase()).collect();
    assert_eq!(sorted, ["complete", "pending", "failed", "timeout", "aaa", "zzz", "aaa"]);
    assert_eq!(values.into_iter().map(Status::from).collect::<HashSet<_>>().len(), 7);
    assert_eq!(BTreeMap::from([(Status::Failed, 1)])[&Status::from("FAILED")], 1);
}

#[test]
fn known_values_are_listed() {
    assert_eq!(Status::KNOWN, ["Complete", "Pending", "Failed", "Timeout"]);
    for text in Status::KNOWN {
        assert_eq!(Status::from(*text).as_str(), *text);
        assert!(!matches!(Status::from(*text), Status::Respelled(_) | Status::Unknown(_)));
    }
}
