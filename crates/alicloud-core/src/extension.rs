//! Extension points of a client: interceptors and the retry classifier.

mod interceptor;
mod retry_classifier;

use std::sync::Arc;

pub use self::interceptor::{AttemptReport, AttemptSuccess, InterceptedCall, Interceptor};
pub use self::retry_classifier::{RetryAction, RetryClassifier};
use crate::error::Error;
use crate::product::Operation;

/// The extensions of a client.
#[derive(Clone, Default)]
pub(crate) struct Extensions {
    pub(crate) interceptors: Vec<Arc<dyn Interceptor>>,
    pub(crate) retry_classifier: Option<Arc<dyn RetryClassifier>>,
}

impl Extensions {
    /// Returns the headers that the interceptors add to a call.
    pub(crate) fn headers(&self, operation: &Operation) -> Vec<(String, String)> {
        let mut call = InterceptedCall { operation, headers: Vec::new() };
        for interceptor in &self.interceptors {
            interceptor.before_call(&mut call);
        }
        call.headers
    }

    /// Passes a report to the interceptors. It is not created without any.
    pub(crate) fn report<'a>(&self, report: impl FnOnce() -> AttemptReport<'a>) {
        if self.interceptors.is_empty() {
            return;
        }
        let report = report();
        for interceptor in &self.interceptors {
            interceptor.after_attempt(&report);
        }
    }

    /// Returns the decision about an error. The error is not created without a classifier.
    pub(crate) fn classify(&self, error: impl FnOnce() -> Error) -> RetryAction {
        let classifier = self.retry_classifier.as_ref();
        classifier.map_or(RetryAction::Default, |classifier| classifier.classify(&error()))
    }
}
