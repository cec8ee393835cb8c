//! Requests signed with HMAC-SHA1 in ROA style, the older signature of APIs with paths.

use super::prepared::{PreparedRequest, SignedRequest, SigningContext, borrow_pairs};
use crate::credentials::Credentials;
use crate::secret::Secret;
use crate::sign::{self, roa};

pub(super) fn prepare(prepared: &mut PreparedRequest<'_>) {
    let query = sign::canonical_query(&borrow_pairs(&prepared.query));
    // The names alone are signed; see `string_to_sign`.
    prepared.canonical_query = match prepared.query.iter().any(|(_, value)| value.is_empty()) {
        false => query,
        true => {
            let pairs = query.split('&').map(|pair| pair.strip_suffix('=').unwrap_or(pair));
            pairs.collect::<Vec<_>>().join("&")
        }
    };
}

pub(super) fn sign(
    prepared: &PreparedRequest<'_>,
    context: &SigningContext<'_>,
) -> Result<SignedRequest, String> {
    let product = prepared.operation.product();
    let date = sign::http_date(context.time);
    let token = context.credentials.and_then(Credentials::security_token);

    let mut headers: Vec<(&'static str, &str)> = Vec::with_capacity(16);
    headers.push(("accept", prepared.accept()));
    headers.push(("date", &date));
    headers.push(("host", prepared.endpoint.host()));
    if let (Some(credentials), Some(token)) = (context.credentials, token) {
        headers.push(("x-acs-accesskey-id", credentials.access_key_id()));
        headers.push(("x-acs-security-token", token.expose()));
    }
    headers.push(("x-acs-action", prepared.operation.name()));
    headers.extend(context.provider_header());
    headers.push(("x-acs-version", product.version()));
    let retry_headers = context.retry_headers();
    headers.extend(retry_headers.iter().flatten().map(|(name, value)| (*name, value.as_str())));

    let Some(credentials) = context.credentials else {
        return Ok(SignedRequest {
            request: prepared.request(&prepared.canonical_query, &headers)?,
            canonical_request: None,
            string_to_sign: None,
            signature: None,
        });
    };

    headers.push(("x-acs-signature-method", "HMAC-SHA1"));
    headers.push(("x-acs-signature-nonce", &context.nonce));
    headers.push(("x-acs-signature-version", "1.0"));
    let mut signed_headers: Vec<(&str, &str)> = headers.clone();
    signed_headers
        .extend(prepared.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    let string_to_sign = Secret::new(roa::string_to_sign_of_bare_names(&roa::SigningInput {
        method: prepared.operation.method(),
        accept: prepared.accept(),
        content_md5: "",
        content_type: prepared.content_type.unwrap_or_default(),
        date: &date,
        headers: &signed_headers,
        path: &prepared.path,
        query: &borrow_pairs(&prepared.query),
    }));
    let signature =
        roa::signature(credentials.access_key_secret().expose(), string_to_sign.expose());
    let authorization = roa::authorization(credentials.access_key_id(), &signature);
    headers.push(("authorization", &authorization));
    Ok(SignedRequest {
        request: prepared.request(&prepared.canonical_query, &headers)?,
        canonical_request: None,
        string_to_sign: Some(string_to_sign),
        signature: Some(signature),
    })
}
