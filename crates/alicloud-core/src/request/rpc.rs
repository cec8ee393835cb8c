//! Requests signed with HMAC-SHA1 in RPC style: all common parameters, including the signature, in the
//! query.

use zeroize::Zeroizing;

use super::prepared::{PreparedRequest, SignedRequest, SigningContext, borrow_pairs};
use crate::credentials::Credentials;
use crate::sign::{self, rpc};

pub(super) fn sign(
    prepared: &PreparedRequest<'_>,
    context: &SigningContext<'_>,
) -> Result<SignedRequest, String> {
    let product = prepared.operation.product();
    let time = sign::timestamp(context.time);
    let mut common = Vec::with_capacity(9);
    common.push(("Action", prepared.operation.name()));
    common.push(("Format", prepared.format.as_str()));
    common.push(("Timestamp", &time));
    common.push(("Version", product.version()));
    if let Some(credentials) = context.credentials {
        common.push(("AccessKeyId", credentials.access_key_id()));
        common.push(("SignatureMethod", "HMAC-SHA1"));
        common.push(("SignatureNonce", &context.nonce));
        common.push(("SignatureVersion", "1.0"));
    }
    if let Some(token) = context.credentials.and_then(Credentials::security_token) {
        common.push(("SecurityToken", token.expose()));
    }
    let mut query = borrow_pairs(&prepared.query);
    let form = borrow_pairs(&prepared.form);
    // A parameter of the operation takes precedence over a common parameter of the same name.
    common.retain(|(name, _)| !query.iter().chain(&form).any(|(known, _)| known == name));
    query.extend(common);

    let mut headers = vec![("accept", prepared.accept()), ("host", prepared.endpoint.host())];
    // This signature does not cover headers.
    headers.extend(context.provider_header());
    let retry_headers = context.retry_headers();
    headers.extend(retry_headers.iter().flatten().map(|(name, value)| (*name, value.as_str())));
    let Some(credentials) = context.credentials else {
        return Ok(SignedRequest {
            request: prepared.request(&sign::canonical_query(&query), &headers)?,
            canonical_request: None,
            string_to_sign: None,
            signature: None,
        });
    };

    // The signature covers the query and the form, but the form is sent in the body.
    let query_without_form =
        (!form.is_empty()).then(|| Zeroizing::new(sign::canonical_query(&query)));
    query.extend(form);
    let canonical = rpc::canonical_query(prepared.operation.method(), &query);
    let signature =
        rpc::signature(credentials.access_key_secret().expose(), canonical.string_to_sign());
    let query = query_without_form.as_deref().map_or(canonical.as_str(), String::as_str);
    let sent_query = rpc::with_signature(query, &signature);
    Ok(SignedRequest {
        request: prepared.request(&sent_query, &headers)?,
        canonical_request: None,
        string_to_sign: Some(canonical.string_to_sign().into()),
        signature: Some(signature),
    })
}
