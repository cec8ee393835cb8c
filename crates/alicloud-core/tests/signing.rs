//! All recorded test vectors, step by step: requests of the official clients and examples of the
//! service's documentation.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeMap;

use alicloud_core::sign::{self, SignatureVersion, acs3, roa, rpc};
use alicloud_core::wire::{flatten, percent_decode};
use serde_json::Value;

fn vectors(name: &str) -> Vec<Value> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors");
    let text = std::fs::read_to_string(format!("{folder}/{name}.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}

type Pairs = Vec<(String, String)>;

fn strings(object: &Value) -> Pairs {
    let entries = object.as_object().into_iter().flatten();
    entries.map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned())).collect()
}

fn decoded(query: &str) -> Pairs {
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap();
            (percent_decode(name).into_owned(), percent_decode(value).into_owned())
        })
        .collect()
}

fn borrowed(pairs: &Pairs) -> Vec<(&str, &str)> {
    pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

/// Flattens the parameters of a vector with `alicloud-wire`.
fn flattened(parameters: &Value) -> Pairs {
    let entries = parameters.as_object().into_iter().flatten();
    entries.flat_map(|(name, value)| flatten(name, value).unwrap()).collect()
}

fn sorted(mut pairs: Pairs) -> Pairs {
    pairs.sort();
    pairs
}

#[test]
fn acs3_matches_the_official_client() {
    let vectors = vectors("v3_node_tea");
    assert_eq!(vectors.len(), 33);
    for vector in vectors {
        let (id, inputs, outputs) = (text(&vector, "id"), &vector["inputs"], &vector["outputs"]);
        let headers = strings(&outputs["headers"]);
        let query = decoded(text(outputs, "raw_query_as_sent"));
        assert_eq!(sorted(flattened(&inputs["query_params"])), sorted(query.clone()), "{id}");

        let hash = acs3::payload_hash(text(outputs, "body").as_bytes());
        let query = sign::canonical_query(&borrowed(&query));
        let canonical = acs3::canonical_request(
            text(inputs, "method"),
            text(inputs, "path"),
            &query,
            &borrowed(&headers),
            &hash,
        );
        assert_eq!(canonical.as_str(), text(outputs, "canonical_request"), "{id}");
        let names: Vec<&str> = outputs["signed_headers"]
            .as_array()
            .unwrap()
            .iter()
            .map(|name| name.as_str().unwrap())
            .collect();
        assert_eq!(canonical.signed_headers(), names.join(";"), "{id}");
        assert_eq!(
            acs3::payload_hash(canonical.as_str().as_bytes()),
            text(outputs, "hashed_canonical_request"),
            "{id}",
        );
        let string_to_sign = acs3::string_to_sign(canonical.as_str());
        assert_eq!(string_to_sign, text(outputs, "string_to_sign"), "{id}");
        let signature = acs3::signature(text(inputs, "access_key_secret"), &string_to_sign);
        assert_eq!(signature, text(outputs, "signature"), "{id}");
        assert_eq!(
            acs3::authorization(
                text(inputs, "access_key_id"),
                canonical.signed_headers(),
                &signature
            ),
            text(outputs, "authorization"),
            "{id}",
        );
    }
}

#[test]
fn versions_have_the_names_of_their_algorithms() {
    let names =
        [SignatureVersion::default(), SignatureVersion::Hmac1].map(SignatureVersion::as_str);
    assert_eq!(names, ["ACS3-HMAC-SHA256", "HMAC-SHA1"]);
}

#[test]
fn acs3_accepts_headers_in_any_order_and_case() {
    let expected = acs3::canonical_request(
        "GET",
        "/",
        "",
        &[("content-type", "text/plain"), ("host", "h"), ("x-acs-a", "1,2"), ("x-acs-b", "3")],
        "00",
    );
    let other = acs3::canonical_request(
        "GET",
        "",
        "",
        &[
            ("X-Acs-B", " 3 "),
            ("x-acs-a", "2"),
            ("Host", "h"),
            ("X-ACS-A", "1"),
            ("Content-Type", "text/plain"),
            ("Authorization", "no"),
            ("X-Ac", "no"),
            ("User-Agent", "no"),
        ],
        "00",
    );
    assert_eq!(other, expected);
    assert_eq!(other.signed_headers(), "content-type;host;x-acs-a;x-acs-b");
    for name in ["Host", "HOst", "hOsT", "HOST"] {
        let canonical = acs3::canonical_request("GET", "/", "", &[(name, "h")], "00");
        assert_eq!(canonical.as_str(), "GET\n/\n\nhost:h\n\nhost\n00", "{name}");
    }
}

#[test]
fn a_canonical_query_is_not_shown() {
    let canonical = rpc::canonical_query("GET", &[("SecurityToken", "sesame")]);
    assert_eq!(format!("{canonical:?}"), "CanonicalQuery");
}

#[test]
fn rpc_matches_the_official_client() {
    let vectors = vectors("v1_rpc_node_tea");
    assert_eq!(vectors.len(), 23);
    for vector in vectors {
        let (id, inputs, outputs) = (text(&vector, "id"), &vector["inputs"], &vector["outputs"]);
        let mut signed = decoded(text(outputs, "raw_query_as_sent"));
        signed.retain(|(name, _)| name != "Signature");
        signed.extend(decoded(text(outputs, "body")));

        let mut parameters = flattened(&inputs["query_params"]);
        parameters.extend(flattened(&inputs["form_params"]));
        for pair in parameters {
            assert!(signed.contains(&pair), "{id}: {pair:?}");
        }
        let canonical = rpc::canonical_query(text(inputs, "method"), &borrowed(&signed));
        assert_eq!(canonical.as_str(), sign::canonical_query(&borrowed(&signed)), "{id}");
        assert_eq!(canonical.string_to_sign(), text(outputs, "string_to_sign"), "{id}");
        let signature =
            rpc::signature(text(inputs, "access_key_secret"), canonical.string_to_sign());
        assert_eq!(signature, text(outputs, "signature"), "{id}");
    }
}

#[test]
fn roa_matches_the_official_client() {
    let vectors = vectors("v1_roa_node_tea");
    assert_eq!(vectors.len(), 10);
    for vector in vectors {
        let (id, inputs, outputs) = (text(&vector, "id"), &vector["inputs"], &vector["outputs"]);
        let headers = strings(&outputs["headers"]);
        let header = |name: &str| {
            let header = headers.iter().find(|(known, _)| known == name);
            header.map(|(_, value)| value.as_str()).unwrap_or_default()
        };
        let query = decoded(text(outputs, "raw_query_as_sent"));
        let string_to_sign = roa::string_to_sign(&roa::SigningInput {
            method: text(inputs, "method"),
            accept: header("accept"),
            content_md5: header("content-md5"),
            content_type: header("content-type"),
            date: header("date"),
            headers: &borrowed(&headers),
            path: text(inputs, "path"),
            query: &borrowed(&query),
        });
        assert_eq!(string_to_sign, text(outputs, "string_to_sign"), "{id}");
        let signature = roa::signature(text(inputs, "access_key_secret"), &string_to_sign);
        assert_eq!(signature, text(outputs, "signature"), "{id}");
        let authorization = roa::authorization(text(inputs, "access_key_id"), &signature);
        assert_eq!(authorization, text(outputs, "authorization"), "{id}");
    }
}

#[test]
fn matches_the_documented_examples() {
    let vectors = vectors("documented_examples");
    assert_eq!(vectors.len(), 2);
    for vector in vectors {
        let id = text(&vector, "id");
        if text(&vector, "scheme") == acs3::ALGORITHM {
            let headers = strings(&vector["headers"]);
            let canonical = acs3::canonical_request(
                text(&vector, "method"),
                text(&vector, "path"),
                &sign::canonical_query(&borrowed(&strings(&vector["query"]))),
                &borrowed(&headers),
                &acs3::payload_hash(b""),
            );
            let string_to_sign = acs3::string_to_sign(canonical.as_str());
            assert!(string_to_sign.ends_with(text(&vector, "hashed_canonical_request")), "{id}");
            let signature = acs3::signature(text(&vector, "access_key_secret"), &string_to_sign);
            assert_eq!(signature, text(&vector, "signature"), "{id}");
        } else {
            let params = strings(&vector["params"]);
            let canonical = rpc::canonical_query(text(&vector, "method"), &borrowed(&params));
            let string_to_sign = canonical.string_to_sign();
            assert_eq!(string_to_sign, text(&vector, "string_to_sign"), "{id}");
            let signature = rpc::signature(text(&vector, "access_key_secret"), string_to_sign);
            assert_eq!(signature, text(&vector, "signature"), "{id}");
        }
    }
}

#[test]
fn rpc_matches_the_sts_requests_of_the_official_credentials_library() {
    let vectors = vectors("sts_requests_python");
    assert_eq!(vectors.len(), 3);
    let mut signed_requests = 0;
    for vector in vectors {
        let outputs = &vector["outputs"];
        let mut pairs = strings(&outputs["query_decoded"]);
        let Some(index) = pairs.iter().position(|(name, _)| name == "Signature") else {
            continue;
        };
        let (_, expected) = pairs.remove(index);
        let canonical = rpc::canonical_query(text(outputs, "method"), &borrowed(&pairs));
        // The secret that the vectors were recorded with.
        let signature = rpc::signature("testAccessKeySecret", canonical.string_to_sign());
        assert_eq!(signature, expected, "{}", text(&vector, "id"));
        signed_requests += 1;
    }
    assert_eq!(signed_requests, 2);
}

#[test]
fn flattening_matches_the_official_clients() {
    let vectors = vectors("flatten");
    assert_eq!(vectors.len(), 25);
    for vector in vectors {
        let input = &vector["input"];
        let actual: BTreeMap<String, String> = flattened(input).into_iter().collect();
        let expected: BTreeMap<String, String> =
            strings(&vector["expected_query"]).into_iter().collect();
        assert_eq!(actual, expected, "{}", text(&vector, "id"));
    }
}
