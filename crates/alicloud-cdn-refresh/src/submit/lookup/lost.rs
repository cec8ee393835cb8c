//! Calls of which the answer was lost, and where each is looked for.

use std::collections::{BTreeSet, HashSet};
use std::time::SystemTime;

use super::ahead::Ahead;
use super::{AFTER, BEFORE};
use crate::job::{Event, JobCall, REMEMBERED};
use crate::kind::TargetKind;
use crate::status::StoredError;
use crate::url_key;

/// A call that may have been carried out.
pub(super) struct Lost {
    pub(super) index: usize,
    pub(super) since: SystemTime,
    pub(super) list: List,
    pub(super) keys: BTreeSet<Vec<u8>>,
    error: StoredError,
}

/// What the list of tasks is asked for.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct List {
    pub(super) domain: String,
    pub(super) kind: TargetKind,
    pub(super) object_type: &'static str,
}

const SEND_AGAIN: &str =
    "look again later, or send it again (resend_unknown, --resend-unknown) if it may count twice";
const NOT_FOUND: &str = "; it was looked for in the list of tasks";
const TOO_OLD: &str =
    "; it was sent more than 3 days ago, and the list of tasks does not go back so far";

impl Lost {
    /// Nothing for a call that is not lost, and for one that no list can be searched for.
    pub(super) fn new(index: usize, call: &JobCall) -> Option<Self> {
        let (since, error) = call.lost()?;
        let kind = call.kind?;
        let list = List { domain: call.domain.clone(), kind, object_type: kind.listed_as()? };
        Some(Lost { index, since, list, keys: keys(call).into_iter().collect(), error })
    }

    /// Whether the list goes back to when it was sent, as far as clocks agree.
    pub(super) fn can_be_listed(&self, now: SystemTime) -> bool {
        now.duration_since(self.since).unwrap_or_default() + 20 * BEFORE < REMEMBERED
    }

    /// Whether something that was created then can be of this call.
    pub(super) fn matches(&self, created: SystemTime, ahead: Ahead) -> bool {
        let sent = ahead.apply(self.since);
        match created.duration_since(sent) {
            Ok(later) => later <= AFTER,
            Err(earlier) => earlier.duration() <= BEFORE,
        }
    }

    /// That it is older than the list.
    pub(super) fn too_old(&self) -> Event {
        let remedy = "look at the objects themselves, and send it again (resend_unknown, --resend-unknown) if they are old";
        self.unknown(TOO_OLD, remedy)
    }

    /// That it is not in the list, or that the list could not be read, and why; and whether it never can.
    pub(super) fn not_found(&self, is_read: bool, failed: Option<(&StoredError, bool)>) -> Event {
        let why = failed.map_or_else(String::new, |(error, _)| format!(" ({})", error.message));
        let (found, remedy) = match (is_read, failed) {
            (true, _) => ("in which its objects are not", SEND_AGAIN),
            (false, Some((error, true))) => ("which cannot be read", error.remedy.as_str()),
            (false, _) => ("which could not be read", "look again later"),
        };
        self.unknown(&format!("{NOT_FOUND}, {found}{why}"), remedy)
    }

    fn unknown(&self, note: &str, remedy: &str) -> Event {
        // One search after another says what it came to once.
        let mut before = self.error.message.as_str();
        for note in [NOT_FOUND, TOO_OLD] {
            before = before.split_once(note).map_or(before, |(before, _)| before);
        }
        let code = self.error.code.clone();
        let error = StoredError { code, ..StoredError::new(format!("{before}{note}"), remedy) };
        Event::Unknown { call: self.index, at: self.since, error }
    }
}

/// What tells the objects of a call from others.
pub(super) fn keys(call: &JobCall) -> HashSet<Vec<u8>> {
    call.objects.iter().map(|object| url_key::key(&object.url, call.kind)).collect()
}

/// What is known of a call that no list can be searched for.
pub(super) fn without_list(index: usize, call: &JobCall) -> Option<Event> {
    let (at, error) = call.lost()?;
    let remedy = "the list of tasks does not show cache tags: send it again (resend_unknown, --resend-unknown) if it may \
                  count twice";
    let error = StoredError { remedy: remedy.to_owned(), ..error };
    Some(Event::Unknown { call: index, at, error })
}
