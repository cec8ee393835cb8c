//! Calls whose responses were lost, and the task list queries that may find them.

use std::collections::{BTreeSet, HashSet};
use std::time::{Duration, SystemTime};

use alicloud_cdn::model::TaskKind;
use alicloud_core::ClockOffset;

use crate::job::{Event, JobCall, TASK_RETENTION};
use crate::kind::TargetKind;
use crate::stored_error::StoredError;
use crate::url_key::url_key;

/// Maximum time by which a task's creation time may precede the time of sending: timestamps and the
/// offset of the service's clock have a resolution of one second. Short, so that an identical refresh
/// sent just before is not mistaken for this one.
pub(super) const CLOCK_TOLERANCE: Duration = Duration::from_secs(3);

/// How long after the time of sending a call can still arrive at the service.
pub(super) const MAX_DELIVERY_TIME: Duration = Duration::from_secs(300);

/// A call whose response was lost.
pub(super) struct LostCall {
    /// Index of the call.
    pub(super) call: usize,
    pub(super) sent_at: SystemTime,
    pub(super) query: ListQuery,
    /// URL keys of the call's objects.
    pub(super) keys: BTreeSet<Vec<u8>>,
    error: StoredError,
}

/// A query of the task list.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct ListQuery {
    pub(super) domain: String,
    pub(super) kind: TargetKind,
    pub(super) object_type: TaskKind,
}

const RESEND: &str = "look it up again later, or resend it (resend_unknown, --resend-unknown) if executing it twice is \
     acceptable";

/// Beginnings of the notes that a lookup adds to the error of a call.
const LOOKUP_NOTE: &str = "; a lookup in the task list ";
const TOO_OLD_NOTE: &str = "; it was sent more than 3 days ago, before the task list begins";

impl LostCall {
    /// Returns `None` for a call whose response was not lost, and for a call that the task list cannot
    /// show.
    pub(super) fn new(index: usize, call: &JobCall) -> Option<Self> {
        let (sent_at, error) = call.lost_response()?;
        let kind = call.kind?;
        let object_type = kind.task_kind()?;
        let query = ListQuery { domain: call.domain.clone(), kind, object_type };
        Some(LostCall {
            call: index,
            sent_at,
            query,
            keys: url_keys(call).into_iter().collect(),
            error,
        })
    }

    /// Returns whether the task list goes back to the time of sending, allowing for clock differences.
    pub(super) fn can_be_listed(&self, now: SystemTime) -> bool {
        now.duration_since(self.sent_at).unwrap_or_default() + 20 * CLOCK_TOLERANCE < TASK_RETENTION
    }

    /// Returns whether a task that was created at this time can belong to the call.
    pub(super) fn can_have_created(&self, created: SystemTime, offset: ClockOffset) -> bool {
        let sent_at = offset.to_service_time(self.sent_at);
        match created.duration_since(sent_at) {
            Ok(later) => later <= MAX_DELIVERY_TIME,
            Err(earlier) => earlier.duration() <= CLOCK_TOLERANCE,
        }
    }

    /// Returns the event of a call that is too old for the task list.
    pub(super) fn too_old(&self) -> Event {
        let remedy = "check the objects themselves, and resend it (resend_unknown, --resend-unknown) if they are outdated";
        self.unknown(TOO_OLD_NOTE, remedy)
    }

    /// Returns the event of a call that was not found. `is_read` is whether the whole list was read;
    /// `error` is the query's last error, and whether it is permanent.
    pub(super) fn not_found(&self, is_read: bool, error: Option<(&StoredError, bool)>) -> Event {
        let details = error.map_or_else(String::new, |(error, _)| format!(" ({})", error.message));
        let (result, remedy) = match (is_read, error) {
            (true, _) => ("did not find its objects", RESEND),
            (false, Some((error, true))) => ("is not possible", error.remedy.as_str()),
            (false, _) => ("failed", "submit the job again later to repeat the lookup"),
        };
        self.unknown(&format!("{LOOKUP_NOTE}{result}{details}"), remedy)
    }

    fn unknown(&self, note: &str, remedy: &str) -> Event {
        // Replaces the note of an earlier lookup.
        let mut message = self.error.message.as_str();
        for note in [LOOKUP_NOTE, TOO_OLD_NOTE] {
            message = message.split_once(note).map_or(message, |(message, _)| message);
        }
        let code = self.error.code.clone();
        let error = StoredError { code, ..StoredError::new(format!("{message}{note}"), remedy) };
        Event::Unknown { call: self.call, sent_at: self.sent_at, error }
    }
}

/// Returns the keys of a call's objects.
pub(super) fn url_keys(call: &JobCall) -> HashSet<Vec<u8>> {
    call.objects.iter().map(|object| url_key(&object.url, call.kind)).collect()
}

/// Returns the event of a lost call that the task list cannot show.
pub(super) fn not_listable(index: usize, call: &JobCall) -> Option<Event> {
    let (sent_at, error) = call.lost_response()?;
    let remedy = "the task list does not show cache tags; resend it (resend_unknown, --resend-unknown) if executing it \
                  twice is acceptable";
    let error = StoredError { remedy: remedy.to_owned(), ..error };
    Some(Event::Unknown { call: index, sent_at, error })
}
