//! Verification of `ACS3-HMAC-SHA256` signatures.

use hmac::Hmac;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST, HeaderName};
use sha2::{Digest, Sha256};

use super::auth_fields::{AuthFields, Authorization, SchemeFields};
use super::mac::{compute_hmac, hex};
use crate::error_code::ServiceError;
use crate::params::{self, NameEncoding};
use crate::request::ACS3_ALGORITHM;
use crate::request::{ParsedRequest, lossy_text};

const BODY_HASH: &str = "x-acs-content-sha256";

pub(super) fn auth_fields(request: &ParsedRequest) -> Result<AuthFields, ServiceError> {
    let mut values = request.headers.get_all(AUTHORIZATION).iter();
    let authorization = match (values.next(), values.next()) {
        (Some(value), None) => Authorization::parse(value.as_bytes()),
        _ => None,
    }
    .ok_or_else(|| {
        ServiceError::incomplete_signature(
            "Authorization must have the form Credential=…,SignedHeaders=…,Signature=….",
        )
    })?;
    let non_empty = |name| request.header(name).filter(|text| !text.is_empty());
    Ok(AuthFields {
        access_key_id: authorization.access_key_id.clone(),
        security_token: non_empty("x-acs-security-token"),
        timestamp: non_empty("x-acs-date"),
        nonce: non_empty("x-acs-signature-nonce"),
        scheme: SchemeFields::Acs3(authorization),
    })
}

impl Authorization {
    fn parse(value: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(value).ok()?;
        let (mut access_key_id, mut signed_headers, mut signature) = (None, None, None);
        for field in text.strip_prefix(ACS3_ALGORITHM)?.split(',') {
            match field.trim().split_once('=')? {
                ("Credential", value) => access_key_id = Some(value),
                ("SignedHeaders", value) => signed_headers = Some(value),
                ("Signature", value) => signature = Some(value),
                _ => return None,
            }
        }
        let mut signed_headers: Vec<String> = signed_headers?
            .split(';')
            .filter(|name| !name.is_empty())
            .map(str::to_ascii_lowercase)
            .collect();
        signed_headers.sort_unstable();
        signed_headers.dedup();
        Some(Self {
            access_key_id: access_key_id?.to_owned(),
            signed_headers,
            signature: signature?.to_owned(),
        })
    }

    fn signs(&self, name: &str) -> bool {
        self.signed_headers.iter().any(|signed| signed == name)
    }
}

pub(super) fn verify_signature(
    request: &ParsedRequest,
    authorization: &Authorization,
    secret: &str,
) -> Result<(), ServiceError> {
    check_signed_headers(request, authorization)?;
    let body_hash = hex(&Sha256::digest(&request.body));
    let is_body_hash_correct =
        request.headers.get(BODY_HASH).is_some_and(|sent| sent.as_bytes() == body_hash.as_bytes());

    let canonical = canonical_request(request, authorization, NameEncoding::Encoded, &body_hash);
    let to_sign = string_to_sign(&canonical);
    // Whether the service encodes parameter names is not documented, and the official clients
    // differ, so both are accepted.
    let with_plain_names =
        string_to_sign(&canonical_request(request, authorization, NameEncoding::Plain, &body_hash));
    for candidate in [&to_sign, &with_plain_names] {
        let hmac = compute_hmac::<Hmac<Sha256>>(secret.as_bytes(), candidate.as_bytes())?;
        if is_body_hash_correct && hex(&hmac) == authorization.signature {
            return Ok(());
        }
    }
    Err(ServiceError::signature_mismatch(&format!(
        "server StringToSign is [{to_sign}], server CanonicalRequest is [{}]",
        lossy_text(&canonical)
    )))
}

/// Checks that every header that can change the meaning of the request is signed.
fn check_signed_headers(
    request: &ParsedRequest,
    authorization: &Authorization,
) -> Result<(), ServiceError> {
    let required = [HOST.as_str(), BODY_HASH].into_iter();
    let present = request.headers.keys().map(HeaderName::as_str).filter(|name| {
        name.starts_with("x-acs-") || (*name == CONTENT_TYPE && !request.body.is_empty())
    });
    for name in required.chain(present) {
        if !request.headers.contains_key(name) {
            return Err(ServiceError::incomplete_signature(&format!("Header {name} is missing.")));
        }
        if !authorization.signs(name) {
            return Err(ServiceError::incomplete_signature(&format!(
                "Header {name} is not in SignedHeaders."
            )));
        }
    }
    let has_other_id =
        request.header("x-acs-accesskey-id").is_some_and(|id| id != authorization.access_key_id);
    if has_other_id {
        return Err(ServiceError::incomplete_signature(
            "Header x-acs-accesskey-id and Credential differ.",
        ));
    }
    Ok(())
}

fn canonical_request(
    request: &ParsedRequest,
    authorization: &Authorization,
    names: NameEncoding,
    body_hash: &str,
) -> Vec<u8> {
    let mut out = Vec::new();
    out.extend_from_slice(request.method.as_str().as_bytes());
    out.push(b'\n');
    out.extend_from_slice(if request.path.is_empty() { b"/" } else { request.path.as_bytes() });
    out.push(b'\n');
    out.extend(params::canonicalize(&request.query_params, names));
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
    format!("{ACS3_ALGORITHM}\n{}", hex(&Sha256::digest(canonical_request)))
}
