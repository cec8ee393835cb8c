//! Times of ours as the service writes them.

use std::time::{Duration, SystemTime};

use alicloud_core::Response;

use crate::time::writable;

/// A clock further off than this is more likely a header that is wrong.
const MOST: Duration = Duration::from_secs(24 * 60 * 60);

/// How far the service's clock is ahead of ours, or behind it.
#[derive(Clone, Copy, Default)]
pub(super) struct Ahead {
    by: Duration,
    is_behind: bool,
}

impl Ahead {
    /// What a response says that has just come in. One out of a cache tells the time at which it was put
    /// there.
    pub(super) fn of<T>(response: &Response<T>, now: SystemTime) -> Option<Self> {
        let theirs = response.date().filter(|_| !response.headers.contains_key("age"))?;
        let ahead = match theirs.duration_since(now) {
            Ok(by) => Ahead { by, is_behind: false },
            Err(error) => Ahead { by: error.duration(), is_behind: true },
        };
        (ahead.by <= MOST).then_some(ahead)
    }

    /// A time of ours, as the service would write it.
    pub(super) fn apply(self, time: SystemTime) -> SystemTime {
        let theirs = match self.is_behind {
            true => time.checked_sub(self.by),
            false => time.checked_add(self.by),
        };
        theirs.unwrap_or(time)
    }
}

/// A time as parameters of the service have it.
pub(super) fn rfc3339(time: SystemTime) -> String {
    humantime::format_rfc3339_seconds(writable(time)).to_string()
}
