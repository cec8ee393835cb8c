//! Tracking of tasks: from the service's task list to the status of each object.

mod listed_task;
mod match_objects;
mod warnings;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use alicloud_cdn::Error;
use alicloud_cdn::model::{CdnTask, TaskKind};
use alicloud_core::{Clock, ItemTracker};

use self::listed_task::{ListedTask, ListedTaskKey};
use self::warnings::Notices;
use crate::job::{CallState, Job, JobObject, any_needs_polling};
use crate::kind::TargetKind;
use crate::status::ObjectStatus;
use crate::stored_error::StoredError;
use crate::url_key::url_key;

/// How long the service may take to list a task, from the first response about it. The service documents
/// some seconds. The time is generous because passing it causes a warning.
const MAX_LISTING_TIME: Duration = Duration::from_secs(40);

/// All calls that need polling, and their tasks.
pub(crate) struct Tracker {
    clock: Arc<dyn Clock>,
    pub(crate) calls: Vec<TrackedCall>,
    tasks: BTreeMap<String, TrackedId>,
    pub(crate) notices: Notices,
    /// Calls that returned information about tasks.
    pub(crate) polls: usize,
}

/// A tracker that a wait updates.
pub(crate) type SharedTracker = Arc<Mutex<Tracker>>;

pub(crate) fn lock(tracker: &Mutex<Tracker>) -> MutexGuard<'_, Tracker> {
    tracker.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A task id that is polled.
#[derive(Default)]
struct TrackedId {
    /// What the service lists under the id. The key includes the kind, because a URL can be refreshed as
    /// two kinds at the same time. Tasks that are missing from a later response stay: the service does
    /// not always list all.
    listed: BTreeMap<ListedTaskKey, ListedTask>,
    /// Number of listed tasks before the last response; `None` before the first.
    previous_count: Option<usize>,
    /// Time of the first response about the id, by the client's clock.
    first_polled: Option<Duration>,
    /// Positions in [`Tracker::calls`]. The service gives calls of the same second one id.
    calls: Vec<usize>,
    /// Whether the service rejects the id.
    is_rejected: bool,
}

/// A call that needs polling.
pub(crate) struct TrackedCall {
    /// Index of the call in the job.
    pub(crate) index: usize,
    kind: Option<TargetKind>,
    ids: Vec<String>,
    /// Objects of the call; for a call built from a task id, those that the service lists.
    pub(crate) objects: Vec<JobObject>,
    /// Positions of the objects by URL key. Two objects can have the same key.
    positions_by_key: HashMap<Vec<u8>, Vec<usize>>,
    scope: Scope,
}

/// Which listed tasks belong to a call.
#[derive(Clone, Copy, PartialEq)]
enum Scope {
    /// Those of the call's objects, which the service lists one by one.
    Objects,
    /// All: the call has cache tags, and the service lists the objects that have them.
    CacheTags,
    /// All: the call was built from a task id.
    TaskId,
}

impl Tracker {
    pub(crate) fn new(job: &Job, clock: Arc<dyn Clock>) -> SharedTracker {
        let (calls, tasks, notices) = (Vec::new(), BTreeMap::new(), Notices::default());
        let mut tracker = Tracker { clock, calls, tasks, notices, polls: 0 };
        for (index, call) in job.calls.iter().enumerate() {
            let CallState::Sent { task_ids, .. } = &call.state else { continue };
            if !call.needs_polling() {
                continue;
            }
            for id in task_ids {
                tracker.tasks.entry(id.clone()).or_default().calls.push(tracker.calls.len());
            }
            let scope = match call.kind {
                _ if call.is_from_task_id() => Scope::TaskId,
                Some(TargetKind::CacheTag) => Scope::CacheTags,
                _ => Scope::Objects,
            };
            // The objects of a task id are always rebuilt from the list.
            let objects = if scope == Scope::TaskId { Vec::new() } else { call.objects.clone() };
            let mut positions_by_key: HashMap<Vec<u8>, Vec<usize>> = HashMap::new();
            if scope == Scope::Objects {
                for (position, object) in objects.iter().enumerate() {
                    let key = url_key(&object.url, call.kind);
                    positions_by_key.entry(key).or_default().push(position);
                }
            }
            let (kind, ids) = (call.kind, task_ids.clone());
            tracker.calls.push(TrackedCall { index, kind, ids, objects, positions_by_key, scope });
        }
        Arc::new(Mutex::new(tracker))
    }
}

impl ItemTracker<CdnTask> for Tracker {
    fn pending_ids(&self) -> Vec<String> {
        let needs_polling =
            |call: &usize| self.calls.get(*call).is_some_and(TrackedCall::needs_polling);
        let is_pending = |id: &TrackedId| !id.is_rejected && id.calls.iter().any(needs_polling);
        self.tasks.iter().filter(|(_, id)| is_pending(id)).map(|(id, _)| id.clone()).collect()
    }

    fn record_items(&mut self, ids: &[String], tasks: Vec<CdnTask>) {
        let now = self.clock.elapsed();
        self.polls += 1;
        let mut response: BTreeMap<String, BTreeMap<ListedTaskKey, ListedTask>> = BTreeMap::new();
        for task in tasks {
            let id = task.task_id.as_deref().unwrap_or_default().trim().to_owned();
            let (key, task) = (ListedTaskKey::from_task(&task), ListedTask::from_task(task));
            let listed = response.entry(id).or_default();
            let task = match listed.remove(&key) {
                Some(other) => ListedTask { status: other.status.worse(task.status), ..task },
                None => task,
            };
            listed.insert(key, task);
        }
        let mut changed_calls = BTreeSet::new();
        for id in ids {
            let Some(tracked) = self.tasks.get_mut(id) else { continue };
            tracked.previous_count = Some(tracked.listed.len());
            tracked.first_polled.get_or_insert(now);
            for (key, task) in response.remove(id).into_iter().flatten() {
                // The id may be shared with calls of other jobs, which this job does not report.
                let mut calls = tracked.calls.iter().filter_map(|call| self.calls.get(*call));
                if calls.any(|call| call.contains(&task)) {
                    self.notices.record_task(&task);
                }
                tracked.insert(key, task);
            }
            if tracked.listed.is_empty() && tracked.is_listing_over(now) {
                self.notices.record_unlisted_id(id);
            }
            changed_calls.extend(tracked.calls.iter().copied());
        }
        for call in changed_calls {
            self.update_objects(call, now);
        }
    }

    fn is_invalid_id(&self, error: &Error) -> bool {
        error.code().is_some_and(|code| code.starts_with("InvalidTaskId"))
    }

    /// The objects of calls without another id have failed.
    fn record_invalid_id(&mut self, id: &str, error: &Error) {
        self.polls += 1;
        let Some(tracked) = self.tasks.get_mut(id) else { return };
        tracked.is_rejected = true;
        let failed = ObjectStatus::Failed {
            service_status: StoredError::NOT_A_TASK.to_owned(),
            description: Some(error.to_string()),
        };
        for call in tracked.calls.clone() {
            let Some(call) = self.calls.get_mut(call) else { continue };
            let is_rejected = |id: &String| self.tasks.get(id).is_some_and(|id| id.is_rejected);
            if call.ids.iter().all(is_rejected) {
                if call.objects.is_empty() {
                    call.objects.push(JobObject::unlisted());
                }
                call.objects.iter_mut().for_each(|object| object.set_status(failed.clone()));
            }
        }
    }
}

impl TrackedId {
    /// Returns whether the service had enough time to list everything under the id.
    fn is_listing_over(&self, now: Duration) -> bool {
        self.first_polled.is_some_and(|first| now.saturating_sub(first) >= MAX_LISTING_TIME)
    }

    /// Inserts or replaces a listed task. The service may omit the kind in some responses; a task with and
    /// one without a kind are the same if their path is.
    fn insert(&mut self, key: ListedTaskKey, task: ListedTask) {
        let ListedTaskKey { path, kind } = key;
        let same_path = |other: &&ListedTaskKey| other.path == path;
        let mut kinds = self.listed.keys().filter(same_path).map(|other| other.kind.clone());
        let kind = match (kinds.next(), kinds.next()) {
            (Some(only), None) if kind.is_empty() => only,
            (Some(only), None) if only.is_empty() => {
                self.listed.remove(&ListedTaskKey { path: path.clone(), kind: only });
                kind
            }
            _ => kind,
        };
        let known_kind = TargetKind::from_task_kind(&TaskKind::from(kind.as_str()));
        let task = ListedTask { kind: task.kind.or(known_kind), ..task };
        self.listed.insert(ListedTaskKey { path, kind }, task);
    }
}

impl TrackedCall {
    pub(crate) fn is_from_task_id(&self) -> bool {
        self.scope == Scope::TaskId
    }

    fn needs_polling(&self) -> bool {
        any_needs_polling(&self.objects)
    }

    /// Returns whether a listed task belongs to the call.
    fn contains(&self, task: &ListedTask) -> bool {
        self.scope != Scope::Objects
            || task.may_have_kind(self.kind) && !self.positions_of(task).is_empty()
    }

    /// Returns the positions of the objects with the URL of a listed task, whatever its kind.
    fn positions_of(&self, task: &ListedTask) -> Vec<usize> {
        let find = |url: &str| self.positions_by_key.get(&url_key(url, self.kind)).cloned();
        let path = task.path.as_str();
        match path.contains("://") {
            true => find(path).unwrap_or_default(),
            // Without a scheme the task may belong to either URL.
            false => ["http://", "https://"]
                .into_iter()
                .filter_map(|scheme| find(&format!("{scheme}{path}")))
                .flatten()
                .collect(),
        }
    }
}

impl JobObject {
    /// Sets the status, unless the current one is final: a later response that is not final is stale.
    fn set_status(&mut self, status: ObjectStatus) {
        if !self.status.is_final() {
            self.status = status;
        }
    }
}
