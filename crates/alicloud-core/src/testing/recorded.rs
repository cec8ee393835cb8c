//! The requests that a fake transport received.

use std::fmt;

use alicloud_wire::percent_decode;
use bytes::Bytes;
use http::{HeaderMap, Method, Uri, header};

use crate::call::ShownRequest;
use crate::request::Format;
use crate::secret::{REDACTED, with_plain_placeholder};

/// A request that a [`FakeTransport`](super::FakeTransport) received, with decoded parameters.
///
/// `Debug` shows `<redacted>` instead of each secret: the signature, the security token, and what
/// [`Preview`](crate::Preview) redacts. The methods return what was sent, secrets included, because a test
/// checks that.
///
/// # Examples
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
/// # use alicloud_core::{Client, Credentials};
/// use alicloud_core::testing::FakeTransport;
///
/// let fake = FakeTransport::new().respond_json("RefreshObjectCaches", "{}");
/// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
/// #     .credentials(Credentials::new("id", "secret")).transport(fake.clone()).build()?;
/// let call = client.generic_call("RefreshObjectCaches").param("ObjectType", "File");
/// call.form_param("ObjectPath", "https://example.com/a b").await?;
///
/// let request = &fake.requests()[0];
/// assert_eq!(request.operation(), "RefreshObjectCaches");
/// assert_eq!((request.method().as_str(), request.uri().path()), ("POST", "/"));
/// assert_eq!(request.header("x-acs-version"), Some("2018-05-10"));
/// assert!(request.headers().contains_key("authorization"));
/// assert_eq!(request.param("ObjectPath"), Some("https://example.com/a b"));
/// assert_eq!(request.params().len(), 2);
/// assert_eq!(request.body().as_ref(), b"ObjectPath=https%3A%2F%2Fexample.com%2Fa%20b");
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct RecordedRequest {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
    params: Vec<(String, String)>,
    operation: String,
    /// The same request without secrets, if it contains some.
    shown: Option<Box<RecordedRequest>>,
}

impl RecordedRequest {
    pub(super) fn new(mut request: http::Request<Bytes>) -> Self {
        let shown: Option<ShownRequest> = request.extensions_mut().remove();
        let shown = shown.map(|shown| Box::new(RecordedRequest::new((*shown.0).clone())));
        let (head, body) = request.into_parts();
        let mut params = pairs(head.uri.query().unwrap_or_default());
        let is_form = head
            .headers
            .get(header::CONTENT_TYPE)
            .is_some_and(|content_type| content_type == "application/x-www-form-urlencoded");
        if is_form {
            params.extend(pairs(&String::from_utf8_lossy(&body)));
        }
        let header_value = head.headers.get("x-acs-action").and_then(|name| name.to_str().ok());
        let operation =
            header_value.or_else(|| find(&params, "Action")).unwrap_or_default().to_owned();
        RecordedRequest {
            method: head.method,
            uri: head.uri,
            headers: head.headers,
            body,
            params,
            operation,
            shown,
        }
    }

    /// Returns the name of the called operation.
    pub fn operation(&self) -> &str {
        &self.operation
    }

    /// Returns a decoded query or form parameter.
    pub fn param(&self, name: &str) -> Option<&str> {
        find(&self.params, name)
    }

    /// Returns all decoded parameters: those of the query, then those of the form.
    pub fn params(&self) -> &[(String, String)] {
        &self.params
    }

    /// Returns a header, or `None` if it is absent or not ASCII text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Returns the HTTP method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// Returns the URL.
    pub fn uri(&self) -> &Uri {
        &self.uri
    }

    /// Returns the headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the body.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// Returns the requested response format.
    pub(super) fn format(&self) -> Format {
        let accept = self.header("accept").unwrap_or_default();
        match self.param("Format") {
            Some(format) if format.eq_ignore_ascii_case("xml") => Format::Xml,
            None if accept.contains("xml") => Format::Xml,
            _ => Format::Json,
        }
    }
}

fn find<'a>(params: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let (_, value) = params.iter().find(|(known, _)| known == name)?;
    Some(value)
}

fn pairs(text: &str) -> Vec<(String, String)> {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (percent_decode(name).into_owned(), percent_decode(value).into_owned())
        })
        .collect()
}

impl fmt::Debug for RecordedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(shown) = &self.shown {
            return shown.fmt(f);
        }
        let params = self.params.iter().map(|(name, value)| match name.as_str() {
            "Signature" | "SecurityToken" => (name.as_str(), REDACTED),
            name => (name, value.as_str()),
        });
        f.debug_struct("RecordedRequest")
            .field("operation", &self.operation)
            .field("method", &self.method)
            .field("host", &self.uri.authority())
            .field("path", &with_plain_placeholder(self.uri.path()))
            .field("params", &params.collect::<Vec<_>>())
            .field("headers", &self.headers)
            .finish_non_exhaustive()
    }
}
