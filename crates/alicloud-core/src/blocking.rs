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
//! # static CDN: Product = Product::new("Cdn", "2018-05-10").with_endpoint("cdn.aliyuncs.com");
//! # static QUOTA: Operation = Operation::rpc(&CDN, "DescribeRefreshQuota").read_only();
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

mod block_on;
mod iterator;

use alicloud_wire::{Node, Paged, Request, Value};

pub use self::block_on::block_on;
pub use self::iterator::Blocking;
use crate::call::GenericCall;
use crate::call::Response;
use crate::call::{Call, CallFuture, ResponseFuture};
use crate::error::Error;
use crate::many::{BatchReport, Batches};
use crate::many::{Items, Pages};
use crate::many::{Progress, Wait, WaitError, WaitFuture};

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
        self.into_future().wait()
    }
}

impl<S> WaitFuture<S> {
    /// Polls and blocks the thread until the end of the wait, or once for
    /// [`poll_once`](Wait::poll_once); see [`blocking`](crate::blocking).
    ///
    /// # Errors
    ///
    /// Returns the errors of the wait.
    ///
    /// # Examples
    ///
    /// ```
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, PollStatus};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = Client::generic("Ecs", "2014-05-26", "ecs.aliyuncs.com")
    /// #     .transport(FakeTransport::new()).build()?;
    /// let starting = |_: &&str| PollStatus::InProgress("is Starting".to_owned());
    /// let wait = client.wait_until(|| async { Ok("Starting") }, starting);
    /// assert_eq!(wait.poll_once().wait()?, "Starting");
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
    /// # static CDN: Product = Product::new("Cdn", "2018-05-10").with_endpoint("cdn.aliyuncs.com");
    /// # static REFRESH: Operation = Operation::rpc(&CDN, "RefreshObjectCaches");
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
    /// # static CDN: Product = Product::new("Cdn", "2018-05-10").with_endpoint("cdn.aliyuncs.com");
    /// # static LIST: Operation = Operation::rpc(&CDN, "List").read_only();
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
    /// # static CDN: Product = Product::new("Cdn", "2018-05-10").with_endpoint("cdn.aliyuncs.com");
    /// # static LIST: Operation = Operation::rpc(&CDN, "List").read_only();
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
