//! Tests with a real Redis server; skipped with a line on the standard error where it is not installed.
#![allow(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod connection;
mod limits;
mod logs;
