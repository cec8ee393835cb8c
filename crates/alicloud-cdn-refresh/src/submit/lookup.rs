//! Looking for calls of which the answer was lost.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use alicloud_cdn::model::{CdnTask, DescribeRefreshTasksRequest, RefreshObjectType};
use alicloud_cdn::{Client, Error};
use alicloud_core::Verdict;

use crate::fate::Problem;
use crate::job::{CallState, Event, Job, JobCall};
use crate::kind::Kind;
use crate::spelling;

/// How much earlier than the call was sent its tasks may have been created, by two clocks that differ.
/// It is short, so that the same refresh of a moment before is not taken for this one.
const CLOCKS_DIFFER: Duration = Duration::from_secs(5);

/// How long before a call a page of the list has to end for the pages behind it to be of no interest.
const LONG_BEFORE: Duration = Duration::from_secs(600);

/// How many pages are read of one list, with 100 tasks each.
const MOST_PAGES: usize = 100;

/// A call that may have been carried out.
struct Lost {
    place: usize,
    since: SystemTime,
    /// What the list is asked for.
    list: List,
    /// The objects that are not found yet.
    missing: BTreeSet<Vec<u8>>,
    found: BTreeSet<String>,
    problem: Option<Problem>,
    kind: Option<Kind>,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct List {
    domain: String,
    object_type: String,
}

/// What the search has come to, for each call of which the answer was lost.
pub(super) async fn find(job: &Job, client: &Client, limit: Duration) -> Vec<Event> {
    let lost: Vec<Lost> =
        job.calls.iter().enumerate().filter_map(|(place, call)| Lost::new(place, call)).collect();
    if lost.is_empty() {
        return Vec::new();
    }
    let lost = Arc::new(Mutex::new(lost));
    let (look, judge) = (lost.clone(), lost.clone());
    let search = client.core().wait_until(
        {
            let client = client.clone();
            move || search(client.clone(), look.clone())
        },
        move |()| match lock(&judge).iter().all(Lost::is_found) {
            true => Verdict::Success,
            false => Verdict::Pending("is not listed".to_owned()),
        },
    );
    // Whatever ends the search, what it has found counts, and what it has not stays unknown.
    let pace = Duration::from_secs(1);
    let ended = search.for_at_most(limit).every(pace, 4 * pace).await;
    let why = ended.err().and_then(|error| error.into_call_error());
    let lost = std::mem::take(&mut *lock(&lost));
    lost.into_iter().map(|lost| lost.event(why.as_ref())).collect()
}

fn lock(lost: &Mutex<Vec<Lost>>) -> std::sync::MutexGuard<'_, Vec<Lost>> {
    lost.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Reads each list once.
async fn search(client: Client, lost: Arc<Mutex<Vec<Lost>>>) -> Result<(), Error> {
    let mut lists: BTreeMap<List, SystemTime> = BTreeMap::new();
    for lost in lock(&lost).iter().filter(|lost| !lost.is_found()) {
        let since = lists.entry(lost.list.clone()).or_insert(lost.since);
        *since = lost.since.min(*since);
    }
    for (list, since) in lists {
        let request = DescribeRefreshTasksRequest::new()
            .domain_name(&list.domain)
            .object_type(RefreshObjectType::from(list.object_type.as_str()))
            .page_size(100);
        let mut pages = client.describe_refresh_tasks_pages(request);
        for _ in 0..MOST_PAGES {
            let Some(page) = pages.next().await.transpose()? else { break };
            let long_before = since.checked_sub(LONG_BEFORE).unwrap_or(since);
            let is_over = page
                .items
                .iter()
                .all(|task| task.creation_time_as_time().is_some_and(|time| time < long_before));
            let mut lost = lock(&lost);
            for lost in lost.iter_mut().filter(|lost| lost.list == list) {
                page.items.iter().for_each(|task| lost.see(task));
            }
            if is_over || lost.iter().all(Lost::is_found) {
                break;
            }
        }
    }
    Ok(())
}

impl Lost {
    fn new(place: usize, call: &JobCall) -> Option<Self> {
        let (since, problem) = match &call.state {
            CallState::Sending { at } => (*at, None),
            CallState::Unknown { at, problem } => (*at, Some(problem.clone())),
            _ => return None,
        };
        let kind = call.kind;
        let list = List { domain: call.domain.clone(), object_type: object_type(kind)?.to_owned() };
        let missing = call.objects.iter().map(|object| spelling::key(&object.url, kind)).collect();
        Some(Lost { place, since, list, missing, found: BTreeSet::new(), problem, kind })
    }

    fn see(&mut self, task: &CdnTask) {
        let (Some(id), Some(path)) = (&task.task_id, &task.object_path) else { return };
        let earliest = self.since.checked_sub(CLOCKS_DIFFER).unwrap_or(self.since);
        let is_later = task.creation_time_as_time().is_some_and(|created| created >= earliest);
        if is_later && self.missing.remove(&spelling::key(path, self.kind)) {
            self.found.insert(id.clone());
        }
    }

    /// A call is carried out as a whole, so all its objects have to be there.
    fn is_found(&self) -> bool {
        self.missing.is_empty()
    }

    fn event(self, why: Option<&Error>) -> Event {
        if self.is_found() {
            return Event::Sent { call: self.place, task_ids: self.found.into_iter().collect() };
        }
        let before = match &self.problem {
            Some(problem) => problem.message.clone(),
            None => "the program ended before the answer came".to_owned(),
        };
        // One search after another says it once.
        let before = before.split(NOT_FOUND).next().unwrap_or_default();
        let mut message = format!("{before}{NOT_FOUND}");
        if let Some(why) = why {
            message.push_str(&format!(" ({why})"));
        }
        let code = self.problem.and_then(|problem| problem.code);
        let problem = Problem { code, ..Problem::new(message, ADVICE) };
        Event::Unknown { call: self.place, at: self.since, problem }
    }
}

const NOT_FOUND: &str = ", and its objects are not in the list of tasks";

const ADVICE: &str = "look again later, or send it again if it may count twice";

/// How the list calls objects of a kind. It has no name for those of a tag.
fn object_type(kind: Option<Kind>) -> Option<&'static str> {
    match kind? {
        Kind::File => Some("file"),
        Kind::Directory => Some("directory"),
        Kind::Regex => Some("regex"),
        Kind::IgnoreParams => Some("IgnoreParams"),
        Kind::Preload => Some("preload"),
        Kind::CacheTag => None,
    }
}
