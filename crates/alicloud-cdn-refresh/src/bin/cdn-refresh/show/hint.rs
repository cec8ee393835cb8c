//! What to type next, so that it can be pasted.

use std::path::Path;

use alicloud_cdn_refresh::{Counts, Job};

use crate::args::Global;
use crate::failure::Exit;

/// What a command was given to work on.
#[derive(Clone, Copy)]
pub(crate) enum Given<'a> {
    /// URLs, perhaps with a state file.
    Urls(Option<&'a Path>),
    /// A state file of `refresh` or `preload`: this command only asks.
    State(&'a Path),
    /// One that another program goes on with.
    InUse(&'a Path),
    /// Ids.
    Ids,
}

impl<'a> Given<'a> {
    pub(super) fn state(self) -> Option<&'a Path> {
        match self {
            Given::Urls(state) => state,
            Given::State(state) | Given::InUse(state) => Some(state),
            Given::Ids => None,
        }
    }
}

/// Makes commands that talk to the same service.
#[derive(Clone)]
pub(super) struct Again {
    /// What every command is given, with a blank before it; nothing for a service that ends with this
    /// program.
    service: Option<String>,
}

impl Again {
    pub(super) fn new(global: &Global) -> Self {
        let options = [("--profile", &global.profile), ("--endpoint", &global.endpoint)];
        let input = options.into_iter().filter_map(|(name, value)| {
            value.as_deref().map(|value| format!(" {name} {}", quoted(value)))
        });
        Again { service: (!global.demo).then(|| input.collect()) }
    }

    /// The command that waits for tasks.
    fn wait_command(&self, ids: &[&str], input: Given<'_>) -> Option<String> {
        let service = self.service.as_ref()?;
        Some(match input.state() {
            Some(state) => {
                format!("cdn-refresh{service} wait --state {}", quoted(&state.to_string_lossy()))
            }
            None => format!("cdn-refresh{service} wait {}", ids.join(",")),
        })
    }

    /// What to do after a command has ended so.
    pub(super) fn after(
        &self,
        exit: Exit,
        job: &Job,
        counts: Counts,
        input: Given<'_>,
    ) -> Option<String> {
        let service = self.service.as_ref()?;
        let file = input.state().map(|state| quoted(&state.to_string_lossy()));
        let is_any_lost = job.calls().iter().any(|call| call.state.is_response_lost());
        let unsent = counts.not_sent;
        match (exit, input, file) {
            (Exit::Unfinished | Exit::Unknown, Given::InUse(_), Some(file)) => {
                Some(format!("To look again: cdn-refresh{service} status --state {file}"))
            }
            (Exit::Done | Exit::Failed, _, _) if counts.pending > 0 => {
                Some(format!("To wait for them: {}", self.wait_command(&job.task_ids(), input)?))
            }
            (Exit::Unfinished, Given::Urls(_), Some(file)) => Some(format!(
                "To go on: the same command, with --state {file} again; the service remembers tasks for 3 \
                 days."
            )),
            (Exit::Unfinished, _, Some(file)) if unsent > 0 => Some(format!(
                "To go on: cdn-refresh{service} refresh --wait --state {file}, which sends the rest."
            )),
            (Exit::Unfinished, _, _) if !job.task_ids().is_empty() => {
                let command = self.wait_command(&job.task_ids(), input)?;
                let rest = match unsent {
                    0 => String::new(),
                    _ => format!(" What was not sent ({unsent}) has to be input again."),
                };
                Some(format!("To go on: {command}; the service remembers tasks for 3 days.{rest}"))
            }
            (Exit::Unknown, _, Some(file)) if is_any_lost => Some(format!(
                "To look for lost calls again: cdn-refresh{service} refresh --wait --state {file}, some \
                 minutes later."
            )),
            (Exit::Unknown, _, None) if is_any_lost => {
                Some("With --state the command can look for lost calls again later.".to_owned())
            }
            _ => None,
        }
    }
}

/// As a shell takes it.
fn quoted(text: &str) -> String {
    // Nothing that a command line can hold cannot be quoted.
    shlex::try_quote(text).map_or_else(|_| text.to_owned(), |quoted| quoted.into_owned())
}
