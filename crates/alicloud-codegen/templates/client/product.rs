{{ header }}
//! The product and its endpoints.

use alicloud_core::Product;

/// Product code, version and endpoints of {{ product.title_in_docs() }}.
{{ product.static_item() }}
{%- if !product.regions.is_empty() %}

/// The regions of the service: region id and host name, sorted by region id.
{{ product.regions_item() }}
{%- endif %}
