//! The format of responses: JSON or XML.

use http::HeaderValue;
use http::header::ACCEPT;
use serde_json::{Map, Value, json};

use crate::error_code::ServiceError;
use crate::params;
use crate::request::ParsedRequest;
use crate::request::SignatureScheme;
use crate::xml;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Json,
    Xml,
}

/// The fields of a response, without the request id.
pub(crate) type ResponseFields = Map<String, Value>;

/// Fields of an error document other than the error itself.
pub(crate) struct ErrorContext<'a> {
    pub(crate) request_id: &'a str,
    /// The `host` header of the request.
    pub(crate) host_id: &'a str,
    pub(crate) product: &'a str,
}

impl Format {
    /// Returns the format that the request asks for, or an error if it is unknown.
    pub(crate) fn requested_by(request: &ParsedRequest) -> Result<Self, ServiceError> {
        let scheme = request.signature_scheme();
        if scheme.is_some_and(|scheme| scheme != SignatureScheme::RpcHmacSha1) {
            // These schemes have no `Format` parameter, but a few operations have one of their own.
            return Ok(Self::accepted_by(request));
        }
        match request.param("Format") {
            Some(name) if name.eq_ignore_ascii_case("JSON") => Ok(Self::Json),
            Some(name) if name.eq_ignore_ascii_case("XML") => Ok(Self::Xml),
            Some(name) if !name.is_empty() => Err(ServiceError::invalid_format()),
            _ if scheme.is_none() && names_operation_in_headers(request) => {
                Ok(Self::accepted_by(request))
            }
            _ => Ok(Self::Xml),
        }
    }

    /// Returns the first supported media type of the `accept` headers.
    fn accepted_by(request: &ParsedRequest) -> Self {
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

    /// Formats a successful response. `root` is the name of the root element, which only XML has.
    pub(crate) fn document(self, root: &str, fields: &ResponseFields) -> String {
        match self {
            Self::Json => json!(fields).to_string(),
            Self::Xml => xml::document(root, fields),
        }
    }

    pub(crate) fn error_document(self, error: &ServiceError, context: &ErrorContext<'_>) -> String {
        let help_url = format!(
            "https://api.aliyun.com/troubleshoot?q={}&product={}&requestId={}",
            params::encode(error.code.as_bytes()),
            context.product,
            context.request_id,
        );
        match self {
            Self::Json => json!({
                "RequestId": context.request_id,
                "HostId": context.host_id,
                "Code": error.code,
                "Message": error.message,
                "Recommend": help_url,
            })
            .to_string(),
            Self::Xml => xml::error_document(
                &[
                    ("RequestId", context.request_id),
                    ("HostId", context.host_id),
                    ("Code", &error.code),
                    ("Message", &error.message),
                ],
                ("Recommend", &help_url),
            ),
        }
    }
}

/// Returns whether an unsigned request names its operation like ACS3 and ROA, whose default format
/// differs from that of RPC.
fn names_operation_in_headers(request: &ParsedRequest) -> bool {
    request.param("Action").is_none() && request.headers.contains_key("x-acs-action")
}
