//! Progress of a submission: a bar on a terminal, occasional lines in a log, or JSON Lines.

use std::collections::{HashMap, HashSet};
use std::time::SystemTime;

use alicloud_cdn_refresh::{CallState, Event, Job};
use indicatif::ProgressBar;

use super::progress_mode::ProgressMode;
use super::wait_progress::{LOG_STEP_PERCENT, progress_bar};
use super::{human, json};

/// Number of calls from which a log shows progress: fewer calls take only a moment.
const MIN_CALLS_FOR_LOG: usize = 20;

/// A display of the progress of a submission.
pub(crate) struct SubmitProgress {
    notes: NotePrinter,
    call_count: usize,
    /// Indexes of calls with a known outcome.
    settled: HashSet<usize>,
    /// Calls in progress, and when they were sent.
    in_progress: HashMap<usize, SystemTime>,
    /// Domain of each call.
    domains: Vec<String>,
    /// Domains that were reported as throttled.
    throttled_domains: HashSet<String>,
    /// Percentage of the last line in a log.
    logged_percent: f64,
}

/// A printer of notes that keeps the progress bar intact.
#[derive(Clone)]
pub(crate) struct NotePrinter {
    mode: ProgressMode,
    bar: ProgressBar,
}

impl SubmitProgress {
    pub(super) fn new(json: bool, quiet: bool, job: &Job) -> Self {
        let mode = ProgressMode::new(json, quiet);
        let call_count = job.calls().len();
        let settled: HashSet<usize> = (0..)
            .zip(job.calls())
            .filter(|(_, call)| matches!(call.state, CallState::Sent { .. }))
            .map(|(index, _)| index)
            .collect();
        let lost_count = job.calls().iter().filter(|call| call.state.is_response_lost()).count();
        let template = "{spinner} [{bar:30}] {pos} of {len} calls done, {elapsed}";
        let bar = progress_bar(mode, call_count as u64, template);
        bar.set_position(settled.len() as u64);
        let logged_percent = percent(settled.len(), call_count);
        let progress = SubmitProgress {
            notes: NotePrinter { mode, bar },
            call_count,
            settled,
            in_progress: HashMap::new(),
            domains: job.calls().iter().map(|call| call.domain.clone()).collect(),
            throttled_domains: HashSet::new(),
            logged_percent,
        };
        if lost_count > 0 {
            let calls = if lost_count == 1 { "call" } else { "calls" };
            progress
                .notes
                .print(&format!("looking up {lost_count} {calls} whose response was lost"));
        }
        progress
    }

    pub(crate) fn update(&mut self, event: &Event) {
        if self.notes.mode == ProgressMode::Json && !matches!(event, Event::Ended { .. }) {
            json::call(event);
        }
        let call = event.call();
        match event {
            Event::Sending { sent_at, .. } => {
                self.settled.remove(&call);
                self.in_progress.insert(call, *sent_at);
            }
            Event::Throttled { error, .. } => {
                self.in_progress.remove(&call);
                let domain = self.domains.get(call).cloned().unwrap_or_default();
                if self.throttled_domains.insert(domain.clone()) {
                    let code = error.code.as_deref().unwrap_or("no error code");
                    self.notes.print(&match code.starts_with("QuotaPerMinute")
                        || code.starts_with("TooMany.")
                    {
                        true => format!(
                            "the minute quota of {domain} is exhausted; retrying in the next minute"
                        ),
                        false => format!(
                            "the service throttles calls for {domain} ({code}); retrying later"
                        ),
                    });
                }
            }
            _ => {
                let sent_at = self.in_progress.remove(&call);
                // A call whose response was lost in an earlier run keeps the time of that run.
                if matches!(event, Event::Unknown { sent_at: lost_at, .. } if sent_at == Some(*lost_at))
                {
                    self.notes
                        .print("the response to a call was lost; looking it up in the task list");
                }
                self.settled.insert(call);
            }
        }
        self.notes.bar.set_position(self.settled.len() as u64);
        let percent = percent(self.settled.len(), self.call_count);
        if self.notes.mode == ProgressMode::Log
            && self.call_count >= MIN_CALLS_FOR_LOG
            && percent - self.logged_percent >= LOG_STEP_PERCENT
        {
            self.logged_percent = percent;
            human::stderr_line(format_args!(
                "{percent:3.0}% {} of {} calls done",
                self.settled.len(),
                self.call_count
            ));
        }
    }

    /// Returns a printer of notes for use while calls are sent.
    pub(crate) fn notes(&self) -> NotePrinter {
        self.notes.clone()
    }
}

impl NotePrinter {
    pub(crate) fn print(&self, message: &str) {
        if matches!(self.mode, ProgressMode::Terminal | ProgressMode::Log) {
            self.bar.suspend(|| human::note(message));
        }
    }
}

fn percent(part: usize, whole: usize) -> f64 {
    100.0 * part as f64 / whole.max(1) as f64
}

impl Drop for SubmitProgress {
    fn drop(&mut self) {
        self.notes.bar.finish_and_clear();
    }
}
