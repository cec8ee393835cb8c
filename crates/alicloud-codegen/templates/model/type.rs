{{ header }}
{%- for line in imports %}
{{ line }}
{%- endfor %}

{{ ty.item() }}
