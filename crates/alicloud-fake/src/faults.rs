//! Things that go wrong without having been scripted one by one.

use std::collections::BTreeSet;

use crate::prng;

/// Shares of requests that go wrong, spread as chance would and the same in every run.
///
/// A share is between 0 and 1; what is less counts as 0 and what is more as 1. Shares that add up to
/// more than 1 are cut in the order of the methods below. Only a request that passed every check,
/// whose operation exists and is within its rate, and that no [`ScriptedResponse`](crate::ScriptedResponse) is meant for,
/// can go wrong; these requests are numbered, and the seed and its number decide on each of them.
///
/// ```
/// use alicloud_fake::{FakeService, Faults, Simulation};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let service = FakeService::builder()
///     .simulation(Simulation::new())
///     .faults(Faults::seeded(7).throttled(0.05).reset(0.01).lost(0.01))
///     .start()
///     .await?;
/// # drop(service);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Faults {
    seed: u64,
    throttled: f64,
    reset: f64,
    lost: f64,
    garbage: f64,
    only: BTreeSet<String>,
}

/// What goes wrong with one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    Throttled,
    Reset,
    Lost,
    Garbage,
}

impl Faults {
    /// Nothing goes wrong yet. Another seed lets other requests go wrong.
    pub fn seeded(seed: u64) -> Self {
        Self { seed, throttled: 0.0, reset: 0.0, lost: 0.0, garbage: 0.0, only: BTreeSet::new() }
    }

    /// Requests that are refused as one too many, with the operation's own error; nothing is carried
    /// out.
    #[must_use]
    pub fn throttled(mut self, share: f64) -> Self {
        self.throttled = sound(share);
        self
    }

    /// Requests whose connection is reset before anything is carried out.
    #[must_use]
    pub fn reset(mut self, share: f64) -> Self {
        self.reset = sound(share);
        self
    }

    /// Requests that are carried out and whose connection is then reset without an answer.
    #[must_use]
    pub fn lost(mut self, share: f64) -> Self {
        self.lost = sound(share);
        self
    }

    /// Requests that are carried out and answered with status 200 and a body that is no document.
    #[must_use]
    pub fn garbage(mut self, share: f64) -> Self {
        self.garbage = sound(share);
        self
    }

    /// Lets only requests of this operation go wrong, and of those named by further calls. Others
    /// have no number.
    #[must_use]
    pub fn only(mut self, operation: impl Into<String>) -> Self {
        self.only.insert(operation.into());
        self
    }

    fn of_request(&self, number: u64) -> Option<Fault> {
        let mut draw = prng::share(self.seed, number);
        for (share, fault) in [
            (self.throttled, Fault::Throttled),
            (self.reset, Fault::Reset),
            (self.lost, Fault::Lost),
            (self.garbage, Fault::Garbage),
        ] {
            if draw < share {
                return Some(fault);
            }
            draw -= share;
        }
        None
    }
}

fn sound(share: f64) -> f64 {
    if share.is_nan() { 0.0 } else { share.clamp(0.0, 1.0) }
}

/// The faults of a running service.
pub(crate) struct Mishaps {
    faults: Option<Faults>,
    numbered: u64,
}

impl Mishaps {
    pub(crate) fn new(faults: Option<Faults>) -> Self {
        Self { faults, numbered: 0 }
    }

    /// What goes wrong with the next request of this operation.
    pub(crate) fn next(&mut self, operation: &str) -> Option<Fault> {
        let faults = self.faults.as_ref()?;
        if !faults.only.is_empty() && !faults.only.contains(operation) {
            return None;
        }
        let number = self.numbered;
        self.numbered = number.wrapping_add(1);
        faults.of_request(number)
    }
}
