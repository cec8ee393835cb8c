//! Lookups: searches of the task list for calls whose responses were lost.

mod lost;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use alicloud_cdn::model::{CdnTask, DescribeRefreshTasksRequest};
use alicloud_cdn::{Client, Error};
use alicloud_core::{ClockOffset, PollStatus, Timestamp};
use futures_util::future::{Either, select};

use self::lost::{CLOCK_TOLERANCE, ListQuery, LostCall, MAX_DELIVERY_TIME, not_listable, url_keys};
use crate::job::{Event, Job, is_task_id};
use crate::kind::TargetKind;
use crate::stored_error::StoredError;
use crate::time::format_rfc3339_seconds;
use crate::url_key::url_key;

/// Maximum duration of the first search, which ignores the timeout.
const MAX_FIRST_SEARCH: Duration = Duration::from_secs(10 * 60);

/// Interval between searches, before it grows.
const MIN_INTERVAL: Duration = Duration::from_secs(1);

/// The result of a lookup.
#[derive(Debug)]
pub(super) struct LookupOutcome {
    /// The new state of each call.
    pub(super) events: Vec<Event>,
    /// Calls for which the whole task list was searched: those not found are not in it.
    pub(super) looked_up: Vec<usize>,
}

/// Looks up calls whose responses were lost. If it is stopped, calls that were not found yet stay as they
/// are.
pub(super) async fn look_up(
    job: &Job,
    indexes: &[usize],
    client: &Client,
    timeout: Duration,
    stop: impl Future<Output = ()> + Unpin,
) -> LookupOutcome {
    let now = client.core().clock().now();
    let mut outcome = LookupOutcome { events: Vec::new(), looked_up: Vec::new() };
    let mut lost_calls = Vec::new();
    for index in indexes {
        let Some(call) = job.calls.get(*index) else { continue };
        match LostCall::new(*index, call) {
            Some(lost) if lost.can_be_listed(now) => lost_calls.push(lost),
            lost => {
                outcome.looked_up.push(*index);
                outcome.events.extend(match lost {
                    Some(lost) => Some(lost.too_old()),
                    None => not_listable(*index, call),
                });
            }
        }
    }
    if lost_calls.is_empty() {
        return outcome;
    }
    let lookup = Arc::new(Mutex::new(Lookup::new(job, lost_calls)));
    let searches = pin!(search_repeatedly(client, &lookup, timeout));
    let is_stopped = matches!(select(searches, stop).await, Either::Right(_));
    let lookup = lock(&lookup);
    for lost in &lookup.lost_calls {
        outcome.looked_up.extend(lookup.complete.contains(&lost.query).then_some(lost.call));
        let event = lookup.event(lost);
        outcome
            .events
            .extend((!is_stopped || matches!(event, Event::Sent { .. })).then_some(event));
    }
    drop(lookup);
    outcome
}

/// Searches until every call is found, or cannot be.
async fn search_repeatedly(client: &Client, lookup: &Arc<Mutex<Lookup>>, timeout: Duration) {
    let search = || {
        let (client, polled, checked) = (client.clone(), lookup.clone(), lookup.clone());
        client.core().clone().wait_until(
            move || run_queries(client.clone(), polled.clone()),
            move |()| match lock(&checked).is_finished() {
                true => PollStatus::Succeeded,
                false => PollStatus::InProgress("is not listed".to_owned()),
            },
        )
    };
    // Errors, such as a timeout, are in the lookup: what was found counts, and the rest stays unknown.
    // The first search ignores the timeout: only a list that was read to its end proves anything.
    let _ = search().max_wait(MAX_FIRST_SEARCH).poll_once().await;
    if !lock(lookup).is_finished() && !timeout.is_zero() {
        client.core().clock().sleep(MIN_INTERVAL).await;
        let _ = search().max_wait(timeout).poll_interval(MIN_INTERVAL, 4 * MIN_INTERVAL).await;
    }
}

struct Lookup {
    /// Offset of the service's clock; `None` before the first response.
    clock_offset: Option<ClockOffset>,
    lost_calls: Vec<LostCall>,
    /// Indexes of the lost calls that contain an object.
    lost_by_object: HashMap<ObjectKey, Vec<usize>>,
    /// Tasks that the service lists for these objects.
    listed: HashMap<ObjectKey, CreatedTasks>,
    /// Indexes of the accepted calls that have a task id.
    accepted_by_id: HashMap<String, Vec<usize>>,
    /// Kind and objects of the accepted calls. Their tasks do not belong to a lost call.
    accepted: HashMap<usize, (Option<TargetKind>, HashSet<Vec<u8>>)>,
    /// Queries whose list was read to its end.
    complete: BTreeSet<ListQuery>,
    failed: BTreeMap<ListQuery, QueryFailure>,
}

/// Why a query failed.
struct QueryFailure {
    error: StoredError,
    is_permanent: bool,
}

/// An object in the list of a query.
type ObjectKey = (ListQuery, Vec<u8>);

/// Creation times and ids of tasks.
type CreatedTasks = BTreeSet<(SystemTime, String)>;

fn lock(lookup: &Mutex<Lookup>) -> MutexGuard<'_, Lookup> {
    lookup.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs every pending query once. A failed query does not stop the others, unless the error affects them
/// too: no connection, a timeout or throttling.
async fn run_queries(client: Client, lookup: Arc<Mutex<Lookup>>) -> Result<(), Error> {
    let queries = lock(&lookup).pending_queries();
    for (query, first_sent, last_sent) in queries {
        let result = run_query(&client, &lookup, &query, first_sent, last_sent).await;
        let mut lookup = lock(&lookup);
        match result {
            Ok(()) => {
                lookup.failed.remove(&query);
                lookup.complete.insert(query);
            }
            Err(error) => {
                let failure = QueryFailure {
                    error: StoredError::from(&error),
                    is_permanent: !error.is_transient(),
                };
                lookup.failed.insert(query, failure);
                if error.is_connect() || error.is_timeout() || error.is_throttling() {
                    return Err(error);
                }
            }
        }
    }
    Ok(())
}

async fn run_query(
    client: &Client,
    lookup: &Mutex<Lookup>,
    query: &ListQuery,
    first_sent: SystemTime,
    last_sent: SystemTime,
) -> Result<(), Error> {
    let request = DescribeRefreshTasksRequest::new()
        .domain_name(&query.domain)
        .object_type(query.object_type.clone());
    let known_offset = lock(lookup).clock_offset;
    let offset = match known_offset {
        Some(offset) => offset,
        // A request without times, only for the date of its response: the service may reject times
        // that a wrong clock produces.
        None => {
            let response =
                client.describe_refresh_tasks(request.clone().page_size(1)).response().await?;
            response.clock_offset(client.core().clock().now()).unwrap_or_default()
        }
    };
    lock(lookup).clock_offset = Some(offset);
    let (start, end) = time_range(offset, first_sent, last_sent, client.core().clock().now());
    let request = request
        .start_time(format_rfc3339_seconds(start))
        .end_time(format_rfc3339_seconds(end))
        .page_size(100);
    // A total that does not count the latest tasks must not hide one of them.
    let mut pages = client.describe_refresh_tasks_pages(request).until_short_page();
    while let Some(page) = pages.next().await {
        let tasks = page?.items;
        let mut lookup = lock(lookup);
        tasks.iter().for_each(|task| lookup.record_task(task, query));
    }
    Ok(())
}

/// Returns the time range of a query, by the service's clock. It is wider than needed, because creation
/// times are checked later. It ends now at the latest, because the service may reject a time in the
/// future.
fn time_range(
    offset: ClockOffset,
    first_sent: SystemTime,
    last_sent: SystemTime,
    now: SystemTime,
) -> (SystemTime, SystemTime) {
    let start = first_sent.checked_sub(4 * CLOCK_TOLERANCE).unwrap_or(first_sent);
    let start = offset.to_service_time(start);
    let end = last_sent.checked_add(MAX_DELIVERY_TIME).unwrap_or(last_sent).min(now);
    let end = end.checked_add(Duration::from_secs(1)).unwrap_or(end);
    (start, offset.to_service_time(end).max(start))
}

impl Lookup {
    fn new(job: &Job, lost_calls: Vec<LostCall>) -> Self {
        let mut lost_by_object: HashMap<ObjectKey, Vec<usize>> = HashMap::new();
        for lost in &lost_calls {
            for key in &lost.keys {
                let object = (lost.query.clone(), key.clone());
                lost_by_object.entry(object).or_default().push(lost.call);
            }
        }
        let mut accepted_by_id: HashMap<String, Vec<usize>> = HashMap::new();
        let mut accepted = HashMap::new();
        for (index, call) in job.calls.iter().enumerate() {
            for id in call.task_ids() {
                accepted_by_id.entry(id.clone()).or_default().push(index);
            }
            if !call.task_ids().is_empty() {
                accepted.insert(index, (call.kind, url_keys(call)));
            }
        }
        Lookup {
            clock_offset: None,
            lost_calls,
            lost_by_object,
            listed: HashMap::new(),
            accepted_by_id,
            accepted,
            complete: BTreeSet::new(),
            failed: BTreeMap::new(),
        }
    }

    /// Returns the queries that are still needed, with the first and the last time of sending of their
    /// calls.
    fn pending_queries(&self) -> Vec<(ListQuery, SystemTime, SystemTime)> {
        let mut queries: BTreeMap<&ListQuery, (SystemTime, SystemTime)> = BTreeMap::new();
        for lost in self.lost_calls.iter().filter(|lost| !self.is_resolved(lost)) {
            let times = queries.entry(&lost.query).or_insert((lost.sent_at, lost.sent_at));
            *times = (times.0.min(lost.sent_at), times.1.max(lost.sent_at));
        }
        queries.into_iter().map(|(query, (first, last))| (query.clone(), first, last)).collect()
    }

    fn is_finished(&self) -> bool {
        self.lost_calls.iter().all(|lost| self.is_resolved(lost))
    }

    /// Returns whether the call was found, or cannot be looked up.
    fn is_resolved(&self, lost: &LostCall) -> bool {
        let failure = self.failed.get(&lost.query);
        failure.is_some_and(|failure| failure.is_permanent) || self.task_ids_of(lost).is_some()
    }

    /// Records a listed task if it can belong to a lost call.
    fn record_task(&mut self, task: &CdnTask, query: &ListQuery) {
        let created = task.creation_time.as_ref().and_then(Timestamp::value);
        let (Some(id), Some(path), Some(created)) =
            (task.task_id.as_deref(), &task.object_path, created)
        else {
            return;
        };
        let id = id.trim();
        // The query asks for one kind, but the service may list others.
        let listed_kind = task.object_type.as_ref().and_then(TargetKind::from_task_kind);
        if listed_kind.is_some_and(|kind| kind != query.kind) {
            return;
        }
        let key = url_key(path, Some(query.kind));
        // One id can cover several calls, and the same URL as several kinds.
        let has_object = |call: &usize| {
            let accepted = self.accepted.get(call);
            accepted.is_some_and(|(kind, keys)| *kind == Some(query.kind) && keys.contains(&key))
        };
        let is_accepted =
            self.accepted_by_id.get(id).is_some_and(|calls| calls.iter().any(has_object));
        let object = (query.clone(), key);
        if !is_accepted && is_task_id(id) && self.lost_by_object.contains_key(&object) {
            self.listed.entry(object).or_default().insert((created, id.to_owned()));
        }
    }

    /// Returns the task ids of a lost call if all its objects are listed: the service executes a call as
    /// a whole.
    ///
    /// If several lost calls have an object in common, it must be listed as often. With fewer tasks, it
    /// is not known which of the calls they belong to.
    fn task_ids_of(&self, lost: &LostCall) -> Option<BTreeSet<String>> {
        let offset = self.clock_offset.unwrap_or_default();
        let mut ids = BTreeSet::new();
        for key in &lost.keys {
            let object = (lost.query.clone(), key.clone());
            let candidates = self.lost_by_object.get(&object)?;
            let rank = candidates.iter().position(|call| *call == lost.call)?;
            let tasks: Vec<_> = self
                .listed
                .get(&object)?
                .iter()
                .filter(|(created, _)| lost.can_have_created(*created, offset))
                .collect();
            if tasks.len() < candidates.len() {
                return None;
            }
            ids.insert(tasks.get(rank)?.1.clone());
        }
        Some(ids)
    }

    /// Returns the new state of a lost call.
    fn event(&self, lost: &LostCall) -> Event {
        if let Some(ids) = self.task_ids_of(lost) {
            let task_ids = ids.into_iter().collect();
            return Event::Sent { call: lost.call, sent_at: lost.sent_at, task_ids };
        }
        let failure = self.failed.get(&lost.query);
        let error = failure.map(|failure| (&failure.error, failure.is_permanent));
        lost.not_found(self.complete.contains(&lost.query), error)
    }
}
