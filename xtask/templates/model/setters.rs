alicloud_wire::setters! {
    {{ structure.name }} {
{%- for field in structure.optional_fields() %}
        {{ field.name }}: {{ field.setter_kind() }},
{%- endfor %}
    }
}
