//! The service double, as a client sees it: real HTTP over loopback, by a client and a signer that
//! share nothing with the crate.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "clippy.toml permits both in test functions; these are their helpers"
)]

mod broken;
mod cdn;
mod client;
#[cfg(feature = "cli")]
mod command;
mod described;
mod faults;
mod formats;
mod life;
mod listing;
mod operation;
mod quotas;
mod recorded;
mod refusals;
mod roa;
mod robustness;
#[cfg(feature = "cli")]
mod script;
mod scripted;
mod sign;
mod signatures;
mod simulation;
mod speed;
mod stale;
mod submit;
