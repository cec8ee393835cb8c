//! Decoding and encoding of the documented responses, in JSON and XML.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests may panic"
)]

use alicloud_cdn::model::{CdnTask, DescribeRefreshTaskByIdResponse, TaskKind, TaskStatus};
use alicloud_wire::{from_json, from_xml, to_xml};
use serde_json::Value;

const JSON: &str = include_str!("../../specs/cdn/2018-05-10/samples/DescribeRefreshTaskById.json");
const XML: &str = include_str!("../../specs/cdn/2018-05-10/samples/DescribeRefreshTaskById.xml");

#[test]
fn json_and_xml_samples_decode_to_equal_values() {
    let json = from_json::<DescribeRefreshTaskByIdResponse>(JSON.as_bytes()).unwrap();
    let xml = from_xml::<DescribeRefreshTaskByIdResponse>(XML.as_bytes()).unwrap();
    assert_eq!(json.value, xml.value);
    assert_eq!((json.issues.len(), xml.issues.len()), (0, 0));
    insta::assert_debug_snapshot!(json.value);
}

#[test]
fn documented_fields_convert_to_their_types() {
    let response = from_json::<DescribeRefreshTaskByIdResponse>(JSON.as_bytes()).unwrap().value;
    assert_eq!(response.total_count, Some(2));
    let [complete, refreshing] = response.tasks.as_slice() else {
        panic!("expected two tasks: {response:?}")
    };
    assert_eq!(complete.status, Some(TaskStatus::Complete));
    assert_eq!(refreshing.status, Some(TaskStatus::Refreshing));
    assert_eq!(complete.object_type, Some(TaskKind::File));
    assert_eq!(complete.progress.as_ref().unwrap().value(), Some(100.0));
    assert_eq!(refreshing.progress.as_ref().unwrap(), &99.37);
    assert!(refreshing.progress < complete.progress);
    let created = |task: &CdnTask| task.creation_time.as_ref().unwrap().value().unwrap();
    let difference = created(refreshing).duration_since(created(complete));
    assert_eq!(difference.unwrap().as_secs(), 18 * 60 + 21);
    // An empty text is not absent.
    assert_eq!(complete.description.as_deref(), Some(""));
}

#[test]
fn malformed_text_converts_to_none_and_is_kept() {
    let response = from_json::<DescribeRefreshTaskByIdResponse>(
        br#"{"Tasks": [{"Process": "almost", "CreationTime": "2020-13-03T08:54:23Z"}]}"#,
    )
    .unwrap()
    .value;
    let task = &response.tasks[0];
    let (progress, created) =
        (task.progress.as_ref().unwrap(), task.creation_time.as_ref().unwrap());
    assert_eq!((progress.value(), created.value()), (None, None));
    assert_eq!((progress.as_str(), created.as_str()), ("almost", "2020-13-03T08:54:23Z"));
}

#[test]
fn encoding_a_response_reproduces_the_sample() {
    let response = from_json::<DescribeRefreshTaskByIdResponse>(JSON.as_bytes()).unwrap().value;
    let documented: Value = serde_json::from_str(JSON).unwrap();
    assert_eq!(serde_json::to_value(&response).unwrap(), documented);

    let deserialized: DescribeRefreshTaskByIdResponse = serde_json::from_value(documented).unwrap();
    assert_eq!(deserialized, response);

    let xml = to_xml("DescribeRefreshTaskByIdResponse", "Tasks", &response);
    let sample_on_one_line: String = XML.lines().map(str::trim).collect();
    assert_eq!(xml, sample_on_one_line);
}

/// Tests that a documented response decodes without issues and encodes to the sample, in each format.
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
                // Fields are encoded in the order of the description, which can differ from the sample.
                let encoded = to_xml(concat!($operation, "Response"), "Item", &decoded.value);
                let redecoded = from_xml::<alicloud_cdn::model::$type>(encoded.as_bytes()).unwrap();
                assert_eq!(redecoded.value, decoded.value);
                assert_eq!(sorted_elements(&encoded), sorted_elements(text));
                insta::assert_debug_snapshot!(decoded.value);
            }
        }
    };
}

/// Returns the elements and texts of a document, sorted and in lower case: the order and case in the
/// documentation are not those of the description.
fn sorted_elements(xml: &str) -> Vec<String> {
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
fn quotas_and_lists_of_ids_convert_to_their_types() {
    let text = include_str!("../../specs/cdn/2018-05-10/samples/DescribeRefreshQuota.json");
    let quota = from_json::<alicloud_cdn::model::DescribeRefreshQuotaResponse>(text.as_bytes())
        .unwrap()
        .value;
    assert_eq!((quota.url_quota, quota.url_remain), (Some(2000), Some(1996)));
    let response = br#"{"RefreshTaskId": "704222901,704222902"}"#;
    let response =
        from_json::<alicloud_cdn::model::RefreshObjectCachesResponse>(response).unwrap().value;
    assert_eq!(response.refresh_task_ids, ["704222901", "704222902"]);
}

#[test]
fn requests_can_be_serialized_and_deserialized() {
    use alicloud_cdn::model::DescribeRefreshTaskByIdRequest;
    let request = DescribeRefreshTaskByIdRequest::new(["704225667", "704222904"]);
    let json = serde_json::to_string(&request).unwrap();
    assert_eq!(json, r#"{"TaskId":["704225667","704222904"]}"#);
    assert_eq!(serde_json::from_str::<DescribeRefreshTaskByIdRequest>(&json).unwrap(), request);
}
