//! The tokio runtime that reqwest needs.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use tokio::runtime::Handle;

use crate::error::{TransportError, TransportErrorKind};
use crate::time::{continue_after_shutdown, try_on_tokio};

/// Returns an error if the current thread has no tokio runtime, on which everything would panic.
pub(super) fn check() -> Result<(), TransportError> {
    if Handle::try_current().is_ok() {
        return Ok(());
    }
    Err(TransportError::new(TransportErrorKind::Request).with_source(
        "the default transport needs a tokio runtime; await the call on one, for example in a function \
         with #[tokio::main], or set another transport",
    ))
}

/// Awaits a future, for at most `limit`. `kind` is that of the error if the runtime lacks what the future needs.
pub(super) async fn with_read_timeout<F: Future>(
    limit: Duration,
    future: F,
    kind: TransportErrorKind,
) -> Result<F::Output, TransportError> {
    let without_driver = || {
        Err(TransportError::new(kind)
            .with_source("the tokio runtime has no I/O or no timer; build it with enable_all()"))
    };
    let Some(sleep) = try_on_tokio(|| tokio::time::sleep(limit)) else { return without_driver() };
    let mut future = pin!(future);
    // Not the timeout of tokio: if the runtime is shut down, its panic would look like one before sending.
    let mut expired = pin!(continue_after_shutdown(sleep));
    poll_fn(|context| match try_on_tokio(|| future.as_mut().poll(context)) {
        Some(Poll::Ready(output)) => Poll::Ready(Ok(output)),
        Some(Poll::Pending) => expired
            .as_mut()
            .poll(context)
            .map(|()| Err(TransportError::new(TransportErrorKind::ReadTimeout))),
        None => Poll::Ready(without_driver()),
    })
    .await
}
