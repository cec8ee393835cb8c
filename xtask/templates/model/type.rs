{{ header }}
//! `{{ one.name() }}`, which several operations share.
{%- for line in imports %}
{{ line }}
{%- endfor %}
{%- for item in one.items() %}

{{ item }}
{%- endfor %}
