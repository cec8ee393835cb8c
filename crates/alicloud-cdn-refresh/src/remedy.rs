//! Remedies: what to do about an error or a status.

use alicloud_cdn::{Error, error_code};
use alicloud_core::Outcome;

use crate::quota::is_minute_quota_code;

/// Remedy for a call that may have been executed.
pub(crate) const CHECK_TASK_LIST: &str = "before you resend it, check the task list in the console or with aliyun cdn \
     DescribeRefreshTasks";

/// Returns what to do about a failed call of one of this crate's operations.
pub(crate) fn for_error(error: &Error) -> &'static str {
    let is = |code| error.code() == Some(code);
    match error {
        e if e.is_configuration() => "correct the configuration and try again",
        e if e.is_clock_skew() => "correct the clock of this machine",
        e if e.is_auth() && e.status().is_none() => {
            "correct the credentials source that the message names, or create a profile with \
             `aliyun configure`"
        }
        e if e.is_auth() => "check the access key, its secret and the security token",
        e if e.outcome() == Outcome::Unknown && is_read_only(e) => {
            "check the endpoint and try again later; the call changes nothing"
        }
        e if e.outcome() == Outcome::Unknown => CHECK_TASK_LIST,
        _ if is(error_code::SINGLE_REQUEST_OVER_LIMIT) => {
            "plan smaller calls (Limits::batch_size, --batch-size); this account has a lower limit"
        }
        _ if is(error_code::PRELOAD_QUEUE_FULL) => {
            "check the daily quota, and retry when running preloads have finished"
        }
        e if e.code().is_some_and(is_minute_quota_code) => {
            "retry in a few minutes; the minute quota is exhausted"
        }
        e if e.is_quota_exceeded() => {
            "retry after the daily quota resets at 00:00 UTC+8, or request a higher quota"
        }
        e if e.is_throttling() => "retry later; other programs may use the same account",
        e if e.is_forbidden() || is_domain_error(e) => {
            "use the credentials of the account that owns the domain, and grant them this action"
        }
        e if e.is_connect() => "check the network, the endpoint and the proxy variables",
        e if e.is_invalid_request() => "correct the parameter that the message names",
        _ => "retry; if the error persists, contact support with the request id",
    }
}

/// Returns whether the failed operation changes nothing.
fn is_read_only(error: &Error) -> bool {
    error.operation().is_some_and(|operation| operation.starts_with("Describe"))
}

/// Returns whether the error is about the domain. The service does not find domains of other accounts.
fn is_domain_error(error: &Error) -> bool {
    error.is_not_found() || error.code().is_some_and(|code| code.starts_with("InvalidDomain"))
}
