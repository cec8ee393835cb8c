{{ header }}
//! The documented error codes, to compare with [`Error::code`](alicloud_core::Error::code).
//!
//! The service can return other codes, which have no constant.
{%- for code in codes %}

{{ code.doc_block() }}
{{ code.constant_item() }}
{%- endfor %}
