//! Nonces, as a seam: a service refuses a request whose nonce it has seen.

use std::fmt;
use std::io;
use std::sync::Arc;

use crate::sign::push_hex;

/// A source of texts that are used once.
pub trait NonceSource: Send + Sync + fmt::Debug {
    /// A text of letters, digits and hyphens, at most 64 of them, that no other call gets, in this
    /// process or in any other.
    ///
    /// # Errors
    ///
    /// When there is no randomness to be had. The call then fails before anything is sent.
    fn nonce(&self) -> io::Result<String>;
}

impl<N: NonceSource + ?Sized> NonceSource for Arc<N> {
    fn nonce(&self) -> io::Result<String> {
        (**self).nonce()
    }
}

/// 128 random bits from the operating system, as 32 hexadecimal digits.
#[derive(Debug, Clone, Copy, Default)]
pub struct RandomNonce;

impl NonceSource for RandomNonce {
    fn nonce(&self) -> io::Result<String> {
        let mut bytes = [0; 16];
        #[allow(
            clippy::disallowed_methods,
            reason = "this is the nonce source that everything else asks"
        )]
        getrandom::fill(&mut bytes).map_err(|error| io::Error::other(error.to_string()))?;
        let mut out = String::with_capacity(32);
        push_hex(&bytes, &mut out);
        Ok(out)
    }
}
