//! From the parts of a call to a signed HTTP request.
//!
//! [`Prepared`] is what all attempts have in common; [`Prepared::sign`] adds what each has of its own:
//! credentials, time and nonce.

mod acs3;
mod roa;
mod rpc;

use std::borrow::Cow;
use std::time::{Duration, SystemTime};

use alicloud_wire::request::{Pair, ParameterLocation};
use alicloud_wire::{Body, RequestParts, percent_encode_into};
use bytes::Bytes;
use http::uri::PathAndQuery;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Uri, header};

use crate::client::Format;
use crate::credentials::Credentials;
use crate::endpoint::Endpoint;
use crate::operation::{ApiStyle, Called};
use crate::sign::{self, SignatureVersion};

/// The parts of a call that stay the same in all of its attempts.
pub(crate) struct Prepared {
    operation: Called,
    endpoint: Endpoint,
    user_agent: HeaderValue,
    format: Format,
    scheme: Scheme,
    /// The path as it is sent.
    path: String,
    query: Vec<Pair>,
    form: Vec<Pair>,
    headers: Vec<(String, String)>,
    body: Bytes,
    content_type: Option<&'static str>,
    /// The parameters in order and escaped, where all attempts have the same.
    canonical_query: String,
    /// The hash of the body, where it is signed.
    payload_hash: String,
}

/// Which signature it is, now that the style of the API is known. The next one gets its place here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scheme {
    Acs3,
    Rpc,
    Roa,
}

/// What an attempt has of its own.
pub(crate) struct Stamp<'a> {
    /// Nothing for an operation that is not signed.
    pub(crate) credentials: Option<&'a Credentials>,
    pub(crate) time: SystemTime,
    pub(crate) nonce: String,
    /// Nothing for the first attempt of a call.
    pub(crate) repeated: Option<Repeated>,
}

/// What a service is told of the attempts before this one.
#[derive(Clone, Copy)]
pub(crate) struct Repeated {
    pub(crate) times: u32,
    pub(crate) waited: Duration,
}

impl Stamp<'_> {
    /// The headers of an attempt that is not the first.
    fn repeated_headers(&self) -> Option<[(&'static str, String); 2]> {
        let Repeated { times, waited } = self.repeated?;
        Some([
            ("x-acs-retry-attempts", times.to_string()),
            ("x-acs-retry-delay", waited.as_millis().to_string()),
        ])
    }
}

/// A request that is ready to be sent, and how it came about.
pub(crate) struct Signed {
    pub(crate) request: Request<Bytes>,
    pub(crate) canonical_request: Option<String>,
    pub(crate) string_to_sign: Option<String>,
    pub(crate) signature: Option<String>,
}

impl Prepared {
    /// Places the parameters. The error says what cannot be written down.
    pub(crate) fn new(
        operation: Called,
        mut parts: RequestParts,
        endpoint: &Endpoint,
        user_agent: HeaderValue,
        format: Format,
        signature: SignatureVersion,
        token: impl FnOnce() -> std::io::Result<String>,
    ) -> Result<Prepared, String> {
        let scheme = match (signature, operation.style()) {
            (SignatureVersion::Acs3, _) => Scheme::Acs3,
            (SignatureVersion::Hmac1, ApiStyle::Rpc) => Scheme::Rpc,
            (SignatureVersion::Hmac1, ApiStyle::Roa) => Scheme::Roa,
        };
        let endpoint = match &parts.host {
            None => endpoint.clone(),
            Some(label) => endpoint
                .with_label(label)
                .ok_or_else(|| format!("{label:?} cannot stand in front of the host"))?,
        };
        let mut headers: Vec<(String, String)> = parts
            .headers
            .into_iter()
            .map(|(name, value)| (name.to_ascii_lowercase(), value))
            .collect();
        if let Some((place, name)) = parts.token {
            // The same in all attempts: that is what it is for.
            let token =
                token().map_err(|error| format!("there is no randomness for {name}: {error}"))?;
            match place {
                ParameterLocation::Form => parts.form.push((name.into(), token.into())),
                ParameterLocation::Header => headers.push((name.to_ascii_lowercase(), token)),
                _ => parts.query.push((name.into(), token.into())),
            }
        }
        let path = place_path(operation.path(), &parts.path, &mut parts.query)?;
        let (mut form, mut query) = (parts.form, parts.query);
        let bodiless = matches!(operation.method(), "GET" | "HEAD");
        if bodiless || parts.body.is_some() {
            // There is no place for a form, and the service reads parameters from either.
            query.append(&mut form);
        }
        let (body, content_type) = match parts.body.filter(|_| !bodiless) {
            Some(Body::Bytes(bytes)) => (bytes, Some("application/octet-stream")),
            Some(Body::Json(text) | Body::Text(text)) => {
                (Bytes::from(text), Some("application/json; charset=utf-8"))
            }
            Some(_) => return Err("the body is of a kind that this version cannot send".to_owned()),
            None => (Bytes::from(join(&form)), Some("application/x-www-form-urlencoded")),
        };
        let mut prepared = Prepared {
            operation,
            endpoint,
            user_agent,
            format,
            scheme,
            path,
            query,
            form,
            headers,
            content_type: content_type.filter(|_| !body.is_empty()),
            body,
            canonical_query: String::new(),
            payload_hash: String::new(),
        };
        match scheme {
            Scheme::Acs3 => acs3::prepare(&mut prepared),
            Scheme::Roa => {
                prepared.canonical_query = sign::canonical_query(&borrowed(&prepared.query))
            }
            // Time and nonce stand among the parameters.
            Scheme::Rpc => {}
        }
        Ok(prepared)
    }

    /// A request with a fresh signature.
    pub(crate) fn sign(&self, stamp: &Stamp<'_>) -> Result<Signed, String> {
        match self.scheme {
            Scheme::Acs3 => acs3::sign(self, stamp),
            Scheme::Rpc => rpc::sign(self, stamp),
            Scheme::Roa => roa::sign(self, stamp),
        }
    }

    /// The host that it goes to.
    pub(crate) fn host(&self) -> &str {
        self.endpoint.host()
    }

    /// The format that is asked for in the header `accept`.
    fn accept(&self) -> &'static str {
        match self.format {
            Format::Json => "application/json",
            Format::Xml => "application/xml",
        }
    }

    /// An HTTP request of these headers. Those that are the same everywhere are added.
    fn request(&self, query: &str, headers: &[(&str, &str)]) -> Result<Request<Bytes>, String> {
        let mut map = HeaderMap::with_capacity(headers.len() + self.headers.len() + 4);
        let own = self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        for (name, value) in headers.iter().copied().chain(own) {
            let key = HeaderName::from_bytes(name.as_bytes());
            let (Ok(key), Ok(mut value)) = (key, HeaderValue::from_bytes(value.as_bytes())) else {
                return Err(format!(
                    "the header {name:?} has a name or a value that HTTP cannot carry"
                ));
            };
            value.set_sensitive(matches!(name, "authorization" | "x-acs-security-token"));
            map.append(key, value);
        }
        map.insert(header::USER_AGENT, self.user_agent.clone());
        if let Some(content_type) = self.content_type {
            map.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        }
        if self.body.is_empty() && matches!(self.operation.method(), "POST" | "PUT" | "PATCH") {
            // Some gateways answer 411 to one that has neither a body nor this.
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
        let too_long =
            |_| "the parameters do not fit into a URL: it may have 65,534 bytes".to_owned();
        let mut parts = http::uri::Parts::default();
        parts.scheme = Some(self.endpoint.scheme().clone());
        parts.authority = Some(self.endpoint.authority().clone());
        parts.path_and_query = Some(PathAndQuery::try_from(target).map_err(too_long)?);
        Uri::from_parts(parts).map_err(|error| error.to_string())
    }
}

/// Pairs, borrowed.
fn borrowed(pairs: &[Pair]) -> Vec<(&str, &str)> {
    pairs.iter().map(|(name, value)| (name.as_ref(), value.as_ref())).collect()
}

/// A form, in the order of its parameters.
fn join(pairs: &[Pair]) -> String {
    let mut out = String::new();
    for (index, (name, value)) in pairs.iter().enumerate() {
        if index > 0 {
            out.push('&');
        }
        percent_encode_into(name, &mut out);
        out.push('=');
        percent_encode_into(value, &mut out);
    }
    out
}

/// The path of a template with its values; a fixed query behind it goes to the other parameters.
fn place_path(
    template: &str,
    values: &[(Cow<'static, str>, String)],
    query: &mut Vec<Pair>,
) -> Result<String, String> {
    let (mut rest, fixed) = template.split_once('?').unwrap_or((template, ""));
    for pair in fixed.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        query.push((name.to_owned().into(), value.to_owned().into()));
    }
    let mut path = String::with_capacity(template.len() + 32);
    while let Some((before, behind)) = rest.split_once('{') {
        path.push_str(before);
        let (name, behind) = behind
            .split_once('}')
            .ok_or_else(|| format!("the path {template:?} has a brace that is not closed"))?;
        // `{+name}` stands for several segments: its slashes stay.
        let (name, whole) = name.strip_prefix('+').map_or((name, false), |name| (name, true));
        let value = values.iter().find(|(known, _)| *known == name);
        let (_, value) =
            value.ok_or_else(|| format!("the path {template:?} needs a value for {name}"))?;
        let mut separator = if whole && path.is_empty() { "/" } else { "" };
        let segments = if whole { value.trim_start_matches('/') } else { value };
        for segment in segments.split(if whole { &['/'][..] } else { &[] }) {
            if matches!(segment, "." | "..") {
                // A client or a proxy would resolve it, to another path than the one that is signed.
                return Err(format!("parameter {name}: {segment:?} cannot be a part of a path"));
            }
            path.push_str(separator);
            percent_encode_into(segment, &mut path);
            separator = "/";
        }
        rest = behind;
    }
    path.push_str(rest);
    Ok(path)
}
