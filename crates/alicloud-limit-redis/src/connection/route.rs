//! Which server a command is sent to.

use std::collections::HashMap;

use redis::{FromRedisValue as _, cmd};

use super::node::{CommandError, Node};
use crate::config::{Address, Login, RedisConfig, Topology};
use crate::error::{RedisError, RedisErrorKind};

/// The maximum number of nodes of a Cluster whose connections are kept.
const MAX_NODES: usize = 64;

/// The maximum number of keys whose node is remembered.
const MAX_KEYS: usize = 10_000;

/// The open connections.
#[derive(Debug, Default)]
pub(super) struct Routes {
    nodes: HashMap<Address, Node>,
    /// The server of keys without an own route: the only one, the master, or a node of the Cluster.
    default: Option<Address>,
    /// The nodes of keys that the default node does not have, by hash tag.
    moved: HashMap<String, Address>,
}

impl Routes {
    /// Returns the connection for a key; opens it if there is none.
    pub(super) async fn node_for(
        &mut self,
        config: &RedisConfig,
        key: &str,
    ) -> Result<Node, RedisError> {
        if let Some(address) = self.moved.get(hash_tag(key)).cloned() {
            match self.node_at(config, &address).await {
                // The node may have left the Cluster.
                Err(_) => self.moved.clear(),
                node => return node,
            }
        }
        let default = self.default.as_ref().and_then(|address| self.nodes.get(address));
        if let Some(node) = default.filter(|node| node.is_open()) {
            return Ok(node.clone());
        }
        let candidates = match &config.topology {
            Topology::Single(address) => vec![address.clone()],
            Topology::Sentinel(sentinels, master) => {
                vec![find_master(config, sentinels, master).await?]
            }
            Topology::Cluster(nodes) => nodes.clone(),
        };
        let mut last_error = None;
        for address in candidates {
            match self.node_at(config, &address).await {
                Ok(node) => {
                    self.default = Some(address);
                    return Ok(node);
                }
                Err(error) => last_error = Some(error),
            }
        }
        Err(last_error.unwrap_or_else(|| RedisError::connection_lost(&config.to_string())))
    }

    pub(super) async fn node_at(
        &mut self,
        config: &RedisConfig,
        address: &Address,
    ) -> Result<Node, RedisError> {
        if let Some(node) = self.nodes.get(address).filter(|node| node.is_open()) {
            return Ok(node.clone());
        }
        self.nodes.retain(|_, node| node.is_open());
        if self.nodes.len() >= MAX_NODES {
            self.nodes.clear();
        }
        let node = Node::open(config, address, &config.login, config.database).await?;
        self.nodes.insert(address.clone(), node.clone());
        Ok(node)
    }

    /// Remembers that another node of the Cluster has a key.
    pub(super) fn move_key(&mut self, key: &str, address: Address) {
        if self.moved.len() >= MAX_KEYS {
            self.moved.clear();
        }
        self.moved.insert(hash_tag(key).to_owned(), address);
    }
}

/// Returns the part of a key that decides about its node.
fn hash_tag(key: &str) -> &str {
    let tag = key.split_once('{').and_then(|(_, rest)| rest.split_once('}'));
    tag.map(|(tag, _)| tag).filter(|tag| !tag.is_empty()).unwrap_or(key)
}

/// Asks the Sentinels for the address of the master.
async fn find_master(
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
