//! How an object fares: a pure function of the time.
//!
//! Durations are scaled, and the calendar is not: clients compare the times in answers with their
//! own clock and with the `date` header.

use std::time::{Duration, SystemTime};

use super::settings::{Ending, Simulation};
use crate::cdn::{Kind, Target, Task};
use crate::{clock, prng};

/// How far an object's times are from the ones that were set, at most and either way.
const SPREAD: f64 = 0.1;

/// What an object's chances are for, by the number in its sequence.
const PENDING: u64 = 0;
const TAKING: u64 = 1;
const REACHING: u64 = 2;

pub(super) struct Object {
    pub(super) path: String,
    pub(super) kind: Kind,
    /// Which of the ids it belongs to.
    pub(super) batch: usize,
    /// By the service's clock.
    pub(super) created: SystemTime,
    /// How much faster than that clock it fares.
    speed: f64,
    /// Since it was created, in simulated time, as the next.
    begins: Duration,
    ends: Duration,
    ending: Ending,
    /// The progress at the end, 1 being all of it.
    reaches: f64,
}

impl Object {
    pub(super) fn new(
        target: Target,
        kind: Kind,
        (batch, id): (usize, &str),
        created: SystemTime,
        settings: &Simulation,
    ) -> Self {
        let seed = prng::of(&[id, &target.path]);
        let varied = |duration: Duration, what: u64| {
            let factor = 1.0 + SPREAD * (2.0 * prng::share(seed, what) - 1.0);
            Duration::try_from_secs_f64(duration.as_secs_f64() * factor).unwrap_or(duration)
        };
        let takes = match kind {
            Kind::Preload => settings.preload_duration,
            _ => settings.refresh_duration,
        };
        let begins =
            settings.listing_delay.saturating_add(varied(settings.pending_duration, PENDING));
        let ending = settings.ending_of(&target.path);
        let reaches = if ending.is_complete() {
            1.0
        } else {
            // Neither at once nor nearly done.
            0.2 + 0.6 * prng::share(seed, REACHING)
        };
        Self {
            path: target.path,
            kind,
            batch,
            created,
            speed: settings.speed,
            begins,
            ends: begins.saturating_add(varied(takes, TAKING)),
            ending,
            reaches,
        }
    }

    /// When it ends, by the service's clock.
    pub(super) fn end(&self) -> SystemTime {
        let passes = Duration::try_from_secs_f64(self.ends.as_secs_f64() / self.speed);
        clock::later(self.created, passes.unwrap_or(Duration::MAX))
    }

    /// The simulated time since it was created.
    fn age(&self, now: SystemTime) -> Duration {
        scaled(now.duration_since(self.created).unwrap_or_default(), self.speed)
    }

    pub(super) fn has_ended(&self, now: SystemTime) -> bool {
        self.age(now) >= self.ends
    }

    pub(super) fn status(&self, now: SystemTime) -> &str {
        if self.has_ended(now) {
            &self.ending.status
        } else if self.age(now) >= self.begins {
            "Refreshing"
        } else {
            "Pending"
        }
    }

    pub(super) fn task(&self, id: &str, now: SystemTime) -> Task {
        let has_ended = self.has_ended(now);
        Task {
            task_id: id.to_owned(),
            object_path: self.path.clone(),
            object_type: self.kind.as_str().to_owned(),
            process: percent_text(self.progress(now)),
            status: self.status(now).to_owned(),
            creation_time: clock::timestamp(self.created),
            description: if has_ended { self.ending.description.clone() } else { String::new() },
        }
    }

    fn progress(&self, now: SystemTime) -> f64 {
        if self.has_ended(now) {
            return self.reaches;
        }
        let Some(done) = self.age(now).checked_sub(self.begins) else {
            return 0.0;
        };
        let all = self.ends.saturating_sub(self.begins);
        // What is not at its end yet is below 100 %, also once rounded.
        let most = self.reaches.min(0.9999);
        (self.reaches * done.as_secs_f64() / all.as_secs_f64()).clamp(0.0, most)
    }
}

/// What passes of simulated time while so much passes of the service's clock.
pub(super) fn scaled(time: Duration, speed: f64) -> Duration {
    Duration::try_from_secs_f64(time.as_secs_f64() * speed).unwrap_or(Duration::MAX)
}

/// `0%`, `37.5%`, `99.37%`, `100%`: at most two digits behind the point, never rounded up.
pub(crate) fn percent_text(share: f64) -> String {
    // The little more makes up for shares that binary fractions cannot hold.
    let percent = (share.clamp(0.0, 1.0) * 10_000.0 + 1e-6).floor() / 100.0;
    format!("{percent}%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_are_written_as_the_service_does() {
        for (share, text) in [
            (0.0, "0%"),
            (0.375, "37.5%"),
            (0.07, "7%"),
            (0.9937, "99.37%"),
            (0.99999, "99.99%"),
            (1.0, "100%"),
            (7.0, "100%"),
            (0.29, "29%"),
        ] {
            assert_eq!(percent_text(share), text);
        }
        for hundredths in 0..=10_000_u32 {
            let text = percent_text(f64::from(hundredths) / 10_000.0);
            assert!(text.len() <= "99.99%".len(), "{text}");
        }
    }
}
