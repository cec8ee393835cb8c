//! Tests of several crates are in `tests/`. The library is empty.

#[cfg(doctest)]
#[doc = include_str!("../../crates/alicloud-cdn/README.md")]
struct ClientReadme;
