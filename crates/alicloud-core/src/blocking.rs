//! The same calls without `async`, for programs that have no runtime, and inside of those that have one.
//!
//! Everything that can be awaited has a `wait` that holds up the thread instead; streams become
//! iterators:
//!
//! ```
//! # use alicloud_core::testing::FakeTransport;
//! # use alicloud_core::{Client, ClientBuilder, Credentials, Operation, Product};
//! # const CDN: Product = Product::new("Cdn", "2018-05-10").with_endpoint("cdn.aliyuncs.com");
//! # const QUOTA: Operation = Operation::rpc(&CDN, "DescribeRefreshQuota").read_only();
//! # #[derive(Debug, Default)] struct Request {}
//! # #[derive(Debug, Default)] struct Response { url_remain: Option<String> }
//! # alicloud_core::wire::request! { Request => Response {} }
//! # alicloud_core::wire::record! { Response { url_remain: "UrlRemain" } }
//! # fn main() -> Result<(), alicloud_core::Error> {
//! # let fake = FakeTransport::new().respond_json("DescribeRefreshQuota", r#"{"UrlRemain": "9000"}"#);
//! # let client: Client = ClientBuilder::new(&CDN)
//! #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
//! // With a generated client: client.describe_refresh_quota(request).wait()?
//! let response = client.call(&QUOTA, &Request {}).wait()?;
//! assert_eq!(response.url_remain.as_deref(), Some("9000"));
//! # Ok(()) }
//! ```
//!
//! # How
//!
//! The first wait of the process starts one thread with a small runtime, which keeps the connections
//! and the timers of all clients; it idles when nothing is under way. The work itself, such as signing
//! and decoding, is done by the thread that waits, so that many threads do not queue behind one.
//!
//! Inside of a runtime a wait does not panic, and it needs nothing of that runtime. It does hold up
//! the thread, and with it other tasks: in `async` code, await.

use std::fmt;
use std::future::{Future, IntoFuture, pending};
use std::io;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use alicloud_wire::{Node, Paged, Request, Value};
use tokio::runtime::{Builder, Handle};

use crate::batch::{BatchReport, Batches};
use crate::call::{Call, ResponseFuture};
use crate::error::{Error, Kind};
use crate::generic_call::GenericCall;
use crate::paging::{Items, Page, Pages};
use crate::response::Response;
use crate::waiting::{Progress, Wait, WaitError};

/// Waits for anything, such as a [`Call`] or an `async` block of several.
///
/// # Errors
///
/// When the thread for connections and timers cannot be started. What comes of the future is inside
/// of the result.
pub fn block_on<F: IntoFuture>(future: F) -> Result<F::Output, Error> {
    let handle = handle().map_err(|error| {
        let reason = format!("a blocking call needs a thread, and none could be started: {error}");
        Error::new(Kind::Configuration(reason))
    })?;
    let _inside = handle.enter();
    // Inside of a task, tokio would count what is polled here against that task, and let it pause by
    // waking itself: for ever, because the task never comes to its end of turn.
    let mut future = pin!(tokio::task::unconstrained(future.into_future()));
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return Ok(output);
        }
        // Returns at once when the waker was faster.
        thread::park();
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.0.unpark();
    }
}

/// The runtime of all waits of the process. It is never dropped, which would not be allowed inside of
/// another one.
fn handle() -> io::Result<Handle> {
    static RUNNING: Mutex<Option<Handle>> = Mutex::new(None);
    let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(handle) = &*running {
        return Ok(handle.clone());
    }
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let handle = runtime.handle().clone();
    thread::Builder::new()
        .name("alicloud-blocking".to_owned())
        .spawn(move || runtime.block_on(pending::<()>()))?;
    *running = Some(handle.clone());
    Ok(handle)
}

impl<T: Node + Default> Call<T> {
    /// Makes the call and holds up the thread until it is done; see [`blocking`](crate::blocking).
    ///
    /// # Errors
    ///
    /// Those of the call.
    pub fn wait(self) -> Result<T, Error> {
        block_on(self)?
    }
}

impl GenericCall {
    /// Makes the call and holds up the thread until it is done; see [`blocking`](crate::blocking).
    ///
    /// # Errors
    ///
    /// Those of the call.
    pub fn wait(self) -> Result<Value, Error> {
        block_on(self)?
    }
}

impl<T: Node + Default> ResponseFuture<T> {
    /// Makes the call and holds up the thread until it is done; see [`blocking`](crate::blocking).
    ///
    /// # Errors
    ///
    /// Those of the call.
    pub fn wait(self) -> Result<Response<T>, Error> {
        block_on(self)?
    }
}

impl<S> Wait<S> {
    /// Holds up the thread until it is over; see [`blocking`](crate::blocking).
    ///
    /// # Errors
    ///
    /// Those of the wait.
    pub fn wait(self) -> Result<S, WaitError<S>> {
        block_on(self).unwrap_or_else(|error| Err(WaitError::unable(error)))
    }
}

impl<I, R: Request> Batches<I, R> {
    /// Makes the calls and holds up the thread until they are done; see
    /// [`blocking`](crate::blocking).
    ///
    /// # Errors
    ///
    /// When the thread for connections and timers cannot be started. What becomes of the calls is in
    /// the report.
    pub fn wait(self) -> Result<BatchReport<I, R::Response>, Error> {
        block_on(self)
    }
}

impl<R: Paged> Pages<R> {
    /// An iterator over the pages that holds up the thread; see [`blocking`](crate::blocking).
    pub fn blocking(self) -> Blocking<Self> {
        Blocking(self)
    }
}

impl<R: Paged> Items<R> {
    /// An iterator over the items that holds up the thread; see [`blocking`](crate::blocking).
    pub fn blocking(self) -> Blocking<Self> {
        Blocking(self)
    }
}

impl<S: Clone> Progress<S> {
    /// An iterator over what is seen that holds up the thread; see [`blocking`](crate::blocking).
    pub fn blocking(self) -> Blocking<Self> {
        Blocking(self)
    }
}

/// A stream as an iterator, which holds up the thread while it waits for the next item.
#[must_use = "an iterator does nothing until it is asked for its next item"]
pub struct Blocking<S>(S);

impl<S> Blocking<S> {
    /// The stream, to go on asynchronously.
    pub fn into_inner(self) -> S {
        self.0
    }

    /// The stream, such as for its `request`.
    pub fn get_ref(&self) -> &S {
        &self.0
    }
}

impl<R: Paged> Iterator for Blocking<Pages<R>> {
    type Item = Result<Page<R>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        block_on(self.0.next()).unwrap_or_else(|error| Some(Err(error)))
    }
}

impl<R: Paged> Iterator for Blocking<Items<R>> {
    type Item = Result<R::Item, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        block_on(self.0.next()).unwrap_or_else(|error| Some(Err(error)))
    }
}

impl<S: Clone> Iterator for Blocking<Progress<S>> {
    type Item = Result<S, WaitError<S>>;

    fn next(&mut self) -> Option<Self::Item> {
        block_on(self.0.next()).unwrap_or_else(|error| Some(Err(WaitError::unable(error))))
    }
}

impl<S: fmt::Debug> fmt::Debug for Blocking<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Blocking").field(&self.0).finish()
    }
}
