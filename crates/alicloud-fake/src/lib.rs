//! A fake Alibaba Cloud API service for tests.
//!
//! [`FakeService`] listens on loopback, verifies every request like the real gateway, and responds
//! like it. Point the client under test at [`FakeService::endpoint`], then inspect what it sent
//! with [`FakeService::requests`]. No account is needed, and no request leaves the machine.
//!
//! ```
//! use alicloud_fake::FakeService;
//! use tokio::io::{AsyncReadExt, AsyncWriteExt};
//! use tokio::net::TcpStream;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> std::io::Result<()> {
//! let service = FakeService::builder().start().await?;
//!
//! // Any HTTP client works; this one sends an unsigned request.
//! let address = service.endpoint().trim_start_matches("http://");
//! let mut connection = TcpStream::connect(address).await?;
//! connection
//!     .write_all(b"GET /?Action=DescribeRefreshTaskById HTTP/1.1\r\nhost: localhost\r\n\r\n")
//!     .await?;
//! let mut status_line = [0; 24];
//! connection.read_exact(&mut status_line).await?;
//! assert_eq!(&status_line, b"HTTP/1.1 400 Bad Request");
//!
//! let requests = service.requests();
//! assert_eq!(requests[0].operation.as_deref(), Some("DescribeRefreshTaskById"));
//! assert_eq!(requests[0].response.code.as_deref(), Some("MissingAccessKeyId"));
//! # Ok(())
//! # }
//! ```
//!
//! # Checks
//!
//! A request is checked in this order, and rejected with the error code of the real service:
//!
//! 1. The time of the request, 15 minutes either way: `InvalidTimeStamp.*`
//! 2. The access key: `InvalidAccessKeyId.NotFound`
//! 3. The security token: `MissingSecurityToken`, `InvalidSecurityToken.*`
//! 4. The signature: `IncompleteSignature`, `SignatureDoesNotMatch`
//! 5. The nonce: `SignatureNonceUsed`
//! 6. Format, version, operation and the parameters of the operation
//!
//! Signatures of all [schemes](SignatureScheme) are recomputed from the bytes that arrived, by code
//! that is not shared with any client crate. Like the real service, a mismatch error contains the
//! string that was signed here. It never contains a secret, but it contains a security token if the
//! client sent one.
//!
//! # Operations
//!
//! | Setup | Operations |
//! |---|---|
//! | default | `DescribeRefreshTaskById` of Cdn 2018-05-10, for the [`Task`]s it is given |
//! | with a [`Simulation`] | also submitting refreshes and preloads, and listing tasks and quotas; submitted tasks progress over time, within quotas and rate limits |
//! | with a [`Spec`] | every operation of another product, with its documented responses or your [own](Spec::handle) |
//!
//! Responses are JSON or XML, as the request asks. A [`ScriptedResponse`] replaces the next
//! response with anything else, including errors, broken bodies and broken connections. [`Faults`]
//! make a share of all requests fail.
//!
//! # Limits and assumptions
//!
//! There is no TLS, and permissions are not simulated. Where the behavior of the service is not
//! documented, the fake service makes these choices:
//!
//! * ACS3 signatures are accepted with parameter names percent-encoded or plain.
//! * ROA signatures are accepted with or without `=` after a parameter that has no value.
//! * A header that ACS3 must sign but does not is `IncompleteSignature`.
//! * `Content-MD5` is part of the signed text, but is not compared with the body.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod account;
mod backend;
mod cdn;
mod clock;
mod delivery;
mod dispatch;
mod error_code;
mod faults;
mod format;
mod gateway;
mod operations;
mod params;
mod prng;
mod products;
mod record;
mod request;
mod response;
mod scripted_response;
mod server;
mod service;
mod simulation;
mod spec;
mod verify;
mod xml;

/// Runs the examples of the README as doctests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}

pub use account::{Account, DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET};
pub use cdn::Task;
pub use delivery::{Delivery, Ending};
pub use faults::Faults;
pub use record::{RecordedRequest, RecordedResponse};
pub use request::SignatureScheme;
pub use scripted_response::ScriptedResponse;
pub use service::{FakeService, FakeServiceBuilder};
pub use simulation::{Simulation, Submission};
pub use spec::{OperationError, ReceivedCall, Spec, SpecError};
