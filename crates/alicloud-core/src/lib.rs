//! The runtime under the Alibaba Cloud crates for Rust.
//!
//! A product crate such as `alicloud-cdn` is generated: types, operations, endpoints. Everything that
//! happens when one of its calls is awaited is written here, by hand and once: the request is
//! encoded, signed afresh for each attempt, sent, and its response is decoded or becomes the one
//! [`Error`] that says what to do.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
//! use alicloud_core::testing::FakeTransport;
//! use alicloud_core::{Client, ClientBuilder, Credentials, Operation, Product};
//!
//! // A product crate holds all of this, generated.
//! const CDN: Product = Product::new("Cdn", "2018-05-10").with_endpoint("cdn.aliyuncs.com");
//! const DESCRIBE: Operation = Operation::rpc(&CDN, "DescribeRefreshTaskById").read_only();
//!
//! #[derive(Debug, Default)]
//! struct DescribeRequest { task_ids: Vec<String> }
//! #[derive(Debug, Default)]
//! struct DescribeResponse { total_count: Option<i64> }
//!
//! alicloud_core::wire::request! {
//!     DescribeRequest => DescribeResponse { task_ids: "TaskId" => query.comma_list().items(1, 10) }
//! }
//! alicloud_core::wire::record! { DescribeResponse { total_count: "TotalCount" } }
//!
//! // A program has credentials and a network instead of a fake.
//! let fake = FakeTransport::new()
//!     .respond("DescribeRefreshTaskById", &DescribeResponse { total_count: Some(2) });
//! let client: Client = ClientBuilder::new(&CDN)
//!     .credentials(Credentials::new("id", "secret"))
//!     .transport(fake.clone())
//!     .build()?;
//!
//! let request = DescribeRequest { task_ids: vec!["704225667".into(), "704222904".into()] };
//! let response = client.call(&DESCRIBE, &request).await?;
//! assert_eq!(response.total_count, Some(2));
//! assert_eq!(fake.requests()[0].param("TaskId"), Some("704225667,704222904"));
//! # Ok(()) }
//! ```
//!
//! # The parts
//!
//! | What | Where |
//! |---|---|
//! | a client and how it is set up | [`Client`], [`ClientBuilder`] |
//! | one call, its options, what comes back | [`Call`], [`Response`], [`Preview`] |
//! | what went wrong | [`Error`], [`Outcome`] |
//! | lists of many pages | [`Pages`], [`Items`] |
//! | waiting until something is done | [`Wait`], [`Waiter`] |
//! | more inputs than a call takes | [`Batches`] |
//! | how fast calls start | [`RateLimits`], [`RateLimiter`] |
//! | operations that no crate was generated for | [`GenericCall`] |
//! | what is repeated, when and how often | [`RetryPolicy`], [`RetryBudget`] |
//! | signatures, as pure functions | [`sign`] |
//! | credentials | [`credentials`], [`Secret`] |
//! | the network, as a seam | [`transport`] |
//! | time and randomness, as seams | [`Clock`], [`NonceSource`] |
//! | what generated code says of a product | [`Product`], [`Operation`] |
//! | tests without a network | `testing`, under the feature of that name |
//!
//! # Features
//!
//! * `rustls-ring` (default): the default transport speaks HTTPS with rustls and ring. No process-wide
//!   provider is touched.
//! * `rustls-aws-lc`, `native-tls`: the same with rustls and aws-lc, or with the TLS of the platform.
//!   With several of the three, the first in this order is used.
//! * `transport`: the default transport, over plain HTTP alone.
//! * `blocking`: `wait` beside `await`, on a thread of its own.
//! * `testing`: `FakeTransport`, a clock and nonces that stand still.
//!
//! Without any of these but `testing` a client needs a [`transport`](ClientBuilder::transport) of its own.

mod assemble;
mod attempt;
mod batch;
#[cfg(feature = "blocking")]
pub mod blocking;
mod call;
mod client;
mod clock;
mod concurrent_calls;
pub mod credentials;
mod endpoint;
mod error;
mod generic_call;
mod limit;
mod nonce;
mod operation;
mod paging;
mod preview;
mod response;
mod retry;
mod secret;
pub mod sign;
mod skew;
#[cfg(feature = "testing")]
pub mod testing;
mod timer;
mod trace;
pub mod transport;
mod waiting;

use std::future::Future;
use std::pin::Pin;

pub use alicloud_wire as wire;
pub use batch::{Batch, BatchReport, Batches, BatchesFuture};
pub use bytes;
pub use call::{Call, CallFuture, ResponseFuture};
pub use client::{Client, ClientBuilder, Format};
pub use clock::{Clock, SystemClock};
pub use credentials::{Credentials, ProvideCredentials};
pub use error::{AccessDenied, Error, Outcome, SignatureMismatch};
pub use generic_call::GenericCall;
pub use http;
pub use limit::{RateLimitRequest, RateLimiter, RateLimits};
pub use nonce::{NonceSource, RandomNonce};
pub use operation::{ApiStyle, Idempotency, Operation, Product, ResponseKind};
pub use paging::{Items, Page, Pages};
pub use preview::Preview;
pub use response::Response;
pub use retry::{RetryBudget, RetryPolicy};
pub use secret::Secret;
pub use sign::SignatureVersion;
pub use transport::{Transport, TransportError, TransportErrorKind, TransportOptions};
pub use waiting::{PollStatus, PolledItem, Progress, Wait, WaitError, WaitFuture, Waiter};

/// A future in a box, as the traits of this crate return them.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
