//! What to do about what has gone wrong.

use alicloud_cdn::{Error, error_code};
use alicloud_core::Outcome;

use crate::status::{ObjectStatus, StoredError};

/// Before something is sent again that may have been carried out.
pub(crate) const LOOK_FIRST: &str = "look into the list of tasks before sending it again: the console has it, and so has aliyun cdn \
     DescribeRefreshTasks";

/// What to do about a failed call of this crate's operations.
pub(crate) fn for_error(error: &Error) -> &'static str {
    let is = |code| error.code() == Some(code);
    match error {
        e if e.is_configuration() => "correct that setting",
        e if e.is_clock_skew() => "set the clock of this machine",
        e if e.is_auth() && e.status().is_none() => {
            "set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or mend the source that \
             was meant"
        }
        e if e.is_auth() => "check the access key, its secret and the security token",
        e if e.outcome() == Outcome::Unknown && only_reads(e) => {
            "nothing was changed by it: check the endpoint, and ask again later"
        }
        e if e.outcome() == Outcome::Unknown => LOOK_FIRST,
        _ if is(error_code::SINGLE_REQUEST_OVER_LIMIT) => {
            "this account takes fewer objects in a call: plan smaller calls, with Limits or --batch-size"
        }
        _ if is(error_code::PRELOAD_QUEUE_FULL) => {
            "look at the quota of the day, and send it again when preloads under way have ended"
        }
        _ if is(error_code::QUOTA_PER_MINUTE_EXCEEDED_REFRESH)
            || is(error_code::TOO_MANY_REFRESH) =>
        {
            "the service takes no more of them in this minute: send it again in some minutes"
        }
        e if e.is_quota_exceeded() => {
            "the quota of the day begins anew at 00:00 in UTC+8: send it then, or ask for more"
        }
        e if e.is_throttling() => "other programs use the same account: send it again later",
        e if e.is_forbidden() || is_about_domain(e) => {
            "use the credentials of the account that owns the domain, and grant them this action"
        }
        e if e.is_connect() => "check the network, the endpoint and the proxy variables",
        e if e.is_invalid_request() => "correct what the message names",
        _ => "send it again; quote the request id to support if it stays",
    }
}

/// Whether it is about an operation that changes nothing.
fn only_reads(error: &Error) -> bool {
    error.operation().is_some_and(|operation| operation.starts_with("Describe"))
}

/// A domain of somebody else is one that the service does not find.
fn is_about_domain(error: &Error) -> bool {
    error.is_not_found() || error.code().is_some_and(|code| code.starts_with("InvalidDomain"))
}

/// What to do about what has become of an object.
pub(crate) fn for_status(status: &ObjectStatus) -> Option<&str> {
    match status {
        ObjectStatus::Live => None,
        ObjectStatus::NotSent { error: None } => Some("submit it"),
        ObjectStatus::Pending { .. } => Some("wait for its task again"),
        ObjectStatus::NotSent { error: Some(error) }
        | ObjectStatus::Rejected { error }
        | ObjectStatus::Unknown { error } => Some(&error.remedy),
        ObjectStatus::Failed { service_status, .. } if service_status == StoredError::NO_TASK => {
            Some("check the id, and whose credentials these are")
        }
        ObjectStatus::Failed { description: Some(description), .. }
            if description.contains("Origin") =>
        {
            Some("check that the origin serves it, then submit it again")
        }
        ObjectStatus::Failed { .. } => {
            Some("submit it again; quote the id of its task to support if it stays")
        }
    }
}
