//! Rate limits that all processes of an Alibaba Cloud account share through Redis.
//!
//! [`RedisRateLimits`] implements [`RateLimiter`](alicloud_core::RateLimiter): pass it to the builder of a client or
//! to `Config`. [`RedisConfig`] has the address and the credentials of the server. The
//! [README](https://docs.rs/crate/alicloud-limit-redis/latest) says when to use it, what to set and what it costs.
//!
//! [`RedisConnection`] and [`RedisScript`] are also the base of other state that processes share.
//!
//! # Examples
//!
//! ```
//! use alicloud_core::Client;
//! use alicloud_limit_redis::{RedisConfig, RedisRateLimits};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let config = RedisConfig::from_url("redis+sentinel://a.example,b.example/shared")?;
//! let limits = RedisRateLimits::new(config);
//! let builder = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com").rate_limiter(limits);
//! # assert!(builder.transport(alicloud_core::testing::FakeTransport::new()).build().is_ok());
//! # Ok(()) }
//! ```
//!
//! # Features
//!
//! * `tls` (default): URLs with `rediss`, with rustls and ring. The process-wide provider of rustls is neither
//!   used nor set.
//! * `testing`: a `redis-server` for tests.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod config;
mod connection;
mod error;
mod limits;
mod login;
#[cfg(feature = "testing")]
pub mod testing;

pub use self::config::RedisConfig;
pub use self::connection::{RedisConnection, RedisScript};
pub use self::error::{RedisError, RedisErrorKind};
pub use self::limits::RedisRateLimits;
pub use redis;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
