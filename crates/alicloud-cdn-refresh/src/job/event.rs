//! Events of a job.

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
