//! Warnings and failures to report while waiting.

use std::collections::BTreeSet;

use alicloud_core::wire::printable::printable;

use super::listed_task::ListedTask;
use crate::kind::TargetKind;
use crate::status::ObjectStatus;

/// Warnings and the latest failure.
#[derive(Default)]
pub(crate) struct Notices {
    /// The latest failed object, with the reason.
    pub(crate) last_failure: Option<String>,
    /// Warnings to report.
    warnings: Vec<String>,
    /// Statuses, paths and ids of all warnings so far: each is reported once.
    warned: BTreeSet<String>,
    /// Ids to report in one warning: the service should list them by now, but does not.
    unlisted_ids: Vec<String>,
}

/// Submitted objects that are not listed, and listed tasks that are none of them.
pub(super) struct OtherObjects {
    /// Kind of the submitted objects, if one of them is listed as another kind.
    pub(super) submitted_kind: Option<TargetKind>,
    pub(super) unlisted: Vec<String>,
    pub(super) others: Vec<String>,
}

/// Maximum number of ids that a warning names.
const MAX_IDS_NAMED: usize = 5;

/// Maximum number of objects that a warning names of each kind.
const MAX_OBJECTS_NAMED: usize = 3;

impl Notices {
    /// Records a failure or an undocumented status of a listed task.
    pub(super) fn record_task(&mut self, task: &ListedTask) {
        if let ObjectStatus::Failed { description: Some(description), .. } = &task.status {
            self.last_failure = Some(format!("{}: {description}", task.path));
        }
        if let Some(status) = task.undocumented_status()
            && self.warned.insert(status.to_owned())
        {
            let url = &task.path;
            tracing::warn!(status, url, "undocumented task status");
            self.warnings.push(format!(
                "{url} has the undocumented status {status:?}, which is treated as pending"
            ));
        }
    }

    /// Records a task that was used for an object although it is listed as another kind.
    pub(super) fn record_kind_mismatch(&mut self, path: &str, listed_kind: &str) {
        if self.warned.insert(path.to_owned()) {
            let listed_kind = printable(listed_kind);
            self.warnings.push(format!(
                "{path} is only listed as {listed_kind:?}, not as the submitted kind; that task is used"
            ));
        }
    }

    /// Records tasks that list other objects than the submitted ones, which may be spelled differently.
    pub(super) fn record_other_objects(&mut self, ids: &[String], objects: &OtherObjects) {
        let (joined_ids, unlisted) = (ids.join(","), name_some(&objects.unlisted));
        if self.warned.insert(format!("{joined_ids} without {unlisted}")) {
            let subject = if ids.len() == 1 { "task" } else { "one of the tasks" };
            let others = name_some(&objects.others);
            self.warnings.push(match objects.submitted_kind {
                // Once everything should be listed, that task is used.
                Some(kind) => format!(
                    "{subject} {joined_ids} lists {others}, but not the submitted {} {unlisted}, which \
                     stays pending while the service may still list it",
                    kind.noun(objects.unlisted.len())
                ),
                None => format!(
                    "{subject} {joined_ids} lists {others}, but not the submitted {unlisted}, which stays \
                     pending; if it is the same object, submit it as listed"
                ),
            });
        }
    }

    /// Records an id that the service should list by now. Reported while waiting, so that a mistyped id
    /// does not cost the whole timeout.
    pub(super) fn record_unlisted_id(&mut self, id: &str) {
        if self.warned.insert(id.to_owned()) {
            self.unlisted_ids.push(id.to_owned());
        }
    }

    /// Returns the new warnings.
    pub(crate) fn take_warnings(&mut self) -> Vec<String> {
        let ids = std::mem::take(&mut self.unlisted_ids);
        if let [named @ .., last] = ids.get(..MAX_IDS_NAMED).unwrap_or(&ids) {
            let others = ids.len() - named.len() - 1;
            let subject = match (named, others) {
                ([], 0) => format!("task {last} is"),
                (_, 0) => format!("tasks {} and {last} are", named.join(", ")),
                _ => format!("tasks {}, {last} and {others} others are", named.join(", ")),
            };
            self.warnings.push(format!(
                "{subject} still not listed; check the id: the service lists a task a few seconds after it \
                 was submitted, for 3 days"
            ));
        }
        std::mem::take(&mut self.warnings)
    }
}

/// Joins the first texts with commas, and counts the others.
fn name_some(texts: &[String]) -> String {
    let named = texts.get(..MAX_OBJECTS_NAMED).unwrap_or(texts);
    match texts.len() - named.len() {
        0 => named.join(", "),
        others => format!("{} and {others} others", named.join(", ")),
    }
}
