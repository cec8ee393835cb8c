alicloud_wire::open_enum! {
{{ enumeration.doc_block() }}
    pub enum {{ enumeration.name }} {
{%- for variant in enumeration.variants %}
{{ variant.doc_block() }}
        {{ variant.name }} = {{ variant.literal() }},
{%- endfor %}
    }
{%- for predicate in enumeration.predicates %}
    {{ predicate.name }}: {{ predicate.pattern() }};
{%- endfor %}
}
