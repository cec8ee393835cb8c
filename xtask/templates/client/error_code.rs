{{ header }}
//! The documented error codes, to compare with [`Error::code`](alicloud_core::Error::code).
//!
//! The service may answer with others; nothing is lost then, there is only no constant for it.
{%- for code in codes %}

{{ code.doc_block() }}
{{ code.constant_item() }}
{%- endfor %}
