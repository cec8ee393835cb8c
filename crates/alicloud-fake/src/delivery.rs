//! How a response is sent, and what of it was sent.

use std::time::Duration;

use bytes::Bytes;
use http::Response;
use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};

/// How much of a response was sent.
///
/// ```
#[doc = include_str!("doctest/get.txt")]
/// let cut = ScriptedResponse::html(StatusCode::OK, "<p>").truncate_body(2).skip_verification();
/// let service = FakeService::builder().response(cut).start().await?;
/// assert!(get(&service).await?.ends_with("\r\n\r\n<p"));
/// assert_eq!(service.requests()[0].response.delivery, Delivery::Truncated(2));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Delivery {
    /// The whole response was sent.
    Complete,
    /// At most this many bytes of the body, or of a [raw](crate::ScriptedResponse::raw) response,
    /// were sent.
    Truncated(usize),
    /// Nothing was sent; the connection was reset.
    ConnectionReset,
    /// Nothing was sent; the connection stayed open.
    NoResponse,
    /// Nothing was sent; the connection was closed.
    ConnectionClosed,
    /// All bytes of a [raw](crate::ScriptedResponse::raw) response were sent. They are not parsed,
    /// so the recorded status has no meaning.
    Raw,
}

/// What happens to a connection after the last byte of a
/// [`ScriptedResponse`](crate::ScriptedResponse).
///
/// ```
#[doc = include_str!("doctest/get.txt")]
/// let raw = ScriptedResponse::raw("HTTP/1.1 200").ending(Ending::Close).skip_verification();
/// let service = FakeService::builder().response(raw).start().await?;
/// assert_eq!(get(&service).await?, "HTTP/1.1 200");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Ending {
    /// The connection is closed (FIN).
    Close,
    /// The connection is reset (RST). The client may lose data that it has received but not read
    /// yet.
    Reset,
    /// The connection stays open without further data until the client closes it.
    Hang,
}

/// How to send a response.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DeliveryPlan {
    pub(crate) portion: Portion,
    pub(crate) ending: Option<Ending>,
    pub(crate) pacing: Option<Pacing>,
    /// Whether the body is the whole message, without a generated status line and headers.
    pub(crate) raw: bool,
}

/// How much of a response to send.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Portion {
    All,
    /// The head and this many bytes of the body.
    BodyPrefix(usize),
    Nothing,
}

/// The size of chunks of a response, and the pause between them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pacing {
    /// In bytes.
    pub(crate) chunk_size: usize,
    pub(crate) pause: Duration,
}

impl DeliveryPlan {
    /// Sends the response unchanged.
    pub(crate) const UNCHANGED: Self =
        Self { portion: Portion::All, ending: None, pacing: None, raw: false };

    /// Returns whether hyper can send the response.
    ///
    /// hyper sets the body's length itself and overrides any other, rejects an informational status
    /// as a final response, and cannot end a connection in another way.
    pub(crate) fn can_use_hyper(&self, response: &Response<Bytes>) -> bool {
        let headers = response.headers();
        matches!(self, Self { portion: Portion::All, ending: None, pacing: None, raw: false })
            && !headers.contains_key(CONTENT_LENGTH)
            && !headers.contains_key(TRANSFER_ENCODING)
            && !response.status().is_informational()
    }

    /// Returns whether the client receives a whole HTTP response.
    pub(crate) fn is_whole(&self) -> bool {
        matches!(self, Self { portion: Portion::All, raw: false, .. })
    }

    /// Returns the outcome to record.
    pub(crate) fn delivery(&self) -> Delivery {
        match (self.portion, self.ending) {
            (Portion::All, _) if self.raw => Delivery::Raw,
            (Portion::All, _) => Delivery::Complete,
            (Portion::BodyPrefix(length), _) => Delivery::Truncated(length),
            (Portion::Nothing, Some(Ending::Reset)) => Delivery::ConnectionReset,
            (Portion::Nothing, Some(Ending::Hang)) => Delivery::NoResponse,
            (Portion::Nothing, Some(Ending::Close) | None) => Delivery::ConnectionClosed,
        }
    }
}
