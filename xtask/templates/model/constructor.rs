impl {{ one.name }} {
    /// {{ one.new_doc() }}
{{ one.new_signature() }}
{{ one.new_body() }}
    }
}
