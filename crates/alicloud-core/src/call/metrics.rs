//! The metrics of one call; `crate::metrics` documents them.
//!
//! Without the feature `metrics` these functions do nothing.

#[cfg(feature = "metrics")]
use std::borrow::Cow;
#[cfg(feature = "metrics")]
use std::sync::Arc;
#[cfg(feature = "metrics")]
use std::time::Duration;

#[cfg(feature = "metrics")]
use metrics::{Label, SharedString, counter, histogram};

use crate::call::input::CallContext;
use crate::error::Error;
#[cfg(feature = "metrics")]
use crate::metrics::{ATTEMPT_DURATION, ATTEMPTS, CALL_DURATION, CALLS, RETRIES};
#[cfg(feature = "metrics")]
use crate::time::Clock;

/// The metrics of a call. The default records nothing.
#[derive(Default)]
pub(crate) struct CallMetrics {
    #[cfg(feature = "metrics")]
    running: Option<RunningCall>,
}

#[cfg(not(feature = "metrics"))]
impl CallMetrics {
    pub(crate) fn start(_: &CallContext) -> Self {
        CallMetrics {}
    }

    pub(crate) fn attempt_started(&mut self, _: u32) {}

    pub(crate) fn attempt_finished(&mut self, _: Option<&Error>) {}

    pub(crate) fn call_finished(&mut self, _: Option<&Error>) {}
}

#[cfg(feature = "metrics")]
impl CallMetrics {
    /// Starts to measure a call.
    pub(crate) fn start(context: &CallContext) -> Self {
        let clock = context.client.shared().clock.clone();
        let (product, operation) = match &context.operation {
            Cow::Borrowed(operation) => {
                (operation.product().code().into(), operation.name().into())
            }
            // Shared, so that each metric does not copy them.
            Cow::Owned(operation) => (
                Arc::<str>::from(operation.product().code()).into(),
                Arc::<str>::from(operation.name()).into(),
            ),
        };
        let start = clock.elapsed();
        let running = RunningCall {
            clock,
            product,
            operation,
            start,
            attempt_start: None,
            result: CANCELLED,
        };
        CallMetrics { running: Some(running) }
    }

    /// Starts to measure an attempt, with the number of attempts including this one.
    pub(crate) fn attempt_started(&mut self, attempts: u32) {
        if let Some(call) = &mut self.running {
            call.attempt_start = Some(call.clock.elapsed());
            if attempts > 1 {
                counter!(RETRIES, call.labels(None)).increment(1);
            }
        }
    }

    /// Records the attempt, unless nothing was sent.
    pub(crate) fn attempt_finished(&mut self, error: Option<&Error>) {
        if let Some(call) = &mut self.running {
            call.record_attempt(result_label(error));
        }
    }

    /// Records the call.
    pub(crate) fn call_finished(&mut self, error: Option<&Error>) {
        if let Some(mut call) = self.running.take() {
            call.result = result_label(error);
        }
    }
}

/// The result of a call or an attempt whose future was dropped.
#[cfg(feature = "metrics")]
const CANCELLED: &str = "cancelled";

#[cfg(feature = "metrics")]
fn result_label(error: Option<&Error>) -> &'static str {
    error.map_or("success", |error| error.kind().as_str())
}

/// A call that is measured. Dropping it records the call, so that cancelled calls are counted, too.
#[cfg(feature = "metrics")]
struct RunningCall {
    clock: Arc<dyn Clock>,
    product: SharedString,
    operation: SharedString,
    start: Duration,
    /// When the current attempt was sent; `None` between attempts.
    attempt_start: Option<Duration>,
    result: &'static str,
}

#[cfg(feature = "metrics")]
impl RunningCall {
    fn labels(&self, result: Option<&'static str>) -> Vec<Label> {
        let mut labels = Vec::with_capacity(3);
        labels.push(Label::new("product", self.product.clone()));
        labels.push(Label::new("operation", self.operation.clone()));
        labels.extend(result.map(|result| Label::from_static_parts("result", result)));
        labels
    }

    fn seconds_since(&self, start: Duration) -> f64 {
        self.clock.elapsed().saturating_sub(start).as_secs_f64()
    }

    fn record_attempt(&mut self, result: &'static str) {
        if let Some(start) = self.attempt_start.take() {
            counter!(ATTEMPTS, self.labels(Some(result))).increment(1);
            histogram!(ATTEMPT_DURATION, self.labels(None)).record(self.seconds_since(start));
        }
    }
}

#[cfg(feature = "metrics")]
impl Drop for RunningCall {
    fn drop(&mut self) {
        self.record_attempt(CANCELLED);
        counter!(CALLS, self.labels(Some(self.result))).increment(1);
        histogram!(CALL_DURATION, self.labels(None)).record(self.seconds_since(self.start));
    }
}
