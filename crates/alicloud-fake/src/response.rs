//! From what was decided to the bytes of an answer.

use std::sync::Arc;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, DATE, HOST, HeaderMap, HeaderName, HeaderValue};
use http::{Response, StatusCode};

use crate::error_code::Refusal;
use crate::format::{ErrorContext, Format};
use crate::products::Fields;
use crate::request::{Incoming, lossy};
use crate::scripted_response::{ScriptedBody, ScriptedResponse};
use crate::spec::Example;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-acs-request-id");

/// What is decided on a request, before it is written in a format.
pub(crate) enum Outcome {
    Done { root: String, fields: Fields },
    Example { status: StatusCode, example: Arc<Example> },
    Refused(Refusal),
    Scripted(ScriptedResponse),
}

/// The response, and the code of the error if it is one.
pub(crate) fn write(
    request: &Incoming,
    outcome: Outcome,
    request_id: &str,
    product: &str,
) -> (Response<Bytes>, Option<String>) {
    // A request for a format that does not exist gets the default of the older scheme.
    let format = Format::asked_by(request).unwrap_or(Format::Xml);
    let (status, headers, body, refusal) = match outcome {
        Outcome::Done { root, mut fields } => {
            fields.insert("RequestId".to_owned(), request_id.into());
            let body = Bytes::from(format.document(&root, &fields));
            (StatusCode::OK, typed(format), body, None)
        }
        Outcome::Example { status: StatusCode::NO_CONTENT, .. } => {
            (StatusCode::NO_CONTENT, HeaderMap::new(), Bytes::new(), None)
        }
        Outcome::Example { status, example } => {
            (status, typed(format), Bytes::from(example.with(request_id)), None)
        }
        Outcome::Refused(refusal) => {
            let body = error_body(request, format, &refusal, request_id, product);
            (refusal.status, typed(format), body, Some(refusal))
        }
        Outcome::Scripted(response) => match response.body {
            // The desk puts the operation's outcome in its place.
            ScriptedBody::Passthrough => (response.status, response.headers, Bytes::new(), None),
            ScriptedBody::Fixed(body) => (response.status, response.headers, body, None),
            ScriptedBody::Error { code, message } => {
                let refusal = Refusal::new(response.status, code, message);
                let body = error_body(request, format, &refusal, request_id, product);
                let mut headers = typed(format);
                headers.extend(response.headers);
                (response.status, headers, body, Some(refusal))
            }
        },
    };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    (response, refusal.map(|refusal| refusal.code.into_owned()))
}

fn typed(format: Format) -> HeaderMap {
    HeaderMap::from_iter([(CONTENT_TYPE, format.content_type())])
}

fn error_body(
    request: &Incoming,
    format: Format,
    refusal: &Refusal,
    request_id: &str,
    product: &str,
) -> Bytes {
    let host = request.headers.get(HOST).map(|host| lossy(host.as_bytes())).unwrap_or_default();
    let context = ErrorContext { request_id, host_id: &host, product };
    Bytes::from(format.error(refusal, &context))
}

/// Headers that every answer has, unless a script says otherwise.
pub(crate) fn stamp(headers: &mut HeaderMap, request_id: &str, date: Option<HeaderValue>) {
    if let Ok(id) = HeaderValue::from_str(request_id) {
        headers.entry(REQUEST_ID).or_insert(id);
    }
    if let Some(date) = date {
        headers.entry(DATE).or_insert(date);
    }
}

/// Shaped as the service's, but the same in every run.
pub(crate) fn request_id(number: u64) -> String {
    format!("FA4E0000-0000-4000-8000-{number:012X}")
}
