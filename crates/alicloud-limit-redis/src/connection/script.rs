//! Scripts that the server runs.

use std::fmt::Write as _;

use redis::{Cmd, ToRedisArgs, cmd};
use sha1::{Digest as _, Sha1};

/// A Lua script that the server runs atomically.
///
/// # Examples
///
/// ```
/// use alicloud_limit_redis::RedisScript;
///
/// let script = RedisScript::new("return redis.call('GET', KEYS[1])");
/// assert_eq!(script.sha1().len(), 40);
/// ```
#[derive(Debug, Clone)]
pub struct RedisScript {
    code: &'static str,
    sha1: String,
}

impl RedisScript {
    /// Creates a script from its code.
    pub fn new(code: &'static str) -> Self {
        let mut sha1 = String::with_capacity(40);
        for byte in Sha1::digest(code) {
            let _ = write!(sha1, "{byte:02x}");
        }
        RedisScript { code, sha1 }
    }

    /// Returns the name under which the server caches the script.
    pub fn sha1(&self) -> &str {
        &self.sha1
    }

    /// Returns the command that runs the cached script, or the one that sends its code.
    pub(super) fn command(
        &self,
        sends_code: bool,
        keys: &[&str],
        arguments: &impl ToRedisArgs,
    ) -> Cmd {
        let mut command = match sends_code {
            true => cmd("EVAL"),
            false => cmd("EVALSHA"),
        };
        command.arg(if sends_code { self.code } else { &self.sha1 });
        command.arg(keys.len()).arg(keys).arg(arguments);
        command
    }
}
