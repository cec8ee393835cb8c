//! A response that is a success: from bytes to a value.

use std::time::SystemTime;

use alicloud_wire::{DecodeIssue, Node, Scalar, Shape, View};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};

use crate::attempt::Sent;
use crate::client::Format;
use crate::error::{self, Error, ErrorResponse, Kind};
use crate::operation::{Called, ResponseKind};

/// A response with everything around its value; see [`Call::response`](crate::Call::response).
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Response<T> {
    /// The value. A field that could not be read is absent in it.
    pub value: T,
    /// What could not be read, with its place and the reason.
    pub issues: Vec<DecodeIssue>,
    /// The id under which the service knows this request.
    pub request_id: Option<String>,
    /// The HTTP status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as it arrived.
    pub body: Bytes,
    /// How often the request was sent.
    pub attempts: u32,
}

impl<T> Response<T> {
    /// What time it was for the service when it answered, to the second; nothing when it did not say.
    ///
    /// For comparing times that the service gives with those of this machine, whose clock may be off.
    pub fn date(&self) -> Option<SystemTime> {
        crate::skew::date(&self.headers)
    }
}

/// A response that is a success, not yet read.
pub(crate) struct RawResponse {
    pub(crate) operation: Called,
    pub(crate) format: Format,
    pub(crate) response: http::Response<Bytes>,
    pub(crate) sent: Sent,
    pub(crate) attempts: u32,
}

/// What a body is, by what it looks like.
enum Found {
    Json,
    Xml,
    Text,
    Bytes,
    Nothing,
}

impl RawResponse {
    /// The typed shell: all that is compiled for each type of response.
    pub(crate) fn read<T: Node + Default>(self) -> Result<Response<T>, Error> {
        let mut value = T::default();
        let body = self.response.body();
        let read = match self.look(value.shape()) {
            Ok(Found::Json) => {
                alicloud_wire::from_json::<T>(body).map_err(|error| error.to_string())
            }
            Ok(Found::Xml) => alicloud_wire::from_xml::<T>(body).map_err(|error| error.to_string()),
            Ok(found) => match put(&mut value, found, body) {
                Ok(()) => return Ok(self.with(value, Vec::new())),
                Err(reason) => Err(reason),
            },
            Err(reason) => Err(reason.to_owned()),
        };
        match read {
            Ok(decoded) => Ok(self.with(decoded.value, decoded.issues)),
            Err(reason) => Err(self.unreadable(reason)),
        }
    }

    /// Which reader the body is for. What it looks like goes before what was asked for.
    fn look(&self, shape: Shape) -> Result<Found, &'static str> {
        let body = self.response.body();
        match self.operation.response_kind() {
            ResponseKind::Text => return Ok(Found::Text),
            ResponseKind::Bytes => return Ok(Found::Bytes),
            ResponseKind::Nothing => return Ok(Found::Nothing),
            ResponseKind::Structured => {}
        }
        if shape == Shape::Unit || self.response.status() == StatusCode::NO_CONTENT {
            return Ok(Found::Nothing);
        }
        match error::first_character(body) {
            None => Err("the response is empty"),
            // It could be read as XML, and would give a value in which everything is absent.
            Some(b'<') if error::is_page(body) => Err("the response is a web page"),
            Some(b'<') if self.format == Format::Xml || self.is_called_xml() => Ok(Found::Xml),
            Some(b'{' | b'[') => Ok(Found::Json),
            Some(_) if self.format == Format::Xml => Ok(Found::Xml),
            Some(_) => Ok(Found::Json),
        }
    }

    fn is_called_xml(&self) -> bool {
        let value = self.response.headers().get(header::CONTENT_TYPE);
        value.is_some_and(|value| {
            value.as_bytes().windows(3).any(|part| part.eq_ignore_ascii_case(b"xml"))
        })
    }

    fn with<T: Node>(self, value: T, issues: Vec<DecodeIssue>) -> Response<T> {
        let (head, body) = self.response.into_parts();
        Response {
            request_id: error::request_id(&head.headers).or_else(|| request_id_of(&value)),
            value,
            issues,
            status: head.status,
            headers: head.headers,
            body,
            attempts: self.attempts,
        }
    }

    fn unreadable(self, reason: String) -> Error {
        let (head, body) = self.response.into_parts();
        let response =
            ErrorResponse::read(head.status, &head.headers, &body, &self.sent.redactor());
        Error::new(Kind::Decode { response, reason }).during(&self.operation, self.attempts)
    }
}

/// A value that is the body itself, or nothing.
fn put(value: &mut dyn Node, found: Found, body: &[u8]) -> Result<(), String> {
    let text = match found {
        Found::Bytes => STANDARD.encode(body),
        Found::Text => String::from_utf8_lossy(body).into_owned(),
        _ => return Ok(()),
    };
    if value.set_scalar(Scalar::Text(&text)) {
        Ok(())
    } else {
        Err(format!("the response is text or bytes, and {} was expected", value.shape().describe()))
    }
}

/// The field of a value that holds the id of the request.
fn request_id_of(value: &dyn Node) -> Option<String> {
    let record = match value.view() {
        View::Record(record) => record,
        View::Any(value) => return value.get("RequestId")?.as_str().map(str::to_owned),
        _ => return None,
    };
    let mut found = None;
    record.visit(&mut |field, node| {
        if field.name.eq_ignore_ascii_case("RequestId")
            && let View::Text(text) = node.view()
        {
            found = Some(text.to_owned());
        }
    });
    found
}
