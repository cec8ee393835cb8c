//! Rate limits that many processes of one account share through Redis.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod config;
mod connection;
mod error;
mod limits;
#[cfg(feature = "testing")]
pub mod testing;

pub use self::config::RedisConfig;
pub use self::connection::{RedisConnection, RedisScript};
pub use self::error::{RedisError, RedisErrorKind};
pub use self::limits::RedisRateLimits;
pub use redis;
