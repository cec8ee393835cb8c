{{ header }}
// sha256 of the description: {{ sha256 }}
//! The requests, responses and enums of {{ product.title_in_docs() }} {{ product.version }}.
//!
//! Types only; the crate `{{ product.client_crate }}` sends them. A request is made with `new`
//! and its setters. A response has public fields, which are `Option`s where the service may leave one out.
{%- if let Some(example) = product.serde_example() %}
//! Every type reads and writes the service's own JSON with serde:
//!
//! ```
{{ example }}
//! ```
{%- else %}
//! Every type reads and writes the service's own JSON with serde.
{%- endif %}
{% for line in product.modules() %}
{{ line }}
{%- endfor %}
{% for line in product.exports() %}
{{ line }}
{%- endfor %}
