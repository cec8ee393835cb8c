//! Requests with HMAC-SHA1 in RPC style: common parameters, signature included, in the query.

use alicloud_wire::percent_encode_into;

use super::{Prepared, Signed, Stamp, borrowed};
use crate::credentials::Credentials;
use crate::sign::{self, rpc};

pub(super) fn sign(prepared: &Prepared, stamp: &Stamp<'_>) -> Result<Signed, String> {
    let product = prepared.operation.product();
    let time = sign::timestamp(stamp.time);
    let mut common = Vec::with_capacity(9);
    common.push(("Action", prepared.operation.name()));
    common.push(("Format", prepared.format.as_str()));
    common.push(("Timestamp", &time));
    common.push(("Version", product.version()));
    if let Some(credentials) = stamp.credentials {
        common.push(("AccessKeyId", credentials.access_key_id()));
        common.push(("SignatureMethod", "HMAC-SHA1"));
        common.push(("SignatureNonce", &stamp.nonce));
        common.push(("SignatureVersion", "1.0"));
    }
    if let Some(token) = stamp.credentials.and_then(Credentials::security_token) {
        common.push(("SecurityToken", token.expose()));
    }
    let mut query = borrowed(&prepared.query);
    let form = borrowed(&prepared.form);
    // An operation's own parameter of the same name is the one that its author meant.
    common.retain(|(name, _)| !query.iter().chain(&form).any(|(known, _)| known == name));
    query.extend(common);

    let mut headers = vec![("accept", prepared.accept()), ("host", prepared.endpoint.host())];
    // Headers are no part of this signature.
    let repeated = stamp.repeated_headers();
    headers.extend(repeated.iter().flatten().map(|(name, value)| (*name, value.as_str())));
    let Some(credentials) = stamp.credentials else {
        return Ok(Signed {
            request: prepared.request(&sign::canonical_query(&query), &headers)?,
            canonical_request: None,
            string_to_sign: None,
            signature: None,
        });
    };

    // The form is signed together with the query and sent apart from it.
    let apart = (!form.is_empty()).then(|| sign::canonical_query(&query));
    query.extend(form);
    let canonical = rpc::canonical_query(prepared.operation.method(), &query);
    let signature =
        rpc::signature(credentials.access_key_secret().expose(), canonical.string_to_sign());
    let (together, string_to_sign) = canonical.into_parts();
    let mut sent = apart.unwrap_or(together);
    sent.push_str("&Signature=");
    percent_encode_into(&signature, &mut sent);
    Ok(Signed {
        request: prepared.request(&sent, &headers)?,
        canonical_request: None,
        string_to_sign: Some(string_to_sign),
        signature: Some(signature),
    })
}
