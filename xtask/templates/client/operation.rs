{{ header }}
//! The operation `{{ operation.wire_in_docs() }}`.
{% for line in operation.client_imports(model_module) %}
{{ line }}
{%- endfor %}

/// Description of `{{ operation.wire_in_docs() }}` for the runtime.
{{ operation.constant_item() }}
{%- for waiter in operation.waiters %}

/// Settings of [`Client::{{ waiter.method }}`]: the items to poll and their final states.
{{ waiter.constant_item(operation.request, operation.constant) }}
{%- endfor %}

impl Client {
{{ operation.method_doc() }}
    ///
{{ operation.method_example(product) }}
{%- if operation.deprecated %}
    #[deprecated = "the service has deprecated this operation"]
{%- endif %}
{{ operation.method_signature() }}
        self.core.call(&{{ operation.constant }}, &request)
    }
{%- if operation.pager.is_some() %}

    /// Returns a stream of the items of all pages of [`{{ operation.wire_in_docs() }}`](Self::{{ operation.file }}),
    /// starting with the page of the request.
    ///
{{ operation.items_example(product) }}
{{ operation.paged_signature("items", "Items") }}
        self.core.items(&{{ operation.constant }}, request)
    }

    /// Returns a stream of the pages of [`{{ operation.wire_in_docs() }}`](Self::{{ operation.file }}),
    /// starting with the page of the request.
    ///
{{ operation.pages_example(product) }}
{{ operation.paged_signature("pages", "Pages") }}
        self.core.pages(&{{ operation.constant }}, request)
    }
{%- endif %}
{%- for waiter in operation.waiters %}

{{ waiter.method_doc(operation.request) }}
    ///
{{ operation.wait_example(product, waiter) }}
{{ waiter.method_signature(operation.request) }}
{{ waiter.method_body() }}
    }
{%- endfor %}
}
