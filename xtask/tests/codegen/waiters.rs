//! Waiters of an overlay.

use super::{all_text, api, generate_from};

/// An operation whose items have a state, and an overlay with its enum and a waiter for these final states.
fn waiter_of(values: &str, success: &str, failure: &str, predicates: &str) -> (String, String) {
    let operation = r#""DescribeJobs": {"operationType": "read",
        "parameters": [{"name": "JobId", "in": "query", "schema": {"type": "string", "required": true}}],
        "responses": {"200": {"schema": {"type": "object", "properties": {"Jobs": {"type": "array",
            "items": {"type": "object", "properties": {
                "JobId": {"type": "string"}, "State": {"type": "string"}}}}}}}}}"#;
    let values: Vec<String> = values
        .split_whitespace()
        .map(|value| format!("{{ value = {value:?}, doc = {value:?} }}"))
        .collect();
    let overlay = format!(
        "[[fix]]\nat = \"DescribeJobs\"\nwhy = \"w\"\n\
         [[fix.waiters]]\nmethod = \"wait_for_jobs\"\nids = \"JobId\"\n\
         items = \"Jobs\"\nid = \"JobId\"\nstate = \"State\"\n\
         success = [{success}]\nfailure = [{failure}]\n\
         [[fix]]\nat = \"DescribeJobs?JobId\"\nlist = \"comma\"\nwhy = \"w\"\n\
         [[fix]]\nat = \"DescribeJobs!Jobs[].State\"\nenum.name = \"JobState\"\n\
         enum.values = [{}]\n{predicates}\nwhy = \"w\"\n",
        values.join(", ")
    );
    (operation.to_owned(), overlay)
}

#[test]
fn the_enum_of_a_waiter_has_its_states_as_predicates() {
    let values = "Done Running Failed TimedOut";
    let predicates =
        "enum.predicates = { is_open = [\"Running\"], is_success = [\"Done\", \"Running\"] }";
    for (predicates, expected) in [
        ("", vec!["is_success: Done;", "is_failure: Failed | TimedOut;"]),
        // The overlay decides.
        (
            predicates,
            vec![
                "is_open: Running;",
                "is_success: Done | Running;",
                "is_failure: Failed | TimedOut;",
            ],
        ),
    ] {
        // A waiter ignores case, and so do predicates.
        let (operation, overlay) =
            waiter_of(values, "\"done\"", "\"Failed\", \"TIMEDOUT\"", predicates);
        let (succeeded, messages, folder) =
            generate_from(api(&operation).as_bytes(), Some(&overlay));
        assert!(succeeded, "{messages}");
        let text = all_text(folder.path());
        let declaration = text.split("pub enum JobState {").nth(1).unwrap();
        let lines: Vec<&str> = declaration.lines().map(str::trim).collect();
        let found: Vec<&str> =
            lines.iter().copied().filter(|line| line.starts_with("is_")).take(3).collect();
        assert_eq!(found, expected);
        assert!(lines.contains(&"TimedOut = \"TimedOut\","), "{lines:?}");
        assert_eq!(text.matches("pub enum JobState").count(), 1);
    }
}

#[test]
fn the_enum_of_a_waiter_must_have_its_states() {
    let missing =
        "the overlay's waiter \"wait_for_jobs\" is invalid: JobState has no value \"TimedOut\"";
    for (values, predicates, expected) in [
        ("Done Failed", "", missing),
        (
            "Done Failed TimedOut",
            "enum.predicates = { is_lost = [\"Lost\"] }",
            "predicate \"is_lost\" of JobState is invalid: JobState has no value \"Lost\"",
        ),
        (
            "Done Failed TimedOut",
            "enum.predicates = { is_unknown = [\"Done\"] }",
            "predicate \"is_unknown\" of JobState is invalid: ",
        ),
        (
            "Done Failed TimedOut",
            "enum.predicates = { \"is lost\" = [\"Done\"] }",
            "predicate \"is lost\" of JobState is invalid: ",
        ),
        ("Done Failed TimedOut", "enum.predicates = { is_lost = [] }", "it has no values"),
    ] {
        let (operation, overlay) =
            waiter_of(values, "\"Done\"", "\"Failed\", \"TimedOut\"", predicates);
        let (succeeded, messages, _folder) =
            generate_from(api(&operation).as_bytes(), Some(&overlay));
        assert!(!succeeded && messages.contains(expected), "{expected} in {messages}");
    }
}

/// An operation to wait with, and an overlay with waiters that have these keys.
fn waiters_of(waiters: &[&str]) -> (String, String) {
    let operation = r#""DescribeJobs": {"operationType": "read",
        "parameters": [
            {"name": "ZoneId", "in": "query", "schema": {"type": "string", "required": true}},
            {"name": "Queue", "in": "query", "schema": {"type": "string", "required": true}},
            {"name": "PageNumber", "in": "query", "schema": {"type": "integer"}},
            {"name": "PageSize", "in": "query", "schema": {"type": "integer"}},
            {"name": "JobIds", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}}],
        "responses": {"200": {"schema": {"type": "object", "properties": {
            "TotalCount": {"type": "integer"},
            "Jobs": {"type": "object", "properties": {"Job": {"type": "array",
                "items": {"type": "object", "properties": {
                    "JobId": {"type": "string"}, "Size": {"type": "integer"}, "State": {"type": "string"}}}}}}}}}}},
        "DeleteJobs": {"operationType": "write",
        "parameters": [{"name": "JobIds", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}}],
        "responses": {"200": {"schema": {"type": "object", "properties": {"Jobs": {"type": "array",
            "items": {"type": "object", "properties": {"JobId": {"type": "string"}, "State": {"type": "string"}}}}}}}}}"#;
    let mut overlay =
        "[[fix]]\nat = \"DescribeJobs\"\narguments = [\"Queue\"]\nwhy = \"w\"\n".to_owned();
    for waiter in waiters {
        overlay.push_str("[[fix.waiters]]\n");
        let keys = [
            ("method", "\"wait_until_done\""),
            ("ids", "\"JobIds\""),
            ("parameters", "{ Queue = \"q\" }"),
            ("items", "\"Jobs.Job\""),
            ("id", "\"JobId\""),
            ("state", "\"State\""),
            ("success", "[\"Done\"]"),
        ];
        for (key, value) in keys {
            let is_given = waiter.lines().any(|line| line.starts_with(&format!("{key} =")));
            if !is_given {
                overlay.push_str(&format!("{key} = {value}\n"));
            }
        }
        overlay.push_str(waiter);
        overlay.push('\n');
    }
    (operation.to_owned(), overlay)
}

#[test]
fn an_operation_can_have_several_waiters() {
    let failed = "method = \"wait_until_failed\"\nsuccess = [\"Failed\"]\n\
                  parameters = { Queue = \"q\", PageSize = 100 }";
    let (operation, overlay) = waiters_of(&["", failed]);
    let (succeeded, messages, folder) = generate_from(api(&operation).as_bytes(), Some(&overlay));
    assert!(succeeded, "{messages}");
    let text = all_text(folder.path());
    for expected in [
        "|ids| DescribeJobsRequest::new(\"q\").job_ids(ids),",
        "|ids| DescribeJobsRequest::new(\"q\").job_ids(ids).page_size(100),",
        "use crate::model::describe_jobs::Job;",
        ".paged()\n.success(&[\"Failed\"]);",
        "/// Polls until every job is `Done`.",
        "/// Polls until every job is `Failed`.",
        "/// The operation also requires `ZoneId`: set it with [`map_request`](Wait::map_request).",
        "wait.map_request(|request| request.zone_id(\"zone-id\")).await?;",
    ] {
        assert!(text.contains(expected), "{expected} in {text}");
    }
}

#[test]
fn an_invalid_waiter_is_an_error_that_names_the_mistake() {
    for (waiter, expected) in [
        ("method = \"wait-until-done\"", "its name cannot be that of a method"),
        ("method = \"match\"", "its name cannot be that of a method"),
        ("method = \"from_env\"", "its name cannot be that of a method"),
        ("method = \"describe_jobs\"", "the client has another method of this name"),
        ("method = \"describe_jobs_items\"", "the client has another method of this name"),
        ("ids = \"JobId\"", "DescribeJobsRequest has no JobId, or it is superseded"),
        ("ids = \"ZoneId\"", "ZoneId is not a list of texts; set `list` if it is sent as text"),
        ("parameters = {}", "nothing sets Queue, an argument of DescribeJobsRequest::new"),
        (
            "parameters = { Queue = 1 }",
            "the value of Queue does not have the type of the parameter",
        ),
        ("parameters = { Queue = \"q\", Size = 1 }", "DescribeJobsRequest has no Size"),
        (
            "parameters = { Queue = \"q\", JobIds = [\"1\"] }",
            "JobIds has the ids and cannot be fixed",
        ),
        ("items = \"Jobs.Task\"", "Jobs is not an object"),
        ("items = \"TotalCount\"", "TotalCount is not a list"),
        ("id = \"Id\"", "Job has no Id, or it is superseded"),
        ("id = \"Size\"", "Size is not text"),
        ("state = \"Size\"", "Size is not text"),
        ("detail = \"State.Reason\"", "State is not an object"),
        ("success = []", "it has no `success`"),
    ] {
        let (operation, overlay) = waiters_of(&[waiter]);
        let (succeeded, messages, _folder) =
            generate_from(api(&operation).as_bytes(), Some(&overlay));
        assert!(!succeeded && messages.contains(expected), "{expected} in {messages}");
        assert!(messages.contains("the overlay's waiter \""), "{messages}");
    }
    // The same method twice, and an operation that changes something.
    let (operation, overlay) = waiters_of(&["", ""]);
    let (succeeded, messages, _folder) = generate_from(api(&operation).as_bytes(), Some(&overlay));
    assert!(!succeeded && messages.contains("the client has another method"), "{messages}");
    let (operation, overlay) = waiters_of(&["parameters = {}\nitems = \"Jobs\""]);
    let overlay =
        overlay.replace("DescribeJobs", "DeleteJobs").replace("arguments = [\"Queue\"]", "");
    let (succeeded, messages, _folder) = generate_from(api(&operation).as_bytes(), Some(&overlay));
    assert!(!succeeded && messages.contains("the operation does not only read"), "{messages}");
}

#[test]
fn the_pages_of_a_wait_must_have_its_items() {
    let (operation, overlay) = waiters_of(&[""]);
    // Another list that is named like the operation.
    let operation = operation.replacen(
        "\"TotalCount\"",
        "\"DescribeJobs\": {\"type\": \"array\", \"items\": {\"type\": \"object\", \"properties\": {}}}, \"TotalCount\"",
        1,
    );
    let pages =
        |value: &str| overlay.replacen("why = \"w\"", &format!("why = \"w\"\npages = {value}"), 1);
    let (succeeded, messages, _folder) =
        generate_from(api(&operation).as_bytes(), Some(&pages("\"DescribeJobs\"")));
    let expected = "Jobs.Job is not the list of the pages; set `pages` to this list, or to false";
    assert!(!succeeded && messages.contains(expected), "{messages}");
    for (value, is_paged) in [("\"Jobs\"", true), ("false", false)] {
        let (succeeded, messages, folder) =
            generate_from(api(&operation).as_bytes(), Some(&pages(value)));
        assert!(succeeded, "{messages}");
        assert_eq!(all_text(folder.path()).contains(".paged()"), is_paged, "{value}");
    }
}
