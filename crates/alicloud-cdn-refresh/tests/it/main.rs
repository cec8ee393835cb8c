//! Tests of the library's public API and of the command.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at the first error"
)]

#[cfg(feature = "cli")]
mod accounts;
mod command;
#[cfg(all(feature = "cli", unix))]
mod completions;
#[cfg(all(feature = "cli", unix))]
mod crash;
#[cfg(feature = "cli")]
mod deadline;
#[cfg(feature = "cli")]
mod errors;
#[cfg(feature = "cli")]
mod input_limits;
#[cfg(feature = "cli")]
mod inputs;
#[cfg(feature = "cli")]
mod interrupts;
mod journal;
#[cfg(feature = "cli")]
mod load;
mod lost;
#[cfg(all(feature = "cli", unix))]
mod machines;
mod model;
#[cfg(all(feature = "cli", unix))]
mod pipeline;
mod plan;
#[cfg(feature = "cli")]
mod process;
#[cfg(feature = "redis")]
mod rate_limited;
mod redis;
#[cfg(feature = "cli")]
mod resume;
mod spelling;
mod state;
mod submit;
mod support;
mod throttling;
mod timeout;
mod wait;
