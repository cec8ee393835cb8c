//! The documented responses: both formats give equal values, and both can be written again.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where it fails"
)]

use alicloud_cdn::model::{DescribeRefreshTaskByIdResponse, TaskKind, TaskStatus};
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
    let response = from_json::<DescribeRefreshTaskByIdResponse>(JSON.as_bytes()).unwrap().value;
    assert_eq!(response.total_count, Some(2));
    let [done, under_way] = response.tasks.as_slice() else { panic!("two tasks: {response:?}") };
    assert_eq!(done.status, Some(TaskStatus::Complete));
    assert_eq!(under_way.status, Some(TaskStatus::Refreshing));
    assert_eq!(done.object_type, Some(TaskKind::File));
    assert_eq!(done.progress_as_percent(), Some(100.0));
    assert_eq!(under_way.progress_as_percent(), Some(99.37));
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
    let response = from_json::<DescribeRefreshTaskByIdResponse>(
        br#"{"Tasks": [{"Process": "almost", "CreationTime": "2020-13-03T08:54:23Z"}]}"#,
    )
    .unwrap()
    .value;
    let task = &response.tasks[0];
    assert_eq!((task.progress_as_percent(), task.creation_time_as_time()), (None, None));
    assert_eq!(task.progress.as_deref(), Some("almost"));
    assert_eq!(task.creation_time.as_deref(), Some("2020-13-03T08:54:23Z"));
}

#[test]
fn a_response_is_written_as_it_was_documented() {
    let response = from_json::<DescribeRefreshTaskByIdResponse>(JSON.as_bytes()).unwrap().value;
    let documented: Value = serde_json::from_str(JSON).unwrap();
    assert_eq!(serde_json::to_value(&response).unwrap(), documented);

    let again: DescribeRefreshTaskByIdResponse = serde_json::from_value(documented).unwrap();
    assert_eq!(again, response);

    let xml = to_xml("DescribeRefreshTaskByIdResponse", "Tasks", &response);
    let packed: String = XML.lines().map(str::trim).collect();
    assert_eq!(xml, packed);
}

/// One documented response in each format: no field is lost, and what is written again is the same.
macro_rules! sample {
    ($name:ident: $type:ident, $operation:literal) => {
        #[test]
        fn $name() {
            let text = include_str!(concat!("../../specs/cdn/2018-05-10/samples/", $operation, ".json"));
            let decoded = from_json::<alicloud_cdn::model::$type>(text.as_bytes()).unwrap();
            assert!(decoded.issues.is_empty(), "{:?}", decoded.issues);
            let documented: Value = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_value(&decoded.value).unwrap(), documented);
            insta::assert_debug_snapshot!(decoded.value);
        }
    };
    ($name:ident: $type:ident, $operation:literal, xml) => {
        sample!($name: $type, $operation);

        mod $name {
            use super::*;

            #[test]
            fn in_xml() {
                let text = include_str!(concat!("../../specs/cdn/2018-05-10/samples/", $operation, ".xml"));
                let decoded = from_xml::<alicloud_cdn::model::$type>(text.as_bytes()).unwrap();
                assert!(decoded.issues.is_empty(), "{:?}", decoded.issues);
                // What is written has the fields in the order of the description, so it is read again.
                let written = to_xml(concat!($operation, "Response"), "Item", &decoded.value);
                let again = from_xml::<alicloud_cdn::model::$type>(written.as_bytes()).unwrap();
                assert_eq!(again.value, decoded.value);
                assert_eq!(elements(&written), elements(text));
                insta::assert_debug_snapshot!(decoded.value);
            }
        }
    };
}

/// The elements and texts of a document, without their order and the case of their names, which the
/// documentation does not keep either.
fn elements(xml: &str) -> Vec<String> {
    let mut lines: Vec<String> = xml
        .replace('<', "\n<")
        .lines()
        .map(|line| line.trim().to_ascii_lowercase())
        .filter(|line| !line.is_empty())
        .collect();
    lines.sort();
    lines
}

sample!(refresh_object_caches: RefreshObjectCachesResponse, "RefreshObjectCaches", xml);
sample!(push_object_cache: PushObjectCacheResponse, "PushObjectCache", xml);
sample!(describe_refresh_tasks: DescribeRefreshTasksResponse, "DescribeRefreshTasks", xml);
sample!(describe_refresh_task_by_id: DescribeRefreshTaskByIdResponse, "DescribeRefreshTaskById", xml);
sample!(describe_refresh_quota: DescribeRefreshQuotaResponse, "DescribeRefreshQuota", xml);
sample!(describe_cdn_user_quota: DescribeCdnUserQuotaResponse, "DescribeCdnUserQuota", xml);
sample!(describe_preload_detail_by_id: DescribePreloadDetailByIdResponse, "DescribePreloadDetailById");
sample!(refresh_by_tag: RefreshObjectCacheByCacheTagResponse, "RefreshObjectCacheByCacheTag");

#[test]
fn quotas_and_lists_of_ids_read_as_what_they_are() {
    let text = include_str!("../../specs/cdn/2018-05-10/samples/DescribeRefreshQuota.json");
    let quota = from_json::<alicloud_cdn::model::DescribeRefreshQuotaResponse>(text.as_bytes())
        .unwrap()
        .value;
    assert_eq!(
        (quota.url_quota_as_integer(), quota.url_remain_as_integer()),
        (Some(2000), Some(1996))
    );
    let response = br#"{"RefreshTaskId": "704222901,704222902"}"#;
    let response =
        from_json::<alicloud_cdn::model::RefreshObjectCachesResponse>(response).unwrap().value;
    assert_eq!(response.refresh_task_id_as_list(), ["704222901", "704222902"]);
}

#[test]
fn a_request_goes_through_serde_as_well() {
    use alicloud_cdn::model::DescribeRefreshTaskByIdRequest;
    let request = DescribeRefreshTaskByIdRequest::new(["704225667", "704222904"]);
    let json = serde_json::to_string(&request).unwrap();
    assert_eq!(json, r#"{"TaskId":["704225667","704222904"]}"#);
    assert_eq!(serde_json::from_str::<DescribeRefreshTaskByIdRequest>(&json).unwrap(), request);
}
