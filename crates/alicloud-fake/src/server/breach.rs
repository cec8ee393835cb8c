//! Connections that end in another way than HTTP has it.

use std::error::Error;
use std::fmt;

use bytes::{BufMut as _, Bytes, BytesMut};
use http::Response;
use http::header::CONTENT_LENGTH;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

/// Handed to the HTTP library in place of an answer, so that it gives the connection back.
#[derive(Debug)]
pub(super) enum Breach {
    /// Not even the end of the connection is told.
    Reset,
    /// These bytes are sent, then the connection is closed.
    Close(Bytes),
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad("the connection is to be broken")
    }
}

impl Error for Breach {}

impl Breach {
    /// The one that made the library stop, if it was one.
    pub(super) fn behind(error: hyper::Error) -> Option<Self> {
        match error.source()?.downcast_ref()? {
            Self::Reset => Some(Self::Reset),
            Self::Close(bytes) => Some(Self::Close(bytes.clone())),
        }
    }

    pub(super) async fn commit(self, mut socket: TcpStream) {
        // Where something fails the client has gone, and there is nobody left to disappoint.
        match self {
            Self::Reset => {
                let _ = socket.set_zero_linger();
            }
            Self::Close(bytes) => {
                let _ = socket.write_all(&bytes).await;
                let _ = socket.shutdown().await;
            }
        }
    }
}

/// An answer up to this length of its body; its head speaks of the whole.
pub(super) fn beginning(response: &Response<Bytes>, length: usize) -> Bytes {
    let status = response.status();
    let mut out = BytesMut::new();
    out.put(format!("HTTP/1.1 {status}\r\n").as_bytes());
    for (name, value) in response.headers().iter().filter(|(name, _)| **name != CONTENT_LENGTH) {
        for part in [name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"] {
            out.put(part);
        }
    }
    out.put(format!("content-length: {}\r\n\r\n", response.body().len()).as_bytes());
    out.put(response.body().get(..length).unwrap_or(response.body()));
    out.freeze()
}
