{{ header }}
{%- for line in operation.client_imports() %}
{{ line }}
{%- endfor %}

/// Description of `{{ operation.wire_in_docs() }}` for the runtime.
{{ operation.constant_item() }}
{%- if let Some(waiter) = operation.waiter %}

/// Settings of [`Client::{{ waiter.method }}`]: the items to poll and their final states.
pub const {{ waiter.constant() }}: Waiter<{{ operation.request.name }}, {{ waiter.item }}> = Waiter::new(
    &{{ operation.constant }},
    "{{ waiter.parameter }}",
    |ids| {{ operation.request.name }}::new(ids),
    |response| response.{{ waiter.items }},
    |item| item.{{ waiter.id }}.as_deref(),
    |item| {{ waiter.state_text() }},
)
{%- if let Some(detail) = waiter.detail %}
.detail(|item| item.{{ detail }}.as_deref())
{%- endif %}
.success(&[{{ waiter.success_list() }}])
.failure(&[{{ waiter.failure_list() }}]);
{%- endif %}

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

    /// Returns a stream of the items of the requested page and of all pages after it.
    ///
{{ operation.items_example(product) }}
{{ operation.paged_signature("items", "Items") }}
        self.core.items(&{{ operation.constant }}, request)
    }

    /// Returns a stream of the requested page and of all pages after it. See
    /// [`{{ operation.paged_method("items") }}`](Self::{{ operation.paged_method("items") }}) for a stream of their items.
{{ operation.paged_signature("pages", "Pages") }}
        self.core.pages(&{{ operation.constant }}, request)
    }
{%- endif %}
{%- if let Some(waiter) = operation.waiter %}

{{ waiter.method_doc() }}
    ///
{{ operation.wait_example(product, waiter) }}
{{ waiter.method_signature() }}
        self.core.wait_for_each(&{{ waiter.constant() }}, ids)
    }
{%- endif %}
}
