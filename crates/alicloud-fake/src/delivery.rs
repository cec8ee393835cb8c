//! How an answer gets to the client, or does not.

use std::time::Duration;

use bytes::Bytes;
use http::Response;
use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};

/// What became of an answer on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Delivery {
    /// It was sent as a whole.
    Whole,
    /// It ended after so many bytes of the body, or of [raw](crate::ScriptedResponse::raw) bytes.
    Cut(usize),
    /// The connection was reset instead.
    Reset,
    /// Nothing was sent, and the connection left open.
    Silent,
    /// The connection was closed without a byte.
    Closed,
    /// [Raw](crate::ScriptedResponse::raw) bytes were sent, all of them. Nobody has looked into them, so the
    /// status of the record means nothing.
    Raw,
}

/// What happens to a connection after the last byte that a [`ScriptedResponse`](crate::ScriptedResponse) sends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Ending {
    /// It is closed in good order (FIN).
    Close,
    /// It is reset (RST). A client may then lose what it has received and not read yet.
    Reset,
    /// It is left open, and nothing more is sent until the client goes away.
    Silence,
}

/// How an answer is to be sent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Manner {
    pub(crate) extent: Extent,
    pub(crate) ending: Option<Ending>,
    pub(crate) drip: Option<Drip>,
    /// Without a head of ours.
    pub(crate) raw: bool,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Extent {
    All,
    /// So many bytes of the body.
    Cut(usize),
    Nothing,
}

/// So many bytes, a pause, and so on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Drip {
    pub(crate) bytes: usize,
    pub(crate) pause: Duration,
}

impl Manner {
    /// As HTTP has it.
    pub(crate) const PASSTHROUGH: Self =
        Self { extent: Extent::All, ending: None, drip: None, raw: false };

    /// Whether the HTTP library can send it. It writes the length of the body itself and takes no
    /// other, it takes an informational status for no answer, and it knows of no other ending.
    pub(crate) fn is_for_the_library(&self, response: &Response<Bytes>) -> bool {
        let headers = response.headers();
        matches!(self, Self { extent: Extent::All, ending: None, drip: None, raw: false })
            && !headers.contains_key(CONTENT_LENGTH)
            && !headers.contains_key(TRANSFER_ENCODING)
            && !response.status().is_informational()
    }

    pub(crate) fn delivery(&self) -> Delivery {
        match (self.extent, self.ending) {
            (Extent::All, _) if self.raw => Delivery::Raw,
            (Extent::All, _) => Delivery::Whole,
            (Extent::Cut(length), _) => Delivery::Cut(length),
            (Extent::Nothing, Some(Ending::Reset)) => Delivery::Reset,
            (Extent::Nothing, Some(Ending::Silence)) => Delivery::Silent,
            (Extent::Nothing, Some(Ending::Close) | None) => Delivery::Closed,
        }
    }
}
