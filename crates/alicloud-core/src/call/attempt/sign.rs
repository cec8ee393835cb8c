//! The signature of an attempt.

use std::sync::Arc;
use std::time::SystemTime;

use crate::call::sent_request::ShownRequest;
use crate::client::Shared;
use crate::credentials::Credentials;
use crate::error::{Error, ErrorData};
use crate::request::{PreparedRequest, RetryInfo, SignedRequest, SigningContext};

/// Signs the request of one attempt.
pub(super) fn sign(
    prepared: &PreparedRequest<'_>,
    context: &SigningContext<'_>,
) -> Result<SignedRequest, Error> {
    prepared.sign(context).map_err(Error::build_request)
}

/// Signs the request of one attempt, and attaches how it is shown if it contains secrets.
pub(super) fn sign_with_shown(
    prepared: &PreparedRequest<'_>,
    context: &SigningContext<'_>,
) -> Result<SignedRequest, Error> {
    let mut signed = sign(prepared, context)?;
    if let Some(secrets) = prepared.secrets() {
        let shown = sign(&secrets.shown, context)?.request;
        signed.request.extensions_mut().insert(ShownRequest(Arc::new(shown)));
    }
    Ok(signed)
}

/// Creates the signing context of one attempt, with a new nonce.
pub(super) fn signing_context<'a>(
    shared: &Shared,
    credentials: Option<&'a Credentials>,
    time: SystemTime,
    retry_info: Option<RetryInfo>,
) -> Result<SigningContext<'a>, Error> {
    let nonce = shared.nonce_source.nonce().map_err(|error| {
        Error::new(ErrorData::Configuration(format!("cannot generate a nonce: {error}")))
    })?;
    Ok(SigningContext { credentials, time, nonce, retry_info })
}
