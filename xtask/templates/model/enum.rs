{{ enumeration.doc_block() }}
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum {{ enumeration.name }} {
{%- for variant in enumeration.variants %}
{{ variant.doc_block() }}
    {{ variant.name }},
{%- endfor %}
    /// A value that this version of the crate does not know.
    Unknown(alicloud_wire::Unknown),
}

alicloud_wire::open_enum! {
    {{ enumeration.name }} {
{%- for variant in enumeration.variants %}
        {{ variant.name }}: {{ variant.literal() }},
{%- endfor %}
    }
}
