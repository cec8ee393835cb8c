//! A journal in memory.

use std::sync::atomic::Ordering;

use alicloud_cdn_refresh::{Event, Journal, JournalError};

use super::Totals;
use super::random::Random;

/// A journal that survives crashes, and sometimes fails.
pub(super) struct Log {
    pub(super) events: Vec<String>,
    random: Random,
    pub(super) is_reliable: bool,
}

impl Log {
    pub(super) fn new(random: Random) -> Self {
        Log { events: Vec::new(), random, is_reliable: false }
    }

    pub(super) fn count(&self, totals: &Totals) {
        for (index, text) in self.events.iter().enumerate() {
            let event: Event = serde_json::from_str(text).unwrap();
            let total = match &event {
                Event::Unknown { .. } => &totals.unknown,
                Event::Throttled { .. } => &totals.throttled,
                Event::Rejected { .. } => &totals.rejected,
                Event::Sent { call, .. } => {
                    // Without a lookup, an event of the call before it says that it is being sent.
                    let earlier = self.events[..index].iter().rev();
                    let previous = earlier
                        .map(|text| serde_json::from_str::<Event>(text).unwrap())
                        .find(|earlier| earlier.call() == *call);
                    match previous {
                        Some(Event::Unknown { .. }) => &totals.found,
                        _ => continue,
                    }
                }
                _ => continue,
            };
            total.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl Journal for Log {
    fn record(&mut self, event: &Event) -> Result<(), JournalError> {
        let fails = !self.is_reliable && self.random.chance(1);
        // The event may be stored although storing it failed.
        if !fails || self.random.chance(50) {
            self.events.push(serde_json::to_string(event)?);
        }
        if fails { Err("the disk is full".into()) } else { Ok(()) }
    }
}
