//! A connection before the Redis protocol, with a limit on what a server can make this process keep in memory.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use crate::config::{Address, RedisConfig};
use crate::error::RedisError;

/// A stream of one of the protocols below Redis.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// How many bytes a server may still send before the end of a response.
#[derive(Debug, Clone)]
pub(super) struct ResponseLimit(Arc<AtomicUsize>);

impl ResponseLimit {
    pub(super) fn new(bytes: usize) -> Self {
        ResponseLimit(Arc::new(AtomicUsize::new(bytes)))
    }

    /// Permits this many bytes from now on. Called after each response.
    pub(super) fn reset(&self, bytes: usize) {
        self.0.store(bytes, Ordering::Release);
    }

    /// Returns whether the server sent more.
    pub(super) fn is_exceeded(&self) -> bool {
        self.0.load(Ordering::Acquire) == 0
    }

    fn count(&self, bytes: usize) -> io::Result<()> {
        let subtract = |left: usize| Some(left.saturating_sub(bytes));
        let _ = self.0.fetch_update(Ordering::AcqRel, Ordering::Acquire, subtract);
        match self.is_exceeded() {
            true => Err(io::Error::new(io::ErrorKind::InvalidData, "the response is too large")),
            false => Ok(()),
        }
    }
}

/// A stream that fails when its server exceeds the limit.
pub(super) struct LimitedStream {
    pub(super) stream: Box<dyn Stream>,
    pub(super) limit: ResponseLimit,
}

impl AsyncRead for LimitedStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(context, buffer))?;
        Poll::Ready(self.limit.count(buffer.filled().len().saturating_sub(before)))
    }
}

impl AsyncWrite for LimitedStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

/// Connects, with TLS if the URL says so.
pub(super) async fn connect(
    config: &RedisConfig,
    address: &Address,
    url: &str,
) -> Result<Box<dyn Stream>, RedisError> {
    let unreachable = |error: io::Error| RedisError::unreachable(url, error);
    match address {
        Address::Tcp { host, port } => {
            let stream = TcpStream::connect((host.as_str(), *port)).await.map_err(unreachable)?;
            stream.set_nodelay(true).map_err(unreachable)?;
            match config.uses_tls {
                false => Ok(Box::new(stream)),
                #[cfg(feature = "tls")]
                true => Ok(Box::new(super::tls::connect(config, url, host, stream).await?)),
                #[cfg(not(feature = "tls"))]
                true => Err(unreachable(io::ErrorKind::Unsupported.into())),
            }
        }
        #[cfg(unix)]
        Address::Unix(path) => {
            Ok(Box::new(tokio::net::UnixStream::connect(path).await.map_err(unreachable)?))
        }
        #[cfg(not(unix))]
        Address::Unix(_) => Err(unreachable(io::ErrorKind::Unsupported.into())),
    }
}
