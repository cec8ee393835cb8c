//! The runtime of the Alibaba Cloud crates for Rust.
//!
//! This crate contains everything that generated product crates such as `alicloud-cdn` share: request
//! signing, credentials, HTTP transport, retries, rate limits, pagination, waiting, errors and fakes for
//! tests.
//!
//! # When to use it
//!
//! Most programs depend on a product crate, which has types and a method for each operation, and use this
//! crate for [`Credentials`], [`Error`] and the `testing` fakes. Use this crate alone to call a product
//! without a generated crate.
//!
//! # Examples
//!
//! Calling an operation by name:
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
//! # use alicloud_core::testing::FakeTransport;
//! use alicloud_core::{Client, Credentials};
//!
//! let client = Client::generic("Alidns", "2015-01-09", "alidns.aliyuncs.com")
//!     .credentials(Credentials::new("id", "secret"))
//! #   .transport(FakeTransport::new().respond_json("DescribeDomains", r#"{"TotalCount": 3}"#))
//!     .build()?;
//! let domains = client.generic_call("DescribeDomains").param("PageSize", 20).read_only().await?;
//! assert_eq!(domains["TotalCount"], 3);
//! # Ok(()) }
//! ```
//!
//! Calling a typed operation. Product crates contain generated code like these static items and types:
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
//! use alicloud_core::testing::FakeTransport;
//! use alicloud_core::{Client, ClientBuilder, Credentials, Operation, Product};
//!
//! static CDN: Product = Product::new("Cdn", "2018-05-10").with_endpoint("cdn.aliyuncs.com");
//! static DESCRIBE: Operation = Operation::rpc(&CDN, "DescribeRefreshTaskById").read_only();
//!
//! alicloud_core::wire::request! {
//!     struct DescribeRequest -> DescribeResponse {
//!         task_ids: Vec<String> = query("TaskId").comma_list().items(1, 10),
//!     }
//! }
//! alicloud_core::wire::record! {
//!     struct DescribeResponse {
//!         total_count: Option<i64> = "TotalCount",
//!     }
//! }
//!
//! // The fake replaces the network.
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
//! # Main types
//!
//! | Purpose | Types |
//! |---|---|
//! | configuration of all clients | [`Config`], [`ConfigBuilder`] |
//! | configuring a client | [`Client`], [`ClientBuilder`] |
//! | a call, its options and its response | [`Call`], [`Response`], [`Preview`] |
//! | operations without generated types | [`GenericCall`] |
//! | errors | [`Error`], [`Outcome`] |
//! | retries | [`RetryPolicy`], [`RetryBudget`] |
//! | code that runs with each call | [`Interceptor`], [`RetryClassifier`] |
//! | rate limits | [`RateLimits`], [`RateLimiter`] |
//! | pagination | [`Pages`], [`Items`] |
//! | waiting for a target state | [`Wait`], [`Waiter`], [`ItemTracker`] |
//! | more inputs than one call accepts | [`Batches`] |
//! | counters and durations of calls | `metrics`, with the feature of that name |
//! | calls without async | `blocking`, with the feature of that name |
//! | credentials | [`credentials`], [`Secret`] |
//! | signatures as pure functions | [`sign`] |
//! | custom HTTP clients | [`transport`], [`Transport`] |
//! | custom time and randomness | [`Clock`], [`NonceSource`] |
//! | descriptions of products, for generated code | [`Product`], [`Operation`] |
//! | fakes for tests | `testing`, with the feature of that name |
//!
//! # Features
//!
//! * `rustls-ring` (default): HTTPS in the default transport, with rustls and ring. The process-wide
//!   provider of rustls is neither used nor set.
//! * `rustls-aws-lc`: the same with aws-lc instead of ring.
//! * `native-tls`: the same with the TLS library of the platform.
//! * `transport`: the default transport with plain HTTP only.
//! * `tracing` (default): a span per call and an event per attempt, at the level DEBUG.
//! * `metrics`: counters and histograms of calls and attempts, in the facade of the crate `metrics`.
//! * `trace-context`: the W3C headers `traceparent` and `tracestate`; see [Trace context](#trace-context).
//! * `blocking`: blocking calls, on a background thread.
//! * `testing`: an in-memory transport, a manual clock and deterministic nonces.
//!
//! If several TLS features are enabled, the first in this order is used. Without the default transport a
//! client needs a custom [`transport`](ClientBuilder::transport).
//!
//! # Trace context
//!
//! With the feature `trace-context`, each attempt carries the ids of the current OpenTelemetry span in the header
//! `traceparent`, and its state in `tracestate` if it has one of at most 512 characters. Without a valid span, neither
//! is sent. A `traceparent` that the program sets with [`Call::header`] or an [`Interceptor`] replaces both. The headers
//! are not part of the signature, and a [`Preview`] does not show them.
//!
//! The current span is that of [`opentelemetry::Context::current`](https://docs.rs/opentelemetry) while the call runs:
//!
//! * Programs that use `tracing` need a subscriber with the layer of `tracing-opentelemetry`, which makes the entered
//!   span current unless `with_context_activation(false)` is set. With the feature `tracing`, the header names the span
//!   of the call, `alicloud.call`. If a filter disables it, for example because its level is DEBUG, the header names
//!   the span around it.
//! * Programs that use the OpenTelemetry API await the call in the context of their span:
//!   `call.send().with_context(context)`, with `opentelemetry::context::FutureExt`.
//!
//! Each minor version of the crate `opentelemetry` has a current context of its own. The program has to use the same as
//! this crate, 0.33, which belongs to `tracing-opentelemetry` 0.34; otherwise no header is sent.

#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "blocking")]
pub mod blocking;
mod blocking_task;
mod call;
mod client;
mod config;
pub mod credentials;
mod error;
mod extension;
mod future;
mod hex;
mod many;
#[cfg(feature = "metrics")]
pub mod metrics;
mod policy;
mod product;
mod request;
mod secret;
pub mod sign;
#[cfg(feature = "testing")]
pub mod testing;
mod time;
pub mod transport;
mod variables;

pub use alicloud_wire as wire;
pub use alicloud_wire::{Percent, Timestamp};
pub use bytes;
pub use call::{Call, CallFuture, GenericCall, Preview, Response, ResponseFuture};
pub use client::{Client, ClientBuilder};
pub use config::{Config, ConfigBuilder};
pub use credentials::{Credentials, ProvideCredentials};
pub use error::{AccessDenied, Error, ErrorKind, Outcome, SignatureMismatch};
pub use extension::{AttemptReport, AttemptSuccess, InterceptedCall, Interceptor};
pub use extension::{RetryAction, RetryClassifier};
pub use future::BoxFuture;
pub use http;
pub use many::{Batch, BatchReport, Batches, BatchesFuture};
pub use many::{ItemTracker, PollStatus, PolledItem, Progress};
pub use many::{Items, Page, Pages};
pub use many::{Wait, WaitError, WaitFuture, Waiter};
pub use policy::ClockOffset;
pub use policy::{
    AttemptResult, RateLimitPermit, RateLimitRequest, RateLimiter, RateLimits, RetryBudget,
    RetryPolicy,
};
pub use product::{ApiStyle, Idempotency, Operation, Product, ResponseKind};
pub use request::Format;
pub use secret::Secret;
pub use sign::SignatureVersion;
pub use time::{Clock, NonceSource, RandomNonce, SystemClock};
pub use transport::{Transport, TransportError, TransportErrorKind, TransportOptions};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
