//! Verification of requests, in the order of the service.

mod acs3;
mod auth_fields;
mod mac;
mod nonces;
mod roa;
mod rpc;

use std::time::{Duration, SystemTime};

use self::auth_fields::{AuthFields, SchemeFields};
use crate::account::Account;
use crate::clock;
use crate::error_code::ServiceError;
use crate::request::{ParsedRequest, SignatureScheme};
pub(crate) use nonces::Nonces;

/// The maximum difference between a request's timestamp and the service's clock, either way.
const MAX_CLOCK_SKEW: Duration = Duration::from_secs(15 * 60);

impl AuthFields {
    fn from_request(request: &ParsedRequest) -> Result<Self, ServiceError> {
        match request.signature_scheme() {
            Some(SignatureScheme::Acs3HmacSha256) => acs3::auth_fields(request),
            Some(SignatureScheme::RpcHmacSha1) => rpc::auth_fields(request),
            Some(SignatureScheme::RoaHmacSha1) => roa::auth_fields(request),
            None if request.headers.contains_key(http::header::AUTHORIZATION) => {
                Err(ServiceError::unsupported_signature_method())
            }
            None => Err(ServiceError::missing_param("AccessKeyId")),
        }
    }
}

/// Returns the access key id that a request names.
pub(crate) fn access_key_id(request: &ParsedRequest) -> Option<String> {
    AuthFields::from_request(request).ok().map(|fields| fields.access_key_id)
}

/// Returns whether a request has no authentication fields.
pub(crate) fn is_unsigned(request: &ParsedRequest) -> bool {
    request.signature_scheme().is_none()
        && !request.headers.contains_key(http::header::AUTHORIZATION)
}

/// Verifies timestamp, access key, security token, signature and nonce.
///
/// The nonce is checked last, so that a request rejected for another reason does not use it up.
pub(crate) fn verify(
    request: &ParsedRequest,
    accounts: &[Account],
    now: SystemTime,
    nonces: &mut Nonces,
) -> Result<(), ServiceError> {
    let fields = AuthFields::from_request(request)?;
    let timestamp = verify_timestamp(&fields, now)?;
    let account = accounts
        .iter()
        .find(|account| account.id() == fields.access_key_id)
        .ok_or_else(ServiceError::unknown_access_key)?;
    verify_token(fields.security_token.as_deref(), account, accounts, now)?;
    let secret = account.secret();
    match &fields.scheme {
        SchemeFields::Acs3(authorization) => {
            acs3::verify_signature(request, authorization, secret)?;
        }
        SchemeFields::Rpc => rpc::verify_signature(request, secret)?,
        SchemeFields::Roa { signature } => roa::verify_signature(request, signature, secret)?,
    }
    let nonce = fields.nonce.ok_or_else(|| ServiceError::missing_param("SignatureNonce"))?;
    // A replay is possible while the request's timestamp is valid.
    let expires_at = timestamp.max(now).checked_add(MAX_CLOCK_SKEW).unwrap_or(now);
    if nonces.register(fields.access_key_id, nonce, expires_at, now) {
        Ok(())
    } else {
        Err(ServiceError::nonce_reused())
    }
}

/// Parses the timestamp in the format of the scheme and compares it with the service's clock.
fn verify_timestamp(fields: &AuthFields, now: SystemTime) -> Result<SystemTime, ServiceError> {
    let text =
        fields.timestamp.as_deref().ok_or_else(|| ServiceError::missing_param("Timestamp"))?;
    let time = match fields.scheme {
        SchemeFields::Acs3(_) | SchemeFields::Rpc => clock::parse_timestamp(text),
        SchemeFields::Roa { .. } => clock::parse_http_date(text),
    };
    let time = time.ok_or_else(ServiceError::malformed_timestamp)?;
    let skew = match now.duration_since(time) {
        Ok(age) => age,
        Err(in_the_future) => in_the_future.duration(),
    };
    if skew > MAX_CLOCK_SKEW {
        return Err(ServiceError::expired_timestamp());
    }
    Ok(time)
}

fn verify_token(
    token: Option<&str>,
    account: &Account,
    accounts: &[Account],
    now: SystemTime,
) -> Result<(), ServiceError> {
    match (token, account.token()) {
        (None, None) => Ok(()),
        (None, Some(_)) => Err(ServiceError::missing_param("SecurityToken")),
        (Some(sent), Some(expected)) if sent == expected => {
            if account.has_expired(now) {
                Err(ServiceError::expired_token())
            } else {
                Ok(())
            }
        }
        (Some(sent), _) if accounts.iter().any(|other| other.token() == Some(sent)) => {
            Err(ServiceError::token_mismatch())
        }
        (Some(_), _) => Err(ServiceError::malformed_token()),
    }
}
