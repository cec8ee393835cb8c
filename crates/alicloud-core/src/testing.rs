//! Fakes for tests: an in-memory transport, a manual clock and deterministic nonces.
//!
//! A call with them is really encoded, signed and decoded; only the network is replaced. See
//! [`FakeTransport`] for an example.

mod fake;
mod fault;
mod manual_clock;
mod recorded;

pub use fake::FakeTransport;
pub use fault::Fault;
pub use manual_clock::{DeterministicNonce, ManualClock};
pub use recorded::RecordedRequest;
