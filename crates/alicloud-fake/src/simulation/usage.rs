//! What of the quotas is used up.

use std::collections::HashMap;
use std::time::SystemTime;

use crate::clock;

/// What an object is counted against each day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Allowance {
    Files,
    Directories,
    Regexes,
    IgnoreParams,
    Preloads,
}

#[derive(Default)]
pub(super) struct Usage {
    day: u64,
    of_day: HashMap<Allowance, u64>,
    minute: u64,
    of_minute: HashMap<String, u64>,
}

impl Usage {
    pub(super) fn today(&self, allowance: Allowance, now: SystemTime) -> u64 {
        let used = self.of_day.get(&allowance).copied().unwrap_or_default();
        if self.day == day(now) { used } else { 0 }
    }

    pub(super) fn this_minute(&self, domain: &str, now: SystemTime) -> u64 {
        let used = self.of_minute.get(domain).copied().unwrap_or_default();
        if self.minute == minute(now) { used } else { 0 }
    }

    pub(super) fn take_of_day(&mut self, allowance: Allowance, count: u64, now: SystemTime) {
        if self.day != day(now) {
            self.day = day(now);
            self.of_day.clear();
        }
        let used = self.of_day.entry(allowance).or_default();
        *used = used.saturating_add(count);
    }

    pub(super) fn take_of_minute(&mut self, domain: &str, count: u64, now: SystemTime) {
        if self.minute != minute(now) {
            self.minute = minute(now);
            self.of_minute.clear();
        }
        let used = self.of_minute.entry(domain.to_owned()).or_default();
        *used = used.saturating_add(count);
    }
}

/// Days begin at midnight in UTC+8.
fn day(time: SystemTime) -> u64 {
    clock::seconds(time).saturating_add(8 * 3_600) / 86_400
}

fn minute(time: SystemTime) -> u64 {
    clock::seconds(time) / 60
}
