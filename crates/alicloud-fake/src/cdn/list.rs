//! `DescribeRefreshTasks`: tasks by what they are about, a page at a time, newest first.

use std::cmp::Reverse;
use std::ops::RangeInclusive;
use std::time::SystemTime;

use serde_json::{Value, json};

use super::by_id::task_ids;
use super::submit::filled;
use super::urls::domain_of;
use super::{CdnRefusal, Kind, Task};
use crate::clock;
use crate::error_code::Refusal;
use crate::products::{Fields, World};
use crate::request::Incoming;
use crate::simulation::{Listed, Running};

const PAGES: RangeInclusive<usize> = 1..=100_000;
const PAGE_SIZES: RangeInclusive<usize> = 1..=100;

pub(super) fn describe_refresh_tasks(
    request: &Incoming,
    world: &mut World,
    now: SystemTime,
) -> Result<Fields, Refusal> {
    let (pinned, running) = world.simulated()?;
    let page = number(request, "PageNumber", 1, PAGES)?;
    let size = number(request, "PageSize", 20, PAGE_SIZES)?;
    let filter = Filter::read(request, running, now)?;

    let mut found: Vec<Found<'_>> = pinned
        .all()
        .iter()
        .map(Found::Pinned)
        .chain(running.newest_first(now).map(Found::Simulated))
        .filter(|found| filter.admits(found))
        .collect();
    // Also those whose state is another, or who asks for one state would never learn of it.
    let counts = |_: &&Found<'_>| running.has_stale_reads();
    let read: Vec<String> =
        found.iter().filter(counts).map(|found| found.id().to_owned()).collect();
    found.retain(|found| filter.admits_state(found, running, now));
    found.sort_by_key(|found| Reverse(found.created()));

    let first = page.saturating_sub(1).saturating_mul(size);
    let shown = found.get(first..).unwrap_or_default();
    let shown = shown.get(..size).unwrap_or(shown);
    let items: Vec<Value> = shown
        .iter()
        .map(|found| match found {
            Found::Pinned(task) => task.document(),
            Found::Simulated(listed) => running.task(listed, now).document(),
        })
        .collect();
    let count = found.len();
    running.mark_read(read.iter().map(String::as_str), now);
    let mut fields = Fields::new();
    fields.insert("PageNumber".to_owned(), page.into());
    fields.insert("PageSize".to_owned(), size.into());
    fields.insert("TotalCount".to_owned(), count.into());
    fields.insert("Tasks".to_owned(), json!({ "CDNTask": items }));
    Ok(fields)
}

fn number(
    request: &Incoming,
    name: &str,
    default: usize,
    allowed: RangeInclusive<usize>,
) -> Result<usize, Refusal> {
    let Some(text) = filled(request, name) else {
        return Ok(default);
    };
    text.parse()
        .ok()
        .filter(|number| allowed.contains(number))
        .ok_or_else(|| Refusal::invalid(name))
}

enum Found<'a> {
    Pinned(&'a Task),
    Simulated(Listed<'a>),
}

impl Found<'_> {
    /// `None` for a pinned task whose time is none.
    fn created(&self) -> Option<SystemTime> {
        match self {
            Self::Pinned(task) => humantime::parse_rfc3339(&task.creation_time).ok(),
            Self::Simulated(listed) => Some(clock::whole_second(listed.created())),
        }
    }

    fn path(&self) -> &str {
        match self {
            Self::Pinned(task) => &task.object_path,
            Self::Simulated(listed) => listed.path(),
        }
    }

    fn kind(&self) -> &str {
        match self {
            Self::Pinned(task) => &task.object_type,
            Self::Simulated(listed) => listed.kind(),
        }
    }

    fn id(&self) -> &str {
        match self {
            Self::Pinned(task) => &task.task_id,
            Self::Simulated(listed) => listed.id(),
        }
    }
}

struct Filter {
    ids: Option<Vec<String>>,
    path: Option<String>,
    kind: Option<String>,
    domain: Option<String>,
    status: Option<String>,
    created: Option<RangeInclusive<SystemTime>>,
}

impl Filter {
    fn read(request: &Incoming, running: &Running, now: SystemTime) -> Result<Self, Refusal> {
        let ids = filled(request, "TaskId")
            .map(|text| task_ids(&text).map(|ids| ids.into_iter().map(str::to_owned).collect()))
            .transpose()?;
        let path = filled(request, "ObjectPath");
        if path.as_deref().is_some_and(|path| domain_of(path).is_none()) {
            return Err(CdnRefusal::object_path("is not a URL"));
        }
        let kind = filled(request, "ObjectType");
        if kind.as_deref().is_some_and(|kind| !Kind::is_known(kind)) {
            return Err(CdnRefusal::filter(
                "InvalidObjectType.ValueNotSupported",
                "ObjectType is none of the kinds of objects.",
            ));
        }
        let domain = filled(request, "DomainName");
        if domain.as_deref().is_some_and(|names| names.contains(',')) {
            return Err(CdnRefusal::filter("DomainNameOverLimit", "DomainName has one domain."));
        }
        let status = filled(request, "Status");
        if status.as_deref().is_some_and(|status| !is_state(status)) {
            return Err(CdnRefusal::filter(
                "InvalidStatus.ValueNotSupported",
                "Status is none of the states of a task.",
            ));
        }
        if kind.is_none() && (domain.is_some() || status.is_some()) {
            return Err(CdnRefusal::filter(
                "MissingParameter.ObjectType",
                "ObjectType is needed next to DomainName and Status.",
            ));
        }
        let created = created(request, running, now)?;
        Ok(Self { ids, path, kind, domain, status, created })
    }

    /// Whether all but the state is as it was asked for.
    fn admits(&self, found: &Found<'_>) -> bool {
        self.ids.as_ref().is_none_or(|ids| ids.iter().any(|id| id == found.id()))
            && self.path.as_deref().is_none_or(|path| path == found.path())
            && self.kind.as_deref().is_none_or(|kind| same_kind(kind, found.kind()))
            && self.domain.as_deref().is_none_or(|domain| {
                domain_of(found.path()).is_some_and(|of| of.eq_ignore_ascii_case(domain))
            })
            && self
                .created
                .as_ref()
                .is_none_or(|range| found.created().is_some_and(|created| range.contains(&created)))
    }

    fn admits_state(&self, found: &Found<'_>, running: &Running, now: SystemTime) -> bool {
        let Some(wanted) = &self.status else { return true };
        wanted.eq_ignore_ascii_case(match found {
            Found::Pinned(task) => &task.status,
            Found::Simulated(listed) => running.status(listed, now),
        })
    }
}

/// The documents know four states; two more were seen.
fn is_state(text: &str) -> bool {
    ["Complete", "Refreshing", "Failed", "Pending", "Timeout", "Canceled"]
        .into_iter()
        .any(|state| text.eq_ignore_ascii_case(state))
}

fn same_kind(wanted: &str, kind: &str) -> bool {
    let wanted =
        if wanted.eq_ignore_ascii_case("ExQuery") { Kind::IgnoreParams.as_str() } else { wanted };
    wanted.eq_ignore_ascii_case(kind)
}

fn created(
    request: &Incoming,
    running: &Running,
    now: SystemTime,
) -> Result<Option<RangeInclusive<SystemTime>>, Refusal> {
    let (start, end) = match (filled(request, "StartTime"), filled(request, "EndTime")) {
        (None, None) => return Ok(None),
        (Some(start), Some(end)) => (start, end),
        _ => {
            return Err(CdnRefusal::filter(
                "MissingTimeParameter",
                "StartTime and EndTime go together; one of them is missing.",
            ));
        }
    };
    let start = clock::read_timestamp(&start).ok_or_else(|| {
        CdnRefusal::filter("InvalidStartTime.Malformed", "StartTime is not a UTC time.")
    })?;
    let end = clock::read_timestamp(&end).ok_or_else(|| {
        CdnRefusal::filter("InvalidEndTime.Malformed", "EndTime is not a UTC time.")
    })?;
    if end < start {
        return Err(CdnRefusal::filter(
            "InvalidEndTime.Mismatch",
            "EndTime lies before StartTime.",
        ));
    }
    if start > now {
        return Err(CdnRefusal::filter(
            "InvalidStartTime.ValueNotSupported",
            "StartTime lies in the future.",
        ));
    }
    if clock::whole_second(now).duration_since(start).is_ok_and(|age| age > running.retention()) {
        return Err(CdnRefusal::filter(
            "InvalidTime",
            "StartTime lies before the tasks that are still kept.",
        ));
    }
    Ok(Some(start..=end))
}
