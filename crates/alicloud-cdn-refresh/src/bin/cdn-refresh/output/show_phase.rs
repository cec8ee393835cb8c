//! Signs of life of a phase that shows no progress of its own.

use std::io::{self, IsTerminal as _};
use std::pin::pin;
use std::time::Duration;

use super::progress_mode::ProgressMode;
use super::{Output, Phase, human, json};
use crate::state::StateLocation;

/// Seconds until the first line, and between two lines.
const FIRST_LINE: u64 = 2;
const INTERVAL: u64 = 10;

impl Output {
    /// Runs a phase, and prints after 2 s and then every 10 s that it is still running.
    pub(crate) async fn show_phase<T>(&self, phase: Phase, work: impl Future<Output = T>) -> T {
        self.show_phase_of(None, phase, work).await
    }

    /// Runs a phase of a stored job, and says why it is still running if it waits for the store.
    pub(crate) async fn show_phase_of<T>(
        &self,
        location: Option<&StateLocation>,
        phase: Phase,
        work: impl Future<Output = T>,
    ) -> T {
        let mode = ProgressMode::new(self.json, self.quiet);
        let mut work = pin!(work);
        let mut seconds = 0;
        loop {
            let pause = if seconds == 0 { FIRST_LINE } else { INTERVAL };
            tokio::select! {
                result = &mut work => return result,
                () = tokio::time::sleep(Duration::from_secs(pause)) => seconds += pause,
            }
            let cause = location.and_then(StateLocation::waiting_for);
            match mode {
                ProgressMode::Quiet => {}
                ProgressMode::Json => json::phase(phase, seconds, cause.as_deref()),
                ProgressMode::Terminal if phase.has_bar() && cause.is_none() => {}
                // Somebody types the inputs.
                _ if phase == Phase::Inputs && io::stdin().is_terminal() => {}
                _ => {
                    let cause = cause.map(|cause| format!(": {cause}")).unwrap_or_default();
                    human::note(&format!("still {phase} after {seconds} s{cause}"));
                }
            }
        }
    }
}
