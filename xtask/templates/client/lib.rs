{{ header }}
// sha256 of the description: {{ sha256 }}
//! A client of {{ product.title_in_docs() }} {{ product.version }}.
//!
//! Every operation is a method of [`Client`]; its request and its response are in [`model`].
//!
//! ```no_run
{{ example }}
//! ```
//!
//! Errors are one type, [`Error`], with the service's code, its message and the request id;
//! [`error_code`] has the documented codes as constants.

mod client;
pub mod error_code;
pub mod operations;
mod product;

pub use alicloud_core::{Call, Error};

#[doc(inline)]
pub use {{ model_module }} as model;

pub use client::Client;
{{ product.product_export() }}
