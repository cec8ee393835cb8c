//! A network that loses requests and responses, and a clock of virtual time.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use alicloud_core::bytes::Bytes;
use alicloud_core::http::{Request, Response, StatusCode};
use alicloud_core::{
    BoxFuture, Clock, Transport, TransportError, TransportErrorKind, TransportOptions,
};
use alicloud_fake::FakeService;
use tokio::time::Instant;

use super::random::Random;
use crate::support::NOW;

/// Tokio's paused clock: time passes when nothing else can happen.
#[derive(Debug, Clone)]
pub(super) struct VirtualClock {
    start: Instant,
    /// How far it is ahead.
    offset: Duration,
}

impl VirtualClock {
    pub(super) fn new(offset: Duration) -> Self {
        VirtualClock { start: Instant::now(), offset }
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(NOW) + self.offset + self.start.elapsed()
    }

    fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// What happens to a request.
enum Delivery {
    Complete,
    /// No connection: the request does not arrive.
    NoConnection,
    /// The request does not arrive, and neither does a response.
    RequestLost,
    /// The request arrives, the response does not.
    ResponseLost,
    /// The gateway rejects the request before the service sees it.
    Throttled,
    /// The gateway fails, before or after the service has executed the request.
    GatewayError {
        is_executed: bool,
    },
}

pub(super) struct Network {
    service: Arc<FakeService>,
    random: Mutex<Random>,
    /// The gateway throttles all requests until then.
    throttled_until: Mutex<Instant>,
    is_reliable: AtomicBool,
}

impl Network {
    pub(super) fn new(service: Arc<FakeService>, random: Random) -> Self {
        let (random, throttled_until) = (Mutex::new(random), Mutex::new(Instant::now()));
        Network { service, random, throttled_until, is_reliable: AtomicBool::new(false) }
    }

    pub(super) fn make_reliable(&self) {
        self.is_reliable.store(true, Ordering::Relaxed);
    }

    fn delivery(&self, random: &mut Random) -> Delivery {
        if self.is_reliable.load(Ordering::Relaxed) {
            return Delivery::Complete;
        }
        let mut throttled_until = self.throttled_until.lock().unwrap();
        if random.chance(2) {
            *throttled_until = Instant::now() + random.duration(60_000);
        }
        if Instant::now() < *throttled_until {
            return Delivery::Throttled;
        }
        match random.below(100) {
            0..4 => Delivery::NoConnection,
            4..11 => Delivery::RequestLost,
            11..19 => Delivery::ResponseLost,
            19..21 => Delivery::GatewayError { is_executed: false },
            21..23 => Delivery::GatewayError { is_executed: true },
            _ => Delivery::Complete,
        }
    }
}

impl Transport for Network {
    fn send(
        &self,
        request: Request<Bytes>,
        options: TransportOptions,
    ) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        let mut random = self.random.lock().unwrap();
        let (there, back) = (random.duration(1_000), random.duration(500));
        let (delivery, hangs) = (self.delivery(&mut random), random.chance(30));
        let service = self.service.clone();
        let arrives = match delivery {
            Delivery::Complete | Delivery::ResponseLost => true,
            Delivery::GatewayError { is_executed } => is_executed,
            Delivery::NoConnection | Delivery::RequestLost | Delivery::Throttled => false,
        };
        // A request that is on its way arrives even if the program is killed.
        let arrival = tokio::spawn(async move {
            tokio::time::sleep(there).await;
            arrives.then(|| service.respond(request).unwrap())
        });
        Box::pin(async move {
            let response = arrival.await.unwrap();
            tokio::time::sleep(back).await;
            match delivery {
                Delivery::Complete => Ok(response.unwrap()),
                Delivery::NoConnection => Err(TransportError::new(TransportErrorKind::Connect)),
                Delivery::RequestLost | Delivery::ResponseLost if hangs => {
                    tokio::time::sleep(options.read_timeout).await;
                    Err(TransportError::new(TransportErrorKind::ReadTimeout))
                }
                Delivery::RequestLost | Delivery::ResponseLost => {
                    Err(TransportError::new(TransportErrorKind::Interrupted))
                }
                Delivery::Throttled => {
                    Ok(error(StatusCode::BAD_REQUEST, r#"{"Code": "Throttling.User"}"#))
                }
                Delivery::GatewayError { .. } => Ok(error(StatusCode::BAD_GATEWAY, "<html>")),
            }
        })
    }
}

fn error(status: StatusCode, body: &'static str) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from_static(body.as_bytes()));
    *response.status_mut() = status;
    response
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Network").finish_non_exhaustive()
    }
}
