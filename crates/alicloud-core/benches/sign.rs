//! Time to encode and sign one request, compared with hashing the same bytes.
//!
//! `floor` is the lower bound of any implementation: the hashes and the HMAC. `encode_and_sign` starts
//! with the request struct and ends with the value of `Authorization` or `Signature`.

#![allow(clippy::unwrap_used, reason = "a bench fails by panicking")]

use alicloud_core::sign::{self, acs3, rpc};
use alicloud_core::wire::request::encode;
use divan::{Bencher, black_box};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

const SECRET: &str = "ThirtyCharactersOfKeyMaterial0";

alicloud_core::wire::request! {
    struct DescribeRefreshTaskByIdRequest -> () {
        task_ids: Vec<String> = query("TaskId").comma_list().items(1, 10),
    }
}

fn main() {
    divan::main();
}

fn request() -> DescribeRefreshTaskByIdRequest {
    DescribeRefreshTaskByIdRequest {
        task_ids: vec!["704225667".to_owned(), "704222904".to_owned()],
    }
}

fn acs3_canonical(request: &DescribeRefreshTaskByIdRequest) -> acs3::CanonicalRequest {
    let parts = encode(request).unwrap();
    let pairs: Vec<(&str, &str)> =
        parts.query.iter().map(|(name, value)| (&**name, &**value)).collect();
    let query = sign::canonical_query(&pairs);
    let hash = acs3::payload_hash(b"");
    let headers = [
        ("accept", "application/json"),
        ("host", "cdn.aliyuncs.com"),
        ("x-acs-action", "DescribeRefreshTaskById"),
        ("x-acs-content-sha256", hash.as_str()),
        ("x-acs-date", "2026-01-02T03:04:05Z"),
        ("x-acs-signature-nonce", "3156853299f313e23d1673dc12e1703d"),
        ("x-acs-version", "2018-05-10"),
    ];
    acs3::canonical_request("POST", "/", &query, &headers, &hash)
}

fn rpc_canonical(request: &DescribeRefreshTaskByIdRequest) -> rpc::CanonicalQuery {
    let parts = encode(request).unwrap();
    let mut pairs = Vec::with_capacity(parts.query.len() + 8);
    pairs.extend([
        ("AccessKeyId", "LTAI5tExampleExampleExam"),
        ("Action", "DescribeRefreshTaskById"),
        ("Format", "JSON"),
        ("SignatureMethod", "HMAC-SHA1"),
        ("SignatureNonce", "3156853299f313e23d1673dc12e1703d"),
        ("SignatureVersion", "1.0"),
        ("Timestamp", "2026-01-02T03:04:05Z"),
        ("Version", "2018-05-10"),
    ]);
    pairs.extend(parts.query.iter().map(|(name, value)| (&**name, &**value)));
    rpc::canonical_query("POST", &pairs)
}

#[divan::bench(name = "acs3 floor")]
fn acs3_floor(bencher: Bencher<'_, '_>) {
    let canonical = acs3_canonical(&request());
    let string_to_sign = acs3::string_to_sign(canonical.as_str());
    bencher.bench(|| {
        let hash = Sha256::digest(black_box(canonical.as_str()));
        let mut mac = Hmac::<Sha256>::new_from_slice(black_box(SECRET).as_bytes()).unwrap();
        mac.update(black_box(&string_to_sign).as_bytes());
        (hash, mac.finalize().into_bytes())
    });
}

#[divan::bench(name = "acs3 encode_and_sign")]
fn acs3_encode_and_sign(bencher: Bencher<'_, '_>) {
    let request = request();
    bencher.bench(|| {
        let canonical = acs3_canonical(black_box(&request));
        let string_to_sign = acs3::string_to_sign(canonical.as_str());
        let signature = acs3::signature(black_box(SECRET), &string_to_sign);
        acs3::authorization("LTAI5tExampleExampleExam", canonical.signed_headers(), &signature)
    });
}

#[divan::bench(name = "rpc floor")]
fn rpc_floor(bencher: Bencher<'_, '_>) {
    let canonical = rpc_canonical(&request());
    let key = format!("{SECRET}&");
    bencher.bench(|| {
        let mut mac = Hmac::<Sha1>::new_from_slice(black_box(&key).as_bytes()).unwrap();
        mac.update(black_box(canonical.string_to_sign()).as_bytes());
        mac.finalize().into_bytes()
    });
}

#[divan::bench(name = "rpc encode_and_sign")]
fn rpc_encode_and_sign(bencher: Bencher<'_, '_>) {
    let request = request();
    bencher.bench(|| {
        let canonical = rpc_canonical(black_box(&request));
        let signature = rpc::signature(black_box(SECRET), canonical.string_to_sign());
        (canonical, signature)
    });
}
