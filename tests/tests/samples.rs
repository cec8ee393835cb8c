//! The documented replies: both formats give equal values, and both can be written again.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where it fails"
)]

use alicloud_cdn::model::{DescribeRefreshTaskByIdResponse, RefreshObjectType, RefreshTaskStatus};
use alicloud_wire::{from_json, from_xml, to_xml};
use serde_json::Value;

const JSON: &str = include_str!("../../specs/cdn/2018-05-10/samples/DescribeRefreshTaskById.json");
const XML: &str = include_str!("../../specs/cdn/2018-05-10/samples/DescribeRefreshTaskById.xml");

#[test]
fn json_and_xml_give_equal_values_and_nothing_is_left_over() {
    let json = from_json::<DescribeRefreshTaskByIdResponse>(JSON.as_bytes()).unwrap();
    let xml = from_xml::<DescribeRefreshTaskByIdResponse>(XML.as_bytes()).unwrap();
    assert_eq!(json.value, xml.value);
    assert_eq!((json.issues.len(), xml.issues.len()), (0, 0));
    insta::assert_debug_snapshot!(json.value);
}

#[test]
fn every_documented_field_can_be_read_as_what_it_is() {
    let reply = from_json::<DescribeRefreshTaskByIdResponse>(JSON.as_bytes()).unwrap().value;
    assert_eq!(reply.total_count, Some(2));
    let [done, under_way] = reply.tasks.as_slice() else { panic!("two tasks: {reply:?}") };
    assert_eq!(done.status, Some(RefreshTaskStatus::Complete));
    assert_eq!(under_way.status, Some(RefreshTaskStatus::Refreshing));
    assert_eq!(done.object_type, Some(RefreshObjectType::File));
    assert_eq!(done.process_as_percent(), Some(100.0));
    assert_eq!(under_way.process_as_percent(), Some(99.37));
    let between = under_way
        .creation_time_as_time()
        .unwrap()
        .duration_since(done.creation_time_as_time().unwrap());
    assert_eq!(between.unwrap().as_secs(), 18 * 60 + 21);
    // Empty is not absent: the service said that there is nothing to say.
    assert_eq!(done.description.as_deref(), Some(""));
}

#[test]
fn a_reading_of_malformed_text_is_none_and_the_text_stays() {
    let reply = from_json::<DescribeRefreshTaskByIdResponse>(
        br#"{"Tasks": [{"Process": "almost", "CreationTime": "2020-13-03T08:54:23Z"}]}"#,
    )
    .unwrap()
    .value;
    let task = &reply.tasks[0];
    assert_eq!((task.process_as_percent(), task.creation_time_as_time()), (None, None));
    assert_eq!(task.process.as_deref(), Some("almost"));
    assert_eq!(task.creation_time.as_deref(), Some("2020-13-03T08:54:23Z"));
}

#[test]
fn a_reply_is_written_as_it_was_documented() {
    let reply = from_json::<DescribeRefreshTaskByIdResponse>(JSON.as_bytes()).unwrap().value;
    let documented: Value = serde_json::from_str(JSON).unwrap();
    assert_eq!(serde_json::to_value(&reply).unwrap(), documented);

    let again: DescribeRefreshTaskByIdResponse = serde_json::from_value(documented).unwrap();
    assert_eq!(again, reply);

    let xml = to_xml("DescribeRefreshTaskByIdResponse", "Tasks", &reply);
    let packed: String = XML.lines().map(str::trim).collect();
    assert_eq!(xml, packed);
}

#[test]
fn a_request_goes_through_serde_as_well() {
    use alicloud_cdn::model::DescribeRefreshTaskByIdRequest;
    let request = DescribeRefreshTaskByIdRequest::new(["704225667", "704222904"]);
    let json = serde_json::to_string(&request).unwrap();
    assert_eq!(json, r#"{"TaskId":["704225667","704222904"]}"#);
    assert_eq!(serde_json::from_str::<DescribeRefreshTaskByIdRequest>(&json).unwrap(), request);
}
