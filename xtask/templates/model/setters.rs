alicloud_wire::setters! {
    {{ one.name }} {
{%- for field in one.optional_fields() %}
        {{ field.name }}: {{ field.setter_kind() }},
{%- endfor %}
    }
}
