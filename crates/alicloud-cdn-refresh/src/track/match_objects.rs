//! What the listed entries mean for the objects of a call.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use super::listed_task::Entry;
use super::{Aim, Task, Tracked, Tracker};
use crate::job::JobObject;
use crate::status::ObjectStatus;

impl Tracker {
    /// Gives the objects of a call what the listed entries mean for them.
    pub(super) fn judge(&mut self, index: usize, now: Duration) {
        let Some(call) = self.calls.get(index) else { return };
        let tasks: Vec<&Task> = call.ids.iter().filter_map(|id| self.tasks.get(id)).collect();
        let entries = || tasks.iter().flat_map(|task| task.listed.values());
        match call.aim {
            Aim::BareId => {
                // More may come: what has grown since the last look may still grow.
                let is_stable = tasks.iter().all(|task| task.before == Some(task.listed.len()));
                let object = |entry: &Entry| {
                    JobObject::found(entry.path.clone(), entry.kind, entry.fate_if(is_stable))
                };
                let objects = entries().map(object).collect();
                if let Some(call) = self.calls.get_mut(index) {
                    call.objects = objects;
                }
            }
            Aim::Everything => {
                let is_stable = tasks
                    .iter()
                    .all(|task| !task.listed.is_empty() && task.before == Some(task.listed.len()));
                let status =
                    entries().map(|entry| entry.fate_if(is_stable)).reduce(ObjectStatus::worse);
                let status = status.unwrap_or(ObjectStatus::NOT_LISTED);
                if let Some(call) = self.calls.get_mut(index) {
                    call.objects.iter_mut().for_each(|object| object.become_of(status.clone()));
                }
            }
            Aim::Objects => {
                let (statuses, odd) = self.fates_of(index, call, &tasks, now);
                for (path, kind) in odd {
                    self.news.of_another_kind(&path, &kind);
                }
                let Some(call) = self.calls.get_mut(index) else { return };
                for (index, status) in statuses.0 {
                    if let Some(object) = call.objects.get_mut(index) {
                        object.become_of(status);
                    }
                }
            }
        }
    }

    /// What is listed of each object, and what was taken for one although it is of another kind: its path
    /// and that kind.
    fn fates_of(
        &self,
        index: usize,
        call: &Tracked,
        tasks: &[&Task],
        now: Duration,
    ) -> (Fates, Vec<(String, String)>) {
        let mut own = Fates::default();
        let mut odd: BTreeMap<usize, Vec<(&Entry, &String)>> = BTreeMap::new();
        for task in tasks {
            for ((_, kind), entry) in &task.listed {
                if entry.can_be(call.kind) {
                    call.places_of(entry).into_iter().for_each(|index| own.add(index, entry));
                    continue;
                }
                // What another call has is its own. Else nobody knows what the service calls a kind, but
                // everything of the right one is listed by now.
                let is_of_another = || {
                    let others = task.calls.iter().filter(|other| **other != index);
                    let mut others = others.filter_map(|other| self.calls.get(*other));
                    others.any(|other| other.is_about(entry))
                };
                if task.is_due(now) && !is_of_another() {
                    for index in call.places_of(entry) {
                        odd.entry(index).or_default().push((entry, kind));
                    }
                }
            }
        }
        let is_open =
            |index: usize| call.objects.get(index).is_some_and(|object| !object.status.is_final());
        odd.retain(|index, _| is_open(*index) && !own.0.contains_key(index));
        let mut taken = Vec::new();
        for (index, entries) in odd {
            for (entry, kind) in entries {
                own.add(index, entry);
                taken.push((entry.path.clone(), kind.clone()));
            }
        }
        (own, taken)
    }
}

/// What is listed of objects, by their places in a call.
#[derive(Default)]
struct Fates(HashMap<usize, ObjectStatus>);

impl Fates {
    fn add(&mut self, index: usize, entry: &Entry) {
        let status = match self.0.remove(&index) {
            Some(other) => other.worse(entry.status.clone()),
            None => entry.status.clone(),
        };
        self.0.insert(index, status);
    }
}
