//! JSON or XML: which one was asked for, and how documents look in it.

use http::HeaderValue;
use http::header::ACCEPT;
use serde_json::{Map, Value, json};

use crate::error_code::Refusal;
use crate::params;
use crate::request::Incoming;
use crate::verify::SignatureScheme;
use crate::xml;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Json,
    Xml,
}

/// What every error document tells beside the error itself.
pub(crate) struct ErrorContext<'a> {
    pub(crate) request_id: &'a str,
    /// The host name that was called.
    pub(crate) host_id: &'a str,
    pub(crate) product: &'a str,
}

impl Format {
    /// The format that the request asks for; an error when it asks for one that does not exist.
    pub(crate) fn asked_by(request: &Incoming) -> Result<Self, Refusal> {
        let scheme = SignatureScheme::of(request);
        if scheme.is_some_and(|scheme| scheme != SignatureScheme::RpcHmacSha1) {
            // A `Format` in the query is the operation's own: a few have such a parameter.
            return Ok(Self::accepted_by(request));
        }
        match request.parameter("Format") {
            Some(name) if name.eq_ignore_ascii_case("JSON") => Ok(Self::Json),
            Some(name) if name.eq_ignore_ascii_case("XML") => Ok(Self::Xml),
            Some(name) if !name.is_empty() => Err(Refusal::format()),
            _ if scheme.is_none() && names_in_headers(request) => Ok(Self::accepted_by(request)),
            _ => Ok(Self::Xml),
        }
    }

    /// The first media type of the `accept` headers that we can write.
    fn accepted_by(request: &Incoming) -> Self {
        request
            .headers
            .get_all(ACCEPT)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .filter_map(|kind| kind.split(';').next())
            .find_map(|kind| match kind.trim().to_ascii_lowercase().as_str() {
                "application/json" | "*/*" => Some(Self::Json),
                "application/xml" | "text/xml" => Some(Self::Xml),
                _ => None,
            })
            .unwrap_or(Self::Json)
    }

    pub(crate) fn content_type(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Json => "application/json;charset=utf-8",
            Self::Xml => "text/xml;charset=utf-8",
        })
    }

    /// What an operation answers. `root` is the name of the document's element, which only XML has.
    pub(crate) fn document(self, root: &str, fields: &Map<String, Value>) -> String {
        match self {
            Self::Json => json!(fields).to_string(),
            Self::Xml => xml::document(root, fields),
        }
    }

    pub(crate) fn error(self, refusal: &Refusal, context: &ErrorContext<'_>) -> String {
        let recommend = format!(
            "https://api.aliyun.com/troubleshoot?q={}&product={}&requestId={}",
            params::encode(refusal.code.as_bytes()),
            context.product,
            context.request_id,
        );
        match self {
            Self::Json => json!({
                "RequestId": context.request_id,
                "HostId": context.host_id,
                "Code": refusal.code,
                "Message": refusal.message,
                "Recommend": recommend,
            })
            .to_string(),
            Self::Xml => xml::error(
                &[
                    ("RequestId", context.request_id),
                    ("HostId", context.host_id),
                    ("Code", &refusal.code),
                    ("Message", &refusal.message),
                ],
                ("Recommend", &recommend),
            ),
        }
    }
}

/// The schemes have different defaults. An unsigned request belongs to those whose way of naming
/// the operation it uses.
fn names_in_headers(request: &Incoming) -> bool {
    request.parameter("Action").is_none() && request.headers.contains_key("x-acs-action")
}
