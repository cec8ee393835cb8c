//! A signed text can contain a security token. It is wiped when it is dropped, but only if it never moved to a larger
//! place: what is left in the old one is not wiped. So each text is allocated once, with the size that it needs.
#![allow(clippy::print_stdout, reason = "a test may print")]

use alicloud_core::sign::{self, acs3, roa, rpc};
use peak_alloc::PeakAlloc;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// The size of each part of a signed text.
const PART: usize = 4 << 10;

/// What else is allocated, in bytes: lists of references, hashes.
const REST: usize = PART / 4;

/// Asserts that `sign` needs no more memory than its texts, whose size it returns together with them.
fn assert_allocated_once<T>(name: &str, sign: impl FnOnce() -> (T, usize)) {
    ALLOCATOR.reset_peak_usage();
    let before = ALLOCATOR.current_usage();
    let (_texts, size) = sign();
    let peak = ALLOCATOR.peak_usage() - before;
    println!("{name}: {peak} bytes for texts of {size}");
    assert!((size..size + REST).contains(&peak), "{name}: {peak} bytes for texts of {size}");
}

// One test: the memory of others would count, too.
#[test]
fn signed_texts_are_allocated_once() {
    let part = |text: &str| text.repeat(PART / text.len());
    let (plain, reserved) = (part("a"), part("a/"));
    let long_name = format!("x-acs-{plain}");
    let headers = [("host", plain.as_str()), (long_name.as_str(), plain.as_str())];

    for pairs in [
        &[("SecurityToken", reserved.as_str())][..],
        &[(reserved.as_str(), "a")],
        &[("A", plain.as_str()), ("B", reserved.as_str()), (reserved.as_str(), reserved.as_str())],
        &[("/", "/"), ("A", ""), ("B", "b")],
    ] {
        assert_allocated_once("canonical query", || {
            let query = sign::canonical_query(pairs);
            let size = query.len();
            (query, size)
        });
        assert_allocated_once("query of RPC", || {
            let query = rpc::canonical_query("POST", pairs);
            let size = query.as_str().len() + query.string_to_sign().len();
            (query, size)
        });
    }
    assert_allocated_once("canonical request", || {
        let request = acs3::canonical_request(&plain, &plain, &plain, &headers, &plain);
        let size = request.as_str().len();
        (request, size)
    });
    assert_allocated_once("string to sign of ROA", || {
        let text = roa::string_to_sign(&roa::SigningInput {
            method: &plain,
            accept: &plain,
            content_md5: &plain,
            content_type: &plain,
            date: &plain,
            headers: &headers[1..],
            path: &plain,
            query: &[(plain.as_str(), plain.as_str())],
        });
        // The name of the header is copied in lower case.
        let size = text.len() + long_name.len();
        (text, size)
    });
}
