alicloud_wire::record! {
    {{ structure.name }} {
{%- for field in structure.fields %}
        {{ field.name }}: {{ field.wire_text() }},
{%- endfor %}
    }
}
