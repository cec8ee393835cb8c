//! What to type next, so that it can be pasted.

use std::path::Path;

use crate::args::Global;
use crate::failure::Exit;

/// What a command was given to work on.
#[derive(Clone, Copy)]
pub(crate) enum Given<'a> {
    /// URLs, perhaps with a state file.
    Urls(Option<&'a Path>),
    /// A state file of `refresh` or `preload`: this command only asks.
    State(&'a Path),
    /// Ids.
    Ids,
}

impl<'a> Given<'a> {
    pub(crate) fn tasks(state: Option<&'a Path>) -> Self {
        state.map_or(Given::Ids, Given::State)
    }

    pub(super) fn state(self) -> Option<&'a Path> {
        match self {
            Given::Urls(state) => state,
            Given::State(state) => Some(state),
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
        let given = options.into_iter().filter_map(|(name, value)| {
            value.as_deref().map(|value| format!(" {name} {}", quoted(value)))
        });
        Again { service: (!global.demo).then(|| given.collect()) }
    }

    /// The command that waits for tasks.
    pub(super) fn wait(&self, ids: &[&str], given: Given<'_>) -> Option<String> {
        Some(format!("To wait for them: {}", self.wait_command(ids, given)?))
    }

    fn wait_command(&self, ids: &[&str], given: Given<'_>) -> Option<String> {
        let service = self.service.as_ref()?;
        Some(match given.state() {
            Some(state) => {
                format!("cdn-refresh{service} wait --state {}", quoted(&state.to_string_lossy()))
            }
            None => format!("cdn-refresh{service} wait {}", ids.join(",")),
        })
    }

    /// What to do after a command has ended so.
    pub(super) fn after(&self, exit: Exit, ids: &[&str], given: Given<'_>) -> Option<String> {
        let service = self.service.as_ref()?;
        match exit {
            Exit::Unfinished if !ids.is_empty() || given.state().is_some() => {
                let command = match given {
                    // It sends what was not sent, too.
                    Given::Urls(Some(state)) => format!(
                        "the same command, with --state {} again",
                        quoted(&state.to_string_lossy())
                    ),
                    _ => self.wait_command(ids, given)?,
                };
                Some(format!("To go on: {command}; the service remembers tasks for 3 days."))
            }
            Exit::Unknown => Some(match given.state() {
                Some(state) => format!(
                    "To look for lost calls again: cdn-refresh{service} refresh --wait --state {}, some \
                     minutes later; for what is not found, with --resend-unknown.",
                    quoted(&state.to_string_lossy())
                ),
                None => "With --state the command can look for lost calls again later.".to_owned(),
            }),
            _ => None,
        }
    }
}

/// As a shell takes it.
fn quoted(text: &str) -> String {
    // Nothing that a command line can hold cannot be quoted.
    shlex::try_quote(text).map_or_else(|_| text.to_owned(), |quoted| quoted.into_owned())
}
