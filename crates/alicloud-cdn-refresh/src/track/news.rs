//! What is worth telling while waiting.

use std::collections::BTreeSet;

use super::entry::Entry;
use crate::fate::Fate;

/// What is worth telling of what was listed.
#[derive(Default)]
pub(crate) struct News {
    /// The newest reason of a failure, with its object.
    pub(crate) newest: Option<String>,
    /// What is to be told.
    warnings: Vec<String>,
    /// States that no document knows, each told once.
    strange: BTreeSet<String>,
}

impl News {
    pub(super) fn hear(&mut self, entry: &Entry) {
        if let Fate::Failed { description: Some(description), .. } = &entry.fate {
            self.newest = Some(format!("{}: {description}", entry.path));
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

    /// Warnings that were not given yet.
    pub(crate) fn take_warnings(&mut self) -> Vec<String> {
        std::mem::take(&mut self.warnings)
    }
}
