//! Verification of the HMAC-SHA1 signatures of RPC operations.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::Hmac;
use sha1::Sha1;

use super::auth_fields::{AuthFields, SchemeFields};
use super::mac::compute_hmac;
use crate::error_code::ServiceError;
use crate::params::{self, NameEncoding};
use crate::request::HMAC_SHA1;
use crate::request::ParsedRequest;

const SIGNATURE: &str = "Signature";

pub(super) fn auth_fields(request: &ParsedRequest) -> Result<AuthFields, ServiceError> {
    let non_empty = |name| request.param(name).filter(|text| !text.is_empty());
    Ok(AuthFields {
        access_key_id: non_empty("AccessKeyId")
            .ok_or_else(|| ServiceError::missing_param("AccessKeyId"))?,
        security_token: non_empty("SecurityToken"),
        timestamp: non_empty("Timestamp"),
        nonce: non_empty("SignatureNonce"),
        scheme: SchemeFields::Rpc,
    })
}

pub(super) fn verify_signature(request: &ParsedRequest, secret: &str) -> Result<(), ServiceError> {
    let required = |name| request.param(name).ok_or_else(|| ServiceError::missing_param(name));
    let signature = required(SIGNATURE)?;
    if required("SignatureMethod")? != HMAC_SHA1 {
        return Err(ServiceError::unsupported_signature_method());
    }
    if required("SignatureVersion")? != "1.0" {
        return Err(ServiceError::invalid_param("SignatureVersion"));
    }
    let to_sign = string_to_sign(request);
    let key = format!("{secret}&");
    let hmac = compute_hmac::<Hmac<Sha1>>(key.as_bytes(), to_sign.as_bytes())?;
    if STANDARD.encode(hmac) == signature {
        Ok(())
    } else {
        // No space after the colon, because clients compare the text after it with their own
        // string.
        Err(ServiceError::signature_mismatch(&format!("server string to sign is:{to_sign}")))
    }
}

fn string_to_sign(request: &ParsedRequest) -> String {
    let signed = request.params().filter(|param| param.name != SIGNATURE.as_bytes());
    let canonical = params::canonicalize(signed, NameEncoding::Encoded);
    format!("{}&%2F&{}", request.method, params::encode(&canonical))
}
