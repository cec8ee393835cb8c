//! Calls with the fake transport: the requests sent and the values returned.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "../common/mod.rs"]
mod common;
mod configuration;
mod futures;
mod requests;
mod responses;
mod shown;
