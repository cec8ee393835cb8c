//! A connection that follows failovers and the nodes of a Cluster.

pub(crate) mod io_thread;
mod node;
mod route;
mod script;
mod stream;
#[cfg(feature = "tls")]
mod tls;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use redis::{Cmd, FromRedisValue, ToRedisArgs, Value, cmd};
use tokio::time::timeout;

use self::node::{CommandError, Node};
use self::route::Routes;
pub use self::script::RedisScript;
use self::script::ScriptCall;
use crate::config::{Address, RedisConfig, Topology};
use crate::error::{RedisError, RedisErrorKind, is_unknown_script, moved_to};

/// The maximum number of servers that a command is sent to in succession.
const MAX_REDIRECTS: u32 = 5;

/// A connection to a Redis server, to the master that Sentinels know, or to the nodes of a Cluster.
///
/// Clones share one connection, and commands of many tasks are sent over it at the same time. Each command has a
/// time limit, however many wait for the server: that for a connection and for a response together, and twice that
/// with Sentinels or a Cluster. A lost connection is opened again by the next command; no command is repeated if the server may have
/// executed it. All connections of a process use one background thread, so they work outside of tokio and do
/// not depend on the runtime that opened them.
///
/// # Examples
///
/// ```no_run
/// use alicloud_limit_redis::{RedisConfig, redis};
///
/// # async fn example() -> Result<(), alicloud_limit_redis::RedisError> {
/// let connection = RedisConfig::from_url("redis://cache.example")?.connect().await?;
/// let key = "alicloud:example";
/// let mut command = redis::cmd("SET");
/// command.arg(key).arg("value").arg("PX").arg(60_000);
/// connection.command::<()>(key, command).await?;
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct RedisConnection {
    routes: Arc<Routes>,
}

impl RedisConfig {
    /// Connects, so that a wrong setting is reported now.
    ///
    /// # Errors
    ///
    /// The server cannot be reached, or rejects the credentials or the database.
    pub async fn connect(self) -> Result<RedisConnection, RedisError> {
        let connection = self.connect_lazily();
        connection.ping().await?;
        Ok(connection)
    }

    /// Returns a connection that the first command opens.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_limit_redis::RedisConfig;
    ///
    /// let connection = RedisConfig::from_url("redis://cache.example")?.connect_lazily();
    /// assert_eq!(connection.config().to_string(), "redis://cache.example:6379/0");
    /// # Ok::<(), alicloud_limit_redis::RedisError>(())
    /// ```
    pub fn connect_lazily(self) -> RedisConnection {
        RedisConnection { routes: Arc::new(Routes::new(self)) }
    }
}

impl RedisConnection {
    /// Returns the configuration.
    pub fn config(&self) -> &RedisConfig {
        &self.routes.config
    }

    /// Checks that the server responds.
    ///
    /// # Errors
    ///
    /// The server cannot be reached, or rejects the credentials or the database.
    pub async fn ping(&self) -> Result<(), RedisError> {
        match self.command::<Value>("", cmd("PING")).await {
            // The user may run other commands.
            Err(error) if error.kind() == RedisErrorKind::PermissionDenied => Ok(()),
            result => result.map(drop),
        }
    }

    /// Sends a command to the server that has `key`. All keys of the command need the same hash tag.
    ///
    /// # Errors
    ///
    /// The server cannot be reached or rejects the command. See
    /// [`may_be_executed`](RedisError::may_be_executed).
    pub async fn command<T: FromRedisValue>(
        &self,
        key: &str,
        command: Cmd,
    ) -> Result<T, RedisError> {
        let (routes, key) = (self.routes.clone(), key.to_owned());
        let response = io_thread::run(async move {
            let response = async { routes.send(&key, &command).await.map_err(|error| error.0) };
            Box::pin(routes.limit(response)).await
        });
        self.read(response.await)
    }

    /// Runs a script on the server that has the first key. All keys need the same hash tag.
    ///
    /// # Errors
    ///
    /// As [`command`](Self::command), and errors of the script.
    pub async fn script<T: FromRedisValue>(
        &self,
        script: &RedisScript,
        keys: &[&str],
        arguments: impl ToRedisArgs,
    ) -> Result<T, RedisError> {
        let routes = self.routes.clone();
        let key = keys.first().copied().unwrap_or_default().to_owned();
        let (script, keys) = (script.clone(), keys.iter().map(|key| (*key).to_owned()).collect());
        let call = ScriptCall { script, keys, arguments: arguments.to_redis_args() };
        let response = io_thread::run(async move {
            let response = async {
                let mut result = routes.send(&key, &call.cached_command()).await;
                if result.as_ref().is_err_and(|error| error.1) {
                    result = routes.send(&key, &call.complete_command()).await;
                }
                result.map_err(|error| error.0)
            };
            Box::pin(routes.limit(response)).await
        });
        self.read(response.await)
    }

    /// Opens the connection to the server that has a key, if it is not open.
    pub(crate) async fn open(&self, key: &str) -> Result<(), RedisError> {
        let (routes, key) = (self.routes.clone(), key.to_owned());
        let opened = io_thread::run(async move {
            routes.limit(async { routes.node_for(&key).await.map(drop) }).await
        });
        opened
            .await
            .map_err(|error| RedisError::unreachable(&self.routes.config.to_string(), error))?
    }

    /// Starts a future on the background thread of the connections, such as a renewal that must not depend on the
    /// runtime of the caller. It must not block.
    ///
    /// # Errors
    ///
    /// The operating system does not start the thread.
    pub fn spawn(&self, future: impl Future<Output = ()> + Send + 'static) -> std::io::Result<()> {
        io_thread::spawn(future)
    }

    fn read<T: FromRedisValue>(
        &self,
        response: std::io::Result<Result<Value, RedisError>>,
    ) -> Result<T, RedisError> {
        let server = || self.routes.config.to_string();
        let value = response.map_err(|error| RedisError::unreachable(&server(), error))??;
        T::from_redis_value(value).map_err(|error| {
            let cause = format!("an unexpected response: {error}");
            let remedy = "check the version of the server";
            RedisError::new(RedisErrorKind::Other, server(), cause, remedy)
        })
    }
}

impl Routes {
    /// Returns the time limit of a command: for one connection and one response, twice that if other servers have to
    /// be asked first.
    fn time_limit(&self) -> Duration {
        let limit = self.config.connect_timeout.saturating_add(self.config.response_timeout);
        match self.config.topology {
            Topology::Single(_) => limit,
            Topology::Sentinel(..) | Topology::Cluster(_) => limit.saturating_mul(2),
        }
    }

    async fn limit<T>(
        &self,
        response: impl Future<Output = Result<T, RedisError>>,
    ) -> Result<T, RedisError> {
        let limit = self.time_limit();
        timeout(limit, response).await.unwrap_or_else(|_| {
            Err(RedisError::timeout(&self.config.to_string(), "a command", limit))
        })
    }

    /// Sends a command. An error comes with whether the server does not have the script.
    async fn send(self: &Arc<Self>, key: &str, command: &Cmd) -> Result<Value, (RedisError, bool)> {
        let is_fixed = matches!(self.config.topology, Topology::Single(_));
        let mut asking: Option<Node> = None;
        for redirect in 0.. {
            let limit = self.config.response_timeout;
            let (node, result) = match asking.take() {
                Some(node) => {
                    let result = node.send_asking(command, limit).await;
                    (node, result)
                }
                None => {
                    let node = self.node_for(key).await.map_err(|error| (error, false))?;
                    let result = node.send(command, limit).await;
                    (node, result)
                }
            };
            let error = match result {
                Ok(value) => return Ok(value),
                Err(CommandError::Timeout) => {
                    node.close();
                    return Err((RedisError::timeout(&node.url, "a command", limit), false));
                }
                Err(CommandError::Client(error)) => error,
            };
            if error.is_io_error() || error.kind() == redis::ErrorKind::Parse {
                node.close();
            }
            let report = node.report(&error);
            let can_redirect = !is_fixed && redirect < MAX_REDIRECTS;
            if let Some((host, port, is_ask)) = moved_to(&error).filter(|_| can_redirect) {
                asking =
                    self.follow(key, &node, host, port, is_ask).await.map_err(|e| (e, false))?;
            } else if can_redirect && report.kind() == RedisErrorKind::ReadOnly {
                // The master became a replica. Nothing was executed.
                node.close();
            } else {
                return Err((report, is_unknown_script(&error)));
            }
        }
        Err((RedisError::connection_lost(&self.config.to_string()), false))
    }

    /// Remembers the node of a key, or returns the node that accepts one command for it.
    async fn follow(
        self: &Arc<Self>,
        key: &str,
        node: &Node,
        host: &str,
        port: u16,
        is_ask: bool,
    ) -> Result<Option<Node>, RedisError> {
        let host = match host {
            // The same host.
            "" => node.host(),
            host => host.to_owned(),
        };
        let address = Address::Tcp { host, port };
        if !is_ask {
            self.move_key(key, address);
            return Ok(None);
        }
        self.node_at(address).await.map(Some)
    }
}

impl fmt::Debug for RedisConnection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisConnection")
            .field("server", &self.routes.config.to_string())
            .finish_non_exhaustive()
    }
}
