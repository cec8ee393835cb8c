//! Calls of every operation of every committed product, derived from the descriptions.
//!
//! [`description`] reads them, [`sample`] makes values of their types, and [`case`] three [cases](case::Case) of an
//! operation: parameters, how they are sent, and a response in JSON and XML. [`operations`] are our calls, and [`run`]
//! makes the calls with ours or with an official client. [`compare`] finds the differences of ours from the case, and
//! of an official client from ours.

pub(crate) mod case;
mod compare;
pub(crate) mod description;
#[cfg(feature = "operations")]
pub(crate) mod operations;
pub(crate) mod our_client;
pub(crate) mod report;
pub(crate) mod run;
mod sample;
