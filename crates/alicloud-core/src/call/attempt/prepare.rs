//! What all attempts of a call share: the request without what differs per attempt.

use alicloud_wire::request::ParameterLocation;
use alicloud_wire::{InvalidParameter, RequestParts};

use crate::call::header::{self, CallHeader};
use crate::call::input::CallContext;
use crate::error::{Error, ErrorData};
use crate::product::Operation;
use crate::request::{self, PreparedRequest};

/// A call whose request is ready to be signed.
pub(super) struct PreparedCall<'a> {
    pub(super) context: &'a CallContext,
    pub(super) request: PreparedRequest<'a>,
    pub(super) is_idempotent: bool,
}

/// Prepares what all attempts have in common.
pub(super) fn prepare(
    context: &CallContext,
    parts: Result<RequestParts, InvalidParameter>,
    call_headers: Vec<CallHeader>,
) -> Result<PreparedCall<'_>, Error> {
    let mut parts = parts.map_err(|invalid| Error::new(ErrorData::InvalidParameter(invalid)))?;
    let shared = context.client.shared();
    let mut headers = shared.extensions.headers(&context.operation);
    let is_parameter =
        |name: &str| parts.headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name));
    headers.retain(|(name, _)| !is_parameter(name));
    headers.extend(call_headers);
    let is_idempotent = is_idempotent(&context.operation, &parts, &headers);
    add_headers(&mut parts, headers).map_err(Error::build_request)?;
    parts.find_secret_headers();
    if let Some((location, name)) = parts.region.take() {
        add_region(&mut parts, location, name, shared.region.as_deref())?;
    }
    let request = PreparedRequest::new(
        &context.operation,
        parts,
        &shared.endpoint,
        shared.user_agent.clone(),
        context.options.format,
        context.options.signature,
        || shared.nonce_source.nonce(),
    )?;
    Ok(PreparedCall { context, request, is_idempotent })
}

/// Returns whether executing the call twice has the same effect as executing it once: because of the
/// operation, or because of an idempotency token by which the service detects the duplicate.
fn is_idempotent(operation: &Operation, parts: &RequestParts, headers: &[CallHeader]) -> bool {
    let is_token =
        |name: &str, value: &str| name.eq_ignore_ascii_case("ClientToken") && !value.is_empty();
    operation.idempotency().is_idempotent()
        || parts.token.is_some()
        || parts.query.iter().chain(&parts.form).any(|(name, value)| is_token(name, value))
        || parts.headers.iter().any(|(name, value)| is_token(name, value))
        || headers.iter().any(|(name, value)| is_token(name, value))
}

/// Adds a required `RegionId` that the request lacks: the region of the client.
fn add_region(
    parts: &mut RequestParts,
    location: ParameterLocation,
    name: &'static str,
    region: Option<&str>,
) -> Result<(), Error> {
    let mut set = parts.query.iter().chain(&parts.form).map(|(name, _)| name);
    if set.any(|set| set == name) {
        return Ok(());
    }
    let Some(region) = region else {
        let reason = "is required: set it in the request, or a region with `ClientBuilder::region`, \
                      `ConfigBuilder::region` or ALIBABA_CLOUD_REGION_ID";
        let invalid = InvalidParameter { parameter: name.into(), reason: reason.to_owned() };
        return Err(Error::new(ErrorData::InvalidParameter(invalid)));
    };
    request::add_parameter(parts, location, name, region.to_owned());
    Ok(())
}

/// Adds the headers that the user set for this call. They replace parameters of the same name.
fn add_headers(parts: &mut RequestParts, headers: Vec<CallHeader>) -> Result<(), String> {
    for (name, value) in headers {
        header::check(&name, &value)?;
        if let Some(shown) = parts.shown.as_deref_mut() {
            set_header(shown, &name, &value);
        }
        set_header(parts, &name, &value);
    }
    Ok(())
}

fn set_header(parts: &mut RequestParts, name: &str, value: &str) {
    parts.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
    let is_token = |(location, known): &(ParameterLocation, &str)| {
        *location == ParameterLocation::Header && known.eq_ignore_ascii_case(name)
    };
    parts.token.take_if(|token| is_token(token));
    parts.headers.push((name.to_owned().into(), value.to_owned()));
}
