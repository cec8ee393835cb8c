//! Blocking calls, for programs without an async runtime and for synchronous code inside one.
//!
//! Everything that can be awaited has a method `wait` that blocks the thread instead. Streams have a
//! method `blocking` that returns an iterator.
//!
//! # Examples
//!
//! ```
//! # use alicloud_core::testing::FakeTransport;
//! # use alicloud_core::{Client, ClientBuilder, Credentials, Operation, Product};
//! # const CDN: Product = Product::new("Cdn", "2018-05-10").with_endpoint("cdn.aliyuncs.com");
//! # const QUOTA: Operation = Operation::rpc(&CDN, "DescribeRefreshQuota").read_only();
//! # alicloud_core::wire::request! { struct Request -> Response { } }
//! # alicloud_core::wire::record! { struct Response { url_remain: Option<String> = "UrlRemain" } }
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
//! # Implementation
//!
//! The first blocking call of the process starts one thread with a small tokio runtime, which drives the
//! connections and timers of all clients and is idle otherwise. The calling thread does the work itself,
//! such as signing and decoding, so many threads do not compete for one.
//!
//! A blocking call inside an async runtime does not panic and does not use that runtime. It does block
//! the thread, and thereby other tasks: in async code, use `await`.

use std::fmt;
use std::future::{Future, IntoFuture, pending};
use std::io;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use alicloud_wire::{Node, Paged, Request, Value};
use tokio::runtime::{Builder, Handle};

use crate::call::GenericCall;
use crate::call::Response;
use crate::call::{Call, CallFuture, ResponseFuture};
use crate::error::{Error, ErrorData};
use crate::many::{BatchReport, Batches};
use crate::many::{Items, Page, Pages};
use crate::many::{Progress, Wait, WaitError};

/// Blocks the thread until a future completes, such as a [`Call`] or an `async` block with several.
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

impl<T: Node + Default> Call<T> {
    /// Sends the request and blocks the thread until the response; see [`blocking`](crate::blocking).
    ///
    /// # Errors
    ///
    /// Returns the errors of the call.
    ///
    /// # Examples
    ///
    /// ```
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, Credentials};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let fake = FakeTransport::new().respond_json("DescribeRefreshQuota", r#"{"UrlRemain": "9000"}"#);
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
    /// let quota = client.generic_call("DescribeRefreshQuota").into_call().wait()?;
    /// assert_eq!(quota["UrlRemain"], "9000");
    /// # Ok(()) }
    /// ```
    pub fn wait(self) -> Result<T, Error> {
        block_on(self)?
    }
}

impl GenericCall {
    /// Sends the request and blocks the thread until the response; see [`blocking`](crate::blocking).
    ///
    /// # Errors
    ///
    /// Returns the errors of the call.
    ///
    /// # Examples
    ///
    /// ```
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, Credentials};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let fake = FakeTransport::new().respond_json("DescribeRefreshQuota", r#"{"UrlRemain": "9000"}"#);
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
    /// let quota = client.generic_call("DescribeRefreshQuota").wait()?;
    /// assert_eq!(quota["UrlRemain"], "9000");
    /// # Ok(()) }
    /// ```
    pub fn wait(self) -> Result<Value, Error> {
        block_on(self)?
    }
}

impl<T: Node + Default> CallFuture<T> {
    /// Sends the request and blocks the thread until the response; see [`blocking`](crate::blocking).
    ///
    /// # Errors
    ///
    /// Returns the errors of the call.
    ///
    /// # Examples
    ///
    /// ```
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, Credentials};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let fake = FakeTransport::new().respond_json("DescribeRefreshQuota", r#"{"UrlRemain": "9000"}"#);
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
    /// let quota = client.generic_call("DescribeRefreshQuota").send().wait()?;
    /// assert_eq!(quota["UrlRemain"], "9000");
    /// # Ok(()) }
    /// ```
    pub fn wait(self) -> Result<T, Error> {
        block_on(self)?
    }
}

impl<T: Node + Default> ResponseFuture<T> {
    /// Sends the request and blocks the thread until the response; see [`blocking`](crate::blocking).
    ///
    /// # Errors
    ///
    /// Returns the errors of the call.
    ///
    /// # Examples
    ///
    /// ```
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, Credentials};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let fake = FakeTransport::new().respond_json("DescribeRefreshQuota", r#"{"UrlRemain": "9000"}"#);
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
    /// let response = client.generic_call("DescribeRefreshQuota").into_call().response().wait()?;
    /// assert_eq!(response.status, 200);
    /// # Ok(()) }
    /// ```
    pub fn wait(self) -> Result<Response<T>, Error> {
        block_on(self)?
    }
}

impl<S, R> Wait<S, R> {
    /// Polls and blocks the thread until the end of the wait; see [`blocking`](crate::blocking).
    ///
    /// # Errors
    ///
    /// Returns the errors of the wait.
    ///
    /// # Examples
    ///
    /// ```
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, Credentials};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let fake = FakeTransport::new().respond_json("DescribeRefreshQuota", r#"{"UrlRemain": "9000"}"#);
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
    /// use alicloud_core::PollStatus;
    ///
    /// let wait = client.wait_until(|| async { Ok("Running") }, |_| PollStatus::Succeeded);
    /// assert_eq!(wait.wait()?, "Running");
    /// # Ok(()) }
    /// ```
    pub fn wait(self) -> Result<S, WaitError<S>> {
        block_on(self).unwrap_or_else(|error| Err(WaitError::before_first_poll(error)))
    }
}

impl<I, R: Request> Batches<I, R> {
    /// Sends the calls and blocks the thread until all are finished; see
    /// [`blocking`](crate::blocking).
    ///
    /// # Errors
    ///
    /// Returns an error if the thread for connections and timers cannot be started. Errors of the calls
    /// are in the report.
    ///
    /// # Examples
    ///
    /// ```
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, ClientBuilder, Credentials, Operation, Product};
    /// # const CDN: Product = Product::new("Cdn", "2018-05-10").with_endpoint("cdn.aliyuncs.com");
    /// # const REFRESH: Operation = Operation::rpc(&CDN, "RefreshObjectCaches");
    /// # alicloud_core::wire::request! {
    /// #     struct RefreshRequest -> RefreshResponse {
    /// #         object_path: Vec<String> = form("ObjectPath").lines().items(1, 1000),
    /// #     }
    /// # }
    /// # alicloud_core::wire::record! {
    /// #     struct RefreshResponse {
    /// #         refresh_task_id: Option<String> = "RefreshTaskId",
    /// #     }
    /// # }
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let fake = FakeTransport::new().respond_json("RefreshObjectCaches", "{}");
    /// # let client: Client = ClientBuilder::new(&CDN)
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
    /// let urls = ["https://example.com/a".to_owned()];
    /// let batches = client
    ///     .batches(&REFRESH, "ObjectPath", urls, |urls| RefreshRequest { object_path: urls.to_vec() });
    /// assert!(batches.wait()?.is_complete());
    /// # Ok(()) }
    /// ```
    pub fn wait(self) -> Result<BatchReport<I, R::Response>, Error> {
        block_on(self)
    }
}

impl<R: Paged> Pages<R> {
    /// Converts into a blocking iterator over the pages; see [`blocking`](crate::blocking).
    ///
    /// # Examples
    ///
    /// ```
    /// # mod model {
    /// #     alicloud_core::wire::request! {
    /// #         pub struct ListRequest -> ListResponse {
    /// #             pub page_number: Option<i64> = query("PageNumber"),
    /// #         }
    /// #     }
    /// #     alicloud_core::wire::record! {
    /// #         pub struct ListResponse {
    /// #             pub names: Vec<String> = "Names",
    /// #             pub total_count: Option<i64> = "TotalCount",
    /// #         }
    /// #     }
    /// #     impl alicloud_core::wire::Paged for ListRequest {
    /// #         type Item = String;
    /// #         fn take_items(response: &mut ListResponse) -> Vec<String> { std::mem::take(&mut response.names) }
    /// #         fn next_page(&mut self, response: &ListResponse, step: alicloud_core::wire::paging::Step<'_>) -> alicloud_core::wire::paging::NextPage {
    /// #             step.number(&mut self.page_number, 1).total(&response.total_count).advance()
    /// #         }
    /// #     }
    /// # }
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, ClientBuilder, Credentials, Operation, Product};
    /// # use model::ListRequest;
    /// # const CDN: Product = Product::new("Cdn", "2018-05-10").with_endpoint("cdn.aliyuncs.com");
    /// # const LIST: Operation = Operation::rpc(&CDN, "List").read_only();
    /// # fn main() -> Result<(), alicloud_core::Error> {
    /// # let fake = FakeTransport::new()
    /// #     .respond_json("List", r#"{"Names": ["a", "b"], "TotalCount": 3}"#)
    /// #     .respond_json("List", r#"{"Names": ["c"], "TotalCount": 3}"#);
    /// # let client: Client = ClientBuilder::new(&CDN)
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
    /// for page in client.pages(&LIST, ListRequest::default()).blocking() {
    ///     assert_eq!(page?.response.total_count, Some(3));
    /// }
    /// # Ok(()) }
    /// ```
    pub fn blocking(self) -> Blocking<Self> {
        Blocking(self)
    }
}

impl<R: Paged> Items<R> {
    /// Converts into a blocking iterator over the items; see [`blocking`](crate::blocking).
    ///
    /// # Examples
    ///
    /// ```
    /// # mod model {
    /// #     alicloud_core::wire::request! {
    /// #         pub struct ListRequest -> ListResponse {
    /// #             pub page_number: Option<i64> = query("PageNumber"),
    /// #         }
    /// #     }
    /// #     alicloud_core::wire::record! {
    /// #         pub struct ListResponse {
    /// #             pub names: Vec<String> = "Names",
    /// #             pub total_count: Option<i64> = "TotalCount",
    /// #         }
    /// #     }
    /// #     impl alicloud_core::wire::Paged for ListRequest {
    /// #         type Item = String;
    /// #         fn take_items(response: &mut ListResponse) -> Vec<String> { std::mem::take(&mut response.names) }
    /// #         fn next_page(&mut self, response: &ListResponse, step: alicloud_core::wire::paging::Step<'_>) -> alicloud_core::wire::paging::NextPage {
    /// #             step.number(&mut self.page_number, 1).total(&response.total_count).advance()
    /// #         }
    /// #     }
    /// # }
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, ClientBuilder, Credentials, Operation, Product};
    /// # use model::ListRequest;
    /// # const CDN: Product = Product::new("Cdn", "2018-05-10").with_endpoint("cdn.aliyuncs.com");
    /// # const LIST: Operation = Operation::rpc(&CDN, "List").read_only();
    /// # fn main() -> Result<(), alicloud_core::Error> {
    /// # let fake = FakeTransport::new()
    /// #     .respond_json("List", r#"{"Names": ["a", "b"], "TotalCount": 3}"#)
    /// #     .respond_json("List", r#"{"Names": ["c"], "TotalCount": 3}"#);
    /// # let client: Client = ClientBuilder::new(&CDN)
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
    /// let names: Result<Vec<String>, _> = client.items(&LIST, ListRequest::default()).blocking().collect();
    /// assert_eq!(names?, ["a", "b", "c"]);
    /// # Ok(()) }
    /// ```
    pub fn blocking(self) -> Blocking<Self> {
        Blocking(self)
    }
}

impl<S: Clone> Progress<S> {
    /// Converts into a blocking iterator over the polled states; see [`blocking`](crate::blocking).
    pub fn blocking(self) -> Blocking<Self> {
        Blocking(self)
    }
}

/// A stream as an iterator that blocks the thread while it waits for the next item.
///
/// # Examples
///
/// ```
/// # use alicloud_core::testing::FakeTransport;
/// # use alicloud_core::{Client, PollStatus};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let client = Client::generic("Ecs", "2014-05-26", "ecs.aliyuncs.com")
/// #     .transport(FakeTransport::new()).build()?;
/// let progress = client
///     .wait_until(|| async { Ok("Running") }, |_| PollStatus::Succeeded)
///     .progress()
///     .blocking();
/// for state in progress {
///     assert_eq!(state?, "Running");
/// }
/// # Ok(()) }
/// ```
#[must_use = "an iterator does nothing until its next item is requested"]
pub struct Blocking<S>(S);

impl<S> Blocking<S> {
    /// Converts back into the stream, to continue asynchronously.
    pub fn into_inner(self) -> S {
        self.0
    }

    /// Returns the stream, for example for its `request`.
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
        block_on(self.0.next())
            .unwrap_or_else(|error| Some(Err(WaitError::before_first_poll(error))))
    }
}

impl<S: fmt::Debug> fmt::Debug for Blocking<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Blocking").field(&self.0).finish()
    }
}
