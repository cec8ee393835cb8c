{{ header }}
//! Named types, which several operations can use.
{% for module in modules %}
{{ module }}
{%- endfor %}
{% for line in exports %}
{{ line }}
{%- endfor %}
