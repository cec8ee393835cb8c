//! What the service remembers of a request.

use std::fmt;
use std::time::SystemTime;

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};

use crate::delivery::Delivery;
use crate::request::{Incoming, lossy};
use crate::verify::SignatureScheme;

/// A request that the service has answered, and how.
///
/// Every field is as it was received. The `Debug` output leaves out query, parameters, header
/// values and body, since a request carries its signature and may carry a security token.
#[derive(Clone)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// When it was answered, by the service's clock.
    pub at: SystemTime,
    /// The HTTP method.
    pub method: Method,
    /// The path, still percent-encoded.
    pub path: String,
    /// What stood after the `?`, still percent-encoded; empty if there was none.
    pub query: String,
    /// All headers.
    pub headers: HeaderMap,
    /// The body; empty if it was too large or broke off.
    pub body: Bytes,
    /// The decoded parameters in the order they came, those of the query before those of a form.
    ///
    /// Bytes that are not UTF-8 are shown as U+FFFD.
    pub parameters: Vec<(String, String)>,
    /// The operation that was asked for.
    pub action: Option<String>,
    /// The version of the API that was asked for.
    pub version: Option<String>,
    /// The product that has this version; `None` if there is none here.
    pub product: Option<String>,
    /// How the request was signed; `None` for one that was not, or in a way we do not know. A
    /// wrong signature counts too.
    pub scheme: Option<SignatureScheme>,
    /// The id under which it was answered.
    pub request_id: String,
    /// What was answered.
    pub answer: Answer,
}

/// How a request was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Answer {
    /// The HTTP status; what it would have been where no answer was sent.
    pub status: StatusCode,
    /// The error's code. `None` for success, and for a scripted response with a body of its own, which
    /// is not looked into.
    pub code: Option<String>,
    /// Whether the answer was sent, and how.
    pub delivery: Delivery,
}

impl RecordedRequest {
    pub(crate) fn new(
        request: &Incoming,
        at: SystemTime,
        product: &str,
        request_id: String,
        answer: Answer,
    ) -> Self {
        Self {
            at,
            method: request.method.clone(),
            path: request.path.clone(),
            query: request.query.clone(),
            headers: request.headers.clone(),
            body: request.body.clone(),
            parameters: request
                .pairs()
                .map(|pair| (lossy(&pair.key), lossy(&pair.value)))
                .collect(),
            action: request.action(),
            version: request.version(),
            product: Some(product.to_owned()).filter(|name| !name.is_empty()),
            scheme: SignatureScheme::of(request),
            request_id,
            answer,
        }
    }

    /// The value of the first parameter of this name.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

impl fmt::Debug for RecordedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordedRequest")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("at", &self.at)
            .field("action", &self.action)
            .field("version", &self.version)
            .field("product", &self.product)
            .field("scheme", &self.scheme)
            .field("request_id", &self.request_id)
            .field("answer", &self.answer)
            .finish_non_exhaustive()
    }
}
