{{ header }}
//! Types that several operations share.
{% for file in files %}
mod {{ file }};
{%- endfor %}
{% for line in exports %}
{{ line }}
{%- endfor %}
