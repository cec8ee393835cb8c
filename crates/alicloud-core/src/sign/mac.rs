//! Message authentication codes.

use hmac::{KeyInit, Mac};

/// Returns the HMAC of a message.
pub(super) fn hmac<M: Mac + KeyInit>(key: &[u8], message: &[u8]) -> hmac::digest::Output<M> {
    #[allow(clippy::expect_used, reason = "an HMAC accepts keys of any length")]
    let mut mac = <M as KeyInit>::new_from_slice(key).expect("a key of any length");
    mac.update(message);
    mac.finalize().into_bytes()
}
