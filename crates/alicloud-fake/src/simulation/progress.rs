//! The state of one object as a pure function of time.
//!
//! Durations are scaled by the simulation's speed; timestamps are not, because clients compare them
//! with their own clock and with the `date` header.

use std::time::{Duration, SystemTime};

use super::final_status::FinalStatus;
use super::settings::Simulation;
use crate::cdn::{ObjectKind, Target, Task};
use crate::{clock, prng};

/// The largest deviation of an object's durations from the settings, as a fraction.
const MAX_JITTER: f64 = 0.1;

/// Indices into the random sequence of an object.
const PENDING_INDEX: u64 = 0;
const DURATION_INDEX: u64 = 1;
const FINAL_PROGRESS_INDEX: u64 = 2;

pub(super) struct SimulatedObject {
    pub(super) path: String,
    pub(super) kind: ObjectKind,
    /// The index of its task group.
    pub(super) group: usize,
    /// By the service's clock.
    pub(super) created_at: SystemTime,
    /// How many times faster than the clock simulated time passes.
    speed: f64,
    /// When it becomes `Refreshing`, in simulated time since its creation.
    refreshing_after: Duration,
    /// When it becomes final, in simulated time since its creation.
    final_after: Duration,
    final_status: FinalStatus,
    /// Between 0 and 1.
    final_progress: f64,
}

impl SimulatedObject {
    pub(super) fn new(
        target: Target,
        kind: ObjectKind,
        (group, task_id): (usize, &str),
        created_at: SystemTime,
        settings: &Simulation,
    ) -> Self {
        let seed = prng::hash(&[task_id, &target.path]);
        let jittered = |duration: Duration, index: u64| {
            let factor = 1.0 + MAX_JITTER * (2.0 * prng::fraction(seed, index) - 1.0);
            Duration::try_from_secs_f64(duration.as_secs_f64() * factor).unwrap_or(duration)
        };
        let duration = match kind {
            ObjectKind::Preload => settings.preload_duration,
            _ => settings.refresh_duration,
        };
        let refreshing_after = settings
            .listing_delay
            .saturating_add(jittered(settings.pending_duration, PENDING_INDEX));
        let final_status = settings.final_status(&target.path);
        let final_progress = if final_status.is_complete() {
            1.0
        } else {
            // Between 20 % and 80 %, so that it looks like neither a start nor an end.
            0.2 + 0.6 * prng::fraction(seed, FINAL_PROGRESS_INDEX)
        };
        Self {
            path: target.path,
            kind,
            group,
            created_at,
            speed: settings.speed,
            refreshing_after,
            final_after: refreshing_after.saturating_add(jittered(duration, DURATION_INDEX)),
            final_status,
            final_progress,
        }
    }

    /// Returns when it becomes final, by the service's clock.
    pub(super) fn final_at(&self) -> SystemTime {
        let elapsed = Duration::try_from_secs_f64(self.final_after.as_secs_f64() / self.speed);
        clock::saturating_add(self.created_at, elapsed.unwrap_or(Duration::MAX))
    }

    /// Returns the simulated time since it was created.
    fn age(&self, now: SystemTime) -> Duration {
        scale(now.duration_since(self.created_at).unwrap_or_default(), self.speed)
    }

    pub(super) fn is_final(&self, now: SystemTime) -> bool {
        self.age(now) >= self.final_after
    }

    pub(super) fn status(&self, now: SystemTime) -> &str {
        if self.is_final(now) {
            &self.final_status.status
        } else if self.age(now) >= self.refreshing_after {
            "Refreshing"
        } else {
            "Pending"
        }
    }

    pub(super) fn task(&self, task_id: &str, now: SystemTime) -> Task {
        let description =
            if self.is_final(now) { self.final_status.description.clone() } else { String::new() };
        Task {
            task_id: task_id.to_owned(),
            object_path: self.path.clone(),
            object_type: self.kind.as_str().to_owned(),
            progress: percent_text(self.progress(now)),
            status: self.status(now).to_owned(),
            creation_time: clock::timestamp(self.created_at),
            description,
        }
    }

    /// Returns a number between 0 and 1.
    fn progress(&self, now: SystemTime) -> f64 {
        if self.is_final(now) {
            return self.final_progress;
        }
        let Some(elapsed) = self.age(now).checked_sub(self.refreshing_after) else {
            return 0.0;
        };
        let total = self.final_after.saturating_sub(self.refreshing_after);
        // Stays below 100 % after rounding while it is not final.
        let max = self.final_progress.min(0.9999);
        (self.final_progress * elapsed.as_secs_f64() / total.as_secs_f64()).clamp(0.0, max)
    }
}

/// Converts a duration of the service's clock to simulated time.
pub(super) fn scale(time: Duration, speed: f64) -> Duration {
    Duration::try_from_secs_f64(time.as_secs_f64() * speed).unwrap_or(Duration::MAX)
}

/// Formats a fraction as `0%`, `37.5%`, `99.37%` or `100%`: at most two decimals, never rounded up.
pub(crate) fn percent_text(fraction: f64) -> String {
    // The small addend compensates for fractions without an exact binary representation.
    let percent = (fraction.clamp(0.0, 1.0) * 10_000.0 + 1e-6).floor() / 100.0;
    format!("{percent}%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_have_the_format_of_the_service() {
        for (fraction, text) in [
            (0.0, "0%"),
            (0.375, "37.5%"),
            (0.07, "7%"),
            (0.9937, "99.37%"),
            (0.99999, "99.99%"),
            (1.0, "100%"),
            (7.0, "100%"),
            (0.29, "29%"),
        ] {
            assert_eq!(percent_text(fraction), text);
        }
        for hundredths in 0..=10_000_u32 {
            let text = percent_text(f64::from(hundredths) / 10_000.0);
            assert!(text.len() <= "99.99%".len(), "{text}");
        }
    }
}
