//! Requests with HMAC-SHA1 in ROA style: the older signature of APIs with paths.

use super::{Prepared, Signed, Stamp, borrowed};
use crate::credentials::Credentials;
use crate::sign::{self, roa};

pub(super) fn sign(prepared: &Prepared, stamp: &Stamp<'_>) -> Result<Signed, String> {
    let product = prepared.operation.product();
    let date = sign::http_date(stamp.time);
    let token = stamp.credentials.and_then(Credentials::security_token);

    let mut headers: Vec<(&str, &str)> = Vec::with_capacity(16);
    headers.push(("accept", prepared.accept()));
    headers.push(("date", &date));
    headers.push(("host", prepared.endpoint.host()));
    if let (Some(credentials), Some(token)) = (stamp.credentials, token) {
        headers.push(("x-acs-accesskey-id", credentials.access_key_id()));
        headers.push(("x-acs-security-token", token.expose()));
    }
    headers.push(("x-acs-action", prepared.operation.name()));
    headers.push(("x-acs-version", product.version()));
    let repeated = stamp.repeated_headers();
    headers.extend(repeated.iter().flatten().map(|(name, value)| (*name, value.as_str())));

    let Some(credentials) = stamp.credentials else {
        return Ok(Signed {
            request: prepared.request(&prepared.canonical_query, &headers)?,
            canonical_request: None,
            string_to_sign: None,
            signature: None,
        });
    };

    headers.push(("x-acs-signature-method", "HMAC-SHA1"));
    headers.push(("x-acs-signature-nonce", &stamp.nonce));
    headers.push(("x-acs-signature-version", "1.0"));
    let mut all = headers.clone();
    all.extend(prepared.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    let string_to_sign = roa::string_to_sign(&roa::SigningInput {
        method: prepared.operation.method(),
        accept: prepared.accept(),
        content_md5: "",
        content_type: prepared.content_type.unwrap_or_default(),
        date: &date,
        headers: &all,
        path: &prepared.path,
        query: &borrowed(&prepared.query),
    });
    let signature = roa::signature(credentials.access_key_secret().expose(), &string_to_sign);
    let authorization = roa::authorization(credentials.access_key_id(), &signature);
    headers.push(("authorization", &authorization));
    Ok(Signed {
        request: prepared.request(&prepared.canonical_query, &headers)?,
        canonical_request: None,
        string_to_sign: Some(string_to_sign),
        signature: Some(signature),
    })
}
