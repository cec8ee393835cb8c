//! Verification of requests, in the order of the service.

mod acs3;
mod nonces;
mod roa;
mod rpc;

use std::fmt;
use std::time::{Duration, SystemTime};

use hmac::{KeyInit, Mac};

use crate::account::Account;
use crate::clock;
use crate::error_code::ServiceError;
use crate::request::{ParsedRequest, lossy_text};
pub(crate) use nonces::Nonces;

/// The maximum difference between a request's timestamp and the service's clock, either way.
const MAX_CLOCK_SKEW: Duration = Duration::from_secs(15 * 60);

/// A signature scheme of requests.
///
/// ```
/// use alicloud_fake::SignatureScheme;
///
/// assert_eq!(SignatureScheme::RoaHmacSha1.to_string(), "HMAC-SHA1");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignatureScheme {
    /// The current scheme, which signs headers, including a hash of the body. The documentation
    /// calls it V3.
    Acs3HmacSha256,
    /// The older scheme of RPC operations, which signs every parameter. Its `SignatureVersion` is
    /// 1.0; the documentation calls it V2.
    RpcHmacSha1,
    /// The older scheme of ROA operations, which signs some headers, the path and the query.
    RoaHmacSha1,
}

impl SignatureScheme {
    /// Returns the name of the algorithm in a request.
    ///
    /// ```
    /// use alicloud_fake::SignatureScheme;
    ///
    /// assert_eq!(SignatureScheme::Acs3HmacSha256.as_str(), "ACS3-HMAC-SHA256");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Acs3HmacSha256 => acs3::ALGORITHM,
            Self::RpcHmacSha1 | Self::RoaHmacSha1 => rpc::METHOD,
        }
    }

    /// Returns the scheme that a request uses, without checking the signature.
    pub(crate) fn detect(request: &ParsedRequest) -> Option<Self> {
        match request.headers.get(http::header::AUTHORIZATION) {
            Some(value) if acs3::matches(value.as_bytes()) => Some(Self::Acs3HmacSha256),
            Some(value) => roa::matches(value.as_bytes()).then_some(Self::RoaHmacSha1),
            None => rpc::matches(request).then_some(Self::RpcHmacSha1),
        }
    }
}

impl fmt::Display for SignatureScheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The fields of a request that authenticate it, unverified.
struct AuthFields {
    access_key_id: String,
    security_token: Option<String>,
    timestamp: Option<String>,
    nonce: Option<String>,
    scheme: SchemeFields,
}

/// The fields that only one scheme has.
enum SchemeFields {
    Acs3(acs3::Authorization),
    Rpc,
    Roa { signature: String },
}

impl AuthFields {
    fn from_request(request: &ParsedRequest) -> Result<Self, ServiceError> {
        match SignatureScheme::detect(request) {
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

/// Returns whether a request has no authentication fields.
pub(crate) fn is_unsigned(request: &ParsedRequest) -> bool {
    SignatureScheme::detect(request).is_none()
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

fn compute_hmac<M: Mac + KeyInit>(key: &[u8], message: &[u8]) -> Result<Vec<u8>, ServiceError> {
    // An HMAC accepts keys of any length, so this does not fail. If it did, an empty result would
    // match an empty signature, hence the error.
    let mut mac = <M as KeyInit>::new_from_slice(key).map_err(|_| ServiceError::internal())?;
    mac.update(message);
    Ok(mac.finalize().into_bytes().to_vec())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
