//! Signs of life of a phase that shows no progress of its own.

use std::io::{self, IsTerminal as _};
use std::pin::pin;
use std::time::Duration;

use super::progress_mode::ProgressMode;
use super::{Output, Phase, human, json};

/// Seconds until the first line, and between two lines.
const FIRST_LINE: u64 = 2;
const INTERVAL: u64 = 10;

impl Output {
    /// Runs a phase, and prints after 2 s and then every 10 s that it is still running.
    pub(crate) async fn show_phase<T>(&self, phase: Phase, work: impl Future<Output = T>) -> T {
        let mode = ProgressMode::new(self.json, self.quiet);
        let mut work = pin!(work);
        let mut seconds = 0;
        loop {
            let pause = if seconds == 0 { FIRST_LINE } else { INTERVAL };
            tokio::select! {
                result = &mut work => return result,
                () = tokio::time::sleep(Duration::from_secs(pause)) => seconds += pause,
            }
            match mode {
                ProgressMode::Quiet => {}
                ProgressMode::Json => json::phase(phase, seconds),
                ProgressMode::Terminal if phase.has_bar() => {}
                // Somebody types the inputs.
                _ if phase == Phase::Inputs && io::stdin().is_terminal() => {}
                _ => human::note(&format!("still {phase} after {seconds} s")),
            }
        }
    }
}
