impl {{ one.name }} {
{%- for reading in one.readings() -%}
{%- if !loop.first %}
{% endif %}
    /// {{ reading.doc() }}
    pub fn {{ reading.method }}(&self) -> Option<{{ reading.rust_type() }}> {
        self.{{ reading.field }}.as_deref().and_then(reading::{{ reading.function() }})
    }
{%- endfor %}
}
