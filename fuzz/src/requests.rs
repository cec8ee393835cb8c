//! Flattening and signing, compared with a model that shares no code with them.

use alicloud_core::sign::{self, acs3, roa, rpc};
use alicloud_wire::{check_finite, flatten};
use serde_json::Value;

use crate::cost::bounded;
use crate::request_model as model;
use crate::runtime::Choices;

/// Flattens a JSON value and signs the pairs in every way. The first bytes select method, path and name; the others
/// are the JSON.
pub fn check(data: &[u8]) {
    let mut choices = Choices(data);
    let method = choices.one_of(&["GET", "POST", "PUT", "DELETE"]);
    let path = choices.one_of(&["", "/", "/a/b%20c", "/clusters/1/nodes"]);
    let name = choices.one_of(&["Tag", "", "A.B", "\u{e9}"]);
    let secret = choices.one_of(&[
        "secret",
        "",
        "\u{1f511}&",
        "0123456789012345678901234567890123456789012345678901234567890123456789",
    ]);
    let Ok(value) = serde_json::from_slice::<Value>(choices.0) else { return };
    let input = choices.0;
    // The whole name stands in front of each value, so long ones are not repeated without bound.
    let pairs = flatten(name, &value).expect("every JSON value has a flat form");
    assert_eq!(pairs, model::flatten(name, &value));
    assert!(check_finite(name, &value).is_ok());
    let pairs: Vec<(&str, &str)> =
        pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let size: usize = pairs.iter().map(|(name, value)| name.len() + value.len() + 2).sum();
    let query = sign::canonical_query(&pairs);
    assert_eq!(query, model::query(&pairs));

    let canonical = bounded(&vec![0; size], || rpc::canonical_query(method, &pairs));
    assert_eq!(canonical.as_str(), query);
    let expected = format!("{method}&%2F&{}", model::encode(&query));
    assert_eq!(canonical.string_to_sign(), expected);
    assert_eq!(
        rpc::signature(secret, &expected),
        model::hmac_sha1(&format!("{secret}&"), &expected)
    );

    let hash = acs3::payload_hash(input);
    assert_eq!(hash, model::sha256(input));
    let canonical = acs3::canonical_request(method, path, &query, &pairs, &hash);
    let (expected, signed) = model::canonical_request(method, path, &query, &pairs, &hash);
    assert_eq!(canonical.as_str(), expected);
    assert_eq!(canonical.signed_headers(), signed);
    let string_to_sign = acs3::string_to_sign(canonical.as_str());
    assert_eq!(string_to_sign, format!("ACS3-HMAC-SHA256\n{}", model::sha256(expected.as_bytes())));
    assert_eq!(
        acs3::signature(secret, &string_to_sign),
        model::hmac_sha256(secret, &string_to_sign)
    );

    let half = pairs.len() / 2;
    let (headers, query) = pairs.split_at(half);
    let signing = roa::SigningInput {
        method,
        accept: "application/json",
        content_md5: "",
        content_type: name,
        date: "Fri, 02 Jan 2026 03:04:05 GMT",
        headers,
        path,
        query,
    };
    let string_to_sign = roa::string_to_sign(&signing);
    assert_eq!(string_to_sign, model::roa_string_to_sign(&signing));
    assert_eq!(roa::signature(secret, &string_to_sign), model::hmac_sha1(secret, &string_to_sign));
}
