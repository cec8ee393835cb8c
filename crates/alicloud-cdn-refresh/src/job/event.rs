//! Events of a job, and journals that record them.

use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use crate::status::ObjectStatus;
use crate::stored_error::StoredError;

/// A change of a call of a [`Job`](crate::Job).
///
/// Applying all events in order to the initial job reproduces its current state. A
/// [`StateFile`](crate::StateFile) has one event per line. `call` is the zero-based index of the call.
///
/// ```
/// use alicloud_cdn_refresh::Event;
///
/// let event: Event = serde_json::from_str(
///     r#"{"event":"sent","call":0,"sent_at":"2026-01-02T03:04:05Z","task_ids":["17"]}"#,
/// )?;
/// assert!(matches!(event, Event::Sent { call: 0, task_ids, .. } if task_ids == ["17"]));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Event {
    /// The call is about to be sent.
    Sending {
        /// Index of the call.
        call: usize,
        /// Time of sending.
        #[serde(with = "super::timestamp")]
        sent_at: SystemTime,
    },
    /// The service accepted the call.
    Sent {
        /// Index of the call.
        call: usize,
        /// Time of sending.
        #[serde(with = "super::timestamp")]
        sent_at: SystemTime,
        /// Tasks that the service created.
        task_ids: Vec<String>,
    },
    /// The call was certainly not sent.
    NotSent {
        /// Index of the call.
        call: usize,
        /// The error that kept it from being sent.
        error: StoredError,
    },
    /// The service throttled the call, or the minute quota of its domain and kind is exhausted. The call
    /// is retried until no call of this domain and kind was accepted for 10 minutes.
    Throttled {
        /// Index of the call.
        call: usize,
        /// The service's error.
        error: StoredError,
    },
    /// The service rejected the call.
    Rejected {
        /// Index of the call.
        call: usize,
        /// The service's error.
        error: StoredError,
    },
    /// The response was lost; the call may have been executed.
    Unknown {
        /// Index of the call.
        call: usize,
        /// Time of sending.
        #[serde(with = "super::timestamp")]
        sent_at: SystemTime,
        /// Why the response was lost.
        error: StoredError,
    },
    /// Objects of the call reached a final status.
    Ended {
        /// Index of the call.
        call: usize,
        /// Each object's zero-based index in the call, with its final status.
        statuses: Vec<(usize, ObjectStatus)>,
    },
}

impl Event {
    /// Returns the zero-based index of the call.
    ///
    /// ```
    /// use alicloud_cdn_refresh::{Event, ObjectStatus};
    ///
    /// let event = Event::Ended { call: 3, statuses: vec![(0, ObjectStatus::Live)] };
    /// assert_eq!(event.call(), 3);
    /// ```
    pub fn call(&self) -> usize {
        match self {
            Event::Sending { call, .. }
            | Event::Sent { call, .. }
            | Event::NotSent { call, .. }
            | Event::Throttled { call, .. }
            | Event::Rejected { call, .. }
            | Event::Unknown { call, .. }
            | Event::Ended { call, .. } => *call,
        }
    }
}

/// An error of a [`Journal`]: any error whose `Display` is one line that says what to do.
///
/// ```
/// use alicloud_cdn_refresh::JournalError;
///
/// let error: JournalError = "the table is locked; retry later".into();
/// assert_eq!(error.to_string(), "the table is locked; retry later");
/// ```
pub type JournalError = Box<dyn std::error::Error + Send + Sync>;

/// A record of a job's events, written ahead: a call is sent only after its [`Event::Sending`] was
/// recorded, so a call without that event was not sent.
///
/// A [`StateFile`](crate::StateFile) is a journal, and so is a closure that observes the events. A
/// service can keep the initial job and its events in a database, and restore the job with
/// [`Job::apply`](crate::Job::apply):
///
/// ```
/// use alicloud_cdn_refresh::{Event, Job, Journal, JournalError, Plan};
///
/// struct Table(Vec<String>);
///
/// impl Journal for Table {
///     fn record(&mut self, event: &Event) -> Result<(), JournalError> {
///         self.0.push(serde_json::to_string(event)?);
///         Ok(())
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
    /// Records an event durably before it returns.
    ///
    /// It is called between calls to the service and may block for the few milliseconds that a disk
    /// takes; the rest of the job waits meanwhile.
    ///
    /// # Errors
    ///
    /// Returns an error if the event cannot be recorded. The job then stops before it acts on the
    /// event.
    fn record(&mut self, event: &Event) -> Result<(), JournalError>;

    /// Records several events that happened at the same time.
    ///
    /// # Errors
    ///
    /// As for [`record`](Self::record).
    fn record_all(&mut self, events: &[Event]) -> Result<(), JournalError> {
        events.iter().try_for_each(|event| self.record(event))
    }
}

impl<F: FnMut(&Event) -> Result<(), JournalError> + Send> Journal for F {
    fn record(&mut self, event: &Event) -> Result<(), JournalError> {
        self(event)
    }
}
