//! Time and randomness, which tests replace.

mod clock;
mod nonce;
mod timer;

pub(crate) use self::clock::with_timeout;
pub use self::clock::{Clock, SystemClock};
pub use self::nonce::{NonceSource, RandomNonce};
