{{ header }}
// sha256 of the description: {{ sha256 }}
//! A client for {{ product.title_in_docs() }} {{ product.version }}.
//!
//! Every operation is a method of [`Client`]. Requests and responses are in [`model`].
{%- if let Some(example) = product.client_example() %}
//!
{{ example }}
{%- endif %}
//!
//! A failed call returns an [`Error`] with the service's code, its message and the request id.
//! [`error_code`] has constants for the documented codes. Credentials, retry settings, waits and fakes for
//! tests are in [`runtime`].
{%- if !product.groups.is_empty() %}
//!
//! # Features
//!
//! Each group of operations is a feature, and `all-operations`, a default feature, is all of them. Without default
//! features, only the groups that are listed are compiled:
//!
{{ product.group_list() }}
{%- endif %}

{{ product.root_attributes() }}

{{ product.module_list() }}

pub use alicloud_core as runtime;
pub use alicloud_core::{Call, Error};
{%- if let Some(module) = product.model_crate_module() %}

#[doc(inline)]
pub use {{ module }} as model;
{%- endif %}

pub use client::Client;
{{ product.product_export() }}
