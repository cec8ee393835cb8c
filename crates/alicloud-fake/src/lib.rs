//! A double of Alibaba Cloud's API gateway for tests.
//!
//! It listens on loopback, verifies every request the way the service does, and answers like the
//! service. A test points its client at [`FakeService::endpoint`] and then asks
//! [`FakeService::requests`] what has been received. No account is needed, and nothing leaves the
//! machine.
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
//! // Any HTTP client will do; this one does not even try to sign.
//! let address = service.endpoint().trim_start_matches("http://");
//! let mut connection = TcpStream::connect(address).await?;
//! connection
//!     .write_all(b"GET /?Action=DescribeRefreshTaskById HTTP/1.1\r\nhost: localhost\r\n\r\n")
//!     .await?;
//! let mut answer = [0; 24];
//! connection.read_exact(&mut answer).await?;
//! assert_eq!(&answer, b"HTTP/1.1 400 Bad Request");
//!
//! let requests = service.requests();
//! assert_eq!(requests[0].action.as_deref(), Some("DescribeRefreshTaskById"));
//! assert_eq!(requests[0].answer.code.as_deref(), Some("MissingAccessKeyId"));
//! # Ok(())
//! # }
//! ```
//!
//! # What it checks
//!
//! In this order, each with the code that the service answers: the time of the request
//! (`InvalidTimeStamp.*`, 15 minutes either way), the access key (`InvalidAccessKeyId.NotFound`),
//! the security token (`MissingSecurityToken`, `InvalidSecurityToken.*`), the signature
//! (`IncompleteSignature`, `SignatureDoesNotMatch`), the nonce (`SignatureNonceUsed`), then format,
//! version, operation and the operation's own parameters.
//!
//! All [schemes](SignatureScheme) are recomputed from the bytes that arrived, by code that no
//! client of ours shares. A mismatch is explained as the service does it, with the string that was
//! signed here; secrets are never part of that, but a security token is if the client sent one.
//!
//! # What it answers
//!
//! `DescribeRefreshTaskById` of Cdn 2018-05-10, about the [`Task`]s it is given, in JSON or XML as
//! the request asks. With a [`Simulation`] also the operations that refresh and preload, and those
//! that list tasks and quotas; what is submitted then is carried out as time passes, within quotas
//! and rates. With a [`Spec`] the operations of any other product, as its description documents
//! their responses. Anything else can be [scripted](ScriptedResponse), errors, broken bodies and broken connections
//! included, and [`Faults`] let a share of all requests go wrong.
//!
//! # What it is not
//!
//! It has no TLS and knows no permissions. What no document tells about the service is a choice:
//! names of parameters are accepted encoded or plain in the ACS3 signature, and parameters without a
//! value with `=` or without it in the one of ROA operations; headers that stand outside of the ACS3
//! signature but should not are `IncompleteSignature`; `Content-MD5` is signed text and not compared
//! with the body.

mod account;
mod cdn;
mod clock;
mod delivery;
mod dispatch;
mod error_code;
mod faults;
mod format;
mod gateway;
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

// So that the code in it is compiled.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}

pub use account::{Account, DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET};
pub use cdn::Task;
pub use delivery::{Delivery, Ending};
pub use faults::Faults;
pub use record::{Answer, RecordedRequest};
pub use scripted_response::ScriptedResponse;
pub use service::{FakeService, FakeServiceBuilder};
pub use simulation::{Simulation, Submission};
pub use spec::{Spec, SpecError};
pub use verify::SignatureScheme;
