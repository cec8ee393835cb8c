{{ header }}
//! Types of `{{ operation.wire_in_docs() }}`.
{%- for line in operation.imports(product) %}
{{ line }}
{%- endfor %}
{%- for item in operation.items() %}

{{ item }}
{%- endfor %}
