//! The cases that every client runs, in this order.

use crate::access_key::AccessKey;
use crate::call_result::EarlierResponses;
use crate::written::call::Invocation;
use crate::written::invocations::{
    list, list_by_status, list_by_task, list_by_url_and_time, list_second_page, malformed_id,
    malformed_url, one_file_task, preload, preload_detail, preload_with_all_options,
    refresh_directories, refresh_files, refresh_one_file, refresh_quota, refresh_regex,
    refresh_tag, refresh_tags_forced, several_tasks, status_without_type, tag_task,
    unknown_preload, user_quota,
};

pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) key: AccessKey,
    /// By how many seconds the clock of the service is advanced before the call.
    pub(crate) advance_seconds: u64,
    pub(crate) invocation: fn(&EarlierResponses) -> Invocation,
    /// The status and code of the expected error; `None` if the call has to succeed.
    pub(crate) error: Option<(u16, &'static str)>,
}

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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// The operations of the group `refresh`, which have written cases.
    fn operations_with_cases() -> BTreeSet<String> {
        let names = [
            "DescribeCdnUserQuota",
            "DescribePreloadDetailById",
            "DescribeRefreshQuota",
            "DescribeRefreshTaskById",
            "DescribeRefreshTasks",
            "PushObjectCache",
            "RefreshObjectCacheByCacheTag",
            "RefreshObjectCaches",
        ];
        names.map(str::to_owned).into()
    }

    fn called_operations(matches: impl Fn(&Case) -> bool) -> BTreeSet<String> {
        let operation =
            |case: &Case| (case.invocation)(&EarlierResponses::default()).operation.to_owned();
        CASES.iter().filter(|case| matches(case)).map(operation).collect()
    }

    #[test]
    fn every_operation_has_a_successful_case() {
        assert_eq!(called_operations(|case| case.error.is_none()), operations_with_cases());
    }

    #[test]
    fn every_operation_has_a_case_with_a_wrong_secret() {
        let has_wrong_secret = |case: &Case| {
            matches!(case.key, AccessKey::WrongSecret) && case.error == Some(BAD_SIGNATURE)
        };
        assert_eq!(called_operations(has_wrong_secret), operations_with_cases());
    }

    #[test]
    fn case_names_are_unique() {
        let names: BTreeSet<&str> = CASES.iter().map(|case| case.name).collect();
        assert_eq!(names.len(), CASES.len());
    }
}
