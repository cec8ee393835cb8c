//! The cases that every client runs, in this order.
//!
//! Each call is written twice, independently: with our types, and as parameters for the official
//! clients.

use alicloud_cdn::model::{
    DescribeCdnUserQuotaRequest, DescribePreloadDetailByIdRequest, DescribeRefreshQuotaRequest,
    DescribeRefreshTaskByIdRequest, DescribeRefreshTasksRequest, PushObjectCacheRequest,
    RefreshObjectCacheByCacheTagRequest, RefreshObjectCachesRequest, RefreshTarget, TaskKind,
    TaskStatus, push_object_cache::Area,
};
use serde_json::{Value, json};

use crate::access_key::AccessKey;
use crate::call::Invocation;
use crate::call_result::EarlierResponses;
use crate::our_client::our_call;

pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) key: AccessKey,
    /// By how many seconds the clock of the service is advanced before the call.
    pub(crate) advance_seconds: u64,
    pub(crate) invocation: fn(&EarlierResponses) -> Invocation,
    /// The status and code of the expected error; `None` if the call has to succeed.
    pub(crate) error: Option<(u16, &'static str)>,
}

/// URLs with the characters that encodings treat specially.
const SPECIAL_URLS: [&str; 4] = [
    "http://example.com/a b+c%20d/*~!'()?x=1&y=%2F;z#-_.",
    "http://example.com/\u{e9}/\u{4f60}\u{597d}/\u{1f600}.png",
    "https://example.com/<a href=\"b\">&amp;]]>,[{}]|\\^`$@:",
    "http://other.example.com/broken/c.js",
];

const fn case(
    name: &'static str,
    advance_seconds: u64,
    invocation: fn(&EarlierResponses) -> Invocation,
) -> Case {
    Case { name, key: AccessKey::Valid, advance_seconds, invocation, error: None }
}

const fn temporary_key_case(
    name: &'static str,
    invocation: fn(&EarlierResponses) -> Invocation,
) -> Case {
    Case { name, key: AccessKey::Temporary, advance_seconds: 0, invocation, error: None }
}

const fn error_case(
    name: &'static str,
    key: AccessKey,
    invocation: fn(&EarlierResponses) -> Invocation,
    (status, code): (u16, &'static str),
) -> Case {
    Case { name, key, advance_seconds: 0, invocation, error: Some((status, code)) }
}

pub(crate) const CASES: &[Case] = &[
    case("quota before refreshing", 0, refresh_quota),
    case("quota of the account", 0, user_quota),
    case("files", 0, refresh_files),
    case("one file", 1, refresh_one_file),
    case("directories", 0, refresh_directories),
    case("regex", 1, refresh_regex),
    case("preload with all options", 0, preload_with_all_options),
    case("preload", 0, preload),
    case("tags, forced", 1, refresh_tags_forced),
    case("tag", 0, refresh_tag),
    case("task not listed yet", 0, tag_task),
    case("tasks in progress", 14, several_tasks),
    case("one task", 0, one_file_task),
    case("preload in progress", 0, preload_detail),
    case("finished tasks", 120, several_tasks),
    case("finished preload", 0, preload_detail),
    case("unknown preload", 0, unknown_preload),
    case("list", 0, list),
    case("list, second page", 0, list_second_page),
    case("list by task", 0, list_by_task),
    case("list by status", 0, list_by_status),
    case("list by URL and time", 0, list_by_url_and_time),
    case("quota after refreshing", 0, refresh_quota),
    temporary_key_case("temporary key, in the query", one_file_task),
    temporary_key_case("temporary key, in the form", refresh_files),
    error_case(
        "wrong token",
        AccessKey::WrongToken,
        one_file_task,
        (400, "InvalidSecurityToken.Malformed"),
    ),
    error_case("wrong secret, in the query", AccessKey::WrongSecret, one_file_task, BAD_SIGNATURE),
    error_case("wrong secret, in the form", AccessKey::WrongSecret, refresh_files, BAD_SIGNATURE),
    error_case("wrong secret, quota", AccessKey::WrongSecret, refresh_quota, BAD_SIGNATURE),
    error_case("wrong secret, account", AccessKey::WrongSecret, user_quota, BAD_SIGNATURE),
    error_case(
        "wrong secret, preload",
        AccessKey::WrongSecret,
        preload_with_all_options,
        BAD_SIGNATURE,
    ),
    error_case("wrong secret, tags", AccessKey::WrongSecret, refresh_tags_forced, BAD_SIGNATURE),
    error_case("wrong secret, detail", AccessKey::WrongSecret, preload_detail, BAD_SIGNATURE),
    error_case("wrong secret, list", AccessKey::WrongSecret, list_by_url_and_time, BAD_SIGNATURE),
    error_case(
        "unknown key",
        AccessKey::Unknown,
        one_file_task,
        (404, "InvalidAccessKeyId.NotFound"),
    ),
    error_case("malformed id", AccessKey::Valid, malformed_id, (400, "InvalidTaskId.Malformed")),
    error_case(
        "malformed URL",
        AccessKey::Valid,
        malformed_url,
        (400, "InvalidObjectPath.Malformed"),
    ),
    error_case(
        "status without type",
        AccessKey::Valid,
        status_without_type,
        (400, "MissingParameter.ObjectType"),
    ),
];

const BAD_SIGNATURE: (u16, &str) = (400, "SignatureDoesNotMatch");

fn refresh_quota(_: &EarlierResponses) -> Invocation {
    Invocation {
        operation: "DescribeRefreshQuota",
        our_call: our_call(|client| {
            client.describe_refresh_quota(DescribeRefreshQuotaRequest::new())
        }),
        parameters: json!({}),
    }
}

fn user_quota(_: &EarlierResponses) -> Invocation {
    Invocation {
        operation: "DescribeCdnUserQuota",
        our_call: our_call(|client| {
            client.describe_cdn_user_quota(DescribeCdnUserQuotaRequest::new())
        }),
        parameters: json!({}),
    }
}

fn refresh(request: RefreshObjectCachesRequest, parameters: Value) -> Invocation {
    Invocation {
        operation: "RefreshObjectCaches",
        our_call: our_call(|client| client.refresh_object_caches(request)),
        parameters,
    }
}

fn refresh_files(_: &EarlierResponses) -> Invocation {
    refresh(
        RefreshObjectCachesRequest::new(SPECIAL_URLS).object_type(RefreshTarget::File).force(true),
        json!({ "ObjectPath": SPECIAL_URLS.join("\n"), "ObjectType": "File", "Force": true }),
    )
}

fn refresh_one_file(_: &EarlierResponses) -> Invocation {
    refresh(
        RefreshObjectCachesRequest::new(["http://one.example.com/index.html"]),
        json!({ "ObjectPath": "http://one.example.com/index.html" }),
    )
}

fn refresh_directories(_: &EarlierResponses) -> Invocation {
    refresh(
        RefreshObjectCachesRequest::new(["http://example.com/a/", "http://example.com/b/"])
            .object_type(RefreshTarget::Directory)
            .force(false),
        json!({
            "ObjectPath": "http://example.com/a/\nhttp://example.com/b/",
            "ObjectType": "Directory",
            "Force": false,
        }),
    )
}

fn refresh_regex(_: &EarlierResponses) -> Invocation {
    refresh(
        RefreshObjectCachesRequest::new([r"http://example.com/.*\.(png|jpg)$"])
            .object_type(RefreshTarget::Regex),
        json!({ "ObjectPath": r"http://example.com/.*\.(png|jpg)$", "ObjectType": "Regex" }),
    )
}

fn malformed_url(_: &EarlierResponses) -> Invocation {
    refresh(
        RefreshObjectCachesRequest::new(["example.com without a scheme"]),
        json!({ "ObjectPath": "example.com without a scheme" }),
    )
}

fn push(request: PushObjectCacheRequest, parameters: Value) -> Invocation {
    Invocation {
        operation: "PushObjectCache",
        our_call: our_call(|client| client.push_object_cache(request)),
        parameters,
    }
}

fn header<const N: usize>(values: [&str; N]) -> Vec<String> {
    values.map(str::to_owned).into()
}

fn preload_with_all_options(_: &EarlierResponses) -> Invocation {
    push(
        PushObjectCacheRequest::new([
            "http://cdn.example.com/a",
            "http://cdn.example.com/broken/b",
        ])
        .area(Area::Overseas)
        .l2_preload(true)
        .with_header([
            ("Accept-Encoding", header(["br, gzip"])),
            ("X-\u{e9}", header(["\"1\"", "2"])),
        ]),
        json!({
            "ObjectPath": "http://cdn.example.com/a\nhttp://cdn.example.com/broken/b",
            "Area": "overseas",
            "L2Preload": true,
            "WithHeader": r#"{"Accept-Encoding":["br, gzip"],"X-é":["\"1\"","2"]}"#,
        }),
    )
}

fn preload(_: &EarlierResponses) -> Invocation {
    push(
        PushObjectCacheRequest::new(["http://example.com/video.mp4"]),
        json!({ "ObjectPath": "http://example.com/video.mp4" }),
    )
}

fn tags(request: RefreshObjectCacheByCacheTagRequest, parameters: Value) -> Invocation {
    Invocation {
        operation: "RefreshObjectCacheByCacheTag",
        our_call: our_call(|client| client.refresh_object_cache_by_cache_tag(request)),
        parameters,
    }
}

fn refresh_tags_forced(_: &EarlierResponses) -> Invocation {
    tags(
        RefreshObjectCacheByCacheTagRequest::new("example.com", ["a b", "\u{e9}&+"]).force(true),
        json!({ "DomainName": "example.com", "CacheTag": "a b,\u{e9}&+", "Force": true }),
    )
}

fn refresh_tag(_: &EarlierResponses) -> Invocation {
    tags(
        RefreshObjectCacheByCacheTagRequest::new("tag.example.com", ["news"]),
        json!({ "DomainName": "tag.example.com", "CacheTag": "news" }),
    )
}

/// Describes tasks. The service returns several ids of one call as one text with commas.
fn by_id(ids: &[&str]) -> Invocation {
    let ids = ids.join(",");
    let request = DescribeRefreshTaskByIdRequest::new(ids.split(','));
    Invocation {
        operation: "DescribeRefreshTaskById",
        our_call: our_call(|client| client.describe_refresh_task_by_id(request)),
        parameters: json!({ "TaskId": ids }),
    }
}

fn tag_task(earlier: &EarlierResponses) -> Invocation {
    by_id(&[earlier.id("tag")])
}

fn one_file_task(earlier: &EarlierResponses) -> Invocation {
    by_id(&[earlier.id("one file")])
}

fn several_tasks(earlier: &EarlierResponses) -> Invocation {
    by_id(&[earlier.id("files"), earlier.id("directories"), earlier.id("preload with all options")])
}

fn malformed_id(_: &EarlierResponses) -> Invocation {
    by_id(&["oops"])
}

fn detail(id: String) -> Invocation {
    let parameters = json!({ "TaskId": id });
    Invocation {
        operation: "DescribePreloadDetailById",
        our_call: our_call(|client| {
            client.describe_preload_detail_by_id(DescribePreloadDetailByIdRequest::new(id))
        }),
        parameters,
    }
}

fn preload_detail(earlier: &EarlierResponses) -> Invocation {
    detail(earlier.id("preload with all options").to_owned())
}

fn unknown_preload(_: &EarlierResponses) -> Invocation {
    detail("1".to_owned())
}

fn tasks(request: DescribeRefreshTasksRequest, parameters: Value) -> Invocation {
    Invocation {
        operation: "DescribeRefreshTasks",
        our_call: our_call(|client| client.describe_refresh_tasks(request)),
        parameters,
    }
}

fn list(_: &EarlierResponses) -> Invocation {
    tasks(DescribeRefreshTasksRequest::new(), json!({}))
}

fn list_second_page(_: &EarlierResponses) -> Invocation {
    tasks(
        DescribeRefreshTasksRequest::new().page_number(2).page_size(3),
        json!({ "PageNumber": 2, "PageSize": 3 }),
    )
}

fn list_by_task(earlier: &EarlierResponses) -> Invocation {
    let id = earlier.id("one file");
    tasks(DescribeRefreshTasksRequest::new().task_id(id), json!({ "TaskId": id }))
}

fn list_by_status(_: &EarlierResponses) -> Invocation {
    tasks(
        DescribeRefreshTasksRequest::new()
            .domain_name("example.com")
            .object_type(TaskKind::Directory)
            .status(TaskStatus::Complete)
            .resource_group_id("rg-1"),
        json!({
            "DomainName": "example.com",
            "ObjectType": "directory",
            "Status": "Complete",
            "ResourceGroupId": "rg-1",
        }),
    )
}

fn list_by_url_and_time(earlier: &EarlierResponses) -> Invocation {
    let [url, ..] = SPECIAL_URLS;
    let time = earlier.time();
    tasks(
        DescribeRefreshTasksRequest::new().object_path(url).start_time(time).end_time(time),
        json!({ "ObjectPath": url, "StartTime": time, "EndTime": time }),
    )
}

fn status_without_type(_: &EarlierResponses) -> Invocation {
    tasks(
        DescribeRefreshTasksRequest::new().status(TaskStatus::Failed),
        json!({ "Status": "Failed" }),
    )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn documented_operations() -> BTreeSet<String> {
        let description = include_str!("../../../../specs/cdn/2018-05-10/api.json");
        let description: Value = serde_json::from_str(description).unwrap();
        description["apis"].as_object().unwrap().keys().cloned().collect()
    }

    fn called_operations(matches: impl Fn(&Case) -> bool) -> BTreeSet<String> {
        let operation =
            |case: &Case| (case.invocation)(&EarlierResponses::default()).operation.to_owned();
        CASES.iter().filter(|case| matches(case)).map(operation).collect()
    }

    #[test]
    fn every_operation_has_a_successful_case() {
        assert_eq!(called_operations(|case| case.error.is_none()), documented_operations());
    }

    #[test]
    fn every_operation_has_a_case_with_a_wrong_secret() {
        let has_wrong_secret = |case: &Case| {
            matches!(case.key, AccessKey::WrongSecret) && case.error == Some(BAD_SIGNATURE)
        };
        assert_eq!(called_operations(has_wrong_secret), documented_operations());
    }

    #[test]
    fn case_names_are_unique() {
        let names: BTreeSet<&str> = CASES.iter().map(|case| case.name).collect();
        assert_eq!(names.len(), CASES.len());
    }
}
