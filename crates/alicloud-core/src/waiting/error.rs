//! Why a wait ended without what was waited for.

use std::fmt;
use std::time::Duration;

use super::PollStatus;
use crate::error::Error;

/// Why a wait ended without what was waited for, and what was seen last.
///
/// ```
/// use alicloud_core::WaitError;
///
/// fn advice<S>(error: &WaitError<S>) -> &'static str {
///     match error {
///         e if e.is_failure() => "what failed is in the state; start anew what can be repeated",
///         e if e.is_timeout() => "wait again: nothing is lost by it",
///         _ => "see call_error()",
///     }
/// }
/// # let _ = advice::<()>;
/// ```
pub struct WaitError<S>(Box<Inner<S>>);

struct Inner<S> {
    end: End,
    status: PollStatus,
    state: Option<S>,
    last: Option<Error>,
    looks: u32,
    limit: Duration,
}

/// What ended it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    State,
    Time,
    Look,
}

impl<S> WaitError<S> {
    pub(super) fn new(
        end: End,
        status: PollStatus,
        state: Option<S>,
        last: Option<Error>,
        looks: u32,
        limit: Duration,
    ) -> Self {
        WaitError(Box::new(Inner { end, status, state, last, looks, limit }))
    }

    /// Before anything was looked at.
    #[cfg(feature = "blocking")]
    pub(crate) fn unable(error: Error) -> Self {
        let status = PollStatus::InProgress("nothing was seen".to_owned());
        WaitError::new(End::Look, status, None, Some(error), 0, Duration::ZERO)
    }

    /// The state is final, and not the one that was waited for.
    pub fn is_failure(&self) -> bool {
        self.0.end == End::State
    }

    /// The time was over. What was waited for may still come.
    pub fn is_timeout(&self) -> bool {
        self.0.end == End::Time
    }

    /// How the last look failed: for good, or in a way that would have passed when the time was over.
    pub fn call_error(&self) -> Option<&Error> {
        self.0.last.as_ref()
    }

    /// How the last look failed, to pass on.
    pub fn into_call_error(self) -> Option<Error> {
        self.0.last
    }

    /// What was seen last; nothing when no look succeeded.
    pub fn state(&self) -> Option<&S> {
        self.0.state.as_ref()
    }

    /// What was seen last, to keep.
    pub fn into_state(self) -> Option<S> {
        self.0.state
    }

    /// How often it looked.
    pub fn polls(&self) -> u32 {
        self.0.looks
    }
}

impl<S> fmt::Display for WaitError<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { end, status, last, looks, limit, .. } = &*self.0;
        match end {
            End::State => f.write_str("what was waited for has failed")?,
            End::Time => write!(f, "still waiting after {limit:?} and {looks} looks")?,
            End::Look => write!(f, "waiting has failed at look {looks}")?,
        }
        if let PollStatus::InProgress(why) | PollStatus::Failed(why) = status {
            write!(f, ": {why}")?;
        }
        match last {
            Some(error) => write!(f, "; the last look: {error}"),
            None => Ok(()),
        }
    }
}

impl<S> fmt::Debug for WaitError<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WaitError")
            .field("message", &format_args!("{self}"))
            .field("call_error", &self.0.last)
            .finish_non_exhaustive()
    }
}

/// Its cause is told in its own text, so it has no `source`; see
/// [`call_error`](WaitError::call_error).
impl<S> std::error::Error for WaitError<S> {}
