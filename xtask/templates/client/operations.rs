{{ header }}
//! How each operation is called: the constants behind the methods of [`Client`](crate::Client).
{% for operation in operations %}
{{ operation.gate() }}mod {{ operation.module }};
{%- endfor %}
{% for operation in operations %}
{{ operation.gate() }}{{ operation.constants_export() }}
{%- endfor %}
