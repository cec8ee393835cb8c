impl {{ structure.name }} {
{%- for reading in structure.readings() -%}
{%- if !loop.first %}
{% endif %}
    /// {{ reading.doc() }}
    pub fn {{ reading.method }}(&self) -> {{ reading.rust_type() }} {
        self.{{ reading.field }}.as_deref().{{ reading.call() }}
    }
{%- endfor %}
}
