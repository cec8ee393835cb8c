{{ header }}
//! `{{ operation.wire_in_docs() }}`.
{% for line in operation.client_imports(model_module) %}
{{ line }}
{%- endfor %}

/// How `{{ operation.wire_in_docs() }}` is called.
{{ operation.constant_item() }}

impl Client {
{{ operation.method_doc() }}
{%- if operation.deprecated %}
    #[deprecated = "the service has deprecated this operation"]
{%- endif %}
{{ operation.method_signature() }}
        self.core.call(&{{ operation.constant }}, &request)
    }
}
