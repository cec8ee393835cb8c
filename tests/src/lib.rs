//! What crosses crates is tested in `tests/`; there is nothing here to use.
//!
//! The code of the README is a documentation test of this crate.

#[doc = include_str!("../../README.md")]
#[cfg(doctest)]
pub struct Readme;
