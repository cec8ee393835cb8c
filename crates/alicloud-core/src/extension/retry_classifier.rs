//! The decision whether an error is retried.

use std::fmt;
use std::sync::Arc;

use crate::error::Error;

/// A rule that decides which errors are retried, in addition to the rules of
/// [`RetryPolicy`](crate::RetryPolicy). Set it with [`ClientBuilder::retry_classifier`](crate::ClientBuilder::retry_classifier).
///
/// # Examples
///
/// A product whose code for a busy resource is not a known one:
///
/// ```
/// # use alicloud_core::testing::FakeTransport;
/// use alicloud_core::{Client, Credentials, Error, RetryAction, RetryClassifier};
///
/// #[derive(Debug)]
/// struct RetryBusyDisks;
///
/// impl RetryClassifier for RetryBusyDisks {
///     fn classify(&self, error: &Error) -> RetryAction {
///         match error.code() {
///             Some("IncorrectDiskStatus") => RetryAction::Retry,
///             Some("InternalError") if error.operation() == Some("CreateDisk") => RetryAction::GiveUp,
///             _ => RetryAction::Default,
///         }
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
/// let fake = FakeTransport::new()
///     .error("AttachDisk", 403, "IncorrectDiskStatus", "The disk is busy.")
///     .respond_json("AttachDisk", "{}");
/// let client = Client::generic("Ecs", "2014-05-26", "ecs.aliyuncs.com")
///     .credentials(Credentials::new("id", "secret"))
/// #   .clock(alicloud_core::testing::ManualClock::from_unix_seconds(1_767_323_045))
///     .transport(fake.clone())
///     .retry_classifier(RetryBusyDisks)
///     .build()?;
/// client.generic_call("AttachDisk").await?;
/// assert_eq!(fake.requests().len(), 2);
/// # Ok(()) }
/// ```
pub trait RetryClassifier: Send + Sync + fmt::Debug {
    /// Decides about the error of an attempt, which has its operation and the number of attempts so far.
    ///
    /// Not called for the expired timeout of a call, and not for a request that is signed again, once, with a
    /// corrected time or newer credentials. The maximum number of attempts, the delays, the timeout and
    /// the retry budget apply to each decision.
    fn classify(&self, error: &Error) -> RetryAction;
}

impl<C: RetryClassifier + ?Sized> RetryClassifier for Arc<C> {
    fn classify(&self, error: &Error) -> RetryAction {
        (**self).classify(error)
    }
}

/// A decision of a [`RetryClassifier`].
///
/// # Examples
///
/// ```
/// use alicloud_core::RetryAction;
///
/// assert_ne!(RetryAction::Retry, RetryAction::Default);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RetryAction {
    /// Apply the rules of [`RetryPolicy`](crate::RetryPolicy).
    Default,
    /// Retry. Also a call that is not idempotent: check the [`outcome`](Error::outcome) of the error if a second
    /// execution would do harm.
    Retry,
    /// Return the error.
    GiveUp,
}
