alicloud_wire::{{ macro_name }}! {
{{ structure.doc_block() }}{{ structure.derive() }}
{% if structure.fields.is_empty() -%}
{#- #}    pub struct {{ structure.name }}{{ structure.argument_list() }}{{ arrow }} {}
{%- else -%}
{#- #}    pub struct {{ structure.name }}{{ structure.argument_list() }}{{ arrow }} {
{%- for field in structure.fields %}
{{ field.doc_block() }}{{ field.attribute() }}
{{ field.declaration() }}
{%- endfor %}
    }
{%- endif %}
}
