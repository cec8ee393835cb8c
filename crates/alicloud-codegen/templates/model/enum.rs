alicloud_wire::open_enum! {
{{ enumeration.doc_lines() }}    pub enum {{ enumeration.name }} {
{%- for variant in enumeration.variants %}
{{ variant.doc_lines() }}        {{ variant.name }} = {{ variant.literal() }},
{%- endfor %}
    }
{%- for predicate in enumeration.predicates %}
    {{ predicate.name }}: {{ predicate.pattern() }};
{%- endfor %}
}
