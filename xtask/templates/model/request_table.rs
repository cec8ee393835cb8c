alicloud_wire::request! {
    {{ structure.name }} => {{ response }} {
{%- for field in structure.fields %}
        {{ field.name }}: {{ field.wire_text() }} => {{ field.travels_text() }},
{%- endfor %}
    }
}
