//! Requests that the service has received.

use std::fmt;
use std::time::SystemTime;

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};

use crate::delivery::Delivery;
use crate::request::SignatureScheme;
use crate::request::{ParsedRequest, lossy_text};

/// A request that the service has received, and its response.
///
/// The fields hold what was received, unverified. The `Debug` output omits query, parameters,
/// header values and body, since they can contain a signature and a security token.
///
/// ```
#[doc = include_str!("doctest/get.txt")]
/// let service = FakeService::builder().start().await?;
/// get(&service).await?;
/// let request = &service.requests()[0];
/// assert_eq!(request.method, "GET");
/// assert_eq!(request.query, "Action=DescribeRefreshTaskById");
/// assert_eq!(request.scheme, None, "it is not signed");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// The time of receipt, by the service's clock.
    pub received_at: SystemTime,
    /// The HTTP method.
    pub method: Method,
    /// The path, percent-encoded as received.
    pub path: String,
    /// The query without the `?`, percent-encoded as received; empty if there was none.
    pub query: String,
    /// All headers.
    pub headers: HeaderMap,
    /// The body; empty if it was too large or incomplete.
    pub body: Bytes,
    /// The decoded parameters in the order received, those of the query before those of a form.
    ///
    /// Bytes that are not UTF-8 are replaced by U+FFFD.
    pub params: Vec<(String, String)>,
    /// The requested operation.
    pub operation: Option<String>,
    /// The requested API version.
    pub version: Option<String>,
    /// The product with this version; `None` if the service has no such product.
    pub product: Option<String>,
    /// The signature scheme; `None` if the request is unsigned or its scheme is unknown. A wrong
    /// signature has a scheme, too.
    pub scheme: Option<SignatureScheme>,
    /// The request id of the response.
    pub request_id: String,
    /// The response.
    pub response: RecordedResponse,
}

/// The response to a [`RecordedRequest`].
///
/// ```
#[doc = include_str!("doctest/get.txt")]
/// let service = FakeService::builder().start().await?;
/// get(&service).await?;
/// let response = &service.requests()[0].response;
/// assert_eq!(response.status, StatusCode::BAD_REQUEST);
/// assert_eq!(response.code.as_deref(), Some("MissingAccessKeyId"));
/// assert_eq!(response.delivery, Delivery::Complete);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordedResponse {
    /// The HTTP status. If no response was sent, the status that it would have had.
    pub status: StatusCode,
    /// The error code. `None` for a success, and for a scripted response with its own body, which
    /// is not parsed.
    pub code: Option<String>,
    /// How much of the response was sent.
    pub delivery: Delivery,
}

impl RecordedRequest {
    pub(crate) fn new(
        request: &ParsedRequest,
        received_at: SystemTime,
        product: &str,
        request_id: String,
        response: RecordedResponse,
    ) -> Self {
        Self {
            received_at,
            method: request.method.clone(),
            path: request.path.clone(),
            query: request.query.clone(),
            headers: request.headers.clone(),
            body: request.body.clone(),
            params: request
                .params()
                .map(|param| (lossy_text(&param.name), lossy_text(&param.value)))
                .collect(),
            operation: request.operation(),
            version: request.version(),
            product: Some(product.to_owned()).filter(|name| !name.is_empty()),
            scheme: request.signature_scheme(),
            request_id,
            response,
        }
    }

    /// Returns the value of the first parameter with this name.
    ///
    /// ```
    #[doc = include_str!("doctest/get.txt")]
    /// let service = FakeService::builder().start().await?;
    /// get(&service).await?;
    /// assert_eq!(service.requests()[0].param("Action"), Some("DescribeRefreshTaskById"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn param(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

impl fmt::Debug for RecordedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordedRequest")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("received_at", &self.received_at)
            .field("operation", &self.operation)
            .field("version", &self.version)
            .field("product", &self.product)
            .field("scheme", &self.scheme)
            .field("request_id", &self.request_id)
            .field("response", &self.response)
            .finish_non_exhaustive()
    }
}
