//! The HMAC-SHA1 signature of ROA operations, recomputed from what arrived.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::Hmac;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, DATE, HeaderName};
use sha1::Sha1;

use super::{Claim, Incoming, Proof, Refusal, authenticate, lossy, rpc};
use crate::params::Pair;

const SCHEME: &str = "acs ";

const CONTENT_MD5: HeaderName = HeaderName::from_static("content-md5");

/// Whether the value of an `Authorization` header speaks of this scheme.
pub(super) fn claims(value: &[u8]) -> bool {
    value.starts_with(SCHEME.as_bytes())
}

pub(super) fn claim(request: &Incoming) -> Result<Claim, Refusal> {
    let authorization = request.header(AUTHORIZATION.as_str()).unwrap_or_default();
    let (access_key_id, signature) =
        authorization.strip_prefix(SCHEME).and_then(|rest| rest.split_once(':')).ok_or_else(
            || Refusal::incomplete_signature("Authorization must read acs ID:SIGNATURE."),
        )?;
    let filled = |name| request.header(name).filter(|text| !text.is_empty());
    Ok(Claim {
        access_key_id: access_key_id.to_owned(),
        security_token: filled("x-acs-security-token"),
        timestamp: filled(DATE.as_str()),
        nonce: filled("x-acs-signature-nonce"),
        proof: Proof::Roa { signature: signature.to_owned() },
    })
}

pub(super) fn check(request: &Incoming, signature: &str, secret: &str) -> Result<(), Refusal> {
    let named = |name| request.header(name).ok_or_else(|| Refusal::missing(name));
    if named("x-acs-signature-method")? != rpc::METHOD {
        return Err(Refusal::signature_method());
    }
    if named("x-acs-signature-version")? != "1.0" {
        return Err(Refusal::invalid("SignatureVersion"));
    }
    let to_sign = string_to_sign(request, b"=");
    // The official clients disagree about parameters without a value, so both ways are taken.
    for candidate in [&to_sign, &string_to_sign(request, b"")] {
        let code = authenticate::<Hmac<Sha1>>(secret.as_bytes(), candidate)?;
        if STANDARD.encode(code) == signature {
            return Ok(());
        }
    }
    let to_sign = lossy(&to_sign);
    Err(Refusal::signature_mismatch(&format!("server string to sign is:{to_sign}")))
}

/// `no_value` is what follows the name of a parameter whose value is empty.
fn string_to_sign(request: &Incoming, no_value: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let header = |name: &HeaderName| {
        request.headers.get(name).map(|value| value.as_bytes()).unwrap_or_default()
    };
    let head = [&ACCEPT, &CONTENT_MD5, &CONTENT_TYPE, &DATE].map(header);
    for line in [request.method.as_str().as_bytes()].into_iter().chain(head) {
        out.extend_from_slice(line);
        out.push(b'\n');
    }
    let mut signed: Vec<(&str, &[u8])> = request
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_bytes().trim_ascii()))
        .filter(|(name, _)| name.starts_with("x-acs-"))
        .collect();
    signed.sort_unstable();
    for (name, value) in signed {
        for part in [name.as_bytes(), b":", value, b"\n"] {
            out.extend_from_slice(part);
        }
    }
    out.extend_from_slice(request.path.as_bytes());
    let mut pairs: Vec<&Pair> = request.query_pairs.iter().collect();
    pairs.sort_by(|one, other| one.key.cmp(&other.key));
    for (index, pair) in pairs.into_iter().enumerate() {
        let equals = if pair.value.is_empty() { no_value } else { b"=" };
        for part in [if index == 0 { b"?" } else { b"&" }, &pair.key[..], equals, &pair.value] {
            out.extend_from_slice(part);
        }
    }
    out
}
