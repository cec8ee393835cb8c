//! Requests signed with ACS3-HMAC-SHA256: the parameters of the operation in the query, the common
//! parameters in headers.

use super::prepared::{PreparedRequest, SignedRequest, SigningContext, borrow_pairs};
use crate::credentials::Credentials;
use crate::product::ApiStyle;
use crate::sign::{self, acs3};

pub(super) fn prepare(prepared: &mut PreparedRequest<'_>) {
    if prepared.operation.is_anonymous() && prepared.operation.style() == ApiStyle::Rpc {
        // The gateway ignores `accept` in unsigned requests.
        prepared.query.push(("Format".into(), prepared.format.as_str().into()));
    }
    prepared.canonical_query = sign::canonical_query(&borrow_pairs(&prepared.query));
    prepared.payload_hash = acs3::payload_hash(&prepared.body);
}

pub(super) fn sign(
    prepared: &PreparedRequest<'_>,
    context: &SigningContext<'_>,
) -> Result<SignedRequest, String> {
    let product = prepared.operation.product();
    let date = sign::timestamp(context.time);
    let token = context.credentials.and_then(Credentials::security_token);

    let mut headers: Vec<(&'static str, &str)> = Vec::with_capacity(16);
    headers.push(("accept", prepared.accept()));
    headers.push(("host", prepared.endpoint.host()));
    if let (Some(credentials), Some(_)) = (context.credentials, token) {
        headers.push(("x-acs-accesskey-id", credentials.access_key_id()));
    }
    headers.push(("x-acs-action", prepared.operation.name()));
    headers.push(("x-acs-content-sha256", &prepared.payload_hash));
    headers.extend(context.provider_header());
    headers.push(("x-acs-date", &date));
    let retry_headers = context.retry_headers();
    headers.extend(retry_headers.iter().flatten().map(|(name, value)| (*name, value.as_str())));
    if let Some(token) = token {
        headers.push(("x-acs-security-token", token.expose()));
    }
    headers.push(("x-acs-signature-nonce", &context.nonce));
    headers.push(("x-acs-version", product.version()));

    let Some(credentials) = context.credentials else {
        return Ok(SignedRequest {
            request: prepared.request(&prepared.canonical_query, &headers)?,
            canonical_request: None,
            string_to_sign: None,
            signature: None,
        });
    };

    let mut signed_headers: Vec<(&str, &str)> =
        Vec::with_capacity(headers.len() + prepared.headers.len() + 1);
    signed_headers.extend(prepared.content_type.map(|content_type| ("content-type", content_type)));
    signed_headers.extend_from_slice(&headers);
    signed_headers
        .extend(prepared.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    let canonical = acs3::canonical_request(
        prepared.operation.method(),
        &prepared.path,
        &prepared.canonical_query,
        &signed_headers,
        &prepared.payload_hash,
    );
    let string_to_sign = acs3::string_to_sign(canonical.as_str());
    let signature = acs3::signature(credentials.access_key_secret().expose(), &string_to_sign);
    let authorization =
        acs3::authorization(credentials.access_key_id(), canonical.signed_headers(), &signature);
    headers.push(("authorization", &authorization));
    Ok(SignedRequest {
        request: prepared.request(&prepared.canonical_query, &headers)?,
        canonical_request: Some(canonical.as_str().into()),
        string_to_sign: Some(string_to_sign.into()),
        signature: Some(signature),
    })
}
