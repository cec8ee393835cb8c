//! Tasks as the service lists them: one per object.

use alicloud_cdn::model::{CdnTask, TaskStatus};
use alicloud_core::Percent;
use alicloud_core::wire::printable::printable;

use crate::kind::TargetKind;
use crate::status::ObjectStatus;

/// A listed task.
pub(super) struct ListedTask {
    pub(super) path: String,
    /// `None` if the service omits the kind or uses an unknown name.
    pub(super) kind: Option<TargetKind>,
    pub(super) status: ObjectStatus,
}

/// Identity of a listed task among those with the same id: path and kind as the service writes them.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ListedTaskKey {
    pub(super) path: String,
    pub(super) kind: String,
}

impl ListedTaskKey {
    pub(super) fn from_task(task: &CdnTask) -> Self {
        let kind = task.object_type.as_ref().map(|kind| kind.as_str().to_owned());
        ListedTaskKey {
            path: task.object_path.clone().unwrap_or_default(),
            kind: kind.unwrap_or_default(),
        }
    }
}

impl ListedTask {
    pub(super) fn from_task(task: CdnTask) -> Self {
        let percent = task.progress.as_ref().and_then(Percent::value);
        let kind = task.object_type.as_ref().and_then(TargetKind::from_task_kind);
        let service_status =
            task.status.as_ref().map(|status| printable(status.as_str()).into_owned());
        let service_status = service_status.filter(|status| !status.is_empty());
        let status = match task.status {
            Some(status) if status.is_success() => ObjectStatus::Live,
            Some(status) if status.is_failure() => ObjectStatus::Failed {
                service_status: service_status.unwrap_or_default(),
                description: task
                    .description
                    .filter(|text| !text.is_empty())
                    .map(|text| printable(&text).into_owned()),
            },
            _ => ObjectStatus::Pending { service_status, percent },
        };
        let path = match task.object_path.as_deref() {
            Some(path) if !path.is_empty() => printable(path).into_owned(),
            _ => "object without a URL".to_owned(),
        };
        ListedTask { path, kind, status }
    }

    /// Returns whether the task can be of a kind; an unknown kind can be any.
    pub(super) fn may_have_kind(&self, kind: Option<TargetKind>) -> bool {
        self.kind.is_none() || kind.is_none() || self.kind == kind
    }

    /// Returns the service's status if it is undocumented.
    pub(super) fn undocumented_status(&self) -> Option<&str> {
        match &self.status {
            ObjectStatus::Pending { service_status: Some(status), .. } => {
                TaskStatus::from(status.as_str()).is_unknown().then_some(status.as_str())
            }
            _ => None,
        }
    }

    /// Returns the status, but pending instead of a final one while more objects may be listed.
    pub(super) fn status_if_complete(&self, is_list_complete: bool) -> ObjectStatus {
        let service_status = match &self.status {
            ObjectStatus::Live => TaskStatus::Complete.as_str(),
            ObjectStatus::Failed { service_status, .. } => service_status,
            status => return status.clone(),
        };
        match is_list_complete {
            true => self.status.clone(),
            false => ObjectStatus::Pending {
                service_status: Some(service_status.to_owned()),
                percent: None,
            },
        }
    }
}

impl ObjectStatus {
    /// Returns the status of an object that is listed with both: pending before failed before live.
    pub(super) fn worse(self, other: ObjectStatus) -> ObjectStatus {
        fn rank(status: &ObjectStatus) -> u8 {
            match status {
                ObjectStatus::Live => 0,
                ObjectStatus::Failed { .. } => 1,
                _ => 2,
            }
        }
        let is_other_worse = match rank(&other).cmp(&rank(&self)) {
            std::cmp::Ordering::Equal => other.percent() < self.percent(),
            order => order.is_gt(),
        };
        if is_other_worse { other } else { self }
    }
}
