//! Quota usage.

use std::collections::HashMap;
use std::time::SystemTime;

use crate::cdn::QuotaKind;

use crate::clock;

/// Objects submitted in the current day and minute.
#[derive(Default)]
pub(super) struct Usage {
    day: u64,
    daily: HashMap<QuotaKind, u64>,
    minute: u64,
    /// By domain.
    per_minute: HashMap<String, u64>,
}

impl Usage {
    pub(super) fn today(&self, kind: QuotaKind, now: SystemTime) -> u64 {
        let used = self.daily.get(&kind).copied().unwrap_or_default();
        if self.day == day(now) { used } else { 0 }
    }

    pub(super) fn this_minute(&self, domain: &str, now: SystemTime) -> u64 {
        let used = self.per_minute.get(domain).copied().unwrap_or_default();
        if self.minute == minute(now) { used } else { 0 }
    }

    pub(super) fn add_to_day(&mut self, kind: QuotaKind, count: u64, now: SystemTime) {
        if self.day != day(now) {
            self.day = day(now);
            self.daily.clear();
        }
        let used = self.daily.entry(kind).or_default();
        *used = used.saturating_add(count);
    }

    pub(super) fn add_to_minute(&mut self, domain: &str, count: u64, now: SystemTime) {
        if self.minute != minute(now) {
            self.minute = minute(now);
            self.per_minute.clear();
        }
        let used = self.per_minute.entry(domain.to_owned()).or_default();
        *used = used.saturating_add(count);
    }
}

/// Days start at midnight in UTC+8.
fn day(time: SystemTime) -> u64 {
    clock::unix_seconds(time).saturating_add(8 * 3_600) / 86_400
}

fn minute(time: SystemTime) -> u64 {
    clock::unix_seconds(time) / 60
}
