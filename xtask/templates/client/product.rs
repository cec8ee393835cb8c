{{ header }}
//! The product and its endpoints.

use alicloud_core::Product;

/// What all operations of {{ product.title_in_docs() }} have in common.
{{ product.constant_item() }}
{%- if !product.regions.is_empty() %}

/// The endpoint of each region.
pub const REGIONS: [(&str, &str); {{ product.regions.len() }}] = [
{%- for (region, host) in product.regions %}
    ("{{ region }}", "{{ host }}"),
{%- endfor %}
];
{%- endif %}
