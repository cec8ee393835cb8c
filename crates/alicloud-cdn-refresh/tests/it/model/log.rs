//! A journal in memory.

use std::sync::atomic::Ordering;

use alicloud_cdn_refresh::{BoxFuture, Event, Journal, JournalError};
use alicloud_core::Clock as _;

use super::Totals;
use super::network::VirtualClock;
use super::random::Random;

/// A journal that survives crashes, and sometimes fails.
pub(super) struct Log {
    pub(super) events: Vec<String>,
    random: Random,
    clock: VirtualClock,
    pub(super) is_reliable: bool,
}

impl Log {
    pub(super) fn new(random: Random, clock: VirtualClock) -> Self {
        Log { events: Vec::new(), random, clock, is_reliable: false }
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

impl Log {
    fn store(&mut self, event: &Event) -> Result<(), JournalError> {
        let fails = !self.is_reliable && self.random.chance(1);
        // The event may be stored although storing it failed.
        if !fails || self.random.chance(50) {
            self.events.push(serde_json::to_string(event)?);
        }
        if fails { Err("the disk is full".into()) } else { Ok(()) }
    }
}

/// Takes a random time, before or after it stores the events, so that runs are killed meanwhile.
impl Journal for Log {
    fn record<'a>(&'a mut self, events: &'a [Event]) -> BoxFuture<'a, Result<(), JournalError>> {
        Box::pin(async move {
            if self.random.chance(10) {
                self.clock.sleep(self.random.duration(2_000)).await;
            }
            let result = events.iter().try_for_each(|event| self.store(event));
            if self.random.chance(10) {
                self.clock.sleep(self.random.duration(2_000)).await;
            }
            result
        })
    }
}
