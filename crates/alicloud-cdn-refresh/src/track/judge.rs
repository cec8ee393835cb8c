//! What the listed entries mean for the objects of a call.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use super::entry::Entry;
use super::{Aim, Task, Tracked, Tracker};
use crate::fate::Fate;
use crate::job::JobObject;

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
                let fate = entries().map(|entry| entry.fate_if(is_stable)).reduce(Fate::worse);
                let fate = fate.unwrap_or(Fate::UNSEEN);
                if let Some(call) = self.calls.get_mut(index) {
                    call.objects.iter_mut().for_each(|object| object.become_of(fate.clone()));
                }
            }
            Aim::Objects => {
                let (fates, odd) = self.fates_of(index, call, &tasks, now);
                for (path, kind) in odd {
                    self.news.of_another_kind(&path, &kind);
                }
                let Some(call) = self.calls.get_mut(index) else { return };
                for (place, fate) in fates.0 {
                    if let Some(object) = call.objects.get_mut(place) {
                        object.become_of(fate);
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
                    call.places_of(entry).into_iter().for_each(|place| own.add(place, entry));
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
                    for place in call.places_of(entry) {
                        odd.entry(place).or_default().push((entry, kind));
                    }
                }
            }
        }
        let is_open =
            |place: usize| call.objects.get(place).is_some_and(|object| !object.fate.is_final());
        odd.retain(|place, _| is_open(*place) && !own.0.contains_key(place));
        let mut taken = Vec::new();
        for (place, entries) in odd {
            for (entry, kind) in entries {
                own.add(place, entry);
                taken.push((entry.path.clone(), kind.clone()));
            }
        }
        (own, taken)
    }
}

/// What is listed of objects, by their places in a call.
#[derive(Default)]
struct Fates(HashMap<usize, Fate>);

impl Fates {
    fn add(&mut self, place: usize, entry: &Entry) {
        let fate = match self.0.remove(&place) {
            Some(other) => other.worse(entry.fate.clone()),
            None => entry.fate.clone(),
        };
        self.0.insert(place, fate);
    }
}
