alicloud_wire::record! {
    {{ one.name }} {
{%- for field in one.fields %}
        {{ field.name }}: {{ field.wire_text() }},
{%- endfor %}
    }
}
