{{ header }}
//! Named types, which several operations can use.
{% for file in files %}
mod {{ file }};
{%- endfor %}
{% for line in exports %}
{{ line }}
{%- endfor %}
