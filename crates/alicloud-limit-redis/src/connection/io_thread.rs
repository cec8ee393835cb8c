//! The thread that all connections of the process use.
//!
//! A connection outlives the runtime of the task that opened it, and works outside of tokio.

use std::future::{Future, pending};
use std::io;
use std::sync::OnceLock;
use std::thread;

use alicloud_core::BoxFuture;
use tokio::runtime::{Builder, Handle};

/// Runs a future on the I/O thread. Called on another thread, it continues if the returned future is dropped.
///
/// # Errors
///
/// The operating system does not start the thread, or the future panicked.
pub(crate) fn run<T: Send + 'static>(
    future: impl Future<Output = T> + Send + 'static,
) -> BoxFuture<'static, io::Result<T>> {
    Box::pin(async move {
        let handle = handle()?;
        if Handle::try_current().is_ok_and(|current| current.id() == handle.id()) {
            return Ok(future.await);
        }
        handle.spawn(future).await.map_err(io::Error::other)
    })
}

/// Starts a future on the I/O thread.
///
/// # Errors
///
/// The operating system does not start the thread.
pub(crate) fn spawn(future: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
    handle()?.spawn(future);
    Ok(())
}

fn handle() -> io::Result<&'static Handle> {
    static HANDLE: OnceLock<Result<Handle, io::ErrorKind>> = OnceLock::new();
    let handle = HANDLE.get_or_init(|| start_thread().map_err(|error| error.kind()));
    handle.as_ref().map_err(|kind| io::Error::from(*kind))
}

fn start_thread() -> io::Result<Handle> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let handle = runtime.handle().clone();
    thread::Builder::new()
        .name("alicloud-redis".to_owned())
        .spawn(move || runtime.block_on(pending::<()>()))?;
    Ok(handle)
}
