{{ header }}
//! The documented error codes, to compare with [`Error::code`](alicloud_core::Error::code).
//!
//! The service can return other codes, which have no constant.
{%- if has_undocumented %}

#![allow(missing_docs, reason = "the API description does not document every error code")]
{%- endif %}
{%- for code in codes %}

{{ code.doc_lines() }}{{ code.constant_item() }}
{%- endfor %}
