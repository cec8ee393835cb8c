//! The W3C headers `traceparent` and `tracestate`, by which services add their spans to the trace of the program.
//!
//! They are added after signing: proxies may replace them.

use http::HeaderMap;

/// Adds the trace context of the current span to a request that has none.
#[cfg(feature = "trace-context")]
pub(crate) fn add_headers(headers: &mut HeaderMap) {
    use std::fmt::Write as _;

    use http::{HeaderName, HeaderValue};
    use opentelemetry::Context;
    use opentelemetry::trace::{TraceContextExt as _, TraceFlags};

    const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
    const TRACESTATE: HeaderName = HeaderName::from_static("tracestate");
    const PARENT_LENGTH: usize = "00-".len() + 32 + "-".len() + 16 + "-01".len();
    /// The length that every participant should accept. A longer state could make a request too large.
    const MAX_STATE_LENGTH: usize = 512;

    if headers.contains_key(TRACEPARENT) {
        return;
    }
    Context::map_current(|context| {
        let span = context.span();
        let span = span.span_context();
        if !span.is_valid() {
            return;
        }
        // The other flags have no meaning in version 00.
        let flags = span.trace_flags() & TraceFlags::SAMPLED;
        let mut parent = String::with_capacity(PARENT_LENGTH);
        let _ = write!(parent, "00-{}-{}-{flags:02x}", span.trace_id(), span.span_id());
        let Ok(parent) = HeaderValue::try_from(parent) else { return };
        headers.insert(TRACEPARENT, parent);
        let state = span.trace_state().header();
        if (1..=MAX_STATE_LENGTH).contains(&state.len())
            && !headers.contains_key(TRACESTATE)
            && let Ok(state) = HeaderValue::try_from(state)
        {
            headers.insert(TRACESTATE, state);
        }
    });
}

#[cfg(not(feature = "trace-context"))]
pub(crate) fn add_headers(headers: &mut HeaderMap) {
    let _ = headers;
}
