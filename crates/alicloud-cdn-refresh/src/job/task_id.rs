//! Ids of tasks.

use std::fmt;
use std::time::Duration;

/// How long the service lists tasks.
pub(crate) const TASK_RETENTION: Duration = Duration::from_secs(3 * 24 * 60 * 60);

/// Returns whether a text can be a task id. The service uses numbers. Other characters are accepted only
/// if they are harmless in a list, a shell and a terminal.
pub(crate) fn is_task_id(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

/// Error of [`Job::from_task_ids`](crate::Job::from_task_ids): a text that cannot be a task id.
///
/// ```
/// use alicloud_cdn_refresh::Job;
///
/// let error = Job::from_task_ids(["1;2"]).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     r#""1;2" is not a task id; pass numbers, separated by commas"#,
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidTaskId(pub(super) String);

impl fmt::Display for InvalidTaskId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is not a task id; pass numbers, separated by commas", self.0)
    }
}

impl std::error::Error for InvalidTaskId {}
