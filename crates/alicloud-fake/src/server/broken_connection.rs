//! Connections that violate HTTP on purpose.

use std::error::Error;
use std::fmt;

use bytes::{BufMut as _, Bytes, BytesMut};
use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use http::{Response, StatusCode};
use tokio::io::{AsyncWriteExt as _, copy, sink};
use tokio::net::TcpStream;
use tokio::time::sleep;

use crate::delivery::{DeliveryPlan, Ending, Pacing, Portion};

/// The bytes and the end of a connection.
///
/// It is returned to hyper as an error, so that hyper stops and releases the connection.
#[derive(Debug, Clone)]
pub(super) struct BrokenConnection {
    bytes: Bytes,
    pacing: Option<Pacing>,
    ending: Ending,
}

impl fmt::Display for BrokenConnection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad("the connection is broken on purpose")
    }
}

impl Error for BrokenConnection {}

impl BrokenConnection {
    /// The regular end of a connection.
    pub(super) const CLOSE: Self =
        Self { bytes: Bytes::new(), pacing: None, ending: Ending::Close };

    pub(super) fn new(response: &Response<Bytes>, plan: DeliveryPlan) -> Self {
        Self {
            bytes: to_bytes(response, plan),
            pacing: plan.pacing,
            ending: plan.ending.unwrap_or(Ending::Close),
        }
    }

    /// Returns the value that was passed to hyper as an error.
    pub(super) fn from_hyper_error(error: hyper::Error) -> Option<Self> {
        error.source()?.downcast_ref().cloned()
    }

    /// Sends the bytes and ends the connection.
    pub(super) async fn finish(self, mut socket: TcpStream) {
        // Errors are ignored: they mean that the client has disconnected.
        let _ = self.send(&mut socket).await;
        match self.ending {
            Ending::Reset => {
                let _ = socket.set_zero_linger();
            }
            Ending::Hang => {
                let _ = copy(&mut socket, &mut sink()).await;
            }
            Ending::Close => {
                let _ = socket.shutdown().await;
                // Dropping a socket with unread data would reset the connection.
                let _ = copy(&mut socket, &mut sink()).await;
            }
        }
    }

    async fn send(&self, socket: &mut TcpStream) -> std::io::Result<()> {
        let Some(Pacing { chunk_size, pause }) = self.pacing else {
            return socket.write_all(&self.bytes).await;
        };
        for (index, chunk) in self.bytes.chunks(chunk_size.max(1)).enumerate() {
            if index > 0 {
                sleep(pause).await;
            }
            socket.write_all(chunk).await?;
        }
        Ok(())
    }
}

/// Returns the bytes to send. `content-length` is that of the whole body, unless a script has set
/// it.
fn to_bytes(response: &Response<Bytes>, plan: DeliveryPlan) -> Bytes {
    let body = response.body();
    let body = match plan.portion {
        Portion::Nothing => return Bytes::new(),
        Portion::All => body.clone(),
        Portion::BodyPrefix(length) => body.slice(..length.min(body.len())),
    };
    if plan.raw {
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
    let has_length = [CONTENT_LENGTH, TRANSFER_ENCODING]
        .iter()
        .any(|name| response.headers().contains_key(name));
    if !has_length && !status.is_informational() && status != StatusCode::NO_CONTENT {
        out.put(format!("content-length: {}\r\n", response.body().len()).as_bytes());
    }
    out.put(&b"\r\n"[..]);
    out.put(body);
    out.freeze()
}
