//! Rendering of responses.

use std::sync::Arc;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, DATE, HOST, HeaderMap, HeaderName, HeaderValue};
use http::{Response, StatusCode};

use crate::error_code::ServiceError;
use crate::format::ResponseFields;
use crate::format::{ErrorContext, Format};
use crate::request::{ParsedRequest, lossy_text};
use crate::scripted_response::{ScriptedBody, ScriptedResponse};
use crate::spec::Example;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-acs-request-id");

/// The content of a response, independent of its format.
pub(crate) enum ResponseContent {
    Document { root: String, fields: ResponseFields },
    Example { status: StatusCode, example: Arc<Example> },
    Error(ServiceError),
    Scripted(ScriptedResponse),
}

/// Renders a response in the format that the request asks for. Also returns its error code.
pub(crate) fn render(
    request: &ParsedRequest,
    content: ResponseContent,
    request_id: &str,
    product: &str,
) -> (Response<Bytes>, Option<String>) {
    // If the request asks for an unknown format, the error is in the default format of RPC.
    let format = Format::requested_by(request).unwrap_or(Format::Xml);
    let (status, headers, body, error) = match content {
        ResponseContent::Document { root, mut fields } => {
            fields.insert("RequestId".to_owned(), request_id.into());
            let body = Bytes::from(format.document(&root, &fields));
            (StatusCode::OK, content_type_header(format), body, None)
        }
        ResponseContent::Example { status: StatusCode::NO_CONTENT, .. } => {
            (StatusCode::NO_CONTENT, HeaderMap::new(), Bytes::new(), None)
        }
        ResponseContent::Example { status, example } => {
            (status, content_type_header(format), Bytes::from(example.render(request_id)), None)
        }
        ResponseContent::Error(error) => {
            let body = error_body(request, format, &error, request_id, product);
            (error.status, content_type_header(format), body, Some(error))
        }
        ResponseContent::Scripted(response) => match response.body {
            // The dispatcher replaces it by the content of the operation.
            ScriptedBody::Passthrough => (response.status, response.headers, Bytes::new(), None),
            ScriptedBody::Fixed(body) => (response.status, response.headers, body, None),
            ScriptedBody::Error { code, message } => {
                let error = ServiceError::new(response.status, code, message);
                let body = error_body(request, format, &error, request_id, product);
                let mut headers = content_type_header(format);
                headers.extend(response.headers);
                (response.status, headers, body, Some(error))
            }
        },
    };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    (response, error.map(|error| error.code.into_owned()))
}

fn content_type_header(format: Format) -> HeaderMap {
    HeaderMap::from_iter([(CONTENT_TYPE, format.content_type())])
}

fn error_body(
    request: &ParsedRequest,
    format: Format,
    error: &ServiceError,
    request_id: &str,
    product: &str,
) -> Bytes {
    let host =
        request.headers.get(HOST).map(|host| lossy_text(host.as_bytes())).unwrap_or_default();
    let context = ErrorContext { request_id, host_id: &host, product };
    Bytes::from(format.error_document(error, &context))
}

/// Adds the headers of every response, except those that a script has set.
pub(crate) fn add_common_headers(
    headers: &mut HeaderMap,
    request_id: &str,
    date: Option<HeaderValue>,
) {
    if let Ok(id) = HeaderValue::from_str(request_id) {
        headers.entry(REQUEST_ID).or_insert(id);
    }
    if let Some(date) = date {
        headers.entry(DATE).or_insert(date);
    }
}

/// Returns a request id in the form of the service, but the same in every run.
pub(crate) fn request_id(number: u64) -> String {
    format!("FA4E0000-0000-4000-8000-{number:012X}")
}
