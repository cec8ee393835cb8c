{{ header }}
//! Descriptions of the operations, which the methods of [`Client`]({{ root }}::Client) use.
{% for operation in operations %}
{{ operation.cfg_attribute() }}mod {{ operation.module }};
{%- endfor %}
{% for operation in exports %}
{{ operation.cfg_attribute() }}{{ operation.items_export() }}
{%- endfor %}
