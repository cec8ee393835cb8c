//! Which server a command is sent to.
//!
//! Connections are opened outside of the lock, and by one task for all commands that wait for the same one, so that
//! a server that does not respond delays each command by one time limit.

mod sentinel;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use alicloud_core::BoxFuture;
use tokio::sync::watch;

use self::sentinel::find_master;
use super::node::Node;
use crate::config::{Address, RedisConfig, Topology};
use crate::error::RedisError;

/// The maximum number of nodes of a Cluster whose connections are kept.
const MAX_NODES: usize = 64;

/// The maximum number of keys whose node is remembered.
const MAX_KEYS: usize = 10_000;

/// The connections of a configuration.
#[derive(Debug)]
pub(super) struct Routes {
    pub(super) config: RedisConfig,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    nodes: HashMap<Address, Node>,
    /// The server of keys without an own route: the only one, the master, or a node of the Cluster.
    default: Option<Address>,
    /// The nodes of keys that the default node does not have, by hash tag.
    moved: HashMap<String, Address>,
    /// The connections that are being opened; that of the default server has no address yet.
    opening: HashMap<Option<Address>, Opening>,
}

type Opening = watch::Receiver<Option<Result<Node, RedisError>>>;

impl Routes {
    pub(super) fn new(config: RedisConfig) -> Self {
        Routes { config, state: Mutex::default() }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the connection for a key; opens it if there is none.
    pub(super) async fn node_for(self: &Arc<Self>, key: &str) -> Result<Node, RedisError> {
        let moved = self.lock().moved.get(hash_tag(key)).cloned();
        if let Some(address) = moved {
            match self.node_at(address).await {
                // The node may have left the Cluster.
                Err(_) => self.lock().moved.clear(),
                node => return node,
            }
        }
        self.open(None).await
    }

    /// Returns the connection to a server; opens it if there is none.
    pub(super) async fn node_at(self: &Arc<Self>, address: Address) -> Result<Node, RedisError> {
        self.open(Some(address)).await
    }

    /// Remembers that another node of the Cluster has a key.
    pub(super) fn move_key(&self, key: &str, address: Address) {
        let mut state = self.lock();
        if state.moved.len() >= MAX_KEYS {
            state.moved.clear();
        }
        state.moved.insert(hash_tag(key).to_owned(), address);
    }

    /// Waits for a connection; starts a task that opens it if there is none yet.
    async fn open(self: &Arc<Self>, target: Option<Address>) -> Result<Node, RedisError> {
        let mut opening = {
            let mut state = self.lock();
            if let Some(node) = state.open_node(target.as_ref()) {
                return Ok(node);
            }
            // A sender that is gone panicked.
            match state.opening.get(&target).filter(|opening| opening.has_changed().is_ok()) {
                Some(opening) => opening.clone(),
                None => {
                    let (sender, opening) = watch::channel(None);
                    state.opening.insert(target.clone(), opening.clone());
                    let routes = self.clone();
                    tokio::spawn(async move {
                        let node = routes.clone().connect(target.clone()).await;
                        routes.lock().opening.remove(&target);
                        let _ = sender.send(Some(node));
                    });
                    opening
                }
            }
        };
        let node = opening.wait_for(Option::is_some).await.ok().and_then(|node| node.clone());
        node.unwrap_or_else(|| Err(RedisError::connection_lost(&self.config.to_string())))
    }

    /// Opens a connection. Boxed, because the default connection is one of those with an address.
    fn connect(
        self: Arc<Self>,
        target: Option<Address>,
    ) -> BoxFuture<'static, Result<Node, RedisError>> {
        Box::pin(async move {
            let config = &self.config;
            if let Some(address) = target {
                let node = Node::open(config, &address, &config.login, config.database).await?;
                self.lock().insert(address, node.clone());
                return Ok(node);
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
                // Also this one may be opened already.
                match self.node_at(address.clone()).await {
                    Ok(node) => {
                        self.lock().default = Some(address);
                        return Ok(node);
                    }
                    Err(error) => last_error = Some(error),
                }
            }
            Err(last_error.unwrap_or_else(|| RedisError::connection_lost(&config.to_string())))
        })
    }
}

impl State {
    fn open_node(&self, target: Option<&Address>) -> Option<Node> {
        let node = self.nodes.get(target.or(self.default.as_ref())?)?;
        node.is_open().then(|| node.clone())
    }

    fn insert(&mut self, address: Address, node: Node) {
        self.nodes.retain(|_, node| node.is_open());
        if self.nodes.len() >= MAX_NODES {
            self.nodes.clear();
        }
        self.nodes.insert(address, node);
    }
}

/// Returns the part of a key that decides about its node.
fn hash_tag(key: &str) -> &str {
    let tag = key.split_once('{').and_then(|(_, rest)| rest.split_once('}'));
    tag.map(|(tag, _)| tag).filter(|tag| !tag.is_empty()).unwrap_or(key)
}
