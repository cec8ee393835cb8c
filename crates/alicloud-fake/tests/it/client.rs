//! An HTTP client that sends the bytes of a test unchanged.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use alicloud_fake::{FakeService, FakeServiceBuilder, ScriptedResponse};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::sign::Call;

/// How a connection ends that the service resets; see [`read_to_end`].
pub(crate) const RESET: Option<ErrorKind> = Some(ErrorKind::ConnectionReset);

/// 2026-01-02T03:04:05Z, the time of the recorded requests.
pub(crate) fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_767_323_045)
}

/// Returns a builder of a service whose clock stands still at [`now`].
pub(crate) fn service() -> FakeServiceBuilder {
    FakeService::builder().clock(now)
}

/// Starts [a service](service) with scripted responses.
pub(crate) async fn start(responses: impl IntoIterator<Item = ScriptedResponse>) -> FakeService {
    responses
        .into_iter()
        .fold(service(), |builder, response| builder.response(response))
        .start()
        .await
        .unwrap()
}

#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    /// With names in lower case.
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
}

impl Response {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// Returns the error code of a JSON or XML body.
    pub(crate) fn code(&self) -> Option<String> {
        self.error_field("Code")
    }

    pub(crate) fn error_field(&self, name: &str) -> Option<String> {
        if self.body.starts_with('<') {
            xml_texts(&self.body, name).into_iter().next()
        } else {
            self.json()[name].as_str().map(str::to_owned)
        }
    }
}

pub(crate) async fn connect(endpoint: &str) -> TcpStream {
    TcpStream::connect(endpoint.strip_prefix("http://").unwrap()).await.unwrap()
}

pub(crate) async fn send(service: &FakeService, request: impl AsRef<[u8]>) -> Response {
    send_to(service.endpoint(), request).await
}

pub(crate) async fn send_to(endpoint: &str, request: impl AsRef<[u8]>) -> Response {
    let mut connection = connect(endpoint).await;
    connection.write_all(request.as_ref()).await.unwrap();
    receive(&mut connection).await
}

pub(crate) async fn send_call(connection: &mut TcpStream, nonce: &str) {
    let request = Call { nonce, ..Call::default() }.acs3();
    connection.write_all(request.as_bytes()).await.unwrap();
}

/// Reads one response, which must have a length.
pub(crate) async fn receive(connection: &mut TcpStream) -> Response {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(connection.read_u8().await.unwrap());
    }
    let head = String::from_utf8(head).unwrap();
    let mut lines = head.trim_end().lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap();
    let headers: BTreeMap<String, String> = lines
        .map(|line| line.split_once(':').unwrap())
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let length = headers.get("content-length").map_or(0, |length| length.parse().unwrap());
    // Only a 204 has no length.
    assert!(status == "204" || headers.contains_key("content-length"));
    let mut body = vec![0; length];
    connection.read_exact(&mut body).await.unwrap();
    Response { status: status.parse().unwrap(), headers, body: String::from_utf8(body).unwrap() }
}

/// Returns what arrives until the connection ends, and the error that ends it.
pub(crate) async fn read_to_end(connection: &mut TcpStream) -> (String, Option<ErrorKind>) {
    let mut received = Vec::new();
    let end = connection.read_to_end(&mut received).await.err().map(|error| error.kind());
    (String::from_utf8(received).unwrap(), end)
}

/// Returns the texts of all elements with this name, read by an independent parser.
pub(crate) fn xml_texts(xml: &str, name: &str) -> Vec<String> {
    use quick_xml::events::Event;

    let mut reader = quick_xml::Reader::from_str(xml);
    let (mut texts, mut text) = (Vec::new(), String::new());
    loop {
        match reader.read_event().unwrap() {
            Event::Start(_) => text.clear(),
            Event::Text(part) => text.push_str(&part),
            Event::CData(part) => text.push_str(&part),
            Event::GeneralRef(entity) => match entity.resolve_char_ref().unwrap() {
                Some(character) => text.push(character),
                None => {
                    text.push_str(quick_xml::escape::resolve_xml_entity(&entity).unwrap());
                }
            },
            Event::End(end) if end.name().as_ref() == name => texts.push(text.clone()),
            Event::Eof => return texts,
            _ => {}
        }
    }
}
