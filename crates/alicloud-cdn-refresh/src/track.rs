//! What the service says of tasks, as statuses of objects.

mod listed_task;
mod match_objects;
mod warnings;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use alicloud_cdn::model::CdnTask;

use self::listed_task::Entry;
use self::warnings::News;
use crate::job::{CallState, Job, JobObject};
use crate::kind::TargetKind;
use crate::status::{ObjectStatus, StoredError};
use crate::url_key;

/// How long a task may take to be listed, from the first answer about it. The service says some seconds;
/// what comes of this is a warning, so it is a generous time.
const TIME_TO_BE_LISTED: Duration = Duration::from_secs(40);

/// Everything that is waited for.
#[derive(Default)]
pub(crate) struct Tracker {
    pub(crate) calls: Vec<Tracked>,
    tasks: BTreeMap<String, Task>,
    /// What is worth telling of what was listed.
    pub(crate) news: News,
    /// How many calls have brought an answer.
    pub(crate) polls: usize,
    /// How the last look failed, or a part of it.
    pub(crate) error: Option<StoredError>,
}

/// One id.
#[derive(Default)]
struct Task {
    /// What the service has listed under it, by path and kind: one URL can be refreshed in two ways at
    /// once. Entries that are missing from a later list stay: the service does not always show all.
    listed: BTreeMap<(String, String), Entry>,
    /// How many there were in the look before the last.
    before: Option<usize>,
    /// When the service first answered about it, by the client's clock.
    since: Option<Duration>,
    /// Which calls it belongs to. The service merges what comes in one second.
    calls: Vec<usize>,
    /// Whether the service does not take it for an id.
    is_rejected: bool,
}

/// A call that is waited for.
pub(crate) struct Tracked {
    /// Which call of the job.
    pub(crate) index: usize,
    kind: Option<TargetKind>,
    ids: Vec<String>,
    /// What it is about; for a bare id, what was listed.
    pub(crate) objects: Vec<JobObject>,
    /// Where objects are, by their spelling. Two of them may share one.
    by_key: HashMap<Vec<u8>, Vec<usize>>,
    aim: Aim,
}

/// What a call is about.
#[derive(Clone, Copy, PartialEq)]
enum Aim {
    /// Objects that the service lists one by one.
    Objects,
    /// Whatever is listed: a cache tag stands for it.
    Everything,
    /// Whatever is listed: only the id was given.
    BareId,
}

impl Tracker {
    pub(crate) fn new(job: &Job) -> Self {
        let mut tracker = Tracker::default();
        for (index, call) in job.calls.iter().enumerate() {
            let CallState::Sent { task_ids, .. } = &call.state else { continue };
            if call.is_settled() {
                continue;
            }
            for id in task_ids {
                tracker.tasks.entry(id.clone()).or_default().calls.push(tracker.calls.len());
            }
            // What was found under a bare id once is found again.
            let aim = match call.kind {
                _ if call.is_bare() => Aim::BareId,
                Some(TargetKind::CacheTag) => Aim::Everything,
                _ => Aim::Objects,
            };
            let objects = if aim == Aim::BareId { Vec::new() } else { call.objects.clone() };
            let mut by_key: HashMap<Vec<u8>, Vec<usize>> = HashMap::new();
            for (index, object) in objects.iter().enumerate().filter(|_| aim == Aim::Objects) {
                by_key.entry(url_key::key(&object.url, call.kind)).or_default().push(index);
            }
            let (kind, ids) = (call.kind, task_ids.clone());
            tracker.calls.push(Tracked { index, kind, ids, objects, by_key, aim });
        }
        tracker
    }

    /// Whether there is nothing left to look at.
    pub(crate) fn is_settled(&self) -> bool {
        self.calls.iter().all(Tracked::is_settled)
    }

    /// The ids that are to be asked for.
    pub(crate) fn pending_ids(&self) -> Vec<String> {
        let is_pending = |task: &Task| {
            !task.is_rejected
                && task
                    .calls
                    .iter()
                    .any(|call| self.calls.get(*call).is_some_and(|call| !call.is_settled()))
        };
        self.tasks.iter().filter(|(_, task)| is_pending(task)).map(|(id, _)| id.clone()).collect()
    }

    /// Takes in what the service listed, at a time of the client's clock, when it was asked for some ids.
    pub(crate) fn take_in(&mut self, asked: &[String], tasks: Vec<CdnTask>, now: Duration) {
        self.polls += 1;
        let mut found: BTreeMap<String, BTreeMap<(String, String), Entry>> = BTreeMap::new();
        for task in tasks {
            let id = task.task_id.clone().unwrap_or_default();
            let (key, entry) = (Entry::key(&task), Entry::of(task));
            let entries = found.entry(id).or_default();
            let entry = match entries.remove(&key) {
                Some(other) => Entry { status: other.status.worse(entry.status), ..entry },
                None => entry,
            };
            entries.insert(key, entry);
        }
        let mut changed = BTreeSet::new();
        for id in asked {
            // What nobody asked for is not ours.
            let (Some(task), entries) = (self.tasks.get_mut(id), found.remove(id)) else {
                continue;
            };
            task.before = Some(task.listed.len());
            task.since.get_or_insert(now);
            for (key, entry) in entries.into_iter().flatten() {
                // An id can be shared with calls that are not of this job.
                let mut calls = task.calls.iter().filter_map(|call| self.calls.get(*call));
                if calls.any(|call| call.is_about(&entry)) {
                    self.news.hear(&entry);
                }
                task.list(key, entry);
            }
            if task.listed.is_empty() && task.is_due(now) {
                self.news.not_listed(id);
            }
            changed.extend(task.calls.iter().copied());
        }
        for index in changed {
            self.judge(index, now);
        }
    }

    /// Takes in that the service does not take an id for one. What is about no other id has failed.
    pub(crate) fn reject(&mut self, id: &str, error: &StoredError) {
        self.polls += 1;
        let Some(task) = self.tasks.get_mut(id) else { return };
        task.is_rejected = true;
        let failed = ObjectStatus::Failed {
            service_status: StoredError::NO_TASK.to_owned(),
            description: Some(error.message.clone()),
        };
        for index in task.calls.clone() {
            let Some(call) = self.calls.get_mut(index) else { continue };
            let is_rejected = |id: &String| self.tasks.get(id).is_some_and(|task| task.is_rejected);
            if call.ids.iter().all(is_rejected) {
                if call.objects.is_empty() {
                    call.objects.push(JobObject::found(
                        String::new(),
                        None,
                        ObjectStatus::NOT_LISTED,
                    ));
                }
                call.objects.iter_mut().for_each(|object| object.become_of(failed.clone()));
            }
        }
    }
}

impl Task {
    /// Whether everything of it that the service will list is listed by now.
    fn is_due(&self, now: Duration) -> bool {
        self.since.is_some_and(|since| now.saturating_sub(since) >= TIME_TO_BE_LISTED)
    }

    /// Takes in an entry. The service may say of which kind it is only later, or only once: then it is one
    /// entry all the same.
    fn list(&mut self, key: (String, String), entry: Entry) {
        let (path, kind) = key;
        let of_path = |(other, _): &&(String, String)| *other == path;
        let mut kinds = self.listed.keys().filter(of_path).map(|(_, kind)| kind.clone());
        let kind = match (kinds.next(), kinds.next()) {
            (Some(only), None) if kind.is_empty() => only,
            (Some(only), None) if only.is_empty() => {
                self.listed.remove(&(path.clone(), only));
                kind
            }
            _ => kind,
        };
        let of = TargetKind::listed(&kind);
        self.listed.insert((path, kind), Entry { kind: entry.kind.or(of), ..entry });
    }
}

impl Tracked {
    pub(crate) fn is_bare(&self) -> bool {
        self.aim == Aim::BareId
    }

    fn is_settled(&self) -> bool {
        !self.objects.is_empty() && self.objects.iter().all(|object| object.status.is_final())
    }

    /// Whether an entry of the list is about anything of this call.
    fn is_about(&self, entry: &Entry) -> bool {
        self.aim != Aim::Objects || entry.can_be(self.kind) && !self.places_of(entry).is_empty()
    }

    /// Which objects an entry of the list is about, if it is of their kind.
    fn places_of(&self, entry: &Entry) -> Vec<usize> {
        let find = |path: &str| self.by_key.get(&url_key::key(path, self.kind)).cloned();
        let path = entry.path.as_str();
        match path.contains("://") {
            true => find(path).unwrap_or_default(),
            // A list without schemes leaves open which of two is meant, so it is both.
            false => ["http://", "https://"]
                .into_iter()
                .filter_map(|scheme| find(&format!("{scheme}{path}")))
                .flatten()
                .collect(),
        }
    }
}

impl JobObject {
    /// Takes a new status, unless it has an end: a later response that knows less is an older one.
    fn become_of(&mut self, status: ObjectStatus) {
        if !self.status.is_final() {
            self.status = status;
        }
    }
}
