//! A transport that answers from memory.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::future::pending;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use alicloud_wire::{Node, to_xml};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde::Serialize;

use super::RecordedRequest;
use crate::BoxFuture;
use crate::client::Format;
use crate::transport::{Transport, TransportError, TransportErrorKind, TransportOptions};

/// A transport that answers from memory and remembers what it was sent.
///
/// Each operation has its own row of answers, given in the order in which they were added; the last
/// one is given again and again. Clones share everything, so keep one to look at the requests.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
/// # use alicloud_core::{Client, ClientBuilder, Credentials, Operation, Product};
/// # const CDN: Product = Product::new("Cdn", "2018-05-10").with_endpoint("cdn.aliyuncs.com");
/// # const OPERATION: Operation = Operation::rpc(&CDN, "DescribeRefreshQuota");
/// # #[derive(Default)] struct Request {}
/// # alicloud_core::wire::request! { Request => () {} }
/// use alicloud_core::testing::{FakeTransport, Fault, ManualClock};
///
/// let fake = FakeTransport::new()
///     .fault("DescribeRefreshQuota", Fault::Refused)
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
/// // Throttled, so repeated, after a wait that the clock jumps over.
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
    answers: BTreeMap<String, VecDeque<Answer>>,
    requests: Vec<RecordedRequest>,
}

#[derive(Clone)]
enum Answer {
    /// In both formats, to be sent in the one that is asked for.
    Typed {
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

/// How an attempt can fail without a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// There is no connection, so nothing is sent.
    Refused,
    /// The connection ends after the request was sent.
    Reset,
    /// Nothing arrives for as long as an attempt waits. It fails at once, without that wait.
    ReadTimeout,
    /// Nothing ever happens: the call ends with its own time limit, or is dropped.
    Hang,
}

impl FakeTransport {
    /// A transport that has no answer yet.
    pub fn new() -> Self {
        FakeTransport::default()
    }

    fn answer(self, operation: impl Into<String>, answer: Answer) -> Self {
        let mut state = self.lock();
        state.answers.entry(operation.into()).or_default().push_back(answer);
        drop(state);
        self
    }

    /// Answers an operation with a value, in JSON or XML as the request asks.
    #[must_use]
    pub fn respond<T: Node + Serialize>(self, operation: &str, value: &T) -> Self {
        let answer = Answer::Typed {
            status: StatusCode::OK,
            json: Bytes::from(serde_json::to_vec(value).unwrap_or_default()),
            xml: Bytes::from(to_xml(&format!("{operation}Response"), "item", value)),
        };
        self.answer(operation, answer)
    }

    /// Answers an operation with JSON text, whatever the request asks for.
    #[must_use]
    pub fn respond_json(self, operation: &str, json: impl Into<Bytes>) -> Self {
        self.respond_raw(operation, 200, &[("content-type", "application/json")], json)
    }

    /// Answers an operation with any status, headers and body. A status or header that HTTP does not
    /// know becomes 500, or is left out.
    #[must_use]
    pub fn respond_raw(
        self,
        operation: &str,
        status: u16,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Self {
        let answer = Answer::Raw {
            status: status_of(status),
            headers: headers
                .iter()
                .filter_map(|(name, value)| {
                    let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
                    Some((name, HeaderValue::from_str(value).ok()?))
                })
                .collect(),
            body: body.into(),
        };
        self.answer(operation, answer)
    }

    /// Answers an operation with an error of the service, in JSON or XML as the request asks.
    #[must_use]
    pub fn error(self, operation: &str, status: u16, code: &str, message: &str) -> Self {
        let fields = serde_json::json!({
            "RequestId": "FAKE0000-0000-0000-0000-000000000000",
            "HostId": "fake",
            "Code": code,
            "Message": message,
        });
        let answer = Answer::Typed {
            status: status_of(status),
            json: Bytes::from(fields.to_string()),
            xml: Bytes::from(to_xml("Error", "item", &fields)),
        };
        self.answer(operation, answer)
    }

    /// Lets an attempt fail without a response.
    #[must_use]
    pub fn fault(self, operation: &str, fault: Fault) -> Self {
        self.answer(operation, Answer::Fault(fault))
    }

    /// The requests so far, in the order of their arrival; those that met a fault, too.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.lock().requests.clone()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the next answer for a request, and remembers the request.
    fn next(&self, request: RecordedRequest) -> Option<Answer> {
        let mut state = self.lock();
        let answer = match state.answers.get_mut(request.operation()) {
            Some(row) if row.len() > 1 => row.pop_front(),
            Some(row) => row.front().cloned(),
            None => None,
        };
        state.requests.push(request);
        answer
    }

    async fn exchange(
        &self,
        request: http::Request<Bytes>,
        options: TransportOptions,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let request = RecordedRequest::new(request);
        let format = request.format();
        let operation = request.operation().to_owned();
        let (status, headers, body) = match self.next(request) {
            None => {
                let known: Vec<String> = self.lock().answers.keys().cloned().collect();
                return Err(TransportError::new(TransportErrorKind::Request).with_source(format!(
                    "FakeTransport has no answer for {operation:?}, only for {known:?}"
                )));
            }
            Some(Answer::Fault(Fault::Hang)) => pending().await,
            Some(Answer::Fault(fault)) => {
                let kind = match fault {
                    Fault::Refused => TransportErrorKind::Connect,
                    Fault::Reset => TransportErrorKind::Interrupted,
                    Fault::ReadTimeout | Fault::Hang => TransportErrorKind::ReadTimeout,
                };
                return Err(TransportError::new(kind).with_source("as FakeTransport was told"));
            }
            Some(Answer::Raw { status, headers, body }) => (status, headers, body),
            Some(Answer::Typed { status, json, xml }) => {
                let (kind, body) = match format {
                    Format::Xml => ("text/xml;charset=utf-8", xml),
                    Format::Json => ("application/json;charset=utf-8", json),
                };
                let mut headers = HeaderMap::new();
                headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
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

fn status_of(status: u16) -> StatusCode {
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
            .field("operations", &state.answers.keys())
            .field("requests", &state.requests.len())
            .finish()
    }
}
