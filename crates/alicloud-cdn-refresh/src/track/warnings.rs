//! What is worth telling while waiting.

use std::collections::BTreeSet;

use super::listed_task::Entry;
use crate::status::ObjectStatus;

/// What is worth telling of what was listed.
#[derive(Default)]
pub(crate) struct News {
    /// The newest reason of a failure, with its object.
    pub(crate) last_failure: Option<String>,
    /// What is to be told.
    warnings: Vec<String>,
    /// States that no document knows, objects that are listed as something else, and ids that are not
    /// listed at all: each is told once.
    strange: BTreeSet<String>,
    /// Ids that are not listed although it is time, and were not told yet.
    unlisted: Vec<String>,
}

/// How many ids a warning names.
const NAMED: usize = 5;

impl News {
    pub(super) fn hear(&mut self, entry: &Entry) {
        if let ObjectStatus::Failed { description: Some(description), .. } = &entry.status {
            self.last_failure = Some(format!("{}: {description}", entry.path));
        }
        if let Some(status) = entry.strange_status()
            && self.strange.insert(status.to_owned())
        {
            let url = &entry.path;
            tracing::warn!(status, url, "unknown status of a task");
            self.warnings.push(format!(
                "{url} is {status:?}, which no document knows: it is waited for as if it were under way"
            ));
        }
    }

    /// Takes in that what is listed as another kind was taken for an object.
    pub(super) fn of_another_kind(&mut self, path: &str, kind: &str) {
        if self.strange.insert(path.to_owned()) {
            let kind = kind.replace(char::is_control, "\u{fffd}");
            self.warnings.push(format!(
                "{path} is listed as {kind:?} alone, which is not what it was submitted as: it is taken for it"
            ));
        }
    }

    /// Takes in that an id is not listed although it is time. Whoever has mistyped one should not have to
    /// wait for the end.
    pub(super) fn not_listed(&mut self, id: &str) {
        if self.strange.insert(id.to_owned()) {
            self.unlisted.push(id.to_owned());
        }
    }

    /// Warnings that were not given yet.
    pub(crate) fn take_warnings(&mut self) -> Vec<String> {
        let unlisted = std::mem::take(&mut self.unlisted);
        if let [named @ .., last] = unlisted.get(..NAMED).unwrap_or(&unlisted) {
            let others = unlisted.len() - named.len() - 1;
            let ids = match (named, others) {
                ([], 0) => format!("task {last} is"),
                (_, 0) => format!("tasks {} and {last} are", named.join(", ")),
                _ => format!("tasks {}, {last} and {others} others are", named.join(", ")),
            };
            self.warnings.push(format!(
                "{ids} still not listed: check the id; the service lists a task some seconds after it was \
                 submitted and forgets it after 3 days"
            ));
        }
        std::mem::take(&mut self.warnings)
    }
}
