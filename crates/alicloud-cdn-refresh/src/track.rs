//! What the service says of tasks, as fates of objects.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use alicloud_cdn::model::CdnTask;
use alicloud_cdn::operations::WAIT_FOR_REFRESH_TASKS;
use alicloud_core::Verdict;

use crate::fate::Fate;
use crate::job::{CallState, Job, JobObject};
use crate::kind::Kind;
use crate::spelling;

/// States that are under way. Any other that is not final is one that no document knows.
const UNDER_WAY: [&str; 2] = ["Pending", "Refreshing"];

/// Everything that is waited for.
#[derive(Default)]
pub(crate) struct Tracker {
    pub(crate) calls: Vec<Tracked>,
    /// What the service listed under each id last; nothing before it did.
    listed: BTreeMap<String, Option<Vec<CdnTask>>>,
    /// Which calls each id belongs to. The service merges what comes in one second.
    sharers: BTreeMap<String, Vec<usize>>,
    /// The newest reason of a failure.
    pub(crate) newest: Option<String>,
    /// States that no document knows, with an object that is in it.
    strange: BTreeMap<String, String>,
    /// Those of them that were told.
    told: BTreeSet<String>,
}

/// A call that is waited for.
pub(crate) struct Tracked {
    /// Which call of the job.
    pub(crate) place: usize,
    pub(crate) kind: Option<Kind>,
    pub(crate) domain: String,
    ids: Vec<String>,
    /// What it is about; for a bare id, what was listed.
    pub(crate) objects: Vec<JobObject>,
    /// Where each object is, by its spelling; empty for what has no spelling.
    by_key: HashMap<Vec<u8>, usize>,
    /// Only the id was given.
    pub(crate) is_bare: bool,
}

impl Tracker {
    pub(crate) fn new(job: &Job) -> Self {
        let mut tracker = Tracker::default();
        for (place, call) in job.calls.iter().enumerate() {
            let CallState::Sent { task_ids } = &call.state else { continue };
            if call.is_settled() {
                continue;
            }
            for id in task_ids {
                tracker.sharers.entry(id.clone()).or_default().push(tracker.calls.len());
                tracker.listed.insert(id.clone(), None);
            }
            let is_bare = call.domain.is_empty() || call.objects.is_empty();
            let objects = if is_bare { Vec::new() } else { call.objects.clone() };
            let has_spelling = !is_bare && call.kind != Some(Kind::CacheTag);
            let keyed = objects.iter().enumerate().filter(|_| has_spelling);
            let by_key = keyed
                .map(|(index, object)| (spelling::key(&object.url, call.kind), index))
                .collect();
            tracker.calls.push(Tracked {
                place,
                kind: call.kind,
                domain: call.domain.clone(),
                ids: task_ids.clone(),
                objects,
                by_key,
                is_bare,
            });
        }
        tracker
    }

    /// Whether there is nothing left to look at.
    pub(crate) fn is_settled(&self) -> bool {
        self.calls.iter().all(Tracked::is_settled)
    }

    /// The ids that are to be asked for.
    pub(crate) fn pending_ids(&self) -> Vec<String> {
        let is_pending = |calls: &&[usize]| {
            calls.iter().any(|call| self.calls.get(*call).is_some_and(|call| !call.is_settled()))
        };
        self.sharers
            .iter()
            .filter(|(_, calls)| is_pending(&calls.as_slice()))
            .map(|(id, _)| id.clone())
            .collect()
    }

    /// Takes in what the service listed when it was asked for some ids.
    pub(crate) fn take_in(&mut self, tasks: Vec<CdnTask>) {
        let mut found: BTreeMap<String, Vec<CdnTask>> = BTreeMap::new();
        for task in tasks {
            self.notice(&task);
            if let Some(id) = task.task_id.clone() {
                found.entry(id).or_default().push(task);
            }
        }
        let mut changed = BTreeSet::new();
        for (id, tasks) in found {
            // What is no longer listed keeps what was seen of it, and what nobody asked for is not ours.
            if let Some(listed) = self.listed.get_mut(&id) {
                *listed = Some(tasks);
                changed.extend(self.sharers.get(&id).into_iter().flatten().copied());
            }
        }
        for index in changed {
            self.judge(index);
        }
    }

    fn notice(&mut self, task: &CdnTask) {
        let status = task.status.as_ref().map_or("", |status| status.as_str());
        if status.is_empty() {
            return;
        }
        let url = task.object_path.as_deref().unwrap_or("a task");
        match WAIT_FOR_REFRESH_TASKS.verdict(task) {
            Verdict::Failure(_) => {
                if let Some(description) =
                    task.description.as_deref().filter(|text| !text.is_empty())
                {
                    self.newest = Some(format!("{url}: {description}"));
                }
            }
            Verdict::Pending(_)
                if !UNDER_WAY.iter().any(|known| known.eq_ignore_ascii_case(status)) =>
            {
                self.strange.entry(status.to_owned()).or_insert_with(|| url.to_owned());
            }
            _ => {}
        }
    }

    /// Warnings that were not given yet.
    pub(crate) fn take_warnings(&mut self) -> Vec<String> {
        let mut warnings = Vec::new();
        for (status, url) in &self.strange {
            if self.told.insert(status.clone()) {
                tracing::warn!(status, url, "unknown status of a task");
                warnings.push(format!(
                    "{url} is {status:?}, which no document knows: it is waited for as if it were under way"
                ));
            }
        }
        warnings
    }

    /// What the listed tasks mean for the objects of a call.
    fn judge(&mut self, index: usize) {
        let Some(call) = self.calls.get(index) else { return };
        let ids = call.ids.iter();
        let all_listed = call.ids.iter().all(|id| matches!(self.listed.get(id), Some(Some(_))));
        let tasks: Vec<&CdnTask> =
            ids.filter_map(|id| self.listed.get(id)?.as_ref()).flatten().collect();
        let fates = if call.is_bare {
            None
        } else if call.by_key.is_empty() {
            Some(vec![together(&tasks, all_listed); call.objects.len()])
        } else {
            Some(self.by_spelling(index, call, &tasks))
        };
        let discovered = call.is_bare.then(|| {
            let first = tasks.first();
            let kind = first.and_then(|task| kind_of(task));
            let host = first.and_then(|task| task.object_path.as_deref()).map(spelling::host);
            let objects: Vec<JobObject> = tasks
                .iter()
                .map(|task| JobObject {
                    url: task.object_path.clone().unwrap_or_default(),
                    fate: fate_of(task),
                })
                .collect();
            (kind, host, objects)
        });
        let Some(call) = self.calls.get_mut(index) else { return };
        if let Some((kind, host, objects)) = discovered {
            call.kind = kind.or(call.kind);
            call.domain = host.unwrap_or_default();
            call.objects = objects;
        }
        for (object, fate) in call.objects.iter_mut().zip(fates.unwrap_or_default()) {
            // What has ended stays: a later reply that knows less is an older one.
            if !object.fate.is_final() {
                object.fate = fate;
            }
        }
    }

    /// The fates of objects that the service lists one by one.
    fn by_spelling(&self, index: usize, call: &Tracked, tasks: &[&CdnTask]) -> Vec<Fate> {
        let mut fates: Vec<Option<Fate>> = vec![None; call.objects.len()];
        let mut strangers = Vec::new();
        for task in tasks {
            let key = spelling::key(task.object_path.as_deref().unwrap_or_default(), call.kind);
            match call.by_key.get(&key).and_then(|place| fates.get_mut(*place)) {
                Some(fate) => {
                    let new = fate_of(task);
                    *fate = Some(match fate.take() {
                        Some(old) => worse(old, new),
                        None => new,
                    });
                }
                None if !self.is_of_another(index, call, &key) => strangers.push(*task),
                None => {}
            }
        }
        // The service may list an object under a spelling that is not ours. Only when exactly as many
        // entries of this domain and kind are left as objects, and all are final, do they stand for them.
        strangers.retain(|task| {
            let path = task.object_path.as_deref().unwrap_or_default();
            spelling::host(path) == call.domain
                && kind_of(task).is_none_or(|kind| Some(kind) == call.kind)
        });
        let missing = fates.iter().filter(|fate| fate.is_none()).count();
        let stand_in = match together(&strangers, true) {
            fate if fate.is_final() && strangers.len() == missing => fate,
            _ => Fate::UNSEEN,
        };
        fates.into_iter().map(|fate| fate.unwrap_or_else(|| stand_in.clone())).collect()
    }

    /// Whether another call that shares an id has this object.
    fn is_of_another(&self, index: usize, call: &Tracked, key: &[u8]) -> bool {
        let sharers = call.ids.iter().filter_map(|id| self.sharers.get(id)).flatten();
        sharers
            .filter(|other| **other != index)
            .filter_map(|other| self.calls.get(*other))
            .any(|other| other.by_key.contains_key(key))
    }
}

impl Tracked {
    fn is_settled(&self) -> bool {
        !self.objects.is_empty() && self.objects.iter().all(|object| object.fate.is_final())
    }
}

/// What the service says of one object.
fn fate_of(task: &CdnTask) -> Fate {
    let status = task.status.as_ref().map(|status| status.as_str().to_owned());
    match WAIT_FOR_REFRESH_TASKS.verdict(task) {
        Verdict::Success => Fate::Live,
        Verdict::Failure(_) => Fate::Failed {
            status: status.unwrap_or_default(),
            description: task.description.clone().filter(|text| !text.is_empty()),
        },
        Verdict::Pending(_) => Fate::Pending {
            status: status.filter(|status| !status.is_empty()),
            percent: task.process_as_percent(),
        },
    }
}

/// What several tasks mean for something that is all of them.
fn together(tasks: &[&CdnTask], all_listed: bool) -> Fate {
    let fates = tasks.iter().map(|task| fate_of(task));
    match fates.reduce(worse) {
        Some(Fate::Live) if !all_listed => Fate::UNSEEN,
        Some(fate) => fate,
        None => Fate::UNSEEN,
    }
}

/// The one that counts when both are true of one object: what is under way before what has failed, and
/// that before what is live.
fn worse(one: Fate, other: Fate) -> Fate {
    fn rank(fate: &Fate) -> u8 {
        match fate {
            Fate::Live => 0,
            Fate::Failed { .. } => 1,
            _ => 2,
        }
    }
    match rank(&one) == rank(&other) {
        true if other.percent() < one.percent() => other,
        true => one,
        false if rank(&one) > rank(&other) => one,
        false => other,
    }
}

/// What the list calls the objects of each kind.
fn kind_of(task: &CdnTask) -> Option<Kind> {
    let name = task.object_type.as_ref()?.as_str();
    let known = [
        ("file", Kind::File),
        ("directory", Kind::Directory),
        ("regex", Kind::Regex),
        ("IgnoreParams", Kind::IgnoreParams),
        ("ExQuery", Kind::IgnoreParams),
        ("preload", Kind::Preload),
    ];
    known.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, kind)| kind)
}
