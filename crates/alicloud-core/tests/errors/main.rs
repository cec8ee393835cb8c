//! Errors of a call: what the service, a proxy or a transport said, and what follows from it.

#[path = "../common/mod.rs"]
mod common;
mod in_success;
mod invalid_text;
mod kind;
mod mismatch;
mod responses;
mod texts;
