//! Time and randomness, which tests replace.

mod clock;
mod http_date;
mod nonce;
mod timer;
#[cfg(feature = "transport")]
mod tokio_runtime;

#[cfg(feature = "transport")]
pub(crate) use self::clock::continue_after_shutdown;
pub(crate) use self::clock::with_timeout;
pub use self::clock::{Clock, SystemClock};
pub(crate) use self::http_date::parse_http_date;
pub use self::nonce::{NonceSource, RandomNonce};
#[cfg(feature = "transport")]
pub(crate) use self::tokio_runtime::try_on_tokio;
