//! Looking for calls of which the answer was lost.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use alicloud_cdn::model::{CdnTask, DescribeRefreshTasksRequest, RefreshObjectType};
use alicloud_cdn::{Client, Error};
use alicloud_core::Verdict;

use crate::fate::Problem;
use crate::job::{CallState, Event, Job, JobCall, is_task_id};
use crate::kind::Kind;
use crate::spelling;

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

/// What the search has come to, for each of these calls.
pub(super) async fn find(
    job: &Job,
    places: &[usize],
    client: &Client,
    limit: Duration,
) -> Vec<Event> {
    let lost: Vec<Lost> =
        places.iter().filter_map(|place| Lost::new(*place, job.calls.get(*place)?)).collect();
    let mut events: Vec<Event> =
        places.iter().filter_map(|place| without_list(*place, job.calls.get(*place)?)).collect();
    if lost.is_empty() {
        return events;
    }
    let search =
        Search { client: client.clone(), ahead: Ahead::default(), lost, taken: taken(job) };
    let search = Arc::new(Mutex::new(search));
    let (look, judge) = (search.clone(), search.clone());
    let wait = client.core().wait_until(
        move || read_lists(look.clone()),
        move |()| match lock(&judge).lost.iter().all(Lost::is_found) {
            true => Verdict::Success,
            false => Verdict::Pending("is not listed".to_owned()),
        },
    );
    // Whatever ends the search, what it has found counts, and what it has not stays unknown.
    let pace = Duration::from_secs(1);
    let ended = wait.for_at_most(limit).every(pace, 4 * pace).await;
    let why = ended.err().and_then(|error| error.into_call_error());
    let lost = std::mem::take(&mut lock(&search).lost);
    events.extend(lost.into_iter().map(|lost| lost.event(why.as_ref())));
    events
}

struct Search {
    client: Client,
    /// How far the service's clock is ahead of ours, as its last reply says.
    ahead: Ahead,
    lost: Vec<Lost>,
    /// Entries of the list that belong to something else.
    taken: HashSet<(String, Vec<u8>)>,
}

/// A call that may have been carried out.
struct Lost {
    place: usize,
    since: SystemTime,
    /// What the list is asked for.
    list: List,
    /// The objects that are not found yet.
    missing: BTreeSet<Vec<u8>>,
    found: BTreeSet<String>,
    problem: Problem,
    kind: Option<Kind>,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct List {
    domain: String,
    object_type: &'static str,
}

/// How far one clock is ahead of another.
#[derive(Clone, Copy, Default)]
struct Ahead {
    by: Duration,
    is_behind: bool,
}

impl Ahead {
    fn of(theirs: SystemTime, ours: SystemTime) -> Self {
        match theirs.duration_since(ours) {
            Ok(by) => Ahead { by, is_behind: false },
            Err(error) => Ahead { by: error.duration(), is_behind: true },
        }
    }

    /// A time of ours, as the service would write it.
    fn apply(self, time: SystemTime) -> SystemTime {
        let theirs = match self.is_behind {
            true => time.checked_sub(self.by),
            false => time.checked_add(self.by),
        };
        theirs.unwrap_or(time)
    }
}

fn lock(search: &Mutex<Search>) -> MutexGuard<'_, Search> {
    search.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What calls of the job that were taken have made, so that it is not found a second time.
fn taken(job: &Job) -> HashSet<(String, Vec<u8>)> {
    let calls = job.calls.iter().filter(|call| !call.task_ids().is_empty());
    let entries = calls.flat_map(|call| {
        call.task_ids().iter().flat_map(|id| {
            let key = |url: &str| spelling::key(url, call.kind);
            call.objects.iter().map(move |object| (id.clone(), key(&object.url)))
        })
    });
    entries.collect()
}

/// Reads the list of each domain and kind once.
async fn read_lists(search: Arc<Mutex<Search>>) -> Result<(), Error> {
    let client = lock(&search).client.clone();
    let mut lists: BTreeMap<List, (SystemTime, SystemTime)> = BTreeMap::new();
    for lost in lock(&search).lost.iter().filter(|lost| !lost.is_found()) {
        let span = lists.entry(lost.list.clone()).or_insert((lost.since, lost.since));
        *span = (span.0.min(lost.since), span.1.max(lost.since));
    }
    for (list, (first, last)) in lists {
        for page in 1..=MOST_PAGES {
            let (asked, ahead) = (client.core().clock().now(), lock(&search).ahead);
            let (from, to) = span(ahead, first, last, asked);
            let request = DescribeRefreshTasksRequest::new()
                .domain_name(&list.domain)
                .object_type(RefreshObjectType::from(list.object_type))
                .start_time(rfc3339(from))
                .end_time(rfc3339(to))
                .page_number(page)
                .page_size(PAGE);
            let reply = client.describe_refresh_tasks(request).raw().await?;
            let mut search = lock(&search);
            if let Some(date) = reply.date() {
                search.ahead = Ahead::of(date, asked);
            }
            let tasks = reply.value.tasks;
            tasks.iter().for_each(|task| search.see(task, &list));
            let is_last = (tasks.len() as i64) < PAGE;
            if is_last || search.lost.iter().all(Lost::is_found) {
                break;
            }
        }
    }
    Ok(())
}

/// Between which times the list is asked for, by the service's clock. It does not end later than now,
/// which a service may refuse.
fn span(
    ahead: Ahead,
    first: SystemTime,
    last: SystemTime,
    now: SystemTime,
) -> (SystemTime, SystemTime) {
    // The clock is not known before the first reply; what is more than a look too early is not lost.
    let from = ahead.apply(first).checked_sub(4 * BEFORE).unwrap_or(first);
    let to = last.checked_add(AFTER).unwrap_or(last).min(now);
    (from, ahead.apply(to).checked_add(Duration::from_secs(1)).unwrap_or(to).max(from))
}

fn rfc3339(time: SystemTime) -> String {
    humantime::format_rfc3339_seconds(time.max(SystemTime::UNIX_EPOCH)).to_string()
}

impl Search {
    fn see(&mut self, task: &CdnTask, list: &List) {
        let (Some(id), Some(path), Some(created)) =
            (&task.task_id, &task.object_path, task.creation_time_as_time())
        else {
            return;
        };
        let ahead = self.ahead;
        for lost in self.lost.iter_mut().filter(|lost| lost.list == *list) {
            let key = spelling::key(path, lost.kind);
            let entry = (id.clone(), key);
            let is_mine = lost.is_of(created, ahead) && lost.missing.contains(&entry.1);
            // An entry stands for one call, the first that it can be of.
            if is_mine && is_task_id(id) && !self.taken.contains(&entry) {
                lost.missing.remove(&entry.1);
                lost.found.insert(id.clone());
                self.taken.insert(entry);
                return;
            }
        }
    }
}

impl Lost {
    fn new(place: usize, call: &JobCall) -> Option<Self> {
        let (since, problem) = lost(call)?;
        let kind = call.kind;
        let list = List { domain: call.domain.clone(), object_type: kind?.listed_as()? };
        let missing = call.objects.iter().map(|object| spelling::key(&object.url, kind)).collect();
        Some(Lost { place, since, list, missing, found: BTreeSet::new(), problem, kind })
    }

    /// Whether something that was created then can be of this call.
    fn is_of(&self, created: SystemTime, ahead: Ahead) -> bool {
        let sent = ahead.apply(self.since);
        match created.duration_since(sent) {
            Ok(later) => later <= AFTER,
            Err(earlier) => earlier.duration() <= BEFORE,
        }
    }

    /// A call is carried out as a whole, so all its objects have to be there.
    fn is_found(&self) -> bool {
        self.missing.is_empty()
    }

    fn event(self, why: Option<&Error>) -> Event {
        let (call, at) = (self.place, self.since);
        if self.is_found() {
            return Event::Sent { call, at, task_ids: self.found.into_iter().collect() };
        }
        // One search after another says it once.
        let before = self.problem.message.split(NOT_FOUND).next().unwrap_or_default();
        let mut message = format!("{before}{NOT_FOUND}");
        if let Some(why) = why {
            message.push_str(&format!(" ({why})"));
        }
        let advice = "look again later, or send it again if it may count twice";
        let problem = Problem { code: self.problem.code, ..Problem::new(message, advice) };
        Event::Unknown { call, at, problem }
    }
}

const NOT_FOUND: &str = ", and its objects are not in the list of tasks";

/// Since when a call may have been carried out, and why that is not known.
fn lost(call: &JobCall) -> Option<(SystemTime, Problem)> {
    match &call.state {
        CallState::Sending { at } => Some((*at, Problem::cut_off())),
        CallState::Unknown { at, problem } => Some((*at, problem.clone())),
        _ => None,
    }
}

/// What is known of a call that no list can be searched for.
fn without_list(place: usize, call: &JobCall) -> Option<Event> {
    if call.kind.and_then(Kind::listed_as).is_some() {
        return None;
    }
    let (at, problem) = lost(call)?;
    let advice = "the list of tasks does not show cache tags: send it again if it may count twice";
    let problem = Problem { advice: advice.to_owned(), ..problem };
    Some(Event::Unknown { call: place, at, problem })
}
