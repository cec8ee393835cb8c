//! A request as it arrived, read but not believed.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderMap};
use http::{Method, request};

use crate::params::{self, Pair};
use crate::verify::SignatureScheme;

pub(crate) struct Incoming {
    pub(crate) method: Method,
    /// As sent, still encoded.
    pub(crate) path: String,
    /// As sent, still encoded, without the `?`.
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) query_pairs: Vec<Pair>,
    /// Empty unless the body says that it is a form.
    pub(crate) form_pairs: Vec<Pair>,
}

impl Incoming {
    pub(crate) fn new(head: request::Parts, body: Bytes) -> Self {
        let query = head.uri.query().unwrap_or_default().to_owned();
        let form_pairs = if is_form(&head.headers) { params::parse(&body) } else { Vec::new() };
        Self {
            path: head.uri.path().to_owned(),
            query_pairs: params::parse(query.as_bytes()),
            query,
            method: head.method,
            headers: head.headers,
            body,
            form_pairs,
        }
    }

    /// Every parameter, query first: the service takes them from either place.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = &Pair> {
        self.query_pairs.iter().chain(&self.form_pairs)
    }

    /// The first parameter of this name.
    pub(crate) fn parameter(&self, name: &str) -> Option<String> {
        self.pairs().find(|pair| pair.key == name.as_bytes()).map(|pair| lossy(&pair.value))
    }

    /// The first header of this name.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        self.headers.get(name).map(|value| lossy(value.as_bytes()))
    }

    /// The operation that is asked for, wherever the scheme puts its name.
    pub(crate) fn action(&self) -> Option<String> {
        self.named("x-acs-action", "Action")
    }

    /// The version of the product's API that is asked for.
    pub(crate) fn version(&self) -> Option<String> {
        self.named("x-acs-version", "Version")
    }

    /// The new generation of clients sends both headers with either scheme, but only one of the
    /// schemes signs them.
    fn named(&self, header: &str, parameter: &str) -> Option<String> {
        match SignatureScheme::of(self) {
            Some(SignatureScheme::Acs3HmacSha256 | SignatureScheme::RoaHmacSha1) => {
                self.header(header)
            }
            Some(SignatureScheme::RpcHmacSha1) => self.parameter(parameter),
            None => self.parameter(parameter).or_else(|| self.header(header)),
        }
        .filter(|text| !text.is_empty())
    }
}

pub(crate) fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn is_form(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded"))
}
