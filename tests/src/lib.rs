//! Integration tests of several crates, in `tests/`. The library is empty.
//!
//! Its documentation tests run the code of the README.

#[doc = include_str!("../../README.md")]
#[cfg(doctest)]
pub struct Readme;
