//! The tokio runtime that reqwest needs.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
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

/// Runs a function that needs the I/O or the timer of the runtime. `kind` is that of the error without them.
pub(super) fn with_drivers<T>(
    kind: TransportErrorKind,
    function: impl FnOnce() -> T,
) -> Result<T, TransportError> {
    try_on_tokio(function).ok_or_else(|| {
        TransportError::new(kind)
            .with_source("the tokio runtime has no I/O or no timer; build it with enable_all()")
    })
}

/// Awaits a future, for at most `limit`. `kind` is that of the error if the runtime lacks what the future needs. The
/// future is pinned by the caller, because it is large and moving it costs.
pub(super) async fn with_read_timeout<F: Future>(
    limit: Duration,
    mut future: Pin<&mut F>,
    kind: TransportErrorKind,
) -> Result<F::Output, TransportError> {
    let sleep = with_drivers(kind, || tokio::time::sleep(limit))?;
    // Not the timeout of tokio: if the runtime is shut down, its panic would look like one before sending.
    let mut expired = pin!(continue_after_shutdown(sleep));
    poll_fn(|context| match with_drivers(kind, || future.as_mut().poll(context)) {
        Ok(Poll::Ready(output)) => Poll::Ready(Ok(output)),
        Ok(Poll::Pending) => expired
            .as_mut()
            .poll(context)
            .map(|()| Err(TransportError::new(TransportErrorKind::ReadTimeout))),
        Err(error) => Poll::Ready(Err(error)),
    })
    .await
}
