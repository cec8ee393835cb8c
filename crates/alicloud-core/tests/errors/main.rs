//! Errors of a call: what the service, a proxy or a transport said, and what follows from it.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "../common/mod.rs"]
mod common;
mod credentials;
mod in_success;
mod invalid_text;
mod kind;
mod mismatch;
mod mismatch_secrets;
mod responses;
mod retry_after;
mod sizes;
mod texts;
