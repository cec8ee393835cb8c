//! Keys that all profiles of a login have.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::credentials::document::Fields;

/// Returns a time, which the CLI stores in seconds since 1970, or as 0 if there is none.
pub(super) fn time(fields: Fields<'_>, key: &str) -> Option<SystemTime> {
    let seconds = fields.number(key).filter(|seconds| (1..1 << 40).contains(seconds))?;
    Some(UNIX_EPOCH + Duration::from_secs(seconds))
}

/// Returns the remedy of a profile that needs a new login.
pub(super) fn login_again(fields: Fields<'_>, mode: &str) -> String {
    let name = fields.text("name").unwrap_or("default");
    format!("log in again with `aliyun configure --profile {name:?} --mode {mode}`")
}
