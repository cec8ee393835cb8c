{{ one.doc_block() }}
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
{% if one.fields.is_empty() -%}
pub struct {{ one.name }} {}
{%- else -%}
pub struct {{ one.name }} {
{%- for field in one.fields %}
{{ field.doc_block() }}
    pub {{ field.name }}: {{ field.rust_type() }},
{%- endfor %}
}
{%- endif -%}
