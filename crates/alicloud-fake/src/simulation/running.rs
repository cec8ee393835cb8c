//! A simulation that runs: what has been submitted so far.

use std::collections::HashMap;
use std::time::{Duration, SystemTime};

use super::progress::{Object, scaled};
use super::settings::Simulation;
use super::usage::{Allowance, Usage};
use crate::cdn::{CdnRefusal, Kind, Target, Task};
use crate::clock;
use crate::error_code::Refusal;

/// The first id that is given out; as long as the service's are today.
const FIRST_ID: u64 = 20_000_000_001;

/// How many preloads may be under way.
const PRELOAD_QUEUE: usize = 100_000;

/// A refresh or preload that was carried out, also when its answer never arrived.
///
/// A test compares these with what it meant to submit, to prove that nothing was submitted twice
/// or left out.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Submission {
    /// `RefreshObjectCaches`, `RefreshObjectCacheByCacheTag` or `PushObjectCache`.
    pub operation: String,
    /// As in the [tasks](crate::Task::object_type) that came of it.
    pub object_type: String,
    /// The paths of those tasks, in the order of the call.
    pub objects: Vec<String>,
    /// The ids that were given out, each once.
    pub task_ids: Vec<String>,
    /// When, by the service's clock.
    pub at: SystemTime,
}

/// What a call wants done.
pub(crate) struct Order {
    pub(crate) operation: &'static str,
    pub(crate) kind: Kind,
    pub(crate) targets: Vec<Target>,
}

pub(crate) struct Running {
    settings: Simulation,
    usage: Usage,
    /// In the order in which they were submitted.
    objects: Vec<Object>,
    preloads: usize,
    batches: Vec<Batch>,
    by_id: HashMap<String, usize>,
    /// The last id of each operation and domain, which may take more.
    open: HashMap<(&'static str, String), usize>,
    last_id: u64,
    submissions: Vec<Submission>,
}

/// The objects that share an id.
struct Batch {
    id: String,
    created: SystemTime,
    /// When somebody last asked about it, if anybody has.
    read: Option<SystemTime>,
    objects: Vec<usize>,
}

/// An object that whoever asks may see.
pub(crate) struct Listed<'a> {
    object: &'a Object,
    batch: &'a Batch,
}

impl Listed<'_> {
    pub(crate) fn id(&self) -> &str {
        &self.batch.id
    }

    pub(crate) fn path(&self) -> &str {
        &self.object.path
    }

    pub(crate) fn kind(&self) -> &'static str {
        self.object.kind.as_str()
    }

    pub(crate) fn created(&self) -> SystemTime {
        self.object.created
    }
}

impl Running {
    pub(crate) fn new(settings: Simulation) -> Self {
        Self {
            settings,
            usage: Usage::default(),
            objects: Vec::new(),
            preloads: 0,
            batches: Vec::new(),
            by_id: HashMap::new(),
            open: HashMap::new(),
            last_id: FIRST_ID - 1,
            submissions: Vec::new(),
        }
    }

    pub(crate) fn has_rates(&self) -> bool {
        self.settings.rates
    }

    pub(crate) fn has_stale_reads(&self) -> bool {
        self.settings.stale_reads
    }

    pub(crate) fn retention(&self) -> Duration {
        self.settings.retention
    }

    /// What may be done in a day, and what of it is left.
    pub(crate) fn quota(&self, allowance: Allowance, now: SystemTime) -> (u64, u64) {
        let quota = self.settings.quota(allowance);
        (quota, quota.saturating_sub(self.usage.today(allowance, now)))
    }

    /// Begins what a call wants done, all of it or nothing, and returns the ids, each once.
    pub(crate) fn submit(
        &mut self,
        order: Order,
        now: SystemTime,
        is_taken: impl Fn(&str) -> bool,
    ) -> Result<Vec<String>, Refusal> {
        let by_domain = self.check(&order, now)?;
        let count = count(order.targets.len());
        self.usage.take_of_day(order.kind.allowance(), count, now);
        for (domain, count) in by_domain {
            self.usage.take_of_minute(&domain, count, now);
        }
        let objects = order.targets.iter().map(|target| target.path.clone()).collect();
        let mut task_ids: Vec<String> = Vec::new();
        for target in order.targets {
            let batch = self.batch(order.operation, order.kind, &target.domain, now, &is_taken);
            let Some(entry) = self.batches.get_mut(batch) else { continue };
            entry.objects.push(self.objects.len());
            if !task_ids.contains(&entry.id) {
                task_ids.push(entry.id.clone());
            }
            let place = (batch, entry.id.as_str());
            self.objects.push(Object::new(target, order.kind, place, now, &self.settings));
            self.preloads += usize::from(order.kind == Kind::Preload);
        }
        self.submissions.push(Submission {
            operation: order.operation.to_owned(),
            object_type: order.kind.as_str().to_owned(),
            objects,
            task_ids: task_ids.clone(),
            at: now,
        });
        Ok(task_ids)
    }

    /// How many files of each domain the call takes from the minute, if it may be carried out.
    fn check(&self, order: &Order, now: SystemTime) -> Result<HashMap<String, u64>, Refusal> {
        let mut domains: HashMap<String, u64> = HashMap::new();
        for target in &order.targets {
            if !self.settings.has_domain(&target.domain) {
                return Err(CdnRefusal::domain_of_another(&target.domain));
            }
            *domains.entry(target.domain.clone()).or_default() += 1;
        }
        let (_, remain) = self.quota(order.kind.allowance(), now);
        if count(order.targets.len()) > remain {
            return Err(match order.kind {
                Kind::Preload => CdnRefusal::preloads_used_up(),
                _ => CdnRefusal::refreshes_used_up(),
            });
        }
        if order.kind == Kind::Preload
            && order.targets.len() > PRELOAD_QUEUE.saturating_sub(self.preloads_under_way(now))
        {
            return Err(CdnRefusal::queue_full());
        }
        if order.kind != Kind::File {
            domains.clear();
        }
        for (domain, count) in &domains {
            let used = self.usage.this_minute(domain, now);
            if used.saturating_add(*count) > self.settings.files_per_minute {
                return Err(CdnRefusal::minute_used_up(domain));
            }
        }
        Ok(domains)
    }

    fn preloads_under_way(&self, now: SystemTime) -> usize {
        // Counting is only worth it where it can matter.
        if self.preloads < PRELOAD_QUEUE / 2 {
            return self.preloads;
        }
        let is_under_way =
            |object: &&Object| object.kind == Kind::Preload && !object.has_ended(now);
        self.objects.iter().filter(is_under_way).count()
    }

    /// The id that the next object of this operation and domain gets.
    fn batch(
        &mut self,
        operation: &'static str,
        kind: Kind,
        domain: &str,
        now: SystemTime,
        is_taken: impl Fn(&str) -> bool,
    ) -> usize {
        let key = (operation, domain.to_owned());
        let takes_more = |batch: &Batch| {
            clock::seconds(batch.created) == clock::seconds(now)
                && batch.objects.len() < kind.most_of_an_id()
        };
        if let Some(&open) = self.open.get(&key)
            && self.batches.get(open).is_some_and(takes_more)
        {
            return open;
        }
        let id = loop {
            self.last_id = self.last_id.saturating_add(1);
            let id = self.last_id.to_string();
            if !is_taken(&id) {
                break id;
            }
        };
        let batch = self.batches.len();
        self.by_id.insert(id.clone(), batch);
        self.batches.push(Batch { id, created: now, read: None, objects: Vec::new() });
        self.open.insert(key, batch);
        batch
    }

    /// The tasks of an id, if it is listed.
    pub(crate) fn listed(&self, id: &str, now: SystemTime) -> impl Iterator<Item = Task> + use<'_> {
        let batch = self.by_id.get(id).and_then(|batch| self.batches.get(*batch));
        batch
            .into_iter()
            .flat_map(move |batch| {
                let object = |place: &usize| self.objects.get(*place);
                batch.objects.iter().filter_map(object).map(move |object| (batch, object))
            })
            .filter(move |(batch, object)| self.is_listed(batch, object, now))
            .map(move |(batch, object)| object.task(&batch.id, self.state_of(batch, now)))
    }

    /// When the last object of an id ended, if all have.
    pub(crate) fn ended(&self, id: &str, now: SystemTime) -> Option<SystemTime> {
        let batch = self.batches.get(*self.by_id.get(id)?)?;
        let now = self.state_of(batch, now);
        let objects = || batch.objects.iter().filter_map(|place| self.objects.get(*place));
        objects().all(|object| object.has_ended(now)).then(|| objects().map(Object::end).max())?
    }

    /// All that is listed.
    pub(crate) fn newest_first(&self, now: SystemTime) -> impl Iterator<Item = Listed<'_>> {
        self.objects.iter().rev().filter_map(move |object| {
            let batch = self.batches.get(object.batch)?;
            self.is_listed(batch, object, now).then_some(Listed { object, batch })
        })
    }

    pub(crate) fn status<'a>(&self, listed: &Listed<'a>, now: SystemTime) -> &'a str {
        listed.object.status(self.state_of(listed.batch, now))
    }

    pub(crate) fn task(&self, listed: &Listed<'_>, now: SystemTime) -> Task {
        listed.object.task(&listed.batch.id, self.state_of(listed.batch, now))
    }

    /// All there is, listed or not, in the order in which it was submitted.
    pub(crate) fn tasks(&self, now: SystemTime) -> impl Iterator<Item = Task> {
        self.objects
            .iter()
            .filter_map(move |object| Some(object.task(&self.batches.get(object.batch)?.id, now)))
    }

    pub(crate) fn submissions(&self) -> &[Submission] {
        &self.submissions
    }

    /// Remembers that these ids, which are listed, were asked about.
    pub(crate) fn mark_read<'a>(
        &mut self,
        ids: impl IntoIterator<Item = &'a str>,
        now: SystemTime,
    ) {
        for id in ids {
            let batch = self.by_id.get(id).and_then(|batch| self.batches.get_mut(*batch));
            if let Some(batch) = batch {
                batch.read = Some(now);
            }
        }
    }

    /// The time whose state is told now.
    fn state_of(&self, batch: &Batch, now: SystemTime) -> SystemTime {
        if self.settings.stale_reads { batch.read.unwrap_or(batch.created) } else { now }
    }

    fn is_listed(&self, batch: &Batch, object: &Object, now: SystemTime) -> bool {
        let age = now.duration_since(object.created).unwrap_or_default();
        scaled(now.duration_since(batch.created).unwrap_or_default(), self.settings.speed)
            >= self.settings.listing_delay
            && age <= self.settings.retention
    }
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
