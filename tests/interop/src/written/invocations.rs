//! The calls of the cases.
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

use crate::call_result::EarlierResponses;
use crate::written::call::Invocation;
use crate::written::our_client::our_call;

/// URLs with the characters that encodings treat specially.
const SPECIAL_URLS: [&str; 4] = [
    "http://example.com/a b+c%20d/*~!'()?x=1&y=%2F;z#-_.",
    "http://example.com/\u{e9}/\u{4f60}\u{597d}/\u{1f600}.png",
    "https://example.com/<a href=\"b\">&amp;]]>,[{}]|\\^`$@:",
    "http://other.example.com/broken/c.js",
];

pub(crate) fn refresh_quota(_: &EarlierResponses) -> Invocation {
    Invocation {
        operation: "DescribeRefreshQuota",
        our_call: our_call(|client| {
            client.describe_refresh_quota(DescribeRefreshQuotaRequest::new())
        }),
        parameters: json!({}),
    }
}

pub(crate) fn user_quota(_: &EarlierResponses) -> Invocation {
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

pub(crate) fn refresh_files(_: &EarlierResponses) -> Invocation {
    refresh(
        RefreshObjectCachesRequest::new(SPECIAL_URLS).object_type(RefreshTarget::File).force(true),
        json!({ "ObjectPath": SPECIAL_URLS.join("\n"), "ObjectType": "File", "Force": true }),
    )
}

pub(crate) fn refresh_one_file(_: &EarlierResponses) -> Invocation {
    refresh(
        RefreshObjectCachesRequest::new(["http://one.example.com/index.html"]),
        json!({ "ObjectPath": "http://one.example.com/index.html" }),
    )
}

pub(crate) fn refresh_directories(_: &EarlierResponses) -> Invocation {
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

pub(crate) fn refresh_regex(_: &EarlierResponses) -> Invocation {
    refresh(
        RefreshObjectCachesRequest::new([r"http://example.com/.*\.(png|jpg)$"])
            .object_type(RefreshTarget::Regex),
        json!({ "ObjectPath": r"http://example.com/.*\.(png|jpg)$", "ObjectType": "Regex" }),
    )
}

pub(crate) fn malformed_url(_: &EarlierResponses) -> Invocation {
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

pub(crate) fn preload_with_all_options(_: &EarlierResponses) -> Invocation {
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

pub(crate) fn preload(_: &EarlierResponses) -> Invocation {
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

pub(crate) fn refresh_tags_forced(_: &EarlierResponses) -> Invocation {
    tags(
        RefreshObjectCacheByCacheTagRequest::new("example.com", ["a b", "\u{e9}&+"]).force(true),
        json!({ "DomainName": "example.com", "CacheTag": "a b,\u{e9}&+", "Force": true }),
    )
}

pub(crate) fn refresh_tag(_: &EarlierResponses) -> Invocation {
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

pub(crate) fn tag_task(earlier: &EarlierResponses) -> Invocation {
    by_id(&[earlier.id("tag")])
}

pub(crate) fn one_file_task(earlier: &EarlierResponses) -> Invocation {
    by_id(&[earlier.id("one file")])
}

pub(crate) fn several_tasks(earlier: &EarlierResponses) -> Invocation {
    by_id(&[earlier.id("files"), earlier.id("directories"), earlier.id("preload with all options")])
}

pub(crate) fn malformed_id(_: &EarlierResponses) -> Invocation {
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

pub(crate) fn preload_detail(earlier: &EarlierResponses) -> Invocation {
    detail(earlier.id("preload with all options").to_owned())
}

pub(crate) fn unknown_preload(_: &EarlierResponses) -> Invocation {
    detail("1".to_owned())
}

fn tasks(request: DescribeRefreshTasksRequest, parameters: Value) -> Invocation {
    Invocation {
        operation: "DescribeRefreshTasks",
        our_call: our_call(|client| client.describe_refresh_tasks(request)),
        parameters,
    }
}

pub(crate) fn list(_: &EarlierResponses) -> Invocation {
    tasks(DescribeRefreshTasksRequest::new(), json!({}))
}

pub(crate) fn list_second_page(_: &EarlierResponses) -> Invocation {
    tasks(
        DescribeRefreshTasksRequest::new().page_number(2).page_size(3),
        json!({ "PageNumber": 2, "PageSize": 3 }),
    )
}

pub(crate) fn list_by_task(earlier: &EarlierResponses) -> Invocation {
    let id = earlier.id("one file");
    tasks(DescribeRefreshTasksRequest::new().task_id(id), json!({ "TaskId": id }))
}

pub(crate) fn list_by_status(_: &EarlierResponses) -> Invocation {
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

pub(crate) fn list_by_url_and_time(earlier: &EarlierResponses) -> Invocation {
    let [url, ..] = SPECIAL_URLS;
    let time = earlier.time();
    tasks(
        DescribeRefreshTasksRequest::new().object_path(url).start_time(time).end_time(time),
        json!({ "ObjectPath": url, "StartTime": time, "EndTime": time }),
    )
}

pub(crate) fn status_without_type(_: &EarlierResponses) -> Invocation {
    tasks(
        DescribeRefreshTasksRequest::new().status(TaskStatus::Failed),
        json!({ "Status": "Failed" }),
    )
}
