//! Progress of a wait: a bar on a terminal, occasional lines in a log, or JSON Lines.

use std::time::Duration;

use alicloud_cdn_refresh::Progress;
use alicloud_core::wire::printable::printable;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::progress_mode::ProgressMode;
use super::{human, json};

/// Progress in percent between two lines in a log.
pub(super) const LOG_STEP_PERCENT: f64 = 10.0;

/// Number of polls after which a log gets a line even without progress.
const MAX_POLLS_BETWEEN_LOG_LINES: u32 = 6;

/// A display of the progress of a wait.
pub(crate) struct WaitProgress {
    json: bool,
    mode: ProgressMode,
    bar: ProgressBar,
    last_log_line: Option<LogLine>,
}

/// The last line in a log.
struct LogLine {
    percent: f64,
    /// Polls since then.
    polls_since: u32,
}

impl WaitProgress {
    pub(super) fn new(json: bool, quiet: bool) -> Self {
        let mode = ProgressMode::new(json, quiet);
        let bar = progress_bar(mode, 100, "{spinner} [{bar:30}] {percent:>3}% {msg}, {elapsed}");
        bar.set_message("polling");
        WaitProgress { json, mode, bar, last_log_line: None }
    }

    pub(crate) fn update(&mut self, progress: &Progress) {
        for warning in &progress.warnings {
            match (self.mode, self.json) {
                // The progress line includes them.
                (ProgressMode::Json, _) => {}
                (_, true) => json::warning(warning),
                _ => self.bar.suspend(|| human::warning(warning)),
            }
        }
        let message = message(progress);
        match self.mode {
            ProgressMode::Quiet => {}
            ProgressMode::Json => json::progress(progress),
            ProgressMode::Terminal => {
                self.bar.set_position(progress.percent as u64);
                self.bar.set_message(message);
            }
            ProgressMode::Log => {
                let is_due = match &mut self.last_log_line {
                    None => true,
                    Some(last) => {
                        last.polls_since += 1;
                        progress.percent - last.percent >= LOG_STEP_PERCENT
                            || progress.pending == 0
                            || last.polls_since >= MAX_POLLS_BETWEEN_LOG_LINES
                    }
                };
                if is_due {
                    self.last_log_line =
                        Some(LogLine { percent: progress.percent, polls_since: 0 });
                    human::stderr_line(format_args!("{:3.0}% {message}", progress.percent));
                }
            }
        }
    }
}

impl Drop for WaitProgress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

fn message(progress: &Progress) -> String {
    let Progress { objects, live, failed, last_failure, error, .. } = progress;
    let mut message = format!("{live} of {objects} live");
    if *failed > 0 {
        message.push_str(&format!(", {failed} failed"));
    }
    if let Some(last_failure) = last_failure {
        message.push_str(&format!(" ({last_failure})"));
    }
    if let Some(error) = error {
        message.push_str(&format!(", the last poll failed: {}", error.message));
    }
    printable(&message).into_owned()
}

pub(super) fn progress_bar(mode: ProgressMode, length: u64, template: &str) -> ProgressBar {
    let target = match mode {
        ProgressMode::Terminal => ProgressDrawTarget::stderr(),
        _ => ProgressDrawTarget::hidden(),
    };
    let bar = ProgressBar::with_draw_target(Some(length), target);
    // If the template is invalid, the default style stays.
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.progress_chars("=> "));
    }
    if mode == ProgressMode::Terminal {
        bar.enable_steady_tick(Duration::from_millis(120));
    }
    bar
}
