//! The error of a wait.

use std::fmt;
use std::time::Duration;

use alicloud_wire::printable::printable;

use super::status::PollStatus;
use crate::error::Error;

/// The error of a [`Wait`](crate::Wait), with the last polled state.
///
/// # Examples
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
/// # use alicloud_core::testing::FakeTransport;
/// # use alicloud_core::{Client, PollStatus};
/// use alicloud_core::WaitError;
///
/// fn advice<S>(error: &WaitError<S>) -> &'static str {
///     match error {
///         e if e.is_failure() => "check state() and start the failed items again",
///         e if e.is_timeout() => "wait again",
///         _ => "check call_error()",
///     }
/// }
///
/// # let client = Client::generic("Ecs", "2014-05-26", "ecs.aliyuncs.com")
/// #     .transport(FakeTransport::new()).build()?;
/// let wait = client.wait_until(|| async { Ok("Stopped") }, |state| {
///     PollStatus::from_state(Some(state), &["Running"], &["Stopped"])
/// });
/// let error = wait.await.unwrap_err();
/// assert!(error.is_failure());
/// assert_eq!((error.state(), error.polls()), (Some(&"Stopped"), 1));
/// assert_eq!(advice(&error), "check state() and start the failed items again");
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct WaitError<S>(Box<Inner<S>>);

#[derive(Clone)]
struct Inner<S> {
    kind: WaitErrorKind,
    status: PollStatus,
    state: Option<S>,
    last_error: Option<Error>,
    polls: u32,
    max_wait: Duration,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum WaitErrorKind {
    /// The state is final, and not the target state.
    FailedState,
    /// The maximum wait has elapsed.
    Timeout,
    /// A poll failed permanently.
    Poll,
}

impl<S> WaitError<S> {
    pub(super) fn new(
        kind: WaitErrorKind,
        status: PollStatus,
        state: Option<S>,
        last_error: Option<Error>,
        polls: u32,
        max_wait: Duration,
    ) -> Self {
        WaitError(Box::new(Inner { kind, status, state, last_error, polls, max_wait }))
    }

    /// Creates the error of a wait that could not start.
    #[cfg(feature = "blocking")]
    pub(crate) fn before_first_poll(error: Error) -> Self {
        let status = PollStatus::InProgress("no poll has succeeded yet".to_owned());
        WaitError::new(WaitErrorKind::Poll, status, None, Some(error), 0, Duration::ZERO)
    }

    /// Returns whether the state is final, but not the target state.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use std::time::Duration;
    /// # use alicloud_core::testing::{FakeTransport, ManualClock};
    /// # use alicloud_core::{Client, PollStatus};
    /// # let client = Client::generic("Ecs", "2014-05-26", "ecs.aliyuncs.com")
    /// #     .transport(FakeTransport::new()).clock(ManualClock::from_unix_seconds(0)).build()?;
    /// let failed = |_: &u8| PollStatus::Failed("was deleted".to_owned());
    /// let error = client.wait_until(|| async { Ok(7) }, failed).await.unwrap_err();
    /// assert!(error.is_failure());
    /// # Ok(()) }
    /// ```
    pub fn is_failure(&self) -> bool {
        self.0.kind == WaitErrorKind::FailedState
    }

    /// Returns whether the maximum wait has elapsed. The target state may still be reached.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use std::time::Duration;
    /// # use alicloud_core::testing::{FakeTransport, ManualClock};
    /// # use alicloud_core::{Client, PollStatus};
    /// # let client = Client::generic("Ecs", "2014-05-26", "ecs.aliyuncs.com")
    /// #     .transport(FakeTransport::new()).clock(ManualClock::from_unix_seconds(0)).build()?;
    /// let copying = |_: &u8| PollStatus::InProgress("is being copied".to_owned());
    /// let wait = client.wait_until(|| async { Ok(7) }, copying).max_wait(Duration::from_secs(60));
    /// assert!(wait.await.unwrap_err().is_timeout());
    /// # Ok(()) }
    /// ```
    pub fn is_timeout(&self) -> bool {
        self.0.kind == WaitErrorKind::Timeout
    }

    /// Returns the error of the last poll: the permanent error that ended the wait, or a transient one
    /// at the time of the timeout.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, Credentials};
    /// # let fake = FakeTransport::new().error("DescribeInstance", 403, "Forbidden.RAM", "M");
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake.clone()).build()?;
    /// use alicloud_core::PollStatus;
    ///
    /// let describe = client.clone();
    /// let wait = client.wait_until(
    ///     move || describe.generic_call("DescribeInstance"),
    ///     |_| PollStatus::Succeeded,
    /// );
    /// let error = wait.await.unwrap_err();
    /// assert!(error.call_error().unwrap().is_forbidden());
    /// # Ok(()) }
    /// ```
    pub fn call_error(&self) -> Option<&Error> {
        self.0.last_error.as_ref()
    }

    /// Converts into the error of the last poll.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, Credentials};
    /// # let fake = FakeTransport::new().error("DescribeInstance", 403, "Forbidden.RAM", "M");
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake.clone()).build()?;
    /// use alicloud_core::PollStatus;
    ///
    /// let describe = client.clone();
    /// let wait = client.wait_until(
    ///     move || describe.generic_call("DescribeInstance"),
    ///     |_| PollStatus::Succeeded,
    /// );
    /// let error = wait.await.unwrap_err();
    /// assert!(error.into_call_error().unwrap().is_forbidden());
    /// # Ok(()) }
    /// ```
    pub fn into_call_error(self) -> Option<Error> {
        self.0.last_error
    }

    /// Returns the last polled state, or `None` if no poll succeeded.
    pub fn state(&self) -> Option<&S> {
        self.0.state.as_ref()
    }

    /// Converts into the last polled state.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, PollStatus};
    /// # let client = Client::generic("Ecs", "2014-05-26", "ecs.aliyuncs.com")
    /// #     .transport(FakeTransport::new()).build()?;
    /// let failed = |_: &u8| PollStatus::Failed("was deleted".to_owned());
    /// let error = client.wait_until(|| async { Ok(7) }, failed).await.unwrap_err();
    /// assert_eq!(error.to_string(), "the wait failed: was deleted");
    /// assert_eq!(error.into_state(), Some(7));
    /// # Ok(()) }
    /// ```
    pub fn into_state(self) -> Option<S> {
        self.0.state
    }

    /// Returns the number of polls.
    pub fn polls(&self) -> u32 {
        self.0.polls
    }
}

impl<S> fmt::Display for WaitError<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { kind, status, last_error, polls, max_wait, .. } = &*self.0;
        match kind {
            WaitErrorKind::FailedState => f.write_str("the wait failed")?,
            WaitErrorKind::Timeout => write!(f, "timed out after {max_wait:?} and {polls} polls")?,
            WaitErrorKind::Poll => write!(f, "the wait stopped at poll {polls}")?,
        }
        if let PollStatus::InProgress(reason) | PollStatus::Failed(reason) = status {
            write!(f, ": {}", printable(reason))?;
        }
        match last_error {
            Some(error) => write!(f, "; error of the last poll: {error}"),
            None => Ok(()),
        }
    }
}

impl<S> fmt::Debug for WaitError<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WaitError")
            .field("message", &format_args!("{self}"))
            .field("call_error", &self.0.last_error)
            .finish_non_exhaustive()
    }
}

/// `source` is always `None`, because `Display` includes the cause; see
/// [`call_error`](WaitError::call_error).
impl<S> std::error::Error for WaitError<S> {}
