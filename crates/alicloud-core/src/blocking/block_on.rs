//! Waiting for a future without a runtime.

use std::future::{Future, IntoFuture, pending};
use std::io;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use tokio::runtime::{Builder, Handle};

use crate::error::{Error, ErrorData};

/// Blocks the thread until a future completes, such as a [`Call`](crate::Call) or an `async` block with several.
///
/// # Errors
///
/// Returns an error if the thread for connections and timers cannot be started, because the process has
/// reached a limit of the system. An error of the future itself is inside the `Ok` value.
///
/// # Examples
///
/// ```
/// # fn main() -> Result<(), alicloud_core::Error> {
/// use alicloud_core::blocking::block_on;
///
/// assert_eq!(block_on(async { 6 * 7 })?, 42);
/// # Ok(()) }
/// ```
pub fn block_on<F: IntoFuture>(future: F) -> Result<F::Output, Error> {
    let handle = runtime_handle().map_err(|error| {
        let reason = format!("cannot start the thread for blocking calls: {error}");
        Error::new(ErrorData::Configuration(reason))
    })?;
    let _guard = handle.enter();
    // Inside a tokio task, the polls below would use up the task's cooperative budget. The future would
    // then return pending forever, because the task never yields to have the budget renewed.
    let mut future = pin!(tokio::task::unconstrained(future.into_future()));
    let waker = Waker::from(Arc::new(ThreadWaker(thread::current())));
    let mut context = Context::from_waker(&waker);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return Ok(output);
        }
        // Returns immediately if the waker was called before.
        thread::park();
    }
}

struct ThreadWaker(Thread);

impl Wake for ThreadWaker {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.0.unpark();
    }
}

/// Returns the runtime of all blocking calls of the process. It is never dropped, because tokio panics if
/// a runtime is dropped inside another.
fn runtime_handle() -> io::Result<Handle> {
    static STARTED: Mutex<Option<Handle>> = Mutex::new(None);
    let mut started = STARTED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(handle) = &*started {
        return Ok(handle.clone());
    }
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let handle = runtime.handle().clone();
    thread::Builder::new()
        .name("alicloud-blocking".to_owned())
        .spawn(move || runtime.block_on(pending::<()>()))?;
    *started = Some(handle.clone());
    Ok(handle)
}
