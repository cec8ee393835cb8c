//! Written calls of the refresh operations of CDN: errors, tokens, and the states of tasks.
//!
//! Every client runs the same [`cases`] in the same order, against a [`service`] whose clock only moves on request.
//! [`case_differences`] finds the differences.

mod call;
mod case_differences;
pub(crate) mod cases;
pub(crate) mod client;
pub(crate) mod comparison;
mod invocations;
mod our_client;
pub(crate) mod run;
mod service;
