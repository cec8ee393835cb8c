//! Looking for calls of which the answer was lost.

mod ahead;
mod lost;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use alicloud_cdn::model::{CdnTask, DescribeRefreshTasksRequest, TaskKind};
use alicloud_cdn::{Client, Error};
use alicloud_core::PollStatus;

use self::ahead::{Ahead, rfc3339};
use self::lost::{List, Lost, keys, without_list};
use crate::job::{Event, Job, is_task_id};
use crate::kind::TargetKind;
use crate::status::StoredError;
use crate::url_key;

/// How much earlier than the call was sent its tasks may have been created: times are in whole seconds,
/// and the service's clock is only known to the second. It is short, so that the same refresh of a moment
/// before is not taken for this one.
const BEFORE: Duration = Duration::from_secs(3);

/// How long after it was sent a call can still arrive.
const AFTER: Duration = Duration::from_secs(300);

/// How many tasks are asked for at once.
const PAGE: i64 = 100;

/// How many pages are read of one list.
const MOST_PAGES: i64 = 1_000;

/// What a search has come to.
pub(super) struct Found {
    /// What has become of the calls.
    pub(super) events: Vec<Event>,
    /// The calls that were searched for in all there is: what of them is not found is not there.
    pub(super) searched: Vec<usize>,
}

/// Searches for some calls of which the answer was lost.
pub(super) async fn find(job: &Job, indexes: &[usize], client: &Client, limit: Duration) -> Found {
    let now = client.core().clock().now();
    let mut found = Found { events: Vec::new(), searched: Vec::new() };
    let mut lost = Vec::new();
    for index in indexes {
        let Some(call) = job.calls.get(*index) else { continue };
        match Lost::new(*index, call) {
            Some(one) if one.can_be_listed(now) => lost.push(one),
            one => {
                found.searched.push(*index);
                found.events.extend(match one {
                    Some(one) => Some(one.too_old()),
                    None => without_list(*index, call),
                });
            }
        }
    }
    if lost.is_empty() {
        return found;
    }
    let search = Arc::new(Mutex::new(Search::new(job, client, lost)));
    // The first time to their ends, however long they are: what is not read says nothing.
    read_lists(&search).await;
    let (look, judge) = (search.clone(), search.clone());
    let wait = client.core().wait_until(
        move || {
            let look = look.clone();
            async move {
                read_lists(&look).await;
                Ok(())
            }
        },
        move |()| match lock(&judge).is_finished() {
            true => PollStatus::Succeeded,
            false => PollStatus::InProgress("is not listed".to_owned()),
        },
    );
    // However the search ends, what it has found counts, and what it has not stays unknown.
    let pace = Duration::from_secs(1);
    if !lock(&search).is_finished() && !limit.is_zero() {
        client.core().clock().sleep(pace).await;
        let _ = wait.max_wait(limit).poll_interval(pace, 4 * pace).await;
    }
    let search = lock(&search);
    for lost in &search.lost {
        found.searched.extend(search.read.contains(&lost.list).then_some(lost.index));
        found.events.push(search.event(lost));
    }
    drop(search);
    found
}

struct Search {
    client: Client,
    /// How far the service's clock is ahead of ours, once it has told the time.
    ahead: Option<Ahead>,
    lost: Vec<Lost>,
    /// Which lost calls are about an object.
    wanted: HashMap<Wanted, Vec<usize>>,
    /// What was listed of those objects: the ids, and when they were created.
    listed: HashMap<Wanted, Entries>,
    /// Which calls that were taken have which ids, and what they are about: that is not found again.
    owners: HashMap<String, Vec<usize>>,
    owned: HashMap<usize, (Option<TargetKind>, HashSet<Vec<u8>>)>,
    /// The lists that were read to their end.
    read: BTreeSet<List>,
    /// The lists that cannot be read, and why.
    failed: BTreeMap<List, Failed>,
}

struct Failed {
    error: StoredError,
    is_final: bool,
}

/// An object, in a list.
type Wanted = (List, Vec<u8>);

/// When tasks were created, and their ids.
type Entries = BTreeSet<(SystemTime, String)>;

fn lock(search: &Mutex<Search>) -> MutexGuard<'_, Search> {
    search.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Reads the list of each domain and kind once. One that cannot be read does not keep the others from it,
/// unless that is true of all: nothing answers, or the service takes no more.
async fn read_lists(search: &Mutex<Search>) {
    let lists = lock(search).lists();
    for (list, first, last) in lists {
        let read = read_list(search, &list, first, last).await;
        let mut search = lock(search);
        match read {
            Ok(()) => {
                search.failed.remove(&list);
                search.read.insert(list);
            }
            Err(error) => {
                let failure =
                    Failed { error: StoredError::from(&error), is_final: !error.is_transient() };
                search.failed.insert(list, failure);
                if error.is_connect() || error.is_timeout() || error.is_throttling() {
                    return;
                }
            }
        }
    }
}

async fn read_list(
    search: &Mutex<Search>,
    list: &List,
    first: SystemTime,
    last: SystemTime,
) -> Result<(), Error> {
    let (client, known) = {
        let search = lock(search);
        (search.client.clone(), search.ahead)
    };
    let request = DescribeRefreshTasksRequest::new()
        .domain_name(&list.domain)
        .object_type(TaskKind::from(list.object_type));
    let ahead = match known {
        Some(ahead) => ahead,
        // Only for its date: times that a wrong clock makes up may be refused.
        None => {
            let first = request.clone().page_size(1);
            let response = client.describe_refresh_tasks(first).response().await?;
            Ahead::of(&response, client.core().clock().now()).unwrap_or_default()
        }
    };
    lock(search).ahead = Some(ahead);
    let (from, to) = span(ahead, first, last, client.core().clock().now());
    let request = request.start_time(rfc3339(from)).end_time(rfc3339(to)).page_size(PAGE);
    for page in 1..=MOST_PAGES {
        let response = client.describe_refresh_tasks(request.clone().page_number(page)).await?;
        let tasks = response.tasks;
        let mut search = lock(search);
        tasks.iter().for_each(|task| search.see(task, list));
        drop(search);
        if (tasks.len() as i64) < PAGE {
            break;
        }
    }
    Ok(())
}

/// Between which times the list is asked for, by the service's clock: more than is needed, since what is
/// read is looked at again. It does not end later than now, which a service may refuse.
fn span(
    ahead: Ahead,
    first: SystemTime,
    last: SystemTime,
    now: SystemTime,
) -> (SystemTime, SystemTime) {
    let from = ahead.apply(first.checked_sub(4 * BEFORE).unwrap_or(first));
    let to = last.checked_add(AFTER).unwrap_or(last).min(now);
    (from, ahead.apply(to.checked_add(Duration::from_secs(1)).unwrap_or(to)).max(from))
}

impl Search {
    fn new(job: &Job, client: &Client, lost: Vec<Lost>) -> Self {
        let mut wanted: HashMap<Wanted, Vec<usize>> = HashMap::new();
        for lost in &lost {
            for key in &lost.keys {
                wanted.entry((lost.list.clone(), key.clone())).or_default().push(lost.index);
            }
        }
        let mut owners: HashMap<String, Vec<usize>> = HashMap::new();
        let mut owned = HashMap::new();
        for (index, call) in job.calls.iter().enumerate() {
            for id in call.task_ids() {
                owners.entry(id.clone()).or_default().push(index);
            }
            if !call.task_ids().is_empty() {
                owned.insert(index, (call.kind, keys(call)));
            }
        }
        Search {
            client: client.clone(),
            ahead: None,
            lost,
            wanted,
            listed: HashMap::new(),
            owners,
            owned,
            read: BTreeSet::new(),
            failed: BTreeMap::new(),
        }
    }

    /// The lists that are still to be read, and between which times their calls were sent.
    fn lists(&self) -> Vec<(List, SystemTime, SystemTime)> {
        let mut lists: BTreeMap<&List, (SystemTime, SystemTime)> = BTreeMap::new();
        for lost in self.lost.iter().filter(|lost| !self.is_done(lost)) {
            let span = lists.entry(&lost.list).or_insert((lost.since, lost.since));
            *span = (span.0.min(lost.since), span.1.max(lost.since));
        }
        lists.into_iter().map(|(list, (first, last))| (list.clone(), first, last)).collect()
    }

    fn is_finished(&self) -> bool {
        self.lost.iter().all(|lost| self.is_done(lost))
    }

    fn is_done(&self, lost: &Lost) -> bool {
        let has_failed = self.failed.get(&lost.list).is_some_and(|failed| failed.is_final);
        has_failed || self.ids_of(lost).is_some()
    }

    fn see(&mut self, task: &CdnTask, list: &List) {
        let (Some(id), Some(path), Some(created)) =
            (&task.task_id, &task.object_path, task.creation_time_as_time())
        else {
            return;
        };
        // The service is asked for one kind, which is no promise.
        let listed_as =
            task.object_type.as_ref().and_then(|name| TargetKind::listed(name.as_str()));
        if listed_as.is_some_and(|kind| kind != list.kind) {
            return;
        }
        let key = url_key::key(path, Some(list.kind));
        // One id and one URL can stand for several kinds.
        let has = |owner: &usize| {
            let owned = self.owned.get(owner);
            owned.is_some_and(|(kind, keys)| *kind == Some(list.kind) && keys.contains(&key))
        };
        let is_owned = self.owners.get(id).is_some_and(|owners| owners.iter().any(has));
        let wanted = (list.clone(), key);
        if !is_owned && is_task_id(id) && self.wanted.contains_key(&wanted) {
            self.listed.entry(wanted).or_default().insert((created, id.clone()));
        }
    }

    /// The tasks of a call, if all its objects are listed: it is carried out as a whole.
    ///
    /// Where several lost calls are about one object, there have to be as many entries: with fewer nobody
    /// knows which of the calls they are of.
    fn ids_of(&self, lost: &Lost) -> Option<BTreeSet<String>> {
        let ahead = self.ahead.unwrap_or_default();
        let mut ids = BTreeSet::new();
        for key in &lost.keys {
            let wanted = (lost.list.clone(), key.clone());
            let rivals = self.wanted.get(&wanted)?;
            let rank = rivals.iter().position(|index| *index == lost.index)?;
            let entries = self.listed.get(&wanted)?;
            let mine: Vec<_> =
                entries.iter().filter(|(created, _)| lost.matches(*created, ahead)).collect();
            if mine.len() < rivals.len() {
                return None;
            }
            ids.insert(mine.get(rank)?.1.clone());
        }
        Some(ids)
    }

    fn event(&self, lost: &Lost) -> Event {
        let (call, at) = (lost.index, lost.since);
        if let Some(ids) = self.ids_of(lost) {
            return Event::Sent { call, at, task_ids: ids.into_iter().collect() };
        }
        let failed = self.failed.get(&lost.list).map(|failed| (&failed.error, failed.is_final));
        lost.not_found(self.read.contains(&lost.list), failed)
    }
}
