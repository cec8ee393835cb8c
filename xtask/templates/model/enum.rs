{{ one.doc_block() }}
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum {{ one.name }} {
{%- for variant in one.variants %}
{{ variant.doc_block() }}
    {{ variant.name }},
{%- endfor %}
    /// A value that this version does not know.
    Unknown(alicloud_wire::Unknown),
}

alicloud_wire::open_enum! {
    {{ one.name }} {
{%- for variant in one.variants %}
        {{ variant.name }}: {{ variant.literal() }},
{%- endfor %}
    }
}
