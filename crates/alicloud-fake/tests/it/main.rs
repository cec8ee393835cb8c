//! Tests of the fake service over HTTP on loopback, by a client and a signer that share no code
//! with the crate.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "clippy.toml allows both in test functions; these are their helpers"
)]

mod broken_connections;
mod cdn;
mod client;
#[cfg(feature = "cli")]
mod command;
mod describe_task_by_id;
mod early_responses;
mod errors;
mod faults;
mod formats;
mod handlers;
mod lifecycle;
mod listing;
mod quotas;
mod recorded;
mod roa;
mod robustness;
#[cfg(feature = "cli")]
mod script;
mod scripted;
mod sign;
mod signatures;
mod simulation;
mod spec;
mod speed;
mod stale_reads;
mod submit;
