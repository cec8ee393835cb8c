//! What a fake transport was sent.

use std::fmt;

use alicloud_wire::percent_decode;
use bytes::Bytes;
use http::{HeaderMap, Method, Uri, header};

use crate::client::Format;
use crate::secret::REDACTED;

/// A request as a [`FakeTransport`](super::FakeTransport) got it, with its parameters decoded.
///
/// `Debug` hides the signature and the security token.
#[derive(Clone)]
pub struct RecordedRequest {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
    params: Vec<(String, String)>,
    operation: String,
}

impl RecordedRequest {
    pub(super) fn new(request: http::Request<Bytes>) -> Self {
        let (head, body) = request.into_parts();
        let mut params = pairs(head.uri.query().unwrap_or_default());
        let is_form = head
            .headers
            .get(header::CONTENT_TYPE)
            .is_some_and(|kind| kind == "application/x-www-form-urlencoded");
        if is_form {
            params.extend(pairs(&String::from_utf8_lossy(&body)));
        }
        let named = head.headers.get("x-acs-action").and_then(|name| name.to_str().ok());
        let operation = named.or_else(|| find(&params, "Action")).unwrap_or_default().to_owned();
        RecordedRequest {
            method: head.method,
            uri: head.uri,
            headers: head.headers,
            body,
            params,
            operation,
        }
    }

    /// The operation that it is for.
    pub fn operation(&self) -> &str {
        &self.operation
    }

    /// A parameter of the query or the form, decoded.
    pub fn param(&self, name: &str) -> Option<&str> {
        find(&self.params, name)
    }

    /// All parameters of the query and then of the form, decoded.
    pub fn params(&self) -> &[(String, String)] {
        &self.params
    }

    /// A header, where it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The URL.
    pub fn uri(&self) -> &Uri {
        &self.uri
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The format that it asks for.
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
        let params = self.params.iter().map(|(name, value)| match name.as_str() {
            "Signature" | "SecurityToken" => (name.as_str(), REDACTED),
            name => (name, value.as_str()),
        });
        f.debug_struct("RecordedRequest")
            .field("operation", &self.operation)
            .field("method", &self.method)
            .field("host", &self.uri.authority())
            .field("path", &self.uri.path())
            .field("params", &params.collect::<Vec<_>>())
            .field("headers", &self.headers)
            .finish_non_exhaustive()
    }
}
