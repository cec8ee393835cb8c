{{ header }}
//! `{{ ty.name() }}`, a shared type.
{%- for line in imports %}
{{ line }}
{%- endfor %}

{{ ty.item() }}
