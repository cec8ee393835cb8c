//! The master that Sentinels know.

use redis::{FromRedisValue as _, cmd};

use super::super::node::{CommandError, Node};
use crate::config::{Address, RedisConfig};
use crate::error::{RedisError, RedisErrorKind};
use crate::login::Login;

/// Asks the Sentinels for the address of the master.
pub(super) async fn find_master(
    config: &RedisConfig,
    sentinels: &[Address],
    master: &str,
) -> Result<Address, RedisError> {
    let mut last_error = None;
    for sentinel in sentinels {
        match ask_sentinel(config, &config.sentinel_login, sentinel, master).await {
            Ok(address) => return Ok(address),
            Err(error) => last_error = Some(error),
        }
    }
    Err(last_error.unwrap_or_else(|| RedisError::connection_lost(&config.to_string())))
}

async fn ask_sentinel(
    config: &RedisConfig,
    login: &Login,
    sentinel: &Address,
    master: &str,
) -> Result<Address, RedisError> {
    let node = Node::open(config, sentinel, login, 0).await?;
    let mut command = cmd("SENTINEL");
    command.arg("GET-MASTER-ADDR-BY-NAME").arg(master);
    let response = match node.send(&command, config.response_timeout).await {
        Ok(response) => response,
        Err(CommandError::Timeout) => {
            return Err(RedisError::timeout(&node.url, "a command", config.response_timeout));
        }
        Err(CommandError::Client(error)) if error.code() == Some("ERR") => {
            return Err(RedisError::new(
                RedisErrorKind::Other,
                &*node.url,
                "the server is no Sentinel",
                "use the port of a Sentinel (26379), or redis:// for a single server",
            ));
        }
        Err(CommandError::Client(error)) => {
            return Err(RedisError::from_client(&node.url, login.user(), &error));
        }
    };
    match <Option<(String, u16)>>::from_redis_value(response) {
        Ok(Some((host, port))) => Ok(Address::Tcp { host, port }),
        _ => Err(RedisError::new(
            RedisErrorKind::UnknownMaster,
            &*node.url,
            format!("this Sentinel knows no master {master:?}"),
            "correct the name in the URL; `redis-cli -p 26379 SENTINEL MASTERS` lists them",
        )),
    }
}
