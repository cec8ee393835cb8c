//! Creating, opening and reading jobs.

use std::sync::Arc;
use std::time::Duration;

use alicloud_core::{Clock as _, NonceSource as _, RandomNonce, SystemClock};
use alicloud_limit_redis::redis;

use super::RedisStore;
use super::holder::this_program;
use super::journal::RedisJournal;
use super::keys::Keys;
use super::response::{Response, number};
use super::scripts;
use super::shared::Shared;
use crate::job::Job;
use crate::state::error::{StateError, StateErrorKind};
use crate::state::format::{Restored, encode_header};
use crate::state::redis_problem::RedisProblem;
use crate::state::service_id::ServiceId;
use crate::state::snapshot::Snapshot;

/// The number of events that are read with one command.
const PAGE: usize = 500;

/// How often to check whether a lease was renewed or has expired.
const CHECK_INTERVAL: Duration = Duration::from_millis(250);

/// How much longer than announced a lease may last before it counts as one that is renewed.
const EXPIRY_TOLERANCE: Duration = Duration::from_secs(1);

impl RedisStore {
    /// Creates a job under a new name: 1 to 100 ASCII letters, digits, hyphens, underscores and dots, not
    /// only digits.
    ///
    /// # Errors
    ///
    /// Returns an error if there is a job of this name, the name is invalid, a key of the job belongs to
    /// another program, or the server cannot be reached. The job does not exist then, unless the response
    /// of the server was lost; such a job can be opened.
    pub async fn create(&self, name: &str, job: &Job) -> Result<RedisJournal, StateError> {
        self.create_with(name, job, None).await
    }

    /// Creates a job that belongs to a service and an account, so that
    /// [`check_service`](RedisJournal::check_service) finds out when it is used with another one.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`create`](Self::create).
    pub async fn create_for(
        &self,
        name: &str,
        job: &Job,
        service: &ServiceId,
    ) -> Result<RedisJournal, StateError> {
        self.create_with(name, job, Some(service.clone())).await
    }

    async fn create_with(
        &self,
        name: &str,
        job: &Job,
        service: Option<ServiceId>,
    ) -> Result<RedisJournal, StateError> {
        let shared = self.new_shared(name)?;
        let header = encode_header(job, service.as_ref())
            .map_err(|source| shared.keys.error(StateErrorKind::Write(source.into())))?;
        let arguments = [header.as_slice()];
        let created = shared.repeat(|| shared.renew(&scripts::CREATE, &arguments)).await;
        match created.map_err(|source| shared.keys.problem(RedisProblem::Write(source)))? {
            Ok(Response::Done(_)) => Ok(RedisJournal::new(shared, 0, service)),
            Ok(Response::Exists(holder)) if !holder.program.is_empty() => {
                Err(shared.keys.problem(RedisProblem::InUse(holder)))
            }
            Ok(Response::Exists(_)) => Err(shared.keys.error(StateErrorKind::AlreadyExists)),
            Ok(_) => Err(shared.keys.problem(RedisProblem::UnexpectedResponse)),
            Err(problem) => Err(shared.keys.problem(problem)),
        }
    }

    /// Opens a job for exclusive use and restores it.
    ///
    /// If another program has the job, waits until its lease expires, 15 s by default, or until it is
    /// clear that the other program renews it.
    ///
    /// # Errors
    ///
    /// Returns an error if the job is missing, is in use by another program (the message says by which, and
    /// since when), has another format version, or the server cannot be reached.
    pub async fn open(&self, name: &str) -> Result<(RedisJournal, Job), StateError> {
        let shared = self.new_shared(name)?;
        let mut values = take(&shared).await?.into_iter();
        let (header, length) = (values.next(), values.next());
        let opened = async {
            let restored = restore(&shared, header.as_deref(), length.as_deref()).await?;
            let length =
                event_count(length.as_deref()).map_err(|problem| shared.keys.problem(problem))?;
            Ok((restored, length))
        };
        match opened.await {
            Ok((Restored { job, service }, length)) => {
                Ok((RedisJournal::new(shared.clone(), length, service), job))
            }
            Err(error) => {
                shared.release().await;
                Err(error)
            }
        }
    }

    /// Reads the current job without opening it, even while another program continues it.
    ///
    /// # Errors
    ///
    /// Returns an error if the job is missing, has another format version, or the server cannot be reached.
    pub async fn read(&self, name: &str) -> Result<Snapshot, StateError> {
        let shared = self.new_shared(name)?;
        let read = shared.repeat(|| shared.run(&scripts::READ, &[])).await;
        let read = read.map_err(|source| shared.keys.problem(RedisProblem::Read(source)))?;
        let Response::Done(values) = read.map_err(|problem| shared.keys.problem(problem))? else {
            return Err(shared.keys.problem(RedisProblem::UnexpectedResponse));
        };
        let value = |index: usize| values.get(index).map(Vec::as_slice);
        let restored = restore(&shared, value(0), value(1)).await?;
        Ok(Snapshot::new(restored, value(2) == Some(b"1"), shared.keys.location()))
    }

    fn new_shared(&self, name: &str) -> Result<Arc<Shared>, StateError> {
        let keys = Keys::new(name, &self.connection)?;
        let owner =
            RandomNonce.nonce().map_err(|source| keys.error(StateErrorKind::Write(source)))?;
        let connection = self.connection.clone();
        let (limits, waiting) = (self.limits, self.waiting.clone());
        Ok(Arc::new(Shared::new(connection, keys, owner, this_program(), limits, waiting)))
    }
}

/// Reads the events of a job that has this header.
async fn restore(
    shared: &Shared,
    header: Option<&[u8]>,
    length: Option<&[u8]>,
) -> Result<Restored, StateError> {
    let error = |kind| shared.keys.error(kind);
    let problem = |problem| shared.keys.problem(problem);
    let key = shared.keys.events.as_str();
    let length = event_count(length).map_err(problem)?;
    let mut restored = Restored::from_header(header.unwrap_or_default()).map_err(error)?;
    for start in (0..length).step_by(PAGE) {
        let end = length.min(start + PAGE);
        let read = shared.repeat(|| {
            let mut command = redis::cmd("LRANGE");
            command.arg(key).arg(start).arg(end - 1);
            Box::pin(shared.connection.command::<Vec<Vec<u8>>>(key, command))
        });
        let events = read.await.map_err(|source| problem(RedisProblem::Read(source)))?;
        if events.len() != end - start {
            return Err(problem(RedisProblem::Gone));
        }
        for (number, event) in (start + 1..).zip(&events) {
            restored.apply(event, number).map_err(error)?;
        }
    }
    Ok(restored)
}

/// Becomes the owner of a job, after waiting for a lease that is not renewed. Returns the header and the number of
/// events.
async fn take(shared: &Shared) -> Result<Vec<Vec<u8>>, StateError> {
    // The beat of the lease when it was first seen, and until when to wait.
    let mut first_seen: Option<(String, Duration)> = None;
    loop {
        let opened = shared.repeat(|| shared.renew(&scripts::OPEN, &[])).await;
        let opened = opened.map_err(|source| shared.keys.problem(RedisProblem::Read(source)))?;
        match opened.map_err(|problem| shared.keys.problem(problem))? {
            Response::Done(values) => return Ok(values),
            Response::Held { holder, beat, expires_in_ms } => {
                let now = SystemClock.elapsed();
                let expires_in = Duration::from_millis(expires_in_ms);
                let end = now.saturating_add(expires_in).saturating_add(EXPIRY_TOLERANCE);
                let (first_beat, end) = first_seen.get_or_insert_with(|| (beat.clone(), end));
                if *first_beat != beat || now > *end {
                    return Err(shared.keys.problem(RedisProblem::InUse(holder)));
                }
                shared.waiting.set(Some(format!("waiting for the lease of {holder}")));
                let pause = expires_in.saturating_add(Duration::from_millis(1));
                SystemClock.sleep(pause.min(CHECK_INTERVAL)).await;
            }
            _ => return Err(shared.keys.problem(RedisProblem::UnexpectedResponse)),
        }
    }
}

fn event_count(text: Option<&[u8]>) -> Result<usize, RedisProblem> {
    number(&String::from_utf8_lossy(text.unwrap_or_default()))
}
