//! `ACS3-HMAC-SHA256`, recomputed from what arrived.

use hmac::Hmac;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST, HeaderName};
use sha2::{Digest, Sha256};

use super::{Claim, Incoming, Proof, Refusal, authenticate, hex, lossy};
use crate::params::{self, Keys};

pub(super) const ALGORITHM: &str = "ACS3-HMAC-SHA256";

const BODY_HASH: &str = "x-acs-content-sha256";

/// What the `Authorization` header holds.
pub(super) struct Authorization {
    access_key_id: String,
    /// In lower case, in order, each once.
    signed_headers: Vec<String>,
    signature: String,
}

/// Whether the value of an `Authorization` header speaks of this scheme.
pub(super) fn claims(value: &[u8]) -> bool {
    value
        .strip_prefix(ALGORITHM.as_bytes())
        .is_some_and(|rest| rest.first().is_none_or(|&byte| byte == b' '))
}

pub(super) fn claim(request: &Incoming) -> Result<Claim, Refusal> {
    let mut values = request.headers.get_all(AUTHORIZATION).iter();
    let authorization = match (values.next(), values.next()) {
        (Some(value), None) => Authorization::parse(value.as_bytes()),
        _ => None,
    }
    .ok_or_else(|| {
        Refusal::incomplete_signature(
            "Authorization must read Credential=…,SignedHeaders=…,Signature=….",
        )
    })?;
    let filled = |name| request.header(name).filter(|text| !text.is_empty());
    Ok(Claim {
        access_key_id: authorization.access_key_id.clone(),
        security_token: filled("x-acs-security-token"),
        timestamp: filled("x-acs-date"),
        nonce: filled("x-acs-signature-nonce"),
        proof: Proof::Acs3(authorization),
    })
}

impl Authorization {
    fn parse(value: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(value).ok()?;
        let (mut key, mut names, mut signature) = (None, None, None);
        for field in text.strip_prefix(ALGORITHM)?.split(',') {
            match field.trim().split_once('=')? {
                ("Credential", value) => key = Some(value),
                ("SignedHeaders", value) => names = Some(value),
                ("Signature", value) => signature = Some(value),
                _ => return None,
            }
        }
        let mut signed_headers: Vec<String> = names?
            .split(';')
            .filter(|name| !name.is_empty())
            .map(str::to_ascii_lowercase)
            .collect();
        signed_headers.sort_unstable();
        signed_headers.dedup();
        Some(Self {
            access_key_id: key?.to_owned(),
            signed_headers,
            signature: signature?.to_owned(),
        })
    }

    fn covers(&self, name: &str) -> bool {
        self.signed_headers.iter().any(|signed| signed == name)
    }
}

pub(super) fn check(
    request: &Incoming,
    authorization: &Authorization,
    secret: &str,
) -> Result<(), Refusal> {
    check_coverage(request, authorization)?;
    let body_hash = hex(&Sha256::digest(&request.body));
    let body_is_as_signed =
        request.headers.get(BODY_HASH).is_some_and(|sent| sent.as_bytes() == body_hash.as_bytes());

    let canonical = canonical_request(request, authorization, Keys::Encoded, &body_hash);
    let to_sign = string_to_sign(&canonical);
    // No document says whether the service encodes the names of parameters, and its own clients
    // disagree about it; so both are taken.
    let without_encoded_keys =
        string_to_sign(&canonical_request(request, authorization, Keys::AsTheyAre, &body_hash));
    for candidate in [&to_sign, &without_encoded_keys] {
        let code = authenticate::<Hmac<Sha256>>(secret.as_bytes(), candidate.as_bytes())?;
        if body_is_as_signed && hex(&code) == authorization.signature {
            return Ok(());
        }
    }
    Err(Refusal::signature_mismatch(&format!(
        "server StringToSign is [{to_sign}], server CanonicalRequest is [{}]",
        lossy(&canonical)
    )))
}

/// A header that could change the meaning of the request must not stand outside of the signature.
fn check_coverage(request: &Incoming, authorization: &Authorization) -> Result<(), Refusal> {
    let always = [HOST.as_str(), BODY_HASH].into_iter();
    let present = request.headers.keys().map(HeaderName::as_str).filter(|name| {
        name.starts_with("x-acs-") || (*name == CONTENT_TYPE && !request.body.is_empty())
    });
    for name in always.chain(present) {
        if !request.headers.contains_key(name) {
            return Err(Refusal::incomplete_signature(&format!("Header {name} is missing.")));
        }
        if !authorization.covers(name) {
            return Err(Refusal::incomplete_signature(&format!(
                "Header {name} is not in SignedHeaders."
            )));
        }
    }
    let named_twice =
        request.header("x-acs-accesskey-id").is_some_and(|id| id != authorization.access_key_id);
    if named_twice {
        return Err(Refusal::incomplete_signature(
            "Header x-acs-accesskey-id and Credential differ.",
        ));
    }
    Ok(())
}

fn canonical_request(
    request: &Incoming,
    authorization: &Authorization,
    keys: Keys,
    body_hash: &str,
) -> Vec<u8> {
    let mut out = Vec::new();
    out.extend_from_slice(request.method.as_str().as_bytes());
    out.push(b'\n');
    out.extend_from_slice(if request.path.is_empty() { b"/" } else { request.path.as_bytes() });
    out.push(b'\n');
    out.extend(params::canonical(&request.query_pairs, keys));
    out.push(b'\n');
    for name in &authorization.signed_headers {
        let mut values: Vec<&[u8]> = request
            .headers
            .get_all(name)
            .iter()
            .map(|value| value.as_bytes().trim_ascii())
            .collect();
        values.sort_unstable();
        out.extend_from_slice(name.as_bytes());
        out.push(b':');
        out.extend(values.join(&b','));
        out.push(b'\n');
    }
    out.push(b'\n');
    out.extend_from_slice(authorization.signed_headers.join(";").as_bytes());
    out.push(b'\n');
    out.extend_from_slice(body_hash.as_bytes());
    out
}

fn string_to_sign(canonical_request: &[u8]) -> String {
    format!("{ALGORITHM}\n{}", hex(&Sha256::digest(canonical_request)))
}
