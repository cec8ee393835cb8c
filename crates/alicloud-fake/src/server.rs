//! HTTP/1.1 on a listener: connections, bodies and their limit.

mod broken_connection;

use std::future::poll_fn;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming as Body;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::sleep;

use crate::gateway::{Answered, BodyProblem, Gateway};
use crate::request::Incoming;
use broken_connection::Breach;

/// The largest request body that is looked at, in bytes.
const MOST_BODY: usize = 1024 * 1024;

/// How much of a larger one is still read, so that the client gets to read the answer: closing a
/// connection with unread data in it would throw the answer away.
const MOST_DISCARDED: usize = 16 * MOST_BODY;

/// How long to wait where no connection can be accepted.
const BREATH: Duration = Duration::from_millis(20);

/// Serves until `stop` is given or dropped, then closes listener and connections.
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
                // The client has gone again, or there are no more descriptors. Then a connection is
                // still waiting, and to ask for it at once would take all of a processor.
                Err(_) => breathe().await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
    drop(listener);
    connections.shutdown().await;
}

/// Needs no timer, which a runtime may not have.
async fn breathe() {
    // It cannot fail, and if it did there would be no pause.
    let _ = spawn_blocking(|| std::thread::sleep(BREATH)).await;
}

async fn serve(socket: TcpStream, gateway: Arc<Gateway>) {
    // Without it a small answer may wait for an acknowledgement. It is no harm if it fails.
    let _ = socket.set_nodelay(true);
    if let Some(greeting) = gateway.greet() {
        let Answered { response, manner, delay } = greeting;
        wait(delay).await;
        return Breach::new(&response, manner).commit(socket).await;
    }
    let service = service_fn(|request| Box::pin(answer(request, Arc::clone(&gateway))));
    let mut connection = http1::Builder::new()
        // A timer would close idle connections early in a test whose clock is paused.
        .header_read_timeout(None)
        .serve_connection(TokioIo::new(socket), service);
    let served = poll_fn(|context| connection.poll_without_shutdown(context)).await;
    let socket = connection.into_parts().io.into_inner();
    // Any other error is one client's, and it has been told already if it could be: what is not
    // HTTP is answered with a bare 400.
    let breach = served.err().and_then(Breach::behind).unwrap_or(Breach::CLOSE);
    breach.commit(socket).await;
}

async fn answer(
    request: Request<Body>,
    gateway: Arc<Gateway>,
) -> Result<Response<Full<Bytes>>, Breach> {
    let (head, body) = request.into_parts();
    if gateway.may_answer_heads()
        && let Some(answered) = gateway.answer_head(&Incoming::new(head.clone(), Bytes::new()))
    {
        return send(answered).await;
    }
    let (body, problem) = match read(body).await {
        Ok(body) => (body, None),
        Err(problem) => (Bytes::new(), Some(problem)),
    };
    send(gateway.answer(&Incoming::new(head, body), problem)).await
}

async fn send(answered: Answered) -> Result<Response<Full<Bytes>>, Breach> {
    let Answered { response, manner, delay } = answered;
    wait(delay).await;
    if manner.is_for_the_library(&response) {
        Ok(response.map(Full::new))
    } else {
        Err(Breach::new(&response, manner))
    }
}

/// Needs no timer where there is no delay.
async fn wait(delay: Duration) {
    if !delay.is_zero() {
        sleep(delay).await;
    }
}

async fn read(mut body: Body) -> Result<Bytes, BodyProblem> {
    let mut kept = BytesMut::new();
    let mut length: usize = 0;
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else {
            return Err(BodyProblem::BrokeOff);
        };
        // The other kind of frame is trailers; nothing in this protocol uses them.
        let Ok(data) = frame.into_data() else {
            continue;
        };
        length = length.saturating_add(data.len());
        if length > MOST_DISCARDED {
            break;
        }
        if length <= MOST_BODY {
            kept.extend_from_slice(&data);
        }
    }
    if length > MOST_BODY { Err(BodyProblem::TooLarge) } else { Ok(kept.freeze()) }
}
