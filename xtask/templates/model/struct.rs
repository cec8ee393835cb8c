{{ structure.doc_block() }}
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
{% if structure.fields.is_empty() -%}
pub struct {{ structure.name }} {}
{%- else -%}
pub struct {{ structure.name }} {
{%- for field in structure.fields %}
{{ field.doc_block() }}{{ field.attribute("    ") }}
    pub {{ field.name }}: {{ field.rust_type() }},
{%- endfor %}
}
{%- endif -%}
