//! A connection to one server.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Cmd, RedisConnectionInfo, Value, cmd};
use tokio::time::{Instant, timeout, timeout_at};

use super::stream::{LimitedStream, ResponseLimit, Stream, connect};
use crate::config::{Address, RedisConfig};
use crate::error::{RedisError, RedisErrorKind};
use crate::login::Login;

/// What a server may send in response to a command before it has accepted the password. A listener that is no
/// Redis server, or not ours, has no more of our memory.
const MAX_FIRST_RESPONSE: usize = 64 << 10;

/// A connection to one server that is open and permits commands.
#[derive(Debug, Clone)]
pub(super) struct Node {
    address: Address,
    pub(super) url: Arc<str>,
    /// The ACL user, for messages.
    pub(super) user: Arc<str>,
    connection: MultiplexedConnection,
    is_open: Arc<AtomicBool>,
    limit: ResponseLimit,
    max_response: usize,
}

/// An error of the client library, or no response in time.
pub(super) enum CommandError {
    Client(redis::RedisError),
    Timeout,
}

impl Node {
    /// Connects, sends the password and selects the database.
    pub(super) async fn open(
        config: &RedisConfig,
        address: &Address,
        login: &Login,
        database: u32,
    ) -> Result<Node, RedisError> {
        let url = config.server_url(address);
        let limit = config.connect_timeout;
        let deadline = Instant::now() + limit;
        let stream = match timeout_at(deadline, connect(config, address, &url)).await {
            Ok(stream) => stream?,
            Err(_) if config.uses_tls => {
                return Err(RedisError::new(
                    RedisErrorKind::Timeout,
                    url,
                    format!("no TLS connection within {} ms", limit.as_millis()),
                    "check the firewall; write redis:// instead of rediss:// for a server without TLS",
                ));
            }
            Err(_) => return Err(RedisError::timeout(&url, "the connection", limit)),
        };
        match timeout_at(deadline, Node::log_in(&url, address, stream, login, database)).await {
            Ok(node) => {
                let mut node = node?;
                node.max_response = config.max_response.max(1);
                node.limit.reset(node.max_response);
                Ok(node)
            }
            Err(_) => Err(RedisError::timeout(&url, "the first command", limit)),
        }
    }

    async fn log_in(
        url: &str,
        address: &Address,
        stream: Box<dyn Stream>,
        login: &Login,
        database: u32,
    ) -> Result<Node, RedisError> {
        // Credentials are sent below, where the response is a precise error.
        let settings = RedisConnectionInfo::default().set_skip_set_lib_name();
        let options =
            AsyncConnectionConfig::new().set_connection_timeout(None).set_response_timeout(None);
        let to_error =
            |error: redis::RedisError| RedisError::from_client(url, login.user(), &error);
        let limit = ResponseLimit::new(MAX_FIRST_RESPONSE);
        let stream = LimitedStream { stream, limit: limit.clone() };
        let (connection, driver) =
            MultiplexedConnection::new_with_config(&settings, stream, options)
                .await
                .map_err(to_error)?;
        let is_open = Arc::new(AtomicBool::new(true));
        let closed = MarkClosed(is_open.clone());
        tokio::spawn(async move {
            let _closed = closed;
            driver.await;
        });
        let node = Node {
            address: address.clone(),
            url: url.into(),
            user: login.user().into(),
            connection,
            is_open,
            limit,
            max_response: MAX_FIRST_RESPONSE,
        };
        if login.password.is_some() || login.username.is_some() {
            let mut auth = cmd("AUTH");
            if let Some(username) = &login.username {
                auth.arg(username);
            }
            auth.arg(login.password.as_ref().map_or("", |password| password.expose()));
            node.send_first(&auth).await.map_err(|error| {
                first_error(url, &error, |error| RedisError::from_login(url, login, &error))
            })?;
        }
        if database != 0 {
            let select = node.send_first(cmd("SELECT").arg(database)).await;
            select.map_err(|error| first_error(url, &error, to_error))?;
        }
        match node.send_first(&cmd("PING")).await {
            // The user may run other commands.
            Err(error) if error.code() == Some("NOPERM") => Ok(node),
            result => result.map(|_| node).map_err(|error| first_error(url, &error, to_error)),
        }
    }

    async fn send_first(&self, command: &Cmd) -> Result<Value, redis::RedisError> {
        let response = self.connection.clone().send_packed_command(command).await?;
        self.limit.reset(self.max_response);
        response.extract_error()
    }

    /// Returns the error of a command.
    pub(super) fn report(&self, error: &redis::RedisError) -> RedisError {
        match error.is_io_error() && self.limit.is_exceeded() {
            true => RedisError::new(
                RedisErrorKind::ConnectionLost,
                &*self.url,
                format!("a response is larger than {} bytes", self.max_response),
                "check that the URL is that of a Redis server",
            ),
            false => RedisError::from_client(&self.url, &self.user, error),
        }
    }

    /// Sends a command and waits for its response.
    pub(super) async fn send(&self, command: &Cmd, limit: Duration) -> Result<Value, CommandError> {
        match timeout(limit, self.send_first(command)).await {
            Ok(result) => result.map_err(CommandError::Client),
            Err(_) => Err(CommandError::Timeout),
        }
    }

    /// Sends a command for a key that is being moved to this node. ASKING permits only the next command of the
    /// connection, so that both are sent together.
    pub(super) async fn send_asking(
        &self,
        command: &Cmd,
        limit: Duration,
    ) -> Result<Value, CommandError> {
        let mut pipeline = redis::pipe();
        pipeline.cmd("ASKING").add_command(command.clone());
        let mut connection = self.connection.clone();
        // Skips the response to ASKING.
        let responses = connection.send_packed_commands(&pipeline, 1, 1);
        match timeout(limit, responses).await {
            Ok(Ok(mut responses)) => {
                self.limit.reset(self.max_response);
                let response = responses.pop().unwrap_or(Value::Nil);
                response.extract_error().map_err(CommandError::Client)
            }
            Ok(Err(error)) => Err(CommandError::Client(error)),
            Err(_) => Err(CommandError::Timeout),
        }
    }

    /// Returns whether commands can be sent. A connection that the server closed is noticed at once.
    pub(super) fn is_open(&self) -> bool {
        self.is_open.load(Ordering::Acquire)
    }

    /// Returns the host name, or an empty text for a socket.
    pub(super) fn host(&self) -> String {
        match &self.address {
            Address::Tcp { host, .. } => host.clone(),
            Address::Unix(_) => String::new(),
        }
    }

    /// Closes the connection for all its users.
    pub(super) fn close(&self) {
        self.is_open.store(false, Ordering::Release);
    }
}

/// Returns the error of the first commands: a server with another protocol closes the connection.
fn first_error(
    url: &str,
    error: &redis::RedisError,
    to_error: impl Fn(redis::RedisError) -> RedisError,
) -> RedisError {
    if error.is_io_error() || error.kind() == redis::ErrorKind::Parse {
        return RedisError::new(
            RedisErrorKind::Unreachable,
            url,
            "the server closed the connection or does not speak the Redis protocol",
            "check the port; write rediss:// if the server requires TLS, without a client certificate",
        );
    }
    to_error(error.clone())
}

struct MarkClosed(Arc<AtomicBool>);

impl Drop for MarkClosed {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}
