//! The HTTP/1.1 server.

mod broken_connection;

use std::future::poll_fn;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::sleep;

use crate::gateway::{BodyError, Gateway, OutgoingResponse};
use crate::request::ParsedRequest;
use broken_connection::BrokenConnection;

/// The maximum size of a request body, in bytes.
const MAX_BODY_BYTES: usize = 1024 * 1024;

/// How much of a larger body is read and discarded, in bytes.
///
/// Closing a connection with unread data resets it, and the client would lose the response.
const MAX_DISCARDED_BYTES: usize = 16 * MAX_BODY_BYTES;

/// The pause after a connection could not be accepted.
const ACCEPT_RETRY_DELAY: Duration = Duration::from_millis(20);

/// Serves until `stop` is sent or dropped, then closes the listener and all connections.
pub(crate) async fn run(
    listener: TcpListener,
    gateway: Arc<Gateway>,
    mut stop: oneshot::Receiver<()>,
) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            _ = &mut stop => break,
            accepted = listener.accept() => match accepted {
                Ok((socket, _)) => {
                    connections.spawn(serve(socket, Arc::clone(&gateway)));
                }
                // Either the client has disconnected, or there are no file descriptors left. In the
                // latter case the connection stays pending, and retrying without a pause would
                // spin.
                Err(_) => pause_accepting().await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
    drop(listener);
    connections.shutdown().await;
}

/// Waits without tokio's timer, which the runtime may not have.
async fn pause_accepting() {
    // An error only means that there was no pause.
    let _ = spawn_blocking(|| std::thread::sleep(ACCEPT_RETRY_DELAY)).await;
}

async fn serve(socket: TcpStream, gateway: Arc<Gateway>) {
    // Avoids delays of small responses; it is not essential.
    let _ = socket.set_nodelay(true);
    if let Some(outgoing) = gateway.respond_to_connection() {
        let OutgoingResponse { response, plan, delay } = outgoing;
        sleep_unless_zero(delay).await;
        return BrokenConnection::new(&response, plan).finish(socket).await;
    }
    let service = service_fn(|request| Box::pin(respond(request, Arc::clone(&gateway))));
    let mut connection = http1::Builder::new()
        // A timeout would close idle connections early in a test with a paused clock.
        .header_read_timeout(None)
        .serve_connection(TokioIo::new(socket), service);
    let served = poll_fn(|context| connection.poll_without_shutdown(context)).await;
    let socket = connection.into_parts().io.into_inner();
    // Other errors are caused by the client. hyper has already sent a 400 if it could.
    let ending = served
        .err()
        .and_then(BrokenConnection::from_hyper_error)
        .unwrap_or(BrokenConnection::CLOSE);
    ending.finish(socket).await;
}

async fn respond(
    request: Request<Incoming>,
    gateway: Arc<Gateway>,
) -> Result<Response<Full<Bytes>>, BrokenConnection> {
    let (head, body) = request.into_parts();
    if gateway.may_respond_to_head()
        && let Some(outgoing) =
            gateway.respond_to_head(&ParsedRequest::new(head.clone(), Bytes::new()))
    {
        return send(outgoing).await;
    }
    let (body, error) = match read_body(body).await {
        Ok(body) => (body, None),
        Err(error) => (Bytes::new(), Some(error)),
    };
    send(gateway.respond(&ParsedRequest::new(head, body), error)).await
}

async fn send(outgoing: OutgoingResponse) -> Result<Response<Full<Bytes>>, BrokenConnection> {
    let OutgoingResponse { response, plan, delay } = outgoing;
    sleep_unless_zero(delay).await;
    if plan.can_use_hyper(&response) {
        Ok(response.map(Full::new))
    } else {
        Err(BrokenConnection::new(&response, plan))
    }
}

/// Does not require a timer if there is no delay.
async fn sleep_unless_zero(delay: Duration) {
    if !delay.is_zero() {
        sleep(delay).await;
    }
}

async fn read_body(mut body: Incoming) -> Result<Bytes, BodyError> {
    let mut buffer = BytesMut::new();
    let mut length: usize = 0;
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else {
            return Err(BodyError::Incomplete);
        };
        // The other kind of frame holds trailers, which this protocol does not use.
        let Ok(data) = frame.into_data() else {
            continue;
        };
        length = length.saturating_add(data.len());
        if length > MAX_DISCARDED_BYTES {
            break;
        }
        if length <= MAX_BODY_BYTES {
            buffer.extend_from_slice(&data);
        }
    }
    if length > MAX_BODY_BYTES { Err(BodyError::TooLarge) } else { Ok(buffer.freeze()) }
}
