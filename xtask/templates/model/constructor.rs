impl {{ structure.name }} {
    /// {{ structure.new_doc() }}
{{ structure.new_signature() }}
{{ structure.new_body() }}
    }
}
