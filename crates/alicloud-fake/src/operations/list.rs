//! `DescribeRefreshTasks`.

use std::cmp::Reverse;
use std::ops::RangeInclusive;
use std::time::SystemTime;

use serde_json::{Value, json};

use super::by_id::parse_task_ids;
use super::submit::non_empty_param;
use crate::backend::Backend;
use crate::cdn::domain_of;
use crate::cdn::{CdnError, ObjectKind, Task};
use crate::clock;
use crate::error_code::ServiceError;
use crate::format::ResponseFields;
use crate::request::ParsedRequest;
use crate::simulation::{ListedObject, RunningSimulation};

const PAGE_NUMBERS: RangeInclusive<usize> = 1..=100_000;
const PAGE_SIZES: RangeInclusive<usize> = 1..=100;

pub(super) fn describe_refresh_tasks(
    request: &ParsedRequest,
    backend: &mut Backend,
    now: SystemTime,
) -> Result<ResponseFields, ServiceError> {
    let (pinned, simulation) = backend.require_simulation()?;
    let page_number = number_param(request, "PageNumber", 1, PAGE_NUMBERS)?;
    let page_size = number_param(request, "PageSize", 20, PAGE_SIZES)?;
    let filter = Filter::from_request(request, simulation, now)?;

    let mut entries: Vec<ListEntry<'_>> = pinned
        .all()
        .iter()
        .map(ListEntry::Pinned)
        .chain(simulation.newest_first(now).map(ListEntry::Simulated))
        .filter(|entry| filter.matches_except_status(entry))
        .collect();
    // Tasks with another status are read, too; otherwise a client that filters by status would
    // never see them reach it.
    let read_ids: Vec<String> = if simulation.has_stale_reads() {
        entries.iter().map(|entry| entry.task_id().to_owned()).collect()
    } else {
        Vec::new()
    };
    entries.retain(|entry| filter.matches_status(entry, simulation, now));
    entries.sort_by_key(|entry| Reverse(entry.created_at()));

    let first = page_number.saturating_sub(1).saturating_mul(page_size);
    let page = entries.get(first..).unwrap_or_default();
    let page = page.get(..page_size).unwrap_or(page);
    let tasks: Vec<Value> = page
        .iter()
        .map(|entry| match entry {
            ListEntry::Pinned(task) => task.to_json(),
            ListEntry::Simulated(listed) => simulation.task(listed, now).to_json(),
        })
        .collect();
    let total_count = entries.len();
    simulation.mark_read(read_ids.iter().map(String::as_str), now);
    let mut fields = ResponseFields::new();
    fields.insert("PageNumber".to_owned(), page_number.into());
    fields.insert("PageSize".to_owned(), page_size.into());
    fields.insert("TotalCount".to_owned(), total_count.into());
    fields.insert("Tasks".to_owned(), json!({ "CDNTask": tasks }));
    Ok(fields)
}

fn number_param(
    request: &ParsedRequest,
    name: &str,
    default: usize,
    allowed: RangeInclusive<usize>,
) -> Result<usize, ServiceError> {
    let Some(text) = non_empty_param(request, name) else {
        return Ok(default);
    };
    text.parse()
        .ok()
        .filter(|number| allowed.contains(number))
        .ok_or_else(|| ServiceError::invalid_param(name))
}

enum ListEntry<'a> {
    Pinned(&'a Task),
    Simulated(ListedObject<'a>),
}

impl ListEntry<'_> {
    /// Returns `None` for a pinned task whose creation time is not a valid timestamp.
    fn created_at(&self) -> Option<SystemTime> {
        match self {
            Self::Pinned(task) => humantime::parse_rfc3339(&task.creation_time).ok(),
            Self::Simulated(listed) => Some(clock::truncate_to_second(listed.created_at())),
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

    fn task_id(&self) -> &str {
        match self {
            Self::Pinned(task) => &task.task_id,
            Self::Simulated(listed) => listed.task_id(),
        }
    }
}

struct Filter {
    task_ids: Option<Vec<String>>,
    path: Option<String>,
    kind: Option<String>,
    domain: Option<String>,
    status: Option<String>,
    created_at: Option<RangeInclusive<SystemTime>>,
}

impl Filter {
    fn from_request(
        request: &ParsedRequest,
        simulation: &RunningSimulation,
        now: SystemTime,
    ) -> Result<Self, ServiceError> {
        let task_ids = non_empty_param(request, "TaskId")
            .map(|text| {
                parse_task_ids(&text).map(|ids| ids.into_iter().map(str::to_owned).collect())
            })
            .transpose()?;
        let path = non_empty_param(request, "ObjectPath");
        if path.as_deref().is_some_and(|path| domain_of(path).is_none()) {
            return Err(CdnError::invalid_object_path("is not a URL"));
        }
        let kind = non_empty_param(request, "ObjectType");
        if kind.as_deref().is_some_and(|kind| !ObjectKind::is_known(kind)) {
            return Err(CdnError::invalid_filter(
                "InvalidObjectType.ValueNotSupported",
                "ObjectType is not a known type.",
            ));
        }
        let domain = non_empty_param(request, "DomainName");
        if domain.as_deref().is_some_and(|names| names.contains(',')) {
            return Err(CdnError::invalid_filter(
                "DomainNameOverLimit",
                "DomainName must be a single domain.",
            ));
        }
        let status = non_empty_param(request, "Status");
        if status.as_deref().is_some_and(|status| !is_known_status(status)) {
            return Err(CdnError::invalid_filter(
                "InvalidStatus.ValueNotSupported",
                "Status is not a known status of a task.",
            ));
        }
        if kind.is_none() && (domain.is_some() || status.is_some()) {
            return Err(CdnError::invalid_filter(
                "MissingParameter.ObjectType",
                "ObjectType is required with DomainName or Status.",
            ));
        }
        let created_at = creation_range(request, simulation, now)?;
        Ok(Self { task_ids, path, kind, domain, status, created_at })
    }

    fn matches_except_status(&self, entry: &ListEntry<'_>) -> bool {
        self.task_ids.as_ref().is_none_or(|ids| ids.iter().any(|id| id == entry.task_id()))
            && self.path.as_deref().is_none_or(|path| path == entry.path())
            && self.kind.as_deref().is_none_or(|kind| is_same_kind(kind, entry.kind()))
            && self.domain.as_deref().is_none_or(|domain| {
                domain_of(entry.path()).is_some_and(|other| other.eq_ignore_ascii_case(domain))
            })
            && self
                .created_at
                .as_ref()
                .is_none_or(|range| entry.created_at().is_some_and(|time| range.contains(&time)))
    }

    fn matches_status(
        &self,
        entry: &ListEntry<'_>,
        simulation: &RunningSimulation,
        now: SystemTime,
    ) -> bool {
        let Some(status) = &self.status else { return true };
        status.eq_ignore_ascii_case(match entry {
            ListEntry::Pinned(task) => &task.status,
            ListEntry::Simulated(listed) => simulation.status(listed, now),
        })
    }
}

/// Four statuses are documented; the other two were observed.
fn is_known_status(text: &str) -> bool {
    ["Complete", "Refreshing", "Failed", "Pending", "Timeout", "Canceled"]
        .into_iter()
        .any(|status| text.eq_ignore_ascii_case(status))
}

fn is_same_kind(requested: &str, kind: &str) -> bool {
    let requested = if requested.eq_ignore_ascii_case("ExQuery") {
        ObjectKind::IgnoreParams.as_str()
    } else {
        requested
    };
    requested.eq_ignore_ascii_case(kind)
}

fn creation_range(
    request: &ParsedRequest,
    simulation: &RunningSimulation,
    now: SystemTime,
) -> Result<Option<RangeInclusive<SystemTime>>, ServiceError> {
    let start = non_empty_param(request, "StartTime");
    let (start, end) = match (start, non_empty_param(request, "EndTime")) {
        (None, None) => return Ok(None),
        (Some(start), Some(end)) => (start, end),
        _ => {
            return Err(CdnError::invalid_filter(
                "MissingTimeParameter",
                "StartTime and EndTime must be used together.",
            ));
        }
    };
    let start = clock::parse_timestamp(&start).ok_or_else(|| {
        CdnError::invalid_filter("InvalidStartTime.Malformed", "StartTime is not a UTC time.")
    })?;
    let end = clock::parse_timestamp(&end).ok_or_else(|| {
        CdnError::invalid_filter("InvalidEndTime.Malformed", "EndTime is not a UTC time.")
    })?;
    if end < start {
        return Err(CdnError::invalid_filter(
            "InvalidEndTime.Mismatch",
            "EndTime is before StartTime.",
        ));
    }
    if start > now {
        return Err(CdnError::invalid_filter(
            "InvalidStartTime.ValueNotSupported",
            "StartTime is in the future.",
        ));
    }
    let is_too_old = |age| age > simulation.retention();
    if clock::truncate_to_second(now).duration_since(start).is_ok_and(is_too_old) {
        return Err(CdnError::invalid_filter(
            "InvalidTime",
            "StartTime is before the retention period.",
        ));
    }
    Ok(Some(start..=end))
}
