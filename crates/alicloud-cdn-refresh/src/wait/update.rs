//! What a job learns from its tasks.

use std::time::SystemTime;

use crate::job::{CallState, Event, Job, TASK_RETENTION};
use crate::status::ObjectStatus;
use crate::stored_error::StoredError;
use crate::track::Tracker;

impl Job {
    /// Makes the objects of tasks unknown that are too old to be listed.
    pub(super) fn expire_tasks(&mut self, now: SystemTime) {
        for (call_index, call) in self.calls.iter_mut().enumerate() {
            let CallState::Sent { sent_at: Some(sent_at), .. } = &call.state else { continue };
            if now.duration_since(*sent_at).is_ok_and(|age| age > TASK_RETENTION) {
                let mut statuses = Vec::new();
                for (index, object) in call.objects.iter_mut().enumerate() {
                    if !object.status.is_final() {
                        object.status =
                            ObjectStatus::Unknown { error: StoredError::task_expired() };
                        statuses.push((index, object.status.clone()));
                    }
                }
                if !statuses.is_empty() {
                    self.unrecorded.push(Event::Ended { call: call_index, statuses });
                }
            }
        }
    }

    /// Copies the polled statuses into the job. The events of objects that became final are still to be
    /// recorded.
    pub(super) fn update_from(&mut self, tracker: &mut Tracker) {
        for tracked in &mut tracker.calls {
            let Some(call) = self.calls.get_mut(tracked.index) else { continue };
            if tracked.is_from_task_id() {
                call.objects.clone_from(&tracked.objects);
                continue;
            }
            let mut statuses = Vec::new();
            let pairs = call.objects.iter_mut().zip(&tracked.objects).enumerate();
            for (index, (object, polled)) in
                pairs.filter(|(_, (object, _))| !object.status.is_final())
            {
                object.status.clone_from(&polled.status);
                if polled.status.is_final() {
                    statuses.push((index, polled.status.clone()));
                }
            }
            if !statuses.is_empty() {
                self.unrecorded.push(Event::Ended { call: tracked.index, statuses });
            }
        }
    }
}
