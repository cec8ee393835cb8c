//! Scripts that the server runs.

use std::fmt::Write as _;
use std::sync::Arc;

use redis::{Cmd, cmd};
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
    sha1: Arc<str>,
}

impl RedisScript {
    /// Creates a script from its code.
    pub fn new(code: &'static str) -> Self {
        let mut sha1 = String::with_capacity(40);
        for byte in Sha1::digest(code) {
            let _ = write!(sha1, "{byte:02x}");
        }
        RedisScript { code, sha1: sha1.into() }
    }

    /// Returns the name under which the server caches the script.
    pub fn sha1(&self) -> &str {
        &self.sha1
    }
}

/// A run of a script.
pub(super) struct ScriptCall {
    pub(super) script: RedisScript,
    pub(super) keys: Vec<String>,
    pub(super) arguments: Vec<Vec<u8>>,
}

impl ScriptCall {
    /// Returns the command that runs the script that the server has cached.
    pub(super) fn cached_command(&self) -> Cmd {
        self.command("EVALSHA", &self.script.sha1)
    }

    /// Returns the command that sends the code of the script.
    pub(super) fn complete_command(&self) -> Cmd {
        self.command("EVAL", self.script.code)
    }

    fn command(&self, name: &str, script: &str) -> Cmd {
        let mut command = cmd(name);
        command.arg(script).arg(self.keys.len()).arg(&self.keys).arg(&self.arguments);
        command
    }
}
