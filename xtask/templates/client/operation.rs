{{ header }}
//! `{{ operation.wire_in_docs() }}`.
{% for line in operation.client_imports(model_module) %}
{{ line }}
{%- endfor %}

/// How `{{ operation.wire_in_docs() }}` is called.
{{ operation.constant_item() }}
{%- if let Some(waiter) = operation.waiter %}

/// How [`Client::{{ waiter.method }}`] looks and what it takes for an end.
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
.success(&[{{ waiter.success_text() }}])
.failure(&[{{ waiter.failure_text() }}]);
{%- endif %}

impl Client {
{{ operation.method_doc() }}
{%- if operation.deprecated %}
    #[deprecated = "the service has deprecated this operation"]
{%- endif %}
{{ operation.method_signature() }}
        self.core.call(&{{ operation.constant }}, &request)
    }
{%- if operation.pager.is_some() %}

    /// Every item of [`{{ operation.wire_in_docs() }}`](Self::{{ operation.file }}), page after page.
{{ operation.paged_signature("items", "Items") }}
        self.core.items(&{{ operation.constant }}, request)
    }

    /// The pages of [`{{ operation.wire_in_docs() }}`](Self::{{ operation.file }}), from that of the request on.
{{ operation.paged_signature("pages", "Pages") }}
        self.core.pages(&{{ operation.constant }}, request)
    }
{%- endif %}
{%- if let Some(waiter) = operation.waiter %}

    /// Waits until all of these are in a final state, any number of them: looks are batched, and what
    /// is not listed yet is not done. Await it, or follow its `progress`.
{{ waiter.method_signature() }}
        self.core.wait_for_each(&{{ waiter.constant() }}, ids)
    }
{%- endif %}
}
