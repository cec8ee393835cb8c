//! What all attempts of a call share, and what one attempt adds.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use alicloud_wire::request::Pair;
use bytes::Bytes;
use http::uri::PathAndQuery;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Uri, header};

use super::format::Format;
use crate::credentials::Credentials;
use crate::product::{Endpoint, Operation};
use crate::secret::Secret;

/// The parts of a request that all attempts of a call share.
pub(crate) struct PreparedRequest<'a> {
    pub(super) operation: &'a Operation,
    pub(super) endpoint: Endpoint,
    pub(super) user_agent: HeaderValue,
    pub(super) format: Format,
    pub(super) scheme: SignatureScheme,
    /// The percent-encoded path.
    pub(super) path: String,
    pub(super) query: Vec<Pair>,
    pub(super) form: Vec<Pair>,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Bytes,
    pub(super) content_type: Option<&'static str>,
    /// The canonical query, for schemes in which all attempts have the same.
    pub(super) canonical_query: String,
    /// The hash of the body, for schemes that sign it.
    pub(super) payload_hash: String,
    /// The secrets in the parameters, with the same request without them; `None` if there are none.
    pub(super) secrets: Option<PreparedSecrets<'a>>,
}

/// The secrets in the parameters of a request.
pub(crate) struct PreparedSecrets<'a> {
    pub(crate) texts: Arc<[Secret]>,
    /// The names of parameters and headers that are or contain secrets.
    pub(crate) names: Arc<[String]>,
    /// The request with a placeholder for each secret, to be shown.
    pub(crate) shown: Box<PreparedRequest<'a>>,
}

/// The signature version combined with the API style. A new signature version is added here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SignatureScheme {
    Acs3,
    Rpc,
    Roa,
}

/// What differs per attempt.
pub(crate) struct SigningContext<'a> {
    /// `None` for an unsigned operation.
    pub(crate) credentials: Option<&'a Credentials>,
    /// The provider of the credentials, if the request names it.
    pub(crate) credentials_provider: Option<&'a str>,
    pub(crate) time: SystemTime,
    pub(crate) nonce: String,
    /// `None` for the first attempt of a call.
    pub(crate) retry_info: Option<RetryInfo>,
}

/// What the headers of a retry report about the previous attempts.
#[derive(Clone, Copy)]
pub(crate) struct RetryInfo {
    pub(crate) previous_attempts: u32,
    /// The delay before this attempt.
    pub(crate) delay: Duration,
}

impl SigningContext<'_> {
    /// Returns the header with the provider of the credentials.
    pub(super) fn provider_header(&self) -> Option<(&'static str, &str)> {
        Some(("x-acs-credentials-provider", self.credentials_provider?))
    }

    /// Returns the additional headers of a retry; `None` for the first attempt.
    pub(super) fn retry_headers(&self) -> Option<[(&'static str, String); 2]> {
        let RetryInfo { previous_attempts, delay } = self.retry_info?;
        Some([
            ("x-acs-retry-attempts", previous_attempts.to_string()),
            ("x-acs-retry-delay", delay.as_millis().to_string()),
        ])
    }
}

/// A request that is ready to be sent, with the texts that were signed.
pub(crate) struct SignedRequest {
    pub(crate) request: Request<Bytes>,
    /// The signed texts are secrets, because they can contain a security token.
    pub(crate) canonical_request: Option<Secret>,
    pub(crate) string_to_sign: Option<Secret>,
    pub(crate) signature: Option<String>,
}

impl PreparedRequest<'_> {
    /// Returns the secrets in the parameters; `None` if there are none.
    pub(crate) fn secrets(&self) -> Option<&PreparedSecrets<'_>> {
        self.secrets.as_ref()
    }

    /// Returns whether a header of the parameters is a secret.
    fn is_secret_header(&self, name: &str) -> bool {
        let is_secret =
            |secrets: &PreparedSecrets<'_>| secrets.names.iter().any(|known| known == name);
        self.secrets.as_ref().is_some_and(is_secret)
    }

    /// Returns the host of the endpoint.
    pub(crate) fn host(&self) -> &str {
        self.endpoint.host()
    }

    /// Returns the value of the header `accept`.
    pub(super) fn accept(&self) -> &'static str {
        match self.format {
            Format::Json => "application/json",
            Format::Xml => "application/xml",
        }
    }

    /// Creates the HTTP request with these headers and those that all schemes share.
    pub(super) fn request(
        &self,
        query: &str,
        headers: &[(&'static str, &str)],
    ) -> Result<Request<Bytes>, String> {
        // The three that follow: the user agent, and type and length of the body.
        let mut map = HeaderMap::with_capacity(headers.len() + self.headers.len() + 3);
        let mut append = |name: &str, key, value: &str, is_sensitive| {
            let (Some(key), Ok(mut value)) = (key, HeaderValue::from_bytes(value.as_bytes()))
            else {
                return Err(format!("the header {name:?} has an invalid name or value"));
            };
            value.set_sensitive(is_sensitive);
            map.append(key, value);
            Ok(())
        };
        for (name, value) in headers {
            let is_sensitive = matches!(*name, "authorization" | "x-acs-security-token");
            // Unlike a name that is parsed, it is not copied.
            append(name, Some(HeaderName::from_static(name)), value, is_sensitive)?;
        }
        for (name, value) in &self.headers {
            let key = HeaderName::from_bytes(name.as_bytes()).ok();
            append(name, key, value, self.is_secret_header(name))?;
        }
        map.insert(header::USER_AGENT, self.user_agent.clone());
        if let Some(content_type) = self.content_type {
            map.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        }
        if self.body.is_empty() && matches!(self.operation.method(), "POST" | "PUT" | "PATCH") {
            // Without it, some gateways respond with 411.
            map.insert(header::CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        let mut request = Request::new(self.body.clone());
        *request.method_mut() = Method::from_bytes(self.operation.method().as_bytes())
            .map_err(|_| format!("{:?} is not an HTTP method", self.operation.method()))?;
        *request.uri_mut() = self.uri(query)?;
        *request.headers_mut() = map;
        Ok(request)
    }

    fn uri(&self, query: &str) -> Result<Uri, String> {
        let mut target = String::with_capacity(self.path.len() + 1 + query.len());
        target.push_str(&self.path);
        if !query.is_empty() {
            target.push('?');
            target.push_str(query);
        }
        let too_long = |_| "the URL is longer than 65,534 bytes; send fewer parameters".to_owned();
        let mut parts = http::uri::Parts::default();
        parts.scheme = Some(self.endpoint.scheme().clone());
        parts.authority = Some(self.endpoint.authority().clone());
        parts.path_and_query = Some(PathAndQuery::try_from(target).map_err(too_long)?);
        Uri::from_parts(parts).map_err(|error| error.to_string())
    }
}

pub(super) fn borrow_pairs(pairs: &[Pair]) -> Vec<(&str, &str)> {
    pairs.iter().map(|(name, value)| (name.as_ref(), value.as_ref())).collect()
}
