//! How the calls of a job are told while they are sent.

use std::collections::{HashMap, HashSet};
use std::time::SystemTime;

use alicloud_cdn_refresh::{CallState, Event, Job};
use indicatif::ProgressBar;

use super::bar::{Mode, WORTH_A_LINE, bar};
use super::{human, json};

/// From how many calls on a log is told how far it is: fewer are sent in a moment.
const MANY: usize = 20;

/// How the calls of a job are told while they are sent.
pub(crate) struct Sending {
    telling: Telling,
    calls: usize,
    /// Calls of which it is known what has become of them.
    settled: HashSet<usize>,
    /// Calls whose answers have not come, and when they were sent.
    under_way: HashMap<usize, SystemTime>,
    /// The domain of each call.
    domains: Vec<String>,
    /// Domains of which it was told that they wait.
    throttled: HashSet<String>,
    /// What the last line in a log said, in percent.
    percent: f64,
}

/// Lines for people beside a bar.
#[derive(Clone)]
pub(crate) struct Telling {
    mode: Mode,
    bar: ProgressBar,
}

impl Sending {
    pub(super) fn new(json: bool, quiet: bool, job: &Job) -> Self {
        let mode = Mode::of(json, quiet);
        let calls = job.calls().len();
        let settled = (0..).zip(job.calls()).filter_map(|(index, call)| {
            matches!(call.state, CallState::Sent { .. }).then_some(index)
        });
        let settled: HashSet<usize> = settled.collect();
        let lost = job.calls().iter().filter(|call| call.state.is_response_lost()).count();
        let template = "{spinner} [{bar:30}] {pos} of {len} calls done, {elapsed}";
        let bar = bar(mode, calls as u64, template);
        bar.set_position(settled.len() as u64);
        let percent = percent(settled.len(), calls);
        let sending = Sending {
            telling: Telling { mode, bar },
            calls,
            settled,
            under_way: HashMap::new(),
            domains: job.calls().iter().map(|call| call.domain.clone()).collect(),
            throttled: HashSet::new(),
            percent,
        };
        if lost > 0 {
            let calls = if lost == 1 { "call" } else { "calls" };
            sending
                .telling
                .note(&format!("looking for {lost} {calls} of which the answer was lost"));
        }
        sending
    }

    pub(crate) fn show(&mut self, event: &Event) {
        if self.telling.mode == Mode::Json && !matches!(event, Event::Ended { .. }) {
            json::call(event);
        }
        let call = event.call();
        match event {
            Event::Sending { sent_at, .. } => {
                self.settled.remove(&call);
                self.under_way.insert(call, *sent_at);
            }
            Event::Throttled { .. } => {
                self.under_way.remove(&call);
                let domain = self.domains.get(call).cloned().unwrap_or_default();
                if self.throttled.insert(domain.clone()) {
                    self.telling.note(&format!(
                        "the service takes no more of {domain} in this minute: going on in the next"
                    ));
                }
            }
            _ => {
                let sent = self.under_way.remove(&call);
                // One that was lost before is so since then.
                if matches!(event, Event::Unknown { sent_at, .. } if sent == Some(*sent_at)) {
                    self.telling.note(
                        "the answer to a call was lost: it will be looked for in the list of tasks",
                    );
                }
                self.settled.insert(call);
            }
        }
        self.telling.bar.set_position(self.settled.len() as u64);
        let percent = percent(self.settled.len(), self.calls);
        if self.telling.mode == Mode::Log
            && self.calls >= MANY
            && percent - self.percent >= WORTH_A_LINE
        {
            self.percent = percent;
            human::err(format_args!(
                "{percent:3.0}% {} of {} calls done",
                self.settled.len(),
                self.calls
            ));
        }
    }

    /// What tells more beside the calls, while they are sent.
    pub(crate) fn telling(&self) -> Telling {
        self.telling.clone()
    }
}

impl Telling {
    pub(crate) fn note(&self, message: &str) {
        if matches!(self.mode, Mode::Terminal | Mode::Log) {
            self.bar.suspend(|| human::note(message));
        }
    }
}

fn percent(part: usize, whole: usize) -> f64 {
    100.0 * part as f64 / whole.max(1) as f64
}

impl Drop for Sending {
    fn drop(&mut self) {
        self.telling.bar.finish_and_clear();
    }
}
