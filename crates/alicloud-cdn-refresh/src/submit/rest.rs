//! Calls that wait for the next minute.

use std::collections::HashMap;

use alicloud_cdn::{Error, error_code};
use alicloud_core::Outcome;

use crate::job::JobCall;
use crate::kind::TargetKind;

/// For how many minutes a lane waits in which nothing is taken.
const MOST_MINUTES: u32 = 10;

/// Calls that share what the service takes in a minute.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Lane {
    pub(super) kind: Option<TargetKind>,
    domain: String,
}

impl Lane {
    pub(super) fn of(call: &JobCall) -> Self {
        Lane { kind: call.kind, domain: call.domain.clone() }
    }
}

/// Lanes that wait for the next minute.
#[derive(Default)]
pub(super) struct Rests(HashMap<Lane, Rest>);

#[derive(Default)]
struct Rest {
    is_on: bool,
    /// How many minutes were waited for in a row in which nothing was taken.
    minutes: u32,
    calls: Vec<usize>,
}

/// What a refusal of the minute comes to.
#[derive(Clone, Copy)]
pub(super) enum Next {
    /// The lane begins to wait.
    Begin,
    /// It waits already.
    Wait,
    /// It has waited long enough.
    GiveUp,
}

impl Rests {
    /// Keeps a call of a lane that waits; says whether it does.
    pub(super) fn keep(&mut self, lane: &Lane, index: usize) -> bool {
        match self.0.get_mut(lane) {
            Some(rest) if rest.is_on => {
                rest.calls.push(index);
                true
            }
            _ => false,
        }
    }

    /// Takes in that a call was refused for this minute.
    pub(super) fn refused(&mut self, lane: &Lane, index: usize) -> Next {
        let rest = self.0.entry(lane.clone()).or_default();
        if !rest.is_on && rest.minutes >= MOST_MINUTES {
            return Next::GiveUp;
        }
        rest.calls.push(index);
        if rest.is_on {
            return Next::Wait;
        }
        rest.is_on = true;
        rest.minutes += 1;
        Next::Begin
    }

    /// Takes in that a call was taken.
    pub(super) fn taken(&mut self, lane: &Lane) {
        if let Some(rest) = self.0.get_mut(lane) {
            rest.minutes = 0;
        }
    }

    /// The lanes that wait.
    pub(super) fn lanes(&self) -> impl Iterator<Item = &Lane> {
        self.0.iter().filter(|(_, rest)| rest.is_on).map(|(lane, _)| lane)
    }

    /// Ends the wait of a lane. The result is its calls, in their order.
    pub(super) fn over(&mut self, lane: &Lane) -> Vec<usize> {
        let Some(rest) = self.0.get_mut(lane) else { return Vec::new() };
        rest.is_on = false;
        let mut calls = std::mem::take(&mut rest.calls);
        calls.sort_unstable();
        calls
    }
}

/// Whether the same call may be taken in a minute.
pub(super) fn is_of_the_minute(error: &Error) -> bool {
    let codes = [error_code::QUOTA_PER_MINUTE_EXCEEDED_REFRESH, error_code::TOO_MANY_REFRESH];
    error.outcome() == Outcome::Rejected && error.code().is_some_and(|code| codes.contains(&code))
}
