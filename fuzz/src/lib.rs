//! The checks of the fuzz targets, one module each; see the README.

pub mod credentials;
pub mod descriptions;
pub mod errors;
pub mod json;
pub mod plans;
pub mod requests;
pub mod states;
pub mod xml;

mod cost;
mod description;
mod growth;
mod request_model;
mod runtime;
mod secrets;
mod tokens;
mod types;
