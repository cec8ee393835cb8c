alicloud_wire::setters! {
    {{ structure.name }} {
{%- for field in structure.optional_fields() %}{{ field.attribute("        ") }}
        {{ field.name }}: {{ field.setter_kind() }},
{%- endfor %}
    }
}
