//! Which endpoints a client accepts, and how errors quote the others.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use alicloud_core::credentials::AssumeRole;
use alicloud_core::testing::FakeTransport;
use alicloud_core::{Client, ClientBuilder, Credentials};
use common::*;

#[test]
fn endpoints_are_hosts_with_labels_of_limited_length() {
    let new = |endpoint: &str| {
        ClientBuilder::<Client>::new(&CDN).transport(FakeTransport::new()).endpoint(endpoint)
    };
    let label = |length| "a".repeat(length);
    // 253 characters: three labels of 63 and one of 61, with three dots.
    let long = [63, 63, 63, 61].map(label).join(".");
    for host in ["a-b_c.1", &label(63), &long, "[::1]"] {
        assert_eq!(new(host).build().unwrap().endpoint(), format!("https://{host}"));
    }
    for host in ["-a", "a-", "a..b", "a.-b", "a+b", "[1.2.3.4]", &label(64), &format!("{long}a")] {
        let error = new(host).build().unwrap_err().to_string();
        assert!(error.contains(&format!("the endpoint {host:?} is not a host")), "{error}");
    }
    let has_scheme = "has a scheme other than https and http";
    for (endpoint, shown) in [
        ("ftp://user:sesame@host", "ftp://host"),
        ("ftp://user:sesame%40host", "ftp://host"),
        ("user:sesame@ftp://host", "host"),
        ("user:sesame%40ftp://host", "host"),
        ("ftp://host", "ftp://host"),
    ] {
        let error = new(endpoint).build().unwrap_err().to_string();
        assert!(error.contains(&format!("the endpoint {shown:?} {has_scheme}")), "{error}");
        let role = AssumeRole::new(Credentials::new("id", "secret"), "acs:ram::1:role/r");
        let debug = format!("{:?}", role.endpoint(endpoint));
        assert!(debug.contains(&format!("{shown:?}")) && !debug.contains("sesame"), "{debug}");
    }
    let client = new("http://host:80").build().unwrap();
    assert!(format!("{client:?}").contains("http://host"), "{client:?}");
}
