//! Journals, which record the events of a job.

use std::future::ready;
use std::sync::Arc;

use alicloud_core::BoxFuture;

use super::event::Event;

/// An error of a [`Journal`]: any error whose `Display` is one line that says what to do.
///
/// ```
/// use alicloud_cdn_refresh::JournalError;
///
/// let error: JournalError = "the table is locked; retry later".into();
/// assert_eq!(error.to_string(), "the table is locked; retry later");
/// ```
pub type JournalError = Box<dyn std::error::Error + Send + Sync>;

/// The right of a program to continue a job, for journals that several programs can open one after the other.
///
/// ```
/// use alicloud_cdn_refresh::{BoxFuture, JournalError, Lease};
///
/// /// A lease that ends when another program takes the row of the job.
/// struct Row;
///
/// impl Lease for Row {
///     fn is_valid(&self) -> bool {
///         false // since the last renewal, more time has passed than others wait
///     }
///
///     fn confirm(&self) -> BoxFuture<'_, Result<(), JournalError>> {
///         Box::pin(async { Err("host-2 continues the job; see its output".into()) })
///     }
/// }
/// assert!(!Row.is_valid());
/// ```
pub trait Lease: Send + Sync {
    /// Returns whether this program certainly has the job now. Must not block.
    ///
    /// It is called before each step of a call after its [`Event::Sending`] was recorded: before it is sent,
    /// also if it waited for the rate limiter or the whole program was suspended.
    fn is_valid(&self) -> bool;

    /// Finds out whether this program still has the job, and renews the lease if it does. Called when it is
    /// not [valid](Self::is_valid); the call makes no progress meanwhile.
    ///
    /// # Errors
    ///
    /// Returns an error if another program continues the job, or if that cannot be found out within a
    /// bounded time. The calls in progress are then dropped, and the submission ends with
    /// [`Error::Journal`](crate::Error::Journal). The program that continues the job finds these calls as
    /// being sent, and looks them up.
    fn confirm(&self) -> BoxFuture<'_, Result<(), JournalError>>;
}

/// A record of a job's events, written ahead: a call is sent only after its [`Event::Sending`] was
/// recorded, so a call without that event was not sent.
///
/// A [`StateFile`](crate::StateFile) is a journal, and so is a closure that observes the events. A
/// service can keep the initial job and its events in a database, and restore the job with
/// [`Job::apply`](crate::Job::apply):
///
/// ```
/// use alicloud_cdn_refresh::{BoxFuture, Event, Job, Journal, JournalError, Plan};
///
/// struct Table(Vec<String>);
///
/// impl Journal for Table {
///     fn record<'a>(&'a mut self, events: &'a [Event]) -> BoxFuture<'a, Result<(), JournalError>> {
///         Box::pin(async move {
///             // With a database: one transaction that inserts all rows.
///             for event in events {
///                 self.0.push(serde_json::to_string(event)?);
///             }
///             Ok(())
///         })
///     }
/// }
/// # use alicloud_core::{Credentials, testing::{FakeTransport, ManualClock}};
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let fake = FakeTransport::new().respond_json("RefreshObjectCaches", r#"{"RefreshTaskId": "17"}"#);
/// # let client: alicloud_cdn::Client = alicloud_cdn::Client::builder()
/// #     .credentials(Credentials::new("id", "secret")).transport(fake)
/// #     .clock(ManualClock::from_unix_seconds(1_767_323_045)).build()?;
///
/// let mut job = Job::new(Plan::refresh(["https://example.com/a.jpg"]));
/// let (mut restored, mut table) = (job.clone(), Table(Vec::new()));
/// let _ = job.submit(&client).journal(&mut table).await?;
///
/// for line in &table.0 {
///     restored.apply(&serde_json::from_str(line)?);
/// }
/// assert_eq!(restored, job);
/// # Ok(()) }
/// ```
pub trait Journal: Send {
    /// Records events durably, in their order, before the future completes.
    ///
    /// The job acts on the events only then: it sends nothing more, but responses of running calls
    /// arrive meanwhile. A future that takes long delays the job and must end in a bounded time.
    ///
    /// The future may be dropped before it completes, together with the submission or the wait. The
    /// events may then be recorded or not. A result that was not recorded is passed again by the next
    /// submission or wait of the same [`Job`](crate::Job), so an event may be recorded twice, which does
    /// no harm.
    ///
    /// # Errors
    ///
    /// Returns an error if the events cannot be recorded. The job then stops before it acts on them.
    fn record<'a>(&'a mut self, events: &'a [Event]) -> BoxFuture<'a, Result<(), JournalError>>;

    /// Returns the lease of the job, which is checked before a call is sent. Defaults to `None`: no other
    /// program can continue the job.
    fn lease(&self) -> Option<Arc<dyn Lease>> {
        None
    }
}

impl<F: FnMut(&Event) -> Result<(), JournalError> + Send> Journal for F {
    fn record<'a>(&'a mut self, events: &'a [Event]) -> BoxFuture<'a, Result<(), JournalError>> {
        Box::pin(ready(events.iter().try_for_each(self)))
    }
}
