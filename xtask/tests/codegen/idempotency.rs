//! Whether an operation only reads.

use std::collections::BTreeMap;

use super::lowered;

/// Returns the idempotency of each operation, and the operations of which a diagnostic has the text.
fn idempotency(
    operations: &[(&str, &str, &str, &str)],
    overlay: Option<&str>,
    text: &str,
) -> (BTreeMap<String, String>, Vec<String>) {
    let described: Vec<String> = operations
        .iter()
        .map(|(name, declared, tag, methods)| {
            let methods: Vec<&str> = methods.split(' ').collect();
            let mut operation = serde_json::json!({ "methods": methods });
            if !declared.is_empty() {
                operation["operationType"] = (*declared).into();
            }
            if !tag.is_empty() {
                operation["systemTags"] = serde_json::json!({ "operationType": tag });
            }
            format!("{name:?}: {operation}")
        })
        .collect();
    let (ir, report) = lowered(&described.join(","), overlay);
    let decided = ir["operations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|operation| {
            let text = |key: &str| operation[key].as_str().unwrap().to_owned();
            (text("name"), text("idempotency"))
        })
        .collect();
    let reported = report
        .iter()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .filter(|row| row["what"].as_str().unwrap().contains(text))
        .map(|row| {
            assert_eq!(row["severity"], "note");
            row["pointer"].as_str().unwrap().trim_start_matches("/apis/").to_owned()
        })
        .collect();
    (decided, reported)
}

#[test]
fn reads_are_recognized_from_all_evidence() {
    // Name, operationType, the operation type of systemTags, methods.
    let reads = [
        ("DescribeJobs", "read", "get", "post get"),
        ("RecognizeText", "read", "", "post"),
        ("AssumeRole", "", "get", "post get"),
        ("DescribeRecords", "readAndWrite", "get", "post get"),
        ("BatchGetRecords", "readAndWrite", "list", "post"),
        ("DownloadFile", "readAndWrite", "get", "get"),
        ("ListNames", "readAndWrite", "", "post get"),
        ("CheckName", "", "", "post"),
        ("QueryUsersAndGroups", "", "none", "get"),
    ];
    let writes = [
        ("DescribeQuota", "write", "get", "get"),
        ("ListItems", "read", "create", "get post"),
        ("GetScripts", "readAndWrite", "update", "get"),
        ("SearchNone", "write", "none", "get"),
        ("DeleteThing", "read", "", "post get"),
        ("AddFace", "read", "none", "post"),
        ("StopJobs", "", "get", "get"),
        ("CheckAndUpdateName", "read", "get", "get"),
        ("GetOrCreateUser", "", "", "get"),
        ("QueryThing", "read", "", "delete"),
        ("PreviewPlan", "readAndWrite", "get", "post get"),
        ("CheckInGuest", "readAndWrite", "", "post"),
        ("GetawayBooking", "", "", "post"),
        ("SessionQuery", "readAndWrite", "", "post"),
    ];
    let all = [reads.as_slice(), writes.as_slice()].concat();
    let (decided, by_name) = idempotency(&all, None, "only the name of");
    for (name, ..) in reads {
        assert_eq!(decided[name], "read_only", "{name}");
    }
    for (name, ..) in writes {
        assert_eq!(decided[name], "mutating", "{name}");
    }
    assert_eq!(by_name, ["ListNames", "CheckName", "QueryUsersAndGroups"]);
    let (_, contradicted) = idempotency(&all, None, "as a read and as a write");
    assert_eq!(
        contradicted,
        [
            "DescribeQuota",
            "ListItems",
            "GetScripts",
            "SearchNone",
            "DeleteThing",
            "AddFace",
            "StopJobs",
            "CheckAndUpdateName",
            "QueryThing",
            "PreviewPlan",
        ]
    );
}

#[test]
fn the_overlay_overrides_whether_an_operation_reads() {
    let operations =
        [("CheckName", "", "", "post"), ("PreviewPlan", "readAndWrite", "get", "post")];
    let overlay = "[[fix]]\nat = \"CheckName\"\nidempotent = false\nwhy = \"w\"\n\
        [[fix]]\nat = \"PreviewPlan\"\nidempotent = true\nwhy = \"w\"\n";
    let (decided, by_name) = idempotency(&operations, Some(overlay), "only the name of");
    assert_eq!(decided["CheckName"], "mutating");
    assert_eq!(decided["PreviewPlan"], "idempotent");
    assert!(by_name.is_empty(), "the overlay decides: {by_name:?}");
}
