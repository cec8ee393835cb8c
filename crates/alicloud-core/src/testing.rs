//! The test kit: a transport that answers from memory, a clock and nonces that stand still.
//!
//! A call through it is encoded, signed and decoded for real; only the network is missing.

mod fake;
mod recorded;
mod still;

pub use fake::{FakeTransport, Fault};
pub use recorded::RecordedRequest;
pub use still::{FixedClock, FixedNonce};
