alicloud_wire::request! {
    {{ one.name }} => {{ response }} {
{%- for field in one.fields %}
        {{ field.name }}: {{ field.wire_text() }} => {{ field.travels_text() }},
{%- endfor %}
    }
}
