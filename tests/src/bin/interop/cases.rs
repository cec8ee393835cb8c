//! What every client is asked to do, in this order.
//!
//! Each call is written down twice and independently: with our types, and with the names and texts
//! of the wire for the official clients.

use alicloud_cdn::model::{
    DescribeCdnUserQuotaRequest, DescribePreloadDetailByIdRequest, DescribeRefreshQuotaRequest,
    DescribeRefreshTaskByIdRequest, DescribeRefreshTasksRequest, PushObjectCacheRequest,
    RefreshObjectCacheByCacheTagRequest, RefreshObjectCachesRequest, RefreshTarget, TaskKind,
    TaskStatus, push_object_cache::Area,
};
use serde_json::{Value, json};

use crate::key::Key;
use crate::ours::{Ours, ours};
use crate::trial::Memory;

pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) key: Key,
    /// How many seconds pass at the service before.
    pub(crate) wait: u64,
    pub(crate) ask: fn(&Memory) -> Ask,
    /// The status and code of the refusal that it must come to, if it must.
    pub(crate) refusal: Option<(u16, &'static str)>,
}

pub(crate) struct Ask {
    pub(crate) operation: &'static str,
    pub(crate) ours: Ours,
    pub(crate) parameters: Value,
}

/// Everything that an encoding can get wrong.
const HARD_URLS: [&str; 4] = [
    "http://example.com/a b+c%20d/*~!'()?x=1&y=%2F;z#-_.",
    "http://example.com/\u{e9}/\u{4f60}\u{597d}/\u{1f600}.png",
    "https://example.com/<a href=\"b\">&amp;]]>,[{}]|\\^`$@:",
    "http://other.example.com/broken/c.js",
];

const fn case(name: &'static str, wait: u64, ask: fn(&Memory) -> Ask) -> Case {
    Case { name, key: Key::Right, wait, ask, refusal: None }
}

const fn temporary(name: &'static str, ask: fn(&Memory) -> Ask) -> Case {
    Case { name, key: Key::Temporary, wait: 0, ask, refusal: None }
}

const fn refused(
    name: &'static str,
    key: Key,
    ask: fn(&Memory) -> Ask,
    (status, code): (u16, &'static str),
) -> Case {
    Case { name, key, wait: 0, ask, refusal: Some((status, code)) }
}

pub(crate) const CASES: &[Case] = &[
    case("quota before", 0, refresh_quota),
    case("quota of the account", 0, user_quota),
    case("files", 0, refresh_files),
    case("one file", 1, refresh_one_file),
    case("directories", 0, refresh_directories),
    case("regex", 1, refresh_regex),
    case("preload with everything", 0, preload_with_everything),
    case("preload", 0, preload),
    case("tags, forced", 1, refresh_tags_forced),
    case("tag", 0, refresh_tag),
    case("not listed yet", 0, tag_task),
    case("under way", 14, several_tasks),
    case("one task", 0, one_file_task),
    case("preload under way", 0, preload_detail),
    case("done", 120, several_tasks),
    case("preload done", 0, preload_detail),
    case("preload of no such id", 0, unknown_preload),
    case("list", 0, list),
    case("list, second page", 0, list_second_page),
    case("list by task", 0, list_by_task),
    case("list by state", 0, list_by_state),
    case("list by URL and time", 0, list_by_url_and_time),
    case("quota after", 0, refresh_quota),
    temporary("temporary key, in the query", one_file_task),
    temporary("temporary key, in the form", refresh_files),
    refused("wrong token", Key::WrongToken, one_file_task, (400, "InvalidSecurityToken.Malformed")),
    refused("wrong secret, in the query", Key::WrongSecret, one_file_task, BAD_SIGNATURE),
    refused("wrong secret, in the form", Key::WrongSecret, refresh_files, BAD_SIGNATURE),
    refused("wrong secret, quota", Key::WrongSecret, refresh_quota, BAD_SIGNATURE),
    refused("wrong secret, account", Key::WrongSecret, user_quota, BAD_SIGNATURE),
    refused("wrong secret, preload", Key::WrongSecret, preload_with_everything, BAD_SIGNATURE),
    refused("wrong secret, tags", Key::WrongSecret, refresh_tags_forced, BAD_SIGNATURE),
    refused("wrong secret, detail", Key::WrongSecret, preload_detail, BAD_SIGNATURE),
    refused("wrong secret, list", Key::WrongSecret, list_by_url_and_time, BAD_SIGNATURE),
    refused("unknown key", Key::Unknown, one_file_task, (404, "InvalidAccessKeyId.NotFound")),
    refused("malformed id", Key::Right, malformed_id, (400, "InvalidTaskId.Malformed")),
    refused("malformed URL", Key::Right, malformed_url, (400, "InvalidObjectPath.Malformed")),
    refused("state alone", Key::Right, state_alone, (400, "MissingParameter.ObjectType")),
];

const BAD_SIGNATURE: (u16, &str) = (400, "SignatureDoesNotMatch");

fn refresh_quota(_: &Memory) -> Ask {
    Ask {
        operation: "DescribeRefreshQuota",
        ours: ours(|client| client.describe_refresh_quota(DescribeRefreshQuotaRequest::new())),
        parameters: json!({}),
    }
}

fn user_quota(_: &Memory) -> Ask {
    Ask {
        operation: "DescribeCdnUserQuota",
        ours: ours(|client| client.describe_cdn_user_quota(DescribeCdnUserQuotaRequest::new())),
        parameters: json!({}),
    }
}

fn refresh(request: RefreshObjectCachesRequest, parameters: Value) -> Ask {
    Ask {
        operation: "RefreshObjectCaches",
        ours: ours(|client| client.refresh_object_caches(request)),
        parameters,
    }
}

fn refresh_files(_: &Memory) -> Ask {
    refresh(
        RefreshObjectCachesRequest::new(HARD_URLS).object_type(RefreshTarget::File).force(true),
        json!({ "ObjectPath": HARD_URLS.join("\n"), "ObjectType": "File", "Force": true }),
    )
}

fn refresh_one_file(_: &Memory) -> Ask {
    refresh(
        RefreshObjectCachesRequest::new(["http://one.example.com/index.html"]),
        json!({ "ObjectPath": "http://one.example.com/index.html" }),
    )
}

fn refresh_directories(_: &Memory) -> Ask {
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

fn refresh_regex(_: &Memory) -> Ask {
    refresh(
        RefreshObjectCachesRequest::new([r"http://example.com/.*\.(png|jpg)$"])
            .object_type(RefreshTarget::Regex),
        json!({ "ObjectPath": r"http://example.com/.*\.(png|jpg)$", "ObjectType": "Regex" }),
    )
}

fn malformed_url(_: &Memory) -> Ask {
    refresh(
        RefreshObjectCachesRequest::new(["example.com without a scheme"]),
        json!({ "ObjectPath": "example.com without a scheme" }),
    )
}

fn push(request: PushObjectCacheRequest, parameters: Value) -> Ask {
    Ask {
        operation: "PushObjectCache",
        ours: ours(|client| client.push_object_cache(request)),
        parameters,
    }
}

fn header<const N: usize>(values: [&str; N]) -> Vec<String> {
    values.map(str::to_owned).into()
}

fn preload_with_everything(_: &Memory) -> Ask {
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

fn preload(_: &Memory) -> Ask {
    push(
        PushObjectCacheRequest::new(["http://example.com/video.mp4"]),
        json!({ "ObjectPath": "http://example.com/video.mp4" }),
    )
}

fn tags(request: RefreshObjectCacheByCacheTagRequest, parameters: Value) -> Ask {
    Ask {
        operation: "RefreshObjectCacheByCacheTag",
        ours: ours(|client| client.refresh_object_cache_by_cache_tag(request)),
        parameters,
    }
}

fn refresh_tags_forced(_: &Memory) -> Ask {
    tags(
        RefreshObjectCacheByCacheTagRequest::new("example.com", ["a b", "\u{e9}&+"]).force(true),
        json!({ "DomainName": "example.com", "CacheTag": "a b,\u{e9}&+", "Force": true }),
    )
}

fn refresh_tag(_: &Memory) -> Ask {
    tags(
        RefreshObjectCacheByCacheTagRequest::new("tag.example.com", ["news"]),
        json!({ "DomainName": "tag.example.com", "CacheTag": "news" }),
    )
}

/// Takes ids as the service gives them, joined with commas.
fn by_id(ids: &[&str]) -> Ask {
    let ids = ids.join(",");
    let request = DescribeRefreshTaskByIdRequest::new(ids.split(','));
    Ask {
        operation: "DescribeRefreshTaskById",
        ours: ours(|client| client.describe_refresh_task_by_id(request)),
        parameters: json!({ "TaskId": ids }),
    }
}

fn tag_task(memory: &Memory) -> Ask {
    by_id(&[memory.id("tag")])
}

fn one_file_task(memory: &Memory) -> Ask {
    by_id(&[memory.id("one file")])
}

fn several_tasks(memory: &Memory) -> Ask {
    by_id(&[memory.id("files"), memory.id("directories"), memory.id("preload with everything")])
}

fn malformed_id(_: &Memory) -> Ask {
    by_id(&["oops"])
}

fn detail(id: String) -> Ask {
    let parameters = json!({ "TaskId": id });
    Ask {
        operation: "DescribePreloadDetailById",
        ours: ours(|client| {
            client.describe_preload_detail_by_id(DescribePreloadDetailByIdRequest::new(id))
        }),
        parameters,
    }
}

fn preload_detail(memory: &Memory) -> Ask {
    detail(memory.id("preload with everything").to_owned())
}

fn unknown_preload(_: &Memory) -> Ask {
    detail("1".to_owned())
}

fn tasks(request: DescribeRefreshTasksRequest, parameters: Value) -> Ask {
    Ask {
        operation: "DescribeRefreshTasks",
        ours: ours(|client| client.describe_refresh_tasks(request)),
        parameters,
    }
}

fn list(_: &Memory) -> Ask {
    tasks(DescribeRefreshTasksRequest::new(), json!({}))
}

fn list_second_page(_: &Memory) -> Ask {
    tasks(
        DescribeRefreshTasksRequest::new().page_number(2).page_size(3),
        json!({ "PageNumber": 2, "PageSize": 3 }),
    )
}

fn list_by_task(memory: &Memory) -> Ask {
    let id = memory.id("one file");
    tasks(DescribeRefreshTasksRequest::new().task_id(id), json!({ "TaskId": id }))
}

fn list_by_state(_: &Memory) -> Ask {
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

fn list_by_url_and_time(memory: &Memory) -> Ask {
    let [url, ..] = HARD_URLS;
    let time = memory.time();
    tasks(
        DescribeRefreshTasksRequest::new().object_path(url).start_time(time).end_time(time),
        json!({ "ObjectPath": url, "StartTime": time, "EndTime": time }),
    )
}

fn state_alone(_: &Memory) -> Ask {
    tasks(
        DescribeRefreshTasksRequest::new().status(TaskStatus::Failed),
        json!({ "Status": "Failed" }),
    )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn offered() -> BTreeSet<String> {
        let description = include_str!("../../../../specs/cdn/2018-05-10/api.json");
        let description: Value = serde_json::from_str(description).unwrap();
        description["apis"].as_object().unwrap().keys().cloned().collect()
    }

    fn called(is_meant: impl Fn(&Case) -> bool) -> BTreeSet<String> {
        let ask = |case: &Case| (case.ask)(&Memory::default()).operation.to_owned();
        CASES.iter().filter(|case| is_meant(case)).map(ask).collect()
    }

    #[test]
    fn every_operation_of_the_product_is_called() {
        assert_eq!(called(|case| case.refusal.is_none()), offered());
    }

    #[test]
    fn every_operation_of_the_product_is_refused_with_a_wrong_secret() {
        let is_refused = |case: &Case| {
            matches!(case.key, Key::WrongSecret) && case.refusal == Some(BAD_SIGNATURE)
        };
        assert_eq!(called(is_refused), offered());
    }

    #[test]
    fn cases_have_names_of_their_own() {
        let names: BTreeSet<&str> = CASES.iter().map(|case| case.name).collect();
        assert_eq!(names.len(), CASES.len());
    }
}
