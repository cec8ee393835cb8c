{{ header }}
{%- for line in operation.client_imports(product) %}
{{ line }}
{%- endfor %}

/// Description of `{{ operation.wire_in_docs() }}` for the runtime.
{{ operation.static_item() }}
{%- for waiter in operation.waiters %}

/// Settings of [`Client::{{ waiter.method }}`]: the items to poll and their final states.
{{ waiter.constant_item(operation.request, operation.static_name) }}
{%- endfor %}

impl Client {
{{ operation.method_doc() }}
{%- if let Some(example) = operation.method_example(product) %}
    ///
{{ example }}
{%- endif %}
{%- if operation.deprecated %}
    #[deprecated = "the service has deprecated this operation"]
{%- endif %}
{{ operation.method_signature() }}
        self.core.call(&{{ operation.static_name }}, &request)
    }
{%- if operation.pager.is_some() %}

    /// Returns a stream of the items of the requested page and of all pages after it.
{%- if let Some(example) = operation.items_example(product) %}
    ///
{{ example }}
{%- endif %}
{{ operation.paged_signature("items", "Items") }}
        self.core.items(&{{ operation.static_name }}, request)
    }

    /// Returns a stream of the requested page and of all pages after it. See
    /// [`{{ operation.paged_method("items") }}`](Self::{{ operation.paged_method("items") }}) for a stream of their items.
{{ operation.paged_signature("pages", "Pages") }}
        self.core.pages(&{{ operation.static_name }}, request)
    }
{%- endif %}
{%- for waiter in operation.waiters %}

{{ waiter.method_doc(operation.request) }}
{%- if let Some(example) = operation.wait_example(product, waiter) %}
    ///
{{ example }}
{%- endif %}
{{ waiter.method_signature(operation.request) }}
{{ waiter.method_body() }}
    }
{%- endfor %}
}
