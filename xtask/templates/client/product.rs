{{ header }}
//! The product and its endpoints.

use alicloud_core::Product;

/// Product code, version and endpoints of {{ product.title_in_docs() }}.
{{ product.constant_item() }}
{%- if !product.regions.is_empty() %}

/// Region ids and their endpoints.
pub const REGIONS: [(&str, &str); {{ product.regions.len() }}] = [
{%- for (region, host) in product.regions %}
    ("{{ region }}", "{{ host }}"),
{%- endfor %}
];
{%- endif %}
