//! The library and the command, from outside.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where it fails"
)]

mod plan;
mod state;
mod submit;
mod support;
mod wait;
