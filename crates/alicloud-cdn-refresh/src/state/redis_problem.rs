//! What can be wrong with a job in Redis.

use std::fmt;
use std::time::Duration;

use alicloud_core::wire::printable::printable;
use alicloud_limit_redis::RedisError;

/// What is wrong with a job in Redis. The text follows the name of the job and the server.
#[derive(Debug, Clone)]
pub(super) enum RedisProblem {
    InvalidName,
    Missing,
    /// A key of the job has another type, or the others are missing.
    ForeignKey(String),
    /// Another program renews its lease.
    InUse(Holder),
    /// Another program took the job.
    TakenOver(Holder),
    /// This program gave the job back.
    Closed,
    /// The job disappeared while it was open.
    Gone,
    /// The server has another number of events than were recorded; `None` if that is lost, too.
    Incomplete {
        recorded: Option<usize>,
        found: usize,
    },
    /// The events on the server are not those that this program wrote.
    OtherEvents {
        entry: usize,
    },
    Read(RedisError),
    Write(RedisError),
    /// Events could not be recorded within this time.
    NotRecorded {
        events: usize,
        timeout: Duration,
        source: RedisError,
    },
    UnexpectedResponse,
}

/// The program that has a job.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Holder {
    pub(super) program: String,
    pub(super) since: String,
}

impl RedisProblem {
    /// Returns whether the problem may pass without a change of the settings.
    pub(super) fn is_temporary(&self) -> bool {
        match self {
            RedisProblem::InUse(_) => true,
            RedisProblem::Read(source)
            | RedisProblem::Write(source)
            | RedisProblem::NotRecorded { source, .. } => source.is_temporary(),
            _ => false,
        }
    }

    pub(super) fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            RedisProblem::Read(source)
            | RedisProblem::Write(source)
            | RedisProblem::NotRecorded { source, .. } => Some(source),
            _ => None,
        }
    }
}

impl fmt::Display for RedisProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RedisProblem::InvalidName => f.write_str(
                "has an invalid name; use 1 to 100 ASCII letters, digits, hyphens, underscores and dots, \
                 not only digits",
            ),
            RedisProblem::Missing => f.write_str(
                "does not exist; check its name and the database of the URL; a job expires some days \
                 after its last event",
            ),
            RedisProblem::ForeignKey(key) => write!(
                f,
                "cannot be used: the key {} is of another program, or a remainder of a job; choose another \
                 name or database, or delete the key",
                printable(key)
            ),
            RedisProblem::InUse(holder) => {
                write!(f, "is in use by {holder}; wait until it ends, or choose another name")
            }
            RedisProblem::TakenOver(holder) => write!(
                f,
                "was taken over by {holder}, because this program did not renew its lease in time: it was \
                 suspended, or could not reach the server; it sends nothing more, and what it did not record \
                 is looked up there; print the result with cdn-refresh status",
            ),
            RedisProblem::Closed => f.write_str("was given back by this program; open it again"),
            RedisProblem::Gone => f.write_str(
                "is no longer on the server: its data was lost at a restart or failover, or the keys were \
                 deleted; do not run the job again, because that would submit everything twice: wait for \
                 its task ids, and enable appendonly on the server",
            ),
            RedisProblem::Incomplete { recorded, found } => {
                write!(f, "is incomplete: the server has {found} events of ")?;
                match recorded {
                    Some(recorded) => recorded.fmt(f)?,
                    None => f.write_str("an unknown number")?,
                }
                f.write_str(
                    "; it evicted or lost keys of the job, or another program changed them; do not submit \
                     its URLs again before you have checked the task list; set maxmemory-policy noeviction \
                     and appendonly yes on the server, and use another name for the rest",
                )
            }
            RedisProblem::OtherEvents { entry } => write!(
                f,
                "has an event {entry} that this program did not write, so the server lost or changed data; \
                 check the task list, and choose another name for the rest"
            ),
            RedisProblem::Read(source) => write!(f, "cannot be read: {source}"),
            RedisProblem::Write(source) => write!(f, "cannot be written: {source}"),
            RedisProblem::NotRecorded { events, timeout, source } => {
                let (events, are) = match events {
                    1 => ("the last event".to_owned(), "is"),
                    events => (format!("the last {events} events"), "are"),
                };
                write!(
                    f,
                    "cannot be written: {events} {are} not known to be recorded within {} ({source}); \
                     everything before is recorded: when the server is available, run the same command \
                     again, which looks up what was sent and submits nothing twice",
                    humantime::format_duration(*timeout)
                )
            }
            RedisProblem::UnexpectedResponse => f.write_str(
                "cannot be used: a script of the server returned an unexpected response; check that the \
                 server is Redis 6 or later, or compatible",
            ),
        }
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.program.as_str() {
            "" => f.write_str("another program"),
            program => write!(f, "{} since {}", printable(program), printable(&self.since)),
        }
    }
}
