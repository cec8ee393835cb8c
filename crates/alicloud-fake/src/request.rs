//! A received request, parsed but not verified.

mod signature_scheme;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderMap};
use http::{Method, request};

pub use self::signature_scheme::SignatureScheme;
pub(crate) use self::signature_scheme::{ACS3_ALGORITHM, HMAC_SHA1, ROA_SCHEME};
use self::signature_scheme::{names_acs3, names_roa};
use crate::params::{self, Param};

pub(crate) struct ParsedRequest {
    pub(crate) method: Method,
    /// Percent-encoded as received.
    pub(crate) path: String,
    /// Percent-encoded as received, without the `?`.
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) query_params: Vec<Param>,
    /// Empty unless the content type is that of a form.
    pub(crate) form_params: Vec<Param>,
}

impl ParsedRequest {
    pub(crate) fn new(head: request::Parts, body: Bytes) -> Self {
        let query = head.uri.query().unwrap_or_default().to_owned();
        let form_params = if is_form(&head.headers) { params::parse(&body) } else { Vec::new() };
        Self {
            path: head.uri.path().to_owned(),
            query_params: params::parse(query.as_bytes()),
            query,
            method: head.method,
            headers: head.headers,
            body,
            form_params,
        }
    }

    /// Returns the parameters of the query and then of the form: the service accepts both.
    pub(crate) fn params(&self) -> impl Iterator<Item = &Param> {
        self.query_params.iter().chain(&self.form_params)
    }

    /// Returns the first parameter with this name.
    pub(crate) fn param(&self, name: &str) -> Option<String> {
        self.params()
            .find(|param| param.name == name.as_bytes())
            .map(|param| lossy_text(&param.value))
    }

    /// Returns the first header with this name.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        self.headers.get(name).map(|value| lossy_text(value.as_bytes()))
    }

    /// Returns the requested operation.
    pub(crate) fn operation(&self) -> Option<String> {
        self.header_or_param("x-acs-action", "Action")
    }

    /// Returns the requested API version.
    pub(crate) fn version(&self) -> Option<String> {
        self.header_or_param("x-acs-version", "Version")
    }

    /// Returns the scheme that a request uses, without checking the signature.
    pub(crate) fn signature_scheme(&self) -> Option<SignatureScheme> {
        match self.headers.get(http::header::AUTHORIZATION) {
            Some(value) if names_acs3(value.as_bytes()) => Some(SignatureScheme::Acs3HmacSha256),
            Some(value) => names_roa(value.as_bytes()).then_some(SignatureScheme::RoaHmacSha1),
            None => self.has_rpc_signature().then_some(SignatureScheme::RpcHmacSha1),
        }
    }

    /// Returns whether there are parameters of the RPC scheme.
    fn has_rpc_signature(&self) -> bool {
        self.params().any(|param| param.name == b"Signature" || param.name == b"AccessKeyId")
    }

    /// Returns the header or the parameter, whichever the signature scheme signs: the current
    /// official clients send both headers with every scheme.
    fn header_or_param(&self, header: &str, param: &str) -> Option<String> {
        match self.signature_scheme() {
            Some(SignatureScheme::Acs3HmacSha256 | SignatureScheme::RoaHmacSha1) => {
                self.header(header)
            }
            Some(SignatureScheme::RpcHmacSha1) => self.param(param),
            None => self.param(param).or_else(|| self.header(header)),
        }
        .filter(|text| !text.is_empty())
    }
}

/// Decodes UTF-8; invalid bytes become U+FFFD.
pub(crate) fn lossy_text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn is_form(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded"))
}
