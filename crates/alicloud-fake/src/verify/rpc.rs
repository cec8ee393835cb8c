//! The HMAC-SHA1 signature of RPC operations, recomputed from what arrived.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::Hmac;
use sha1::Sha1;

use super::{Claim, Incoming, Proof, Refusal, authenticate};
use crate::params::{self, Keys};

pub(super) const METHOD: &str = "HMAC-SHA1";

const SIGNATURE: &str = "Signature";

/// Whether the parameters speak of this scheme.
pub(super) fn claims(request: &Incoming) -> bool {
    request.pairs().any(|pair| pair.key == SIGNATURE.as_bytes() || pair.key == b"AccessKeyId")
}

pub(super) fn claim(request: &Incoming) -> Result<Claim, Refusal> {
    let filled = |name| request.parameter(name).filter(|text| !text.is_empty());
    Ok(Claim {
        access_key_id: filled("AccessKeyId").ok_or_else(|| Refusal::missing("AccessKeyId"))?,
        security_token: filled("SecurityToken"),
        timestamp: filled("Timestamp"),
        nonce: filled("SignatureNonce"),
        proof: Proof::Rpc,
    })
}

pub(super) fn check(request: &Incoming, secret: &str) -> Result<(), Refusal> {
    let required = |name| request.parameter(name).ok_or_else(|| Refusal::missing(name));
    let signature = required(SIGNATURE)?;
    if required("SignatureMethod")? != METHOD {
        return Err(Refusal::signature_method());
    }
    if required("SignatureVersion")? != "1.0" {
        return Err(Refusal::invalid("SignatureVersion"));
    }
    let to_sign = string_to_sign(request);
    let key = format!("{secret}&");
    let code = authenticate::<Hmac<Sha1>>(key.as_bytes(), to_sign.as_bytes())?;
    if STANDARD.encode(code) == signature {
        Ok(())
    } else {
        // No space after the colon: clients compare what follows it with their own.
        Err(Refusal::signature_mismatch(&format!("server string to sign is:{to_sign}")))
    }
}

fn string_to_sign(request: &Incoming) -> String {
    let signed = request.pairs().filter(|pair| pair.key != SIGNATURE.as_bytes());
    let canonical = params::canonical(signed, Keys::Encoded);
    format!("{}&%2F&{}", request.method, params::encode(&canonical))
}
