//! What happens to a job.

use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use crate::status::{ObjectStatus, StoredError};

/// Something that has happened, or is about to happen, to a call of a [`Job`](crate::Job).
///
/// Events in their order make the same job of the same plan: a [`StateFile`](crate::StateFile) has one a
/// line. `call` counts the job's calls from 0.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Event {
    /// The call is sent next.
    Sending {
        /// Which.
        call: usize,
        /// When.
        #[serde(with = "timestamp")]
        at: SystemTime,
    },
    /// The service has taken the call.
    Sent {
        /// Which.
        call: usize,
        /// When it was sent.
        #[serde(with = "timestamp")]
        at: SystemTime,
        /// The tasks that the service has made of it.
        task_ids: Vec<String>,
    },
    /// The call was certainly not sent.
    NotSent {
        /// Which.
        call: usize,
        /// Why not.
        error: StoredError,
    },
    /// The service does not take the call in this minute: it is sent again in the next, until nothing of
    /// its domain and kind was taken for ten minutes.
    Throttled {
        /// Which.
        call: usize,
        /// What the service said.
        error: StoredError,
    },
    /// The service did not take the call.
    Rejected {
        /// Which.
        call: usize,
        /// What the service said.
        error: StoredError,
    },
    /// The service may have taken the call.
    Unknown {
        /// Which.
        call: usize,
        /// When it was sent.
        #[serde(with = "timestamp")]
        at: SystemTime,
        /// How the answer was lost.
        error: StoredError,
    },
    /// Objects of the call are live or have failed.
    Ended {
        /// Which call.
        call: usize,
        /// The places of the objects in the call, from 0, and what has become of each.
        ends: Vec<(usize, ObjectStatus)>,
    },
}

impl Event {
    /// Which call it is about.
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

/// Why an event cannot be recorded: any error, as one line that says what to do.
pub type JournalError = Box<dyn std::error::Error + Send + Sync>;

/// Where events are recorded, each before its consequences: a call is sent only after
/// [`Event::Sending`] was recorded, so that what is not there was not sent.
///
/// A [`StateFile`](crate::StateFile) is one. So is a closure, for a program that only wants to see. A
/// service can keep the events in a table beside the job as it began, and bring that to where it was with
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
/// let (mut again, mut table) = (job.clone(), Table(Vec::new()));
/// let _ = job.submit(&client).journal(&mut table).await?;
///
/// for line in &table.0 {
///     again.apply(&serde_json::from_str(line)?);
/// }
/// assert_eq!(again, job);
/// # Ok(()) }
/// ```
pub trait Journal: Send {
    /// Keeps an event, for good when it returns. It is called between calls to the service and may take
    /// the few milliseconds of a disk; while it does, nothing else of the job goes on.
    ///
    /// # Errors
    ///
    /// When that is not possible. The job then stops before the event's consequences.
    fn record(&mut self, event: &Event) -> Result<(), JournalError>;

    /// Keeps several events that have happened at once.
    ///
    /// # Errors
    ///
    /// As of [`record`](Self::record).
    fn record_all(&mut self, events: &[Event]) -> Result<(), JournalError> {
        events.iter().try_for_each(|event| self.record(event))
    }
}

impl<F: FnMut(&Event) -> Result<(), JournalError> + Send> Journal for F {
    fn record(&mut self, event: &Event) -> Result<(), JournalError> {
        self(event)
    }
}

/// Times as RFC 3339 has them, to the millisecond.
pub(super) mod timestamp {
    use std::time::SystemTime;

    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(in crate::job) fn serialize<S: Serializer>(
        time: &SystemTime,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&humantime::format_rfc3339_millis(crate::time::writable(*time)))
    }

    pub(in crate::job) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<SystemTime, D::Error> {
        let text = String::deserialize(deserializer)?;
        humantime::parse_rfc3339(&text).map_err(D::Error::custom)
    }

    /// The same for a time that need not be there.
    pub(in crate::job) mod optional {
        use std::time::SystemTime;

        use serde::{Deserializer, Serializer};

        pub(in crate::job) fn serialize<S: Serializer>(
            time: &Option<SystemTime>,
            serializer: S,
        ) -> Result<S::Ok, S::Error> {
            match time {
                Some(time) => super::serialize(time, serializer),
                None => serializer.serialize_none(),
            }
        }

        pub(in crate::job) fn deserialize<'de, D: Deserializer<'de>>(
            deserializer: D,
        ) -> Result<Option<SystemTime>, D::Error> {
            super::deserialize(deserializer).map(Some)
        }
    }
}
