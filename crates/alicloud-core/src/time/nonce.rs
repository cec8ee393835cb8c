//! The [`NonceSource`] trait: the only source of nonces in this crate, so that tests can replace it.

use std::fmt;
use std::io;
use std::sync::Arc;

use crate::hex::push_hex;

/// A source of nonces. A service rejects a request whose nonce it has already seen.
///
/// The default is [`RandomNonce`]. Tests use `testing::DeterministicNonce`.
///
/// # Examples
///
/// ```
/// use std::io;
/// use std::sync::atomic::{AtomicU64, Ordering};
///
/// use alicloud_core::NonceSource;
///
/// /// Unique as long as each process has a prefix of its own.
/// #[derive(Debug)]
/// struct Numbered {
///     prefix: String,
///     next: AtomicU64,
/// }
///
/// impl NonceSource for Numbered {
///     fn nonce(&self) -> io::Result<String> {
///         Ok(format!("{}-{}", self.prefix, self.next.fetch_add(1, Ordering::Relaxed)))
///     }
/// }
///
/// let nonces = Numbered { prefix: "worker-7".into(), next: AtomicU64::new(0) };
/// assert_eq!(nonces.nonce()?, "worker-7-0");
/// assert_eq!(nonces.nonce()?, "worker-7-1");
/// # Ok::<(), io::Error>(())
/// ```
pub trait NonceSource: Send + Sync + fmt::Debug {
    /// Returns a new nonce: at most 64 letters, digits and hyphens, unique across all calls of all
    /// processes.
    ///
    /// # Errors
    ///
    /// Returns an error if no random bytes are available. The call then fails before anything is sent.
    fn nonce(&self) -> io::Result<String>;
}

impl<N: NonceSource + ?Sized> NonceSource for Arc<N> {
    fn nonce(&self) -> io::Result<String> {
        (**self).nonce()
    }
}

/// A nonce source that returns 128 random bits of the operating system as 32 hexadecimal digits.
///
/// # Examples
///
/// ```
/// use alicloud_core::{NonceSource, RandomNonce};
///
/// let nonce = RandomNonce.nonce()?;
/// assert_eq!(nonce.len(), 32);
/// assert_ne!(nonce, RandomNonce.nonce()?);
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct RandomNonce;

impl NonceSource for RandomNonce {
    fn nonce(&self) -> io::Result<String> {
        let mut bytes = [0; 16];
        #[allow(clippy::disallowed_methods, reason = "the nonce source that everything else uses")]
        getrandom::fill(&mut bytes).map_err(|error| io::Error::other(error.to_string()))?;
        let mut out = String::with_capacity(32);
        push_hex(&bytes, &mut out);
        Ok(out)
    }
}
