//! Jobs that are only read.

use super::error::StateError;
use super::format::Restored;
use super::location::Location;
use super::service_id::ServiceId;
use crate::job::{CallState, Job};
use crate::stored_error::StoredError;

/// The result of [`StateFile::read`](crate::StateFile::read): a job that another program may continue.
///
/// ```
/// use alicloud_cdn_refresh::{Job, Plan, StateFile};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let directory = tempfile::tempdir()?;
/// # let path = directory.path().join("purge.state");
/// let job = Job::new(Plan::refresh(["https://example.com/a.jpg"]));
/// let file = StateFile::create(&path, &job)?;
///
/// let snapshot = StateFile::read(&path)?;
/// assert!(snapshot.is_in_use);
/// assert_eq!(snapshot.job, job);
/// # drop(file);
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Snapshot {
    /// The job. Calls that another program is sending count as
    /// [not sent](crate::ObjectStatus::NotSent).
    pub job: Job,
    /// Whether another program has the job open and may continue it.
    pub is_in_use: bool,
    location: Location,
    service: Option<ServiceId>,
}

impl Snapshot {
    pub(super) fn new(restored: Restored, is_in_use: bool, location: Location) -> Self {
        let Restored { mut job, service } = restored;
        if is_in_use {
            for call in &mut job.calls {
                if let CallState::Sending { .. } = call.state {
                    let error = Some(StoredError::sent_by_another_program());
                    call.state = CallState::Planned { error };
                }
            }
        }
        Snapshot { job, is_in_use, location, service }
    }

    /// Checks that the job belongs to this service and account. See
    /// [`StateFile::check_service`](crate::StateFile::check_service).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`StateFile::check_service`](crate::StateFile::check_service).
    pub fn check_service(&self, current: &ServiceId) -> Result<(), StateError> {
        ServiceId::check_stored(self.service.as_ref(), current, &self.location)
    }
}
