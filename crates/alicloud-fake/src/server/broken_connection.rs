//! Connections on which HTTP is not kept to.

use std::error::Error;
use std::fmt;

use bytes::{BufMut as _, Bytes, BytesMut};
use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use http::{Response, StatusCode};
use tokio::io::{AsyncWriteExt as _, copy, sink};
use tokio::net::TcpStream;
use tokio::time::sleep;

use crate::delivery::{Drip, Ending, Extent, Manner};

/// Handed to the HTTP library in place of an answer, so that it gives the connection back.
#[derive(Debug, Clone)]
pub(super) struct Breach {
    bytes: Bytes,
    drip: Option<Drip>,
    ending: Ending,
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad("the connection is to be broken")
    }
}

impl Error for Breach {}

impl Breach {
    /// The end of a connection that nothing was scripted for.
    pub(super) const CLOSE: Self = Self { bytes: Bytes::new(), drip: None, ending: Ending::Close };

    pub(super) fn new(response: &Response<Bytes>, manner: Manner) -> Self {
        Self {
            bytes: bytes(response, manner),
            drip: manner.drip,
            ending: manner.ending.unwrap_or(Ending::Close),
        }
    }

    /// The one that made the library stop, if it was one.
    pub(super) fn behind(error: hyper::Error) -> Option<Self> {
        error.source()?.downcast_ref().cloned()
    }

    pub(super) async fn commit(self, mut socket: TcpStream) {
        // Where something fails the client has gone, and there is nobody left to disappoint.
        let _ = self.send(&mut socket).await;
        match self.ending {
            Ending::Reset => {
                let _ = socket.set_zero_linger();
            }
            Ending::Silence => {
                let _ = copy(&mut socket, &mut sink()).await;
            }
            Ending::Close => {
                let _ = socket.shutdown().await;
                // What is left unread would turn the end into a reset.
                let _ = copy(&mut socket, &mut sink()).await;
            }
        }
    }

    async fn send(&self, socket: &mut TcpStream) -> std::io::Result<()> {
        let Some(Drip { bytes, pause }) = self.drip else {
            return socket.write_all(&self.bytes).await;
        };
        for (number, piece) in self.bytes.chunks(bytes.max(1)).enumerate() {
            if number > 0 {
                sleep(pause).await;
            }
            socket.write_all(piece).await?;
        }
        Ok(())
    }
}

/// What is sent of an answer. Its head speaks of the whole, unless a script has set the length.
fn bytes(response: &Response<Bytes>, manner: Manner) -> Bytes {
    let body = response.body();
    let body = match manner.extent {
        Extent::Nothing => return Bytes::new(),
        Extent::All => body.clone(),
        Extent::Cut(length) => body.slice(..length.min(body.len())),
    };
    if manner.raw {
        return body;
    }
    let status = response.status();
    let mut out = BytesMut::new();
    out.put(format!("HTTP/1.1 {status}\r\n").as_bytes());
    for (name, value) in response.headers() {
        for part in [name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"] {
            out.put(part);
        }
    }
    let is_set = [CONTENT_LENGTH, TRANSFER_ENCODING]
        .iter()
        .any(|name| response.headers().contains_key(name));
    if !is_set && !status.is_informational() && status != StatusCode::NO_CONTENT {
        out.put(format!("content-length: {}\r\n", response.body().len()).as_bytes());
    }
    out.put(&b"\r\n"[..]);
    out.put(body);
    out.freeze()
}
