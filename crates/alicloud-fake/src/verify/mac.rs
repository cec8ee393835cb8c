//! Message authentication codes.

use hmac::{KeyInit, Mac};

use crate::error_code::ServiceError;

pub(super) fn compute_hmac<M: Mac + KeyInit>(
    key: &[u8],
    message: &[u8],
) -> Result<Vec<u8>, ServiceError> {
    // An HMAC accepts keys of any length, so this does not fail. If it did, an empty result would
    // match an empty signature, hence the error.
    let mut mac = <M as KeyInit>::new_from_slice(key).map_err(|_| ServiceError::internal())?;
    mac.update(message);
    Ok(mac.finalize().into_bytes().to_vec())
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
