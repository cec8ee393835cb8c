//! Progress: a bar on a terminal, now and then a line elsewhere, JSON for programs.

use std::time::Duration;

use alicloud_cdn_refresh::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{human, json};

/// How much has to happen for another line in a log, in percent.
pub(super) const WORTH_A_LINE: f64 = 10.0;

/// How many looks without news there are between two lines in a log.
const STILL_THERE: u32 = 6;

/// How far the wait is.
pub(crate) struct Bar {
    json: bool,
    mode: Mode,
    bar: ProgressBar,
    /// What the last line in a log said, and how many looks ago.
    told: Option<(f64, u32)>,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Mode {
    Quiet,
    Json,
    Terminal,
    Log,
}

impl Mode {
    pub(super) fn of(json: bool, quiet: bool) -> Self {
        match (json, quiet) {
            (_, true) => Mode::Quiet,
            (true, _) => Mode::Json,
            // One that cannot move its cursor is no better than a log.
            _ if !ProgressDrawTarget::stderr().is_hidden() => Mode::Terminal,
            _ => Mode::Log,
        }
    }
}

impl Bar {
    pub(super) fn new(json: bool, quiet: bool) -> Self {
        let mode = Mode::of(json, quiet);
        let bar = bar(mode, 100, "{spinner} [{bar:30}] {percent:>3}% {msg}, {elapsed}");
        bar.set_message("looking");
        Bar { json, mode, bar, told: None }
    }

    pub(crate) fn show(&mut self, progress: &Progress) {
        for warning in &progress.warnings {
            match (self.mode, self.json) {
                // The line with the progress has them.
                (Mode::Json, _) => {}
                (_, true) => json::warning(warning),
                _ => self.bar.suspend(|| human::warning(warning)),
            }
        }
        let message = message(progress);
        match self.mode {
            Mode::Quiet => {}
            Mode::Json => json::progress(progress),
            Mode::Terminal => {
                self.bar.set_position(progress.percent as u64);
                self.bar.set_message(message);
            }
            Mode::Log => {
                let is_news = match &mut self.told {
                    None => true,
                    Some((percent, looks)) => {
                        *looks += 1;
                        progress.percent - *percent >= WORTH_A_LINE
                            || progress.pending == 0
                            || *looks >= STILL_THERE
                    }
                };
                if is_news {
                    self.told = Some((progress.percent, 0));
                    human::err(format_args!("{:3.0}% {message}", progress.percent));
                }
            }
        }
    }
}

impl Drop for Bar {
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
        message.push_str(&format!(", the last look failed: {}", error.message));
    }
    message.replace(char::is_control, "\u{fffd}")
}

pub(super) fn bar(mode: Mode, length: u64, template: &str) -> ProgressBar {
    let target = match mode {
        Mode::Terminal => ProgressDrawTarget::stderr(),
        _ => ProgressDrawTarget::hidden(),
    };
    let bar = ProgressBar::with_draw_target(Some(length), target);
    // A template that cannot be read leaves the standard one.
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.progress_chars("=> "));
    }
    if mode == Mode::Terminal {
        bar.enable_steady_tick(Duration::from_millis(120));
    }
    bar
}
