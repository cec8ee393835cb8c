//! The state of a simulation: everything that was submitted.

use std::collections::HashMap;
use std::time::{Duration, SystemTime};

use super::progress::{SimulatedObject, scale};
use super::settings::Simulation;
use super::submission::{Submission, SubmissionRequest};
use super::usage::Usage;
use crate::cdn::QuotaKind;
use crate::cdn::{CdnError, ObjectKind, Task};
use crate::clock;
use crate::error_code::ServiceError;

/// The first task id, with as many digits as those of the real service.
const FIRST_TASK_ID: u64 = 20_000_000_001;

/// The maximum number of preloads in progress.
const MAX_ACTIVE_PRELOADS: usize = 100_000;

pub(crate) struct RunningSimulation {
    settings: Simulation,
    usage: Usage,
    /// In the order submitted.
    objects: Vec<SimulatedObject>,
    preload_count: usize,
    groups: Vec<TaskGroup>,
    /// Indices of groups by task id.
    group_by_id: HashMap<String, usize>,
    /// The index of the latest group of each operation and domain, which may accept more objects.
    latest_group: HashMap<(&'static str, String), usize>,
    last_task_id: u64,
    submissions: Vec<Submission>,
}

/// The objects that share a task id.
struct TaskGroup {
    task_id: String,
    created_at: SystemTime,
    last_read_at: Option<SystemTime>,
    /// Indices of its objects.
    objects: Vec<usize>,
}

/// An object that is visible to clients.
pub(crate) struct ListedObject<'a> {
    object: &'a SimulatedObject,
    group: &'a TaskGroup,
}

impl ListedObject<'_> {
    pub(crate) fn task_id(&self) -> &str {
        &self.group.task_id
    }

    pub(crate) fn path(&self) -> &str {
        &self.object.path
    }

    pub(crate) fn kind(&self) -> &'static str {
        self.object.kind.as_str()
    }

    pub(crate) fn created_at(&self) -> SystemTime {
        self.object.created_at
    }
}

impl RunningSimulation {
    pub(crate) fn new(settings: Simulation) -> Self {
        Self {
            settings,
            usage: Usage::default(),
            objects: Vec::new(),
            preload_count: 0,
            groups: Vec::new(),
            group_by_id: HashMap::new(),
            latest_group: HashMap::new(),
            last_task_id: FIRST_TASK_ID - 1,
            submissions: Vec::new(),
        }
    }

    pub(crate) fn has_rate_limits(&self) -> bool {
        self.settings.rate_limits
    }

    pub(crate) fn has_stale_reads(&self) -> bool {
        self.settings.stale_reads
    }

    pub(crate) fn retention(&self) -> Duration {
        self.settings.retention
    }

    /// Returns the daily quota and how much of it remains.
    pub(crate) fn quota(&self, kind: QuotaKind, now: SystemTime) -> (u64, u64) {
        let quota = self.settings.daily_quota(kind);
        (quota, quota.saturating_sub(self.usage.today(kind, now)))
    }

    /// Submits all objects of a call, or none, and returns the distinct task ids.
    pub(crate) fn submit(
        &mut self,
        request: SubmissionRequest,
        now: SystemTime,
        is_reserved_id: impl Fn(&str) -> bool,
    ) -> Result<Vec<String>, ServiceError> {
        let files_by_domain = self.check_limits(&request, now)?;
        let count = to_u64(request.targets.len());
        self.usage.add_to_day(request.kind.quota_kind(), count, now);
        for (domain, count) in files_by_domain {
            self.usage.add_to_minute(&domain, count, now);
        }
        let paths = request.targets.iter().map(|target| target.path.clone()).collect();
        let mut task_ids: Vec<String> = Vec::new();
        for target in request.targets {
            let index = self.group_for_next_object(
                request.operation,
                request.kind,
                &target.domain,
                now,
                &is_reserved_id,
            );
            let Some(group) = self.groups.get_mut(index) else { continue };
            group.objects.push(self.objects.len());
            if !task_ids.contains(&group.task_id) {
                task_ids.push(group.task_id.clone());
            }
            self.objects.push(SimulatedObject::new(
                target,
                request.kind,
                (index, &group.task_id),
                now,
                &self.settings,
            ));
            self.preload_count += usize::from(request.kind == ObjectKind::Preload);
        }
        self.submissions.push(Submission {
            operation: request.operation.to_owned(),
            object_type: request.kind.as_str().to_owned(),
            objects: paths,
            task_ids: task_ids.clone(),
            submitted_at: now,
        });
        Ok(task_ids)
    }

    /// Checks domains and quotas, and returns the number of files of each domain that count against
    /// its minute quota.
    fn check_limits(
        &self,
        request: &SubmissionRequest,
        now: SystemTime,
    ) -> Result<HashMap<String, u64>, ServiceError> {
        let mut domains: HashMap<String, u64> = HashMap::new();
        for target in &request.targets {
            if !self.settings.has_domain(&target.domain) {
                return Err(CdnError::unknown_domain(&target.domain));
            }
            *domains.entry(target.domain.clone()).or_default() += 1;
        }
        let (_, remaining) = self.quota(request.kind.quota_kind(), now);
        if to_u64(request.targets.len()) > remaining {
            return Err(match request.kind {
                ObjectKind::Preload => CdnError::preload_quota_exceeded(),
                _ => CdnError::refresh_quota_exceeded(),
            });
        }
        if request.kind == ObjectKind::Preload
            && request.targets.len() > MAX_ACTIVE_PRELOADS.saturating_sub(self.active_preloads(now))
        {
            return Err(CdnError::preload_queue_full());
        }
        if request.kind != ObjectKind::File {
            domains.clear();
        }
        for (domain, count) in &domains {
            let used = self.usage.this_minute(domain, now);
            if used.saturating_add(*count) > self.settings.files_per_minute {
                return Err(CdnError::minute_quota_exceeded(domain));
            }
        }
        Ok(domains)
    }

    fn active_preloads(&self, now: SystemTime) -> usize {
        // An upper bound is enough far below the limit, and saves a scan of all objects.
        if self.preload_count < MAX_ACTIVE_PRELOADS / 2 {
            return self.preload_count;
        }
        let is_active =
            |object: &&SimulatedObject| object.kind == ObjectKind::Preload && !object.is_final(now);
        self.objects.iter().filter(is_active).count()
    }

    /// Returns the index of the group for the next object of this operation and domain, which may
    /// be a new group.
    fn group_for_next_object(
        &mut self,
        operation: &'static str,
        kind: ObjectKind,
        domain: &str,
        now: SystemTime,
        is_reserved_id: impl Fn(&str) -> bool,
    ) -> usize {
        let key = (operation, domain.to_owned());
        let accepts_more = |group: &TaskGroup| {
            clock::unix_seconds(group.created_at) == clock::unix_seconds(now)
                && group.objects.len() < kind.max_per_task_id()
        };
        if let Some(&latest) = self.latest_group.get(&key)
            && self.groups.get(latest).is_some_and(accepts_more)
        {
            return latest;
        }
        let task_id = loop {
            self.last_task_id = self.last_task_id.saturating_add(1);
            let task_id = self.last_task_id.to_string();
            if !is_reserved_id(&task_id) {
                break task_id;
            }
        };
        let index = self.groups.len();
        self.group_by_id.insert(task_id.clone(), index);
        self.groups.push(TaskGroup {
            task_id,
            created_at: now,
            last_read_at: None,
            objects: Vec::new(),
        });
        self.latest_group.insert(key, index);
        index
    }

    fn group(&self, task_id: &str) -> Option<&TaskGroup> {
        self.groups.get(*self.group_by_id.get(task_id)?)
    }

    /// Returns the listed tasks with this id.
    pub(crate) fn listed_tasks(
        &self,
        task_id: &str,
        now: SystemTime,
    ) -> impl Iterator<Item = Task> + use<'_> {
        self.group(task_id)
            .into_iter()
            .flat_map(move |group| {
                let object = |index: &usize| self.objects.get(*index);
                group.objects.iter().filter_map(object).map(move |object| (group, object))
            })
            .filter(move |(group, object)| self.is_listed(group, object, now))
            .map(move |(group, object)| object.task(&group.task_id, self.visible_time(group, now)))
    }

    /// Returns when the last object with this id became final, if all are final.
    pub(crate) fn final_at(&self, task_id: &str, now: SystemTime) -> Option<SystemTime> {
        let group = self.group(task_id)?;
        let now = self.visible_time(group, now);
        let objects = || group.objects.iter().filter_map(|index| self.objects.get(*index));
        objects()
            .all(|object| object.is_final(now))
            .then(|| objects().map(SimulatedObject::final_at).max())?
    }

    /// Returns all listed objects, newest first.
    pub(crate) fn newest_first(&self, now: SystemTime) -> impl Iterator<Item = ListedObject<'_>> {
        self.objects.iter().rev().filter_map(move |object| {
            let group = self.groups.get(object.group)?;
            self.is_listed(group, object, now).then_some(ListedObject { object, group })
        })
    }

    pub(crate) fn status<'a>(&self, listed: &ListedObject<'a>, now: SystemTime) -> &'a str {
        listed.object.status(self.visible_time(listed.group, now))
    }

    pub(crate) fn task(&self, listed: &ListedObject<'_>, now: SystemTime) -> Task {
        listed.object.task(&listed.group.task_id, self.visible_time(listed.group, now))
    }

    /// Returns the current state of all objects, listed or not, in the order submitted.
    pub(crate) fn tasks(&self, now: SystemTime) -> impl Iterator<Item = Task> {
        self.objects.iter().filter_map(move |object| {
            Some(object.task(&self.groups.get(object.group)?.task_id, now))
        })
    }

    pub(crate) fn submissions(&self) -> &[Submission] {
        &self.submissions
    }

    /// Records that listed tasks with these ids were read.
    pub(crate) fn mark_read<'a>(
        &mut self,
        task_ids: impl IntoIterator<Item = &'a str>,
        now: SystemTime,
    ) {
        for task_id in task_ids {
            let index = self.group_by_id.get(task_id);
            if let Some(group) = index.and_then(|index| self.groups.get_mut(*index)) {
                group.last_read_at = Some(now);
            }
        }
    }

    /// Returns the time whose state is reported now, which is in the past with stale reads.
    fn visible_time(&self, group: &TaskGroup, now: SystemTime) -> SystemTime {
        if self.settings.stale_reads { group.last_read_at.unwrap_or(group.created_at) } else { now }
    }

    fn is_listed(&self, group: &TaskGroup, object: &SimulatedObject, now: SystemTime) -> bool {
        let age = now.duration_since(object.created_at).unwrap_or_default();
        let group_age = now.duration_since(group.created_at).unwrap_or_default();
        scale(group_age, self.settings.speed) >= self.settings.listing_delay
            && age <= self.settings.retention
    }
}

fn to_u64(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
