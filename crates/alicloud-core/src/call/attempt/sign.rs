//! The signature of an attempt.

use std::sync::Arc;
use std::time::SystemTime;

use crate::call::input::CallContext;
use crate::call::sent_request::ShownRequest;
use crate::call::trace_context;
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

/// Signs the request of one attempt, adds the trace context, and attaches how the request is shown if it contains
/// secrets.
pub(super) fn sign_with_shown(
    prepared: &PreparedRequest<'_>,
    context: &SigningContext<'_>,
) -> Result<SignedRequest, Error> {
    let mut signed = sign(prepared, context)?;
    trace_context::add_headers(signed.request.headers_mut());
    if let Some(secrets) = prepared.secrets() {
        let mut shown = sign(&secrets.shown, context)?.request;
        trace_context::add_headers(shown.headers_mut());
        signed.request.extensions_mut().insert(ShownRequest(Arc::new(shown)));
    }
    Ok(signed)
}

/// Creates the signing context of one attempt, with a new nonce.
pub(super) fn signing_context<'a>(
    call: &CallContext,
    credentials: Option<&'a Credentials>,
    time: SystemTime,
    retry_info: Option<RetryInfo>,
) -> Result<SigningContext<'a>, Error> {
    let nonce = call.client.shared().nonce_source.nonce().map_err(|error| {
        Error::new(ErrorData::Configuration(format!("cannot generate a nonce: {error}")))
    })?;
    let credentials_provider = credentials
        .map(Credentials::provider)
        .filter(|name| call.options.send_credentials_provider && is_header_value(name));
    Ok(SigningContext { credentials, credentials_provider, time, nonce, retry_info })
}

/// Returns whether the name of a provider can be sent. Providers of programs may have any name.
fn is_header_value(name: &str) -> bool {
    (1..=256).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_graphic())
}
