//! Redis servers for tests.
//!
//! A [`RedisProcess`] starts the program `redis-server` (Debian package `redis-server`) on a free port of
//! loopback, with a temporary folder.

mod builder;

use std::fmt;
use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use alicloud_core::credentials::Variables;
use alicloud_core::{Clock as _, SystemClock};

pub use self::builder::RedisProcessBuilder;
use crate::config::RedisConfig;

/// How long a server may take to start.
const START_TIMEOUT: Duration = Duration::from_secs(20);

/// A `redis-server` on loopback that ends with the value.
///
/// # Examples
///
/// ```
/// use alicloud_limit_redis::testing::RedisProcess;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_limit_redis::RedisError> {
/// // None without the program, unless ALICLOUD_REQUIRE_REDIS is set.
/// let Some(server) = RedisProcess::start() else { return Ok(()) };
/// server.config().connect().await?.ping().await?;
/// # Ok(()) }
/// ```
pub struct RedisProcess {
    builder: RedisProcessBuilder,
    port: u16,
    folder: tempfile::TempDir,
    child: Option<Child>,
}

impl RedisProcess {
    /// Starts a server without a password that stores nothing on disk.
    ///
    /// Returns `None` after a line on the standard error if there is no `redis-server`.
    ///
    /// # Panics
    ///
    /// The server does not start, or there is no `redis-server` and `ALICLOUD_REQUIRE_REDIS` is set.
    pub fn start() -> Option<Self> {
        RedisProcess::builder().start()
    }

    /// Returns the settings of a server that does not run yet.
    pub fn builder() -> RedisProcessBuilder {
        RedisProcessBuilder::default()
    }

    /// Starts a Sentinel that watches `master` under a name; a failover needs only its vote and half a second.
    ///
    /// # Panics
    ///
    /// As [`start`](Self::start).
    pub fn start_sentinel(master: &RedisProcess, name: &str) -> Option<Self> {
        let settings = format!(
            "sentinel monitor {name} 127.0.0.1 {} 1\n\
             sentinel down-after-milliseconds {name} 500\n\
             sentinel failover-timeout {name} 2000\n",
            master.port
        );
        RedisProcess::builder().sentinel(settings).start()
    }

    fn start_from(builder: RedisProcessBuilder) -> Option<Self> {
        if !has_program() {
            return None;
        }
        // Another program can take a free port before the server does.
        for _ in 0..5 {
            let mut process = RedisProcess {
                port: free_port().unwrap_or_else(|error| fail("no free port", &error)),
                folder: tempfile::tempdir().unwrap_or_else(|error| fail("no folder", &error)),
                child: None,
                builder: builder.clone(),
            };
            if process.try_start() {
                return Some(process);
            }
        }
        fail("redis-server does not start; see the lines above", &io::ErrorKind::TimedOut.into())
    }

    fn try_start(&mut self) -> bool {
        let mut command = Command::new("redis-server");
        self.builder.add_arguments(&mut command, self.port, self.folder.path());
        command.stdin(Stdio::null()).stdout(Stdio::null());
        self.child = Some(command.spawn().unwrap_or_else(|error| fail("redis-server", &error)));
        let deadline = SystemClock.elapsed() + START_TIMEOUT;
        while SystemClock.elapsed() < deadline {
            if self.responds() {
                return true;
            }
            if !matches!(self.child.as_mut().map(Child::try_wait), Some(Ok(None))) {
                return false;
            }
            thread::sleep(Duration::from_millis(5));
        }
        false
    }

    fn responds(&self) -> bool {
        let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.port)) else { return false };
        if self.builder.uses_tls() {
            return true;
        }
        let mut response = [0];
        stream.set_read_timeout(Some(Duration::from_secs(5))).is_ok()
            && stream.write_all(b"PING\r\n").is_ok()
            && stream.read_exact(&mut response).is_ok()
    }

    /// Returns the port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Returns the folder of the server.
    pub fn folder(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    /// Returns the URL without credentials; with TLS, the host is `localhost`.
    pub fn url(&self) -> String {
        match self.builder.uses_tls() {
            true => format!("rediss://localhost:{}", self.port),
            false => format!("redis://127.0.0.1:{}", self.port),
        }
    }

    /// Returns the configuration of clients, without credentials and environment variables.
    pub fn config(&self) -> RedisConfig {
        let none = Variables::from_pairs::<&str, &str>([]);
        RedisConfig::from_url_and_variables(&self.url(), &none)
            .unwrap_or_else(|error| fail("the URL", &io::Error::other(error)))
    }

    /// Kills the server; its data is lost.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Starts the server on the same port again, without data.
    ///
    /// # Panics
    ///
    /// The server does not start.
    pub fn restart(&mut self) {
        self.kill();
        if !self.try_start() {
            fail("redis-server does not start again", &io::ErrorKind::TimedOut.into());
        }
    }

    /// Stops the server without closing its connections (SIGSTOP).
    pub fn pause(&self) {
        self.signal("-STOP");
    }

    /// Continues a server that is paused (SIGCONT).
    pub fn resume(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, name: &str) {
        if let Some(child) = &self.child {
            let status = Command::new("kill").args([name, &child.id().to_string()]).status();
            if !status.is_ok_and(|status| status.success()) {
                fail("the signal was not sent", &io::ErrorKind::Other.into());
            }
        }
    }
}

impl Drop for RedisProcess {
    fn drop(&mut self) {
        self.kill();
    }
}

impl fmt::Debug for RedisProcess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisProcess").field("url", &self.url()).finish_non_exhaustive()
    }
}

fn has_program() -> bool {
    let version = Command::new("redis-server").arg("--version").stdout(Stdio::null()).status();
    if version.is_ok_and(|status| status.success()) {
        return true;
    }
    let message = "redis-server is not installed (Debian: apt-get install redis-server)";
    if Variables::from_env().text("ALICLOUD_REQUIRE_REDIS").ok().flatten().is_some() {
        fail(message, &io::ErrorKind::NotFound.into());
    }
    eprintln!("skipped: {message}");
    false
}

fn free_port() -> io::Result<u16> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

#[allow(clippy::panic, reason = "a test fails by panicking")]
fn fail(what: &str, error: &io::Error) -> ! {
    panic!("{what}: {error}")
}
