//! May this request be answered? The checks, in the service's order.

mod acs3;
mod nonces;
mod roa;
mod rpc;

use std::fmt;
use std::time::{Duration, SystemTime};

use hmac::{KeyInit, Mac};

use crate::account::Account;
use crate::clock;
use crate::error_code::Refusal;
use crate::request::{Incoming, lossy};
pub(crate) use nonces::Nonces;

/// How far a request's own time may be from the service's, either way.
const WINDOW: Duration = Duration::from_secs(15 * 60);

/// A way to sign requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignatureScheme {
    /// The current scheme: headers are signed and the body's hash with them. The documentation
    /// calls it V3.
    Acs3HmacSha256,
    /// The older scheme of RPC operations: every parameter is signed. `SignatureVersion` 1.0; the
    /// documentation calls it V2.
    RpcHmacSha1,
    /// The older scheme of ROA operations: some headers, the path and the query are signed.
    RoaHmacSha1,
}

impl SignatureScheme {
    /// The name of the algorithm, as it stands in a request.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Acs3HmacSha256 => acs3::ALGORITHM,
            Self::RpcHmacSha1 | Self::RoaHmacSha1 => rpc::METHOD,
        }
    }

    /// By what a request carries; whether it is right is another question.
    pub(crate) fn of(request: &Incoming) -> Option<Self> {
        match request.headers.get(http::header::AUTHORIZATION) {
            Some(value) if acs3::claims(value.as_bytes()) => Some(Self::Acs3HmacSha256),
            Some(value) => roa::claims(value.as_bytes()).then_some(Self::RoaHmacSha1),
            None => rpc::claims(request).then_some(Self::RpcHmacSha1),
        }
    }
}

impl fmt::Display for SignatureScheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What a request says about itself, before any of it is believed.
struct Claim {
    access_key_id: String,
    security_token: Option<String>,
    timestamp: Option<String>,
    nonce: Option<String>,
    proof: Proof,
}

enum Proof {
    Acs3(acs3::Authorization),
    Rpc,
    Roa { signature: String },
}

impl Claim {
    fn read(request: &Incoming) -> Result<Self, Refusal> {
        match SignatureScheme::of(request) {
            Some(SignatureScheme::Acs3HmacSha256) => acs3::claim(request),
            Some(SignatureScheme::RpcHmacSha1) => rpc::claim(request),
            Some(SignatureScheme::RoaHmacSha1) => roa::claim(request),
            None if request.headers.contains_key(http::header::AUTHORIZATION) => {
                Err(Refusal::signature_method())
            }
            None => Err(Refusal::missing("AccessKeyId")),
        }
    }
}

/// Whether a request does not even try to say who sent it.
pub(crate) fn is_unsigned(request: &Incoming) -> bool {
    SignatureScheme::of(request).is_none()
        && !request.headers.contains_key(http::header::AUTHORIZATION)
}

/// Checks who sent the request, when, that nobody changed it, and that it comes for the first time.
///
/// The nonce is taken last: a request that is refused for anything else may come again as it is.
pub(crate) fn verify(
    request: &Incoming,
    accounts: &[Account],
    now: SystemTime,
    nonces: &mut Nonces,
) -> Result<(), Refusal> {
    let claim = Claim::read(request)?;
    let timestamp = timestamp(&claim, now)?;
    let account = accounts
        .iter()
        .find(|account| account.id() == claim.access_key_id)
        .ok_or_else(Refusal::unknown_access_key)?;
    check_token(claim.security_token.as_deref(), account, accounts, now)?;
    match &claim.proof {
        Proof::Acs3(authorization) => acs3::check(request, authorization, account.secret())?,
        Proof::Rpc => rpc::check(request, account.secret())?,
        Proof::Roa { signature } => roa::check(request, signature, account.secret())?,
    }
    let nonce = claim.nonce.ok_or_else(|| Refusal::missing("SignatureNonce"))?;
    // A replay stays possible for as long as its own time is inside the window.
    let until = timestamp.max(now).checked_add(WINDOW).unwrap_or(now);
    if nonces.claim(claim.access_key_id, nonce, until, now) {
        Ok(())
    } else {
        Err(Refusal::nonce_used())
    }
}

/// In exactly the form of the scheme, and not too far from now.
fn timestamp(claim: &Claim, now: SystemTime) -> Result<SystemTime, Refusal> {
    let text = claim.timestamp.as_deref().ok_or_else(|| Refusal::missing("Timestamp"))?;
    let time = match claim.proof {
        Proof::Acs3(_) | Proof::Rpc => clock::read_timestamp(text),
        Proof::Roa { .. } => clock::read_http_date(text),
    };
    let time = time.ok_or_else(Refusal::timestamp_format)?;
    let distance = match now.duration_since(time) {
        Ok(age) => age,
        Err(ahead) => ahead.duration(),
    };
    if distance > WINDOW {
        return Err(Refusal::timestamp_expired());
    }
    Ok(time)
}

fn check_token(
    token: Option<&str>,
    account: &Account,
    accounts: &[Account],
    now: SystemTime,
) -> Result<(), Refusal> {
    match (token, account.token()) {
        (None, None) => Ok(()),
        (None, Some(_)) => Err(Refusal::missing("SecurityToken")),
        (Some(sent), Some(expected)) if sent == expected => {
            if account.has_expired(now) {
                Err(Refusal::token_expired())
            } else {
                Ok(())
            }
        }
        (Some(sent), _) if accounts.iter().any(|other| other.token() == Some(sent)) => {
            Err(Refusal::token_of_another_key())
        }
        (Some(_), _) => Err(Refusal::token_malformed()),
    }
}

/// The code of `message` under `key`.
fn authenticate<M: Mac + KeyInit>(key: &[u8], message: &[u8]) -> Result<Vec<u8>, Refusal> {
    // An HMAC takes keys of any length, so this does not fail; but if it did, an empty code would
    // match an empty signature.
    let mut mac = <M as KeyInit>::new_from_slice(key).map_err(|_| Refusal::internal())?;
    mac.update(message);
    Ok(mac.finalize().into_bytes().to_vec())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
