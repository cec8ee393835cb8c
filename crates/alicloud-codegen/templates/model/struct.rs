{{ structure.doc_lines() }}    pub struct {{ structure.name }}{{ structure.argument_list() }}{{ structure.partial() }}{{ arrow }} {
{%- if structure.fields.is_empty() %}}
{%- else %}
{%- for field in structure.fields %}
{{ field.doc_lines() }}{{ field.attribute() }}{{ field.declaration() }}
{%- endfor %}
    }
{%- endif %}
