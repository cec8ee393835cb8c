//! The keys of a job.

use alicloud_limit_redis::RedisConnection;

use crate::state::error::{StateError, StateErrorKind};
use crate::state::location::{Location, key_prefix};
use crate::state::redis_problem::RedisProblem;

/// The maximum length of a name.
const MAX_NAME_LENGTH: usize = 100;

/// The keys of a job. Their hash tag is its name, so that a Cluster keeps them on one node.
#[derive(Debug, Clone)]
pub(super) struct Keys {
    pub(super) name: String,
    server: String,
    header: String,
    pub(super) events: String,
    owner: String,
    lease: String,
}

impl Keys {
    /// Returns the keys of a job, if its name is valid.
    pub(super) fn new(name: &str, connection: &RedisConnection) -> Result<Self, StateError> {
        let key = |part: &str| format!("{}{part}", key_prefix(name));
        let keys = Keys {
            name: name.to_owned(),
            server: connection.config().to_string(),
            header: key("header"),
            events: key("events"),
            owner: key("owner"),
            lease: key("lease"),
        };
        match is_valid_name(name) {
            true => Ok(keys),
            false => Err(keys.problem(RedisProblem::InvalidName)),
        }
    }

    /// Returns the keys in the order of the scripts.
    pub(super) fn all(&self) -> [&str; 4] {
        [&self.header, &self.events, &self.owner, &self.lease]
    }

    pub(super) fn error(&self, kind: StateErrorKind) -> StateError {
        StateError::new(self.location(), kind)
    }

    pub(super) fn problem(&self, problem: RedisProblem) -> StateError {
        self.error(StateErrorKind::Redis(Box::new(problem)))
    }

    pub(super) fn location(&self) -> Location {
        Location::Redis { server: self.server.clone(), job: self.name.clone() }
    }
}

/// A number would be a database in the URL of a job.
fn is_valid_name(name: &str) -> bool {
    (1..=MAX_NAME_LENGTH).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
        && !name.bytes().all(|byte| byte.is_ascii_digit())
}
