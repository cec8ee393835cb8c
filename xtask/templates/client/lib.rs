{{ header }}
// sha256 of the description: {{ sha256 }}
//! A client for {{ product.title_in_docs() }} {{ product.version }}.
//!
//! Every operation is a method of [`Client`]. Requests and responses are in [`model`].
//!
{{ example }}
//!
//! A failed call returns an [`Error`] with the service's code, its message and the request id.
//! [`error_code`] has constants for the documented codes. Credentials, retry settings, waits and fakes for
//! tests are in [`runtime`].

#![cfg_attr(docsrs, feature(doc_cfg))]

mod client;
pub mod error_code;
pub mod operations;
mod product;

pub use alicloud_core as runtime;
pub use alicloud_core::{Call, Error};

#[doc(inline)]
pub use {{ model_module }} as model;

pub use client::Client;
{{ product.product_export() }}
