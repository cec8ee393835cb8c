//! The test kit: a transport that answers from memory, a clock and nonces that stand still.
//!
//! A call through it is encoded, signed and decoded for real; only the network is missing.

mod fake;
mod manual_clock;
mod recorded;

pub use fake::{FakeTransport, Fault};
pub use manual_clock::{DeterministicNonce, ManualClock};
pub use recorded::RecordedRequest;
