//! Matching of listed tasks to the objects of a call.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use super::listed_task::ListedTask;
use super::warnings::OtherObjects;
use super::{Scope, TrackedCall, TrackedId, Tracker};
use crate::job::JobObject;
use crate::status::ObjectStatus;

impl Tracker {
    /// Updates the objects of a call from the listed tasks.
    pub(super) fn update_objects(&mut self, call_position: usize, now: Duration) {
        let Some(call) = self.calls.get(call_position) else { return };
        let ids: Vec<&TrackedId> = call.ids.iter().filter_map(|id| self.tasks.get(id)).collect();
        let listed_tasks = || ids.iter().flat_map(|id| id.listed.values());
        match call.scope {
            Scope::TaskId => {
                // A list that has grown since the previous response may still grow.
                let is_complete = ids.iter().all(|id| id.previous_count == Some(id.listed.len()));
                let object = |task: &ListedTask| {
                    let status = task.status_if_complete(is_complete);
                    JobObject::from_list(task.path.clone(), task.kind, status)
                };
                let objects = listed_tasks().map(object).collect();
                if let Some(call) = self.calls.get_mut(call_position) {
                    call.objects = objects;
                }
            }
            Scope::CacheTags => {
                let is_complete = ids
                    .iter()
                    .all(|id| !id.listed.is_empty() && id.previous_count == Some(id.listed.len()));
                let status = listed_tasks()
                    .map(|task| task.status_if_complete(is_complete))
                    .reduce(ObjectStatus::worse)
                    .unwrap_or(ObjectStatus::NOT_LISTED);
                if let Some(call) = self.calls.get_mut(call_position) {
                    call.objects.iter_mut().for_each(|object| object.set_status(status.clone()));
                }
            }
            Scope::Objects => {
                let (statuses, mismatches) = self.statuses_of(call_position, call, &ids, now);
                for KindMismatch { path, listed_kind } in mismatches {
                    self.notices.record_kind_mismatch(&path, &listed_kind);
                }
                let other_objects = self.other_objects(call, &ids, &statuses, now);
                if let Some(other_objects) = other_objects {
                    self.notices.record_other_objects(&call.ids, &other_objects);
                }
                let Some(call) = self.calls.get_mut(call_position) else { return };
                for (position, status) in statuses.0 {
                    if let Some(object) = call.objects.get_mut(position) {
                        object.set_status(status);
                    }
                }
            }
        }
    }

    /// Returns the listed status of each object, and the tasks that were used although they are listed
    /// as another kind.
    fn statuses_of(
        &self,
        call_position: usize,
        call: &TrackedCall,
        ids: &[&TrackedId],
        now: Duration,
    ) -> (StatusesByPosition, Vec<KindMismatch>) {
        let mut statuses = StatusesByPosition::default();
        let mut other_kinds: BTreeMap<usize, Vec<(&ListedTask, &String)>> = BTreeMap::new();
        for id in ids {
            for (key, task) in &id.listed {
                if task.may_have_kind(call.kind) {
                    call.positions_of(task)
                        .into_iter()
                        .for_each(|position| statuses.add(position, task));
                    continue;
                }
                // If no other call contains the task and everything should be listed by now, the
                // service probably lists our object under another name of its kind.
                let belongs_to_other_call = || {
                    let others = id.calls.iter().filter(|other| **other != call_position);
                    let mut others = others.filter_map(|other| self.calls.get(*other));
                    others.any(|other| other.contains(task))
                };
                if id.is_listing_over(now) && !belongs_to_other_call() {
                    for position in call.positions_of(task) {
                        other_kinds.entry(position).or_default().push((task, &key.kind));
                    }
                }
            }
        }
        let is_pending = |position: usize| {
            call.objects.get(position).is_some_and(|object| !object.status.is_final())
        };
        other_kinds
            .retain(|position, _| is_pending(*position) && !statuses.0.contains_key(position));
        let mut mismatches = Vec::new();
        for (position, tasks) in other_kinds {
            for (task, listed_kind) in tasks {
                statuses.add(position, task);
                let (path, listed_kind) = (task.path.clone(), listed_kind.clone());
                mismatches.push(KindMismatch { path, listed_kind });
            }
        }
        (statuses, mismatches)
    }

    /// Returns the objects of a call that are not listed and the listed tasks that are no object of the
    /// job, if the one may be another spelling or another kind of the other: no other task is listed, or
    /// everything should be listed by now.
    fn other_objects(
        &self,
        call: &TrackedCall,
        ids: &[&TrackedId],
        statuses: &StatusesByPosition,
        now: Duration,
    ) -> Option<OtherObjects> {
        let is_unlisted = |(position, object): &(usize, &JobObject)| {
            object.status == ObjectStatus::NOT_LISTED && !statuses.0.contains_key(position)
        };
        let objects = call.objects.iter().enumerate().filter(is_unlisted);
        let unlisted: Vec<String> = objects.map(|(_, object)| object.url.clone()).collect();
        let mut submitted_kind = None;
        if unlisted.is_empty() {
            return None;
        }
        let (mut others, mut has_known_task) = (Vec::new(), false);
        for id in ids {
            let mut calls: Vec<_> =
                id.calls.iter().filter_map(|call| self.calls.get(*call)).collect();
            for task in id.listed.values() {
                let is_known = calls.iter().position(|call| call.contains(task));
                match (is_known, task.kind) {
                    // The next task probably belongs to the same call.
                    (Some(position), _) => calls.swap(0, position),
                    (None, Some(kind)) if !call.positions_of(task).is_empty() => {
                        others.push(format!("{} as {kind}", task.path));
                        submitted_kind = call.kind;
                    }
                    (None, _) => others.push(task.path.clone()),
                }
                has_known_task |= is_known.is_some();
            }
        }
        let is_certain = !has_known_task || ids.iter().all(|id| id.is_listing_over(now));
        let found = OtherObjects { submitted_kind, unlisted, others };
        (is_certain && !found.others.is_empty()).then_some(found)
    }
}

/// A task that was used for an object although it is listed as another kind.
struct KindMismatch {
    path: String,
    listed_kind: String,
}

/// Listed statuses by position of the object in its call.
#[derive(Default)]
struct StatusesByPosition(HashMap<usize, ObjectStatus>);

impl StatusesByPosition {
    fn add(&mut self, position: usize, task: &ListedTask) {
        let status = match self.0.remove(&position) {
            Some(other) => other.worse(task.status.clone()),
            None => task.status.clone(),
        };
        self.0.insert(position, status);
    }
}
