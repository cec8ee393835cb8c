//! An in-memory transport.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::future::pending;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use alicloud_wire::{Node, to_xml};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde::Serialize;

use super::{Fault, RecordedRequest};
use crate::future::BoxFuture;
use crate::request::Format;
use crate::transport::{Transport, TransportError, TransportErrorKind, TransportOptions};

/// A transport that returns scripted responses and records the requests.
///
/// Each operation has its own responses, which are returned in the order in which they were added. The
/// last one is returned for all further requests. Clones share everything; keep one to inspect the
/// requests.
///
/// # Examples
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
/// # use alicloud_core::{Client, ClientBuilder, Credentials, Operation, Product};
/// # static CDN: Product = Product::new("Cdn", "2018-05-10").with_endpoint("cdn.aliyuncs.com");
/// # static OPERATION: Operation = Operation::rpc(&CDN, "DescribeRefreshQuota");
/// # alicloud_core::wire::request! { struct Request -> () { } }
/// use alicloud_core::testing::{FakeTransport, Fault, ManualClock};
///
/// let fake = FakeTransport::new()
///     .fault("DescribeRefreshQuota", Fault::ConnectionRefused)
///     .error("DescribeRefreshQuota", 400, "Throttling.User", "Request was denied.")
///     .respond_json("DescribeRefreshQuota", r#"{"UrlQuota": "10000"}"#);
/// let client: Client = ClientBuilder::new(&CDN)
///     .credentials(Credentials::new("id", "secret"))
///     .transport(fake.clone())
///     .clock(ManualClock::from_unix_seconds(1_767_323_045))
///     .build()?;
///
/// let call = || client.call(&OPERATION, &Request {});
/// assert!(call().no_retry().await.unwrap_err().is_connect());
/// // Throttled and then retried; the clock skips the delay.
/// assert!(call().await.is_ok());
/// assert_eq!(fake.requests().len(), 3);
/// # Ok(()) }
/// ```
#[derive(Clone, Default)]
pub struct FakeTransport {
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    responses: BTreeMap<String, VecDeque<ScriptedResponse>>,
    requests: Vec<RecordedRequest>,
}

#[derive(Clone)]
enum ScriptedResponse {
    /// Encoded in both formats, sent in the requested one.
    Encoded {
        status: StatusCode,
        json: Bytes,
        xml: Bytes,
    },
    Raw {
        status: StatusCode,
        headers: HeaderMap,
        body: Bytes,
    },
    Fault(Fault),
}

impl FakeTransport {
    /// Creates a transport without responses.
    pub fn new() -> Self {
        FakeTransport::default()
    }

    fn push(self, operation: impl Into<String>, response: ScriptedResponse) -> Self {
        let mut state = self.lock();
        state.responses.entry(operation.into()).or_default().push_back(response);
        drop(state);
        self
    }

    /// Adds a response with a value, encoded in the format that the request asks for.
    ///
    /// # Examples
    ///
    /// ```
    /// # alicloud_core::wire::record! { struct Quota { url_remain: Option<String> = "UrlRemain" } }
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::{Client, Credentials};
    /// use alicloud_core::Format;
    /// use alicloud_core::testing::FakeTransport;
    ///
    /// let quota = Quota { url_remain: Some("9000".into()) };
    /// let fake = FakeTransport::new().respond("DescribeRefreshQuota", &quota);
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
    /// for format in [Format::Json, Format::Xml] {
    ///     let call = client.generic_call("DescribeRefreshQuota").into_call().format(format);
    ///     assert_eq!(call.await?["UrlRemain"], "9000");
    /// }
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn respond<T: Node + Serialize>(self, operation: &str, value: &T) -> Self {
        let response = ScriptedResponse::Encoded {
            status: StatusCode::OK,
            json: Bytes::from(serde_json::to_vec(value).unwrap_or_default()),
            xml: Bytes::from(to_xml(&format!("{operation}Response"), "item", value)),
        };
        self.push(operation, response)
    }

    /// Adds a response with JSON text, whatever format the request asks for.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::{Client, Credentials};
    /// use alicloud_core::testing::FakeTransport;
    ///
    /// let fake = FakeTransport::new().respond_json("DescribeRefreshQuota", r#"{"UrlRemain": "9000"}"#);
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
    /// let quota = client.generic_call("DescribeRefreshQuota").await?;
    /// assert_eq!(quota["UrlRemain"], "9000");
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn respond_json(self, operation: &str, json: impl Into<Bytes>) -> Self {
        self.respond_raw(operation, 200, &[("content-type", "application/json")], json)
    }

    /// Adds a response with any status, headers and body. An invalid status becomes 500; an invalid header
    /// is omitted.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::{Client, Credentials};
    /// use alicloud_core::testing::FakeTransport;
    ///
    /// let headers = [("content-type", "text/html")];
    /// let fake = FakeTransport::new().respond_raw("DescribeRefreshQuota", 502, &headers, "Bad Gateway");
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
    /// let error = client.generic_call("DescribeRefreshQuota").await.unwrap_err();
    /// assert_eq!(error.content_type(), Some("text/html"));
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn respond_raw(
        self,
        operation: &str,
        status: u16,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Self {
        let response = ScriptedResponse::Raw {
            status: to_status(status),
            headers: headers
                .iter()
                .filter_map(|(name, value)| {
                    let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
                    Some((name, HeaderValue::from_str(value).ok()?))
                })
                .collect(),
            body: body.into(),
        };
        self.push(operation, response)
    }

    /// Adds an error response, encoded in the format that the request asks for.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::{Client, Credentials};
    /// use alicloud_core::testing::FakeTransport;
    ///
    /// let fake = FakeTransport::new().error("DescribeRefreshQuota", 403, "Forbidden.RAM", "No permission.");
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
    /// let error = client.generic_call("DescribeRefreshQuota").await.unwrap_err();
    /// assert_eq!(error.code(), Some("Forbidden.RAM"));
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn error(self, operation: &str, status: u16, code: &str, message: &str) -> Self {
        let fields = serde_json::json!({
            "RequestId": "FAKE0000-0000-0000-0000-000000000000",
            "HostId": "fake",
            "Code": code,
            "Message": message,
        });
        let response = ScriptedResponse::Encoded {
            status: to_status(status),
            json: Bytes::from(fields.to_string()),
            xml: Bytes::from(to_xml("Error", "item", &fields)),
        };
        self.push(operation, response)
    }

    /// Adds a failure without a response.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::{Client, Credentials};
    /// use alicloud_core::testing::{FakeTransport, Fault};
    ///
    /// let fake = FakeTransport::new().fault("DescribeRefreshQuota", Fault::ConnectionReset);
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
    /// let error = client.generic_call("DescribeRefreshQuota").await.unwrap_err();
    /// assert!(error.transport_error().is_some());
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn fault(self, operation: &str, fault: Fault) -> Self {
        self.push(operation, ScriptedResponse::Fault(fault))
    }

    /// Returns the requests so far in the order of arrival, including those that met a fault.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::{Client, Credentials};
    /// use alicloud_core::testing::FakeTransport;
    ///
    /// let fake = FakeTransport::new().respond_json("DescribeRefreshTaskById", "{}");
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake.clone()).build()?;
    /// client.generic_call("DescribeRefreshTaskById").param("TaskId", "1").await?;
    /// assert_eq!(fake.requests()[0].param("TaskId"), Some("1"));
    /// # Ok(()) }
    /// ```
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.lock().requests.clone()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Records a request and returns its response.
    fn next_response(&self, request: RecordedRequest) -> Option<ScriptedResponse> {
        let mut state = self.lock();
        let response = match state.responses.get_mut(request.operation()) {
            Some(responses) if responses.len() > 1 => responses.pop_front(),
            Some(responses) => responses.front().cloned(),
            None => None,
        };
        state.requests.push(request);
        response
    }

    async fn exchange(
        &self,
        request: http::Request<Bytes>,
        options: TransportOptions,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let request = RecordedRequest::new(request);
        let format = request.format();
        let operation = request.operation().to_owned();
        let (status, headers, body) = match self.next_response(request) {
            None => {
                let known: Vec<String> = self.lock().responses.keys().cloned().collect();
                return Err(TransportError::new(TransportErrorKind::Request).with_source(format!(
                    "FakeTransport has no response for {operation:?}, only for {known:?}"
                )));
            }
            Some(ScriptedResponse::Fault(Fault::Hang)) => pending().await,
            Some(ScriptedResponse::Fault(fault)) => {
                let kind = match fault {
                    Fault::ConnectionRefused => TransportErrorKind::Connect,
                    Fault::ConnectionReset => TransportErrorKind::Interrupted,
                    Fault::ReadTimeout | Fault::Hang => TransportErrorKind::ReadTimeout,
                };
                return Err(TransportError::new(kind).with_source("fault of FakeTransport"));
            }
            Some(ScriptedResponse::Raw { status, headers, body }) => (status, headers, body),
            Some(ScriptedResponse::Encoded { status, json, xml }) => {
                let (content_type, body) = match format {
                    Format::Xml => ("text/xml;charset=utf-8", xml),
                    Format::Json => ("application/json;charset=utf-8", json),
                };
                let mut headers = HeaderMap::new();
                headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
                (status, headers, body)
            }
        };
        if body.len() > options.max_response_bytes {
            return Err(TransportError::new(TransportErrorKind::TooLarge));
        }
        let mut response = http::Response::new(body);
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        Ok(response)
    }
}

fn to_status(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

impl Transport for FakeTransport {
    fn send(
        &self,
        request: http::Request<Bytes>,
        options: TransportOptions,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        Box::pin(self.exchange(request, options))
    }
}

impl fmt::Debug for FakeTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.lock();
        f.debug_struct("FakeTransport")
            .field("operations", &state.responses.keys())
            .field("requests", &state.requests.len())
            .finish()
    }
}
