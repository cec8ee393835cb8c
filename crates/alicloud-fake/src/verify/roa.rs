//! Verification of the HMAC-SHA1 signatures of ROA operations.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::Hmac;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, DATE, HeaderName};
use sha1::Sha1;

use super::auth_fields::{AuthFields, SchemeFields};
use super::mac::compute_hmac;
use crate::error_code::ServiceError;
use crate::params::Param;
use crate::request::{HMAC_SHA1, ROA_SCHEME};
use crate::request::{ParsedRequest, lossy_text};

const CONTENT_MD5: HeaderName = HeaderName::from_static("content-md5");

pub(super) fn auth_fields(request: &ParsedRequest) -> Result<AuthFields, ServiceError> {
    let authorization = request.header(AUTHORIZATION.as_str()).unwrap_or_default();
    let (access_key_id, signature) = authorization
        .strip_prefix(ROA_SCHEME)
        .and_then(|rest| rest.split_once(':'))
        .ok_or_else(|| {
            ServiceError::incomplete_signature("Authorization must have the form acs ID:SIGNATURE.")
        })?;
    let non_empty = |name| request.header(name).filter(|text| !text.is_empty());
    Ok(AuthFields {
        access_key_id: access_key_id.to_owned(),
        security_token: non_empty("x-acs-security-token"),
        timestamp: non_empty(DATE.as_str()),
        nonce: non_empty("x-acs-signature-nonce"),
        scheme: SchemeFields::Roa { signature: signature.to_owned() },
    })
}

pub(super) fn verify_signature(
    request: &ParsedRequest,
    signature: &str,
    secret: &str,
) -> Result<(), ServiceError> {
    let required = |name| request.header(name).ok_or_else(|| ServiceError::missing_param(name));
    if required("x-acs-signature-method")? != HMAC_SHA1 {
        return Err(ServiceError::unsupported_signature_method());
    }
    if required("x-acs-signature-version")? != "1.0" {
        return Err(ServiceError::invalid_param("SignatureVersion"));
    }
    let to_sign = string_to_sign(request, b"=");
    // The official clients differ for parameters without a value, so both forms are accepted.
    for candidate in [&to_sign, &string_to_sign(request, b"")] {
        let hmac = compute_hmac::<Hmac<Sha1>>(secret.as_bytes(), candidate)?;
        if STANDARD.encode(hmac) == signature {
            return Ok(());
        }
    }
    let to_sign = lossy_text(&to_sign);
    Err(ServiceError::signature_mismatch(&format!("server string to sign is:{to_sign}")))
}

/// Returns the string to sign. `empty_value` follows the name of a parameter without a value.
fn string_to_sign(request: &ParsedRequest, empty_value: &[u8]) -> Vec<u8> {
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
    let mut params: Vec<&Param> = request.query_params.iter().collect();
    params.sort_by(|a, b| a.name.cmp(&b.name));
    for (index, param) in params.into_iter().enumerate() {
        let equals = if param.value.is_empty() { empty_value } else { b"=" };
        for part in [if index == 0 { b"?" } else { b"&" }, &param.name[..], equals, &param.value] {
            out.extend_from_slice(part);
        }
    }
    out
}
