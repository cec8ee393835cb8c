{{ header }}
//! `{{ ty.name() }}`, a shared type.
{%- for line in imports %}
{{ line }}
{%- endfor %}
{%- for item in ty.items() %}

{{ item }}
{%- endfor %}
