{{ header }}
// sha256 of the description: {{ sha256 }}
//! Requests, responses and enums of {{ product.title_in_docs() }} {{ product.version }}.
//!
//! {% if product.model_crate_module().is_some() %}This crate has types only; the crate `{{ product.client_crate }}` sends them.{% else %}This module has types only; [`Client`](super::Client) sends them.{% endif %} Create a request with
//! `new` and its setters. The fields of a response are public, and most are `Option`s, because the service
//! can omit them.
{%- if let Some(path) = product.nested_type() %}
//!
//! Requests and responses are at the root. The types of one operation are in its module, for example
//! [`{{ path }}`].
{%- endif %}
//!
{%- if let Some(example) = product.serde_example() %}
//! Every type reads and writes the service's own JSON with serde:
//!
//! ```
{{ example }}
//! ```
{%- else %}
//! Every type reads and writes the service's own JSON with serde.
{%- endif %}
{%- if !product.groups.is_empty() %}
//!
//! # Features
//!
//! Each group of operations is a feature, and `all-operations`, a default feature, is all of them. Without default
//! features, only the groups that are listed are compiled:
//!
{{ product.group_list() }}
{%- endif %}
{%- if !product.undocumented().is_empty() %}

#![allow(missing_docs, reason = "the API description does not document every item")]
{%- endif %}
{% for line in product.modules() %}
{{ line }}
{%- endfor %}
{% for line in product.exports() %}
{{ line }}
{%- endfor %}
