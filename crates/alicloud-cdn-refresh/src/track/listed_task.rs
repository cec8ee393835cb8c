//! One entry of the service's list.

use alicloud_cdn::model::CdnTask;
use alicloud_cdn::operations::WAIT_FOR_REFRESH_TASKS;
use alicloud_core::PollStatus;

use crate::kind::TargetKind;
use crate::status::ObjectStatus;

/// States that are under way. Any other that is not final is one that no document knows.
const UNDER_WAY: [&str; 2] = ["Pending", "Refreshing"];

/// What the service says of one object.
pub(super) struct Entry {
    pub(super) path: String,
    pub(super) kind: Option<TargetKind>,
    pub(super) status: ObjectStatus,
}

impl Entry {
    /// What tells it from others of one id: the path, and what the service calls its kind.
    pub(super) fn key(task: &CdnTask) -> (String, String) {
        let kind = task.object_type.as_ref().map(|kind| kind.as_str().to_owned());
        (task.object_path.clone().unwrap_or_default(), kind.unwrap_or_default())
    }

    pub(super) fn of(task: CdnTask) -> Self {
        let poll_status = WAIT_FOR_REFRESH_TASKS.status(&task);
        let percent = task.progress_as_percent();
        let kind = task.object_type.as_ref().and_then(|name| TargetKind::listed(name.as_str()));
        let service_status = task.status.map(|status| plain(status.as_str()));
        let service_status = service_status.filter(|status| !status.is_empty());
        let status = match poll_status {
            PollStatus::Succeeded => ObjectStatus::Live,
            PollStatus::Failed(_) => ObjectStatus::Failed {
                service_status: service_status.unwrap_or_default(),
                description: task
                    .description
                    .filter(|text| !text.is_empty())
                    .map(|text| plain(&text)),
            },
            PollStatus::InProgress(_) => ObjectStatus::Pending { service_status, percent },
        };
        let path = match task.object_path.as_deref() {
            Some(path) if !path.is_empty() => plain(path),
            _ => "an object without a name".to_owned(),
        };
        Entry { path, kind, status }
    }

    /// Whether it can be about something of a kind: one id and one URL can stand for several kinds. What
    /// the service does not say, or says in a new word, can be anything.
    pub(super) fn can_be(&self, kind: Option<TargetKind>) -> bool {
        self.kind.is_none() || kind.is_none() || self.kind == kind
    }

    /// Its state, when no document knows it.
    pub(super) fn strange_status(&self) -> Option<&str> {
        match &self.status {
            ObjectStatus::Pending { service_status: Some(status), .. } => {
                let is_known = UNDER_WAY.iter().any(|known| known.eq_ignore_ascii_case(status));
                (!is_known).then_some(status.as_str())
            }
            _ => None,
        }
    }

    /// What it has come to, or that this is not certain yet.
    pub(super) fn fate_if(&self, is_certain: bool) -> ObjectStatus {
        let status = match &self.status {
            ObjectStatus::Live => "Complete",
            ObjectStatus::Failed { service_status, .. } => service_status,
            status => return status.clone(),
        };
        match is_certain {
            true => self.status.clone(),
            false => {
                ObjectStatus::Pending { service_status: Some(status.to_owned()), percent: None }
            }
        }
    }
}

impl ObjectStatus {
    /// The one that counts when both are true of one object: what is under way before what has failed,
    /// and that before what is live.
    pub(super) fn worse(self, other: ObjectStatus) -> ObjectStatus {
        fn rank(status: &ObjectStatus) -> u8 {
            match status {
                ObjectStatus::Live => 0,
                ObjectStatus::Failed { .. } => 1,
                _ => 2,
            }
        }
        let is_worse = match rank(&other).cmp(&rank(&self)) {
            std::cmp::Ordering::Equal => other.percent() < self.percent(),
            order => order.is_gt(),
        };
        if is_worse { other } else { self }
    }
}

/// What came from outside, without what would move a terminal's cursor or break a line.
fn plain(text: &str) -> String {
    text.replace(char::is_control, "\u{fffd}")
}
