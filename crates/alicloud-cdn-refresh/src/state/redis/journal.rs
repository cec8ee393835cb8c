//! The journal of a job in Redis.

use std::sync::Arc;

use alicloud_core::BoxFuture;

use super::response::Response;
use super::shared::{Shared, renew_in_background};
use crate::job::{Event, Journal, JournalError, Lease};
use crate::state::error::{StateError, StateErrorKind};
use crate::state::redis_problem::RedisProblem;
use crate::state::service_id::ServiceId;

/// A job that this program has opened in a [`RedisStore`](crate::RedisStore).
///
/// Dropping it gives the job back in the background; a program that ends in the same moment may not get
/// to it, and the lease expires then. [`close`](Self::close) waits for it.
#[derive(Debug)]
pub struct RedisJournal {
    shared: Arc<Shared>,
    service: Option<ServiceId>,
    /// The number of events when the job was opened.
    opened_length: usize,
    /// The events since then. They are appended again if the server loses its latest data.
    events: Vec<Vec<u8>>,
    /// How many of them are known to be recorded.
    recorded: usize,
    is_closed: bool,
}

impl RedisJournal {
    pub(super) fn new(
        shared: Arc<Shared>,
        opened_length: usize,
        service: Option<ServiceId>,
    ) -> Self {
        // Without the renewal in the background, each event renews the lease.
        let _ = shared.connection.spawn(renew_in_background(Arc::downgrade(&shared)));
        RedisJournal {
            shared,
            service,
            opened_length,
            events: Vec::new(),
            recorded: 0,
            is_closed: false,
        }
    }

    /// Returns the name of the job.
    pub fn name(&self) -> &str {
        &self.shared.keys.name
    }

    /// Checks that the job belongs to this service and account. See
    /// [`StateFile::check_service`](crate::StateFile::check_service).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`StateFile::check_service`](crate::StateFile::check_service).
    pub fn check_service(&self, current: &ServiceId) -> Result<(), StateError> {
        ServiceId::check_stored(self.service.as_ref(), current, &self.shared.keys.location())
    }

    /// Gives the job back, so that another program can open it at once. If the server does not respond, the
    /// lease expires.
    pub async fn close(mut self) {
        self.is_closed = true;
        self.shared.release().await;
    }

    /// Appends the events that are not known to be recorded, all of them or none.
    async fn flush(&mut self) -> Result<(), RedisProblem> {
        while let Some(events) = self.events.get(self.recorded..).filter(|rest| !rest.is_empty()) {
            let before = (self.opened_length + self.recorded).to_string();
            let arguments: Vec<&[u8]> = std::iter::once(before.as_bytes())
                .chain(events.iter().map(Vec::as_slice))
                .collect();
            match self.shared.append(&arguments, events.len()).await? {
                Response::Done(_) => self.recorded = self.events.len(),
                // The server lost its latest data.
                Response::Short(length) => match length.checked_sub(self.opened_length) {
                    Some(recorded) if recorded < self.recorded => self.recorded = recorded,
                    _ => return Err(self.shared.lose(RedisProblem::Gone)),
                },
                _ => return Err(RedisProblem::UnexpectedResponse),
            }
        }
        Ok(())
    }
}

/// Events are noted when they are passed. If the future is dropped, the next one records them.
impl Journal for RedisJournal {
    fn record<'a>(&'a mut self, events: &'a [Event]) -> BoxFuture<'a, Result<(), JournalError>> {
        let noted = events.iter().try_for_each(|event| {
            self.events.push(serde_json::to_vec(event)?);
            Ok(())
        });
        Box::pin(async move {
            noted.map_err(|source: serde_json::Error| {
                self.shared.keys.error(StateErrorKind::Write(source.into()))
            })?;
            self.flush().await.map_err(|problem| self.shared.keys.problem(problem).into())
        })
    }

    fn lease(&self) -> Option<Arc<dyn Lease>> {
        Some(self.shared.clone())
    }
}

impl Drop for RedisJournal {
    fn drop(&mut self) {
        if !self.is_closed {
            let shared = self.shared.clone();
            // If the thread does not start, the lease expires.
            let _ = shared.connection.clone().spawn(async move { shared.release().await });
        }
    }
}
