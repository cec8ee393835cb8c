//! Paginated lists as streams.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::vec;

use alicloud_wire::{Paged, RequestParts};
use futures_core::Stream;

use crate::call::{Call, CallFuture};
use crate::client::Client;
use crate::concurrent_calls::MapCall;
use crate::error::Error;
use crate::operation::Operation;

/// One page of a list. See [`Pages`] for an example.
#[non_exhaustive]
pub struct Page<R: Paged> {
    /// The items of the page.
    pub items: Vec<R::Item>,
    /// The rest of the response; the items are moved out of it.
    pub response: R::Response,
}

/// The pages of a list as a [`Stream`]. Each page is one call.
///
/// A page is requested only when the stream is polled for it; nothing is prefetched or cached. An error
/// ends the stream; [`request`](Pages::request) then returns the request of the page to continue with.
/// The stream also ends if the page tokens of the service form a cycle.
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
/// #         fn next_page(&mut self, response: &ListResponse, items: usize, items_read: usize) -> bool {
/// #             alicloud_core::wire::paging::advance_page_number(&mut self.page_number, response.total_count, items, items_read)
/// #         }
/// #     }
/// # }
/// # use alicloud_core::testing::FakeTransport;
/// # use alicloud_core::{Client, ClientBuilder, Credentials, Operation, Product};
/// # use model::ListRequest;
/// # const CDN: Product = Product::new("Cdn", "2018-05-10").with_endpoint("cdn.aliyuncs.com");
/// # const LIST: Operation = Operation::rpc(&CDN, "List").read_only();
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
/// # let fake = FakeTransport::new()
/// #     .respond_json("List", r#"{"Names": ["a", "b"], "TotalCount": 3}"#)
/// #     .respond_json("List", r#"{"Names": ["c"], "TotalCount": 3}"#);
/// # let client: Client = ClientBuilder::new(&CDN)
/// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
/// // With a generated client: client.list_pages(request)
/// let mut pages = client.pages(&LIST, ListRequest::default());
/// let mut names = Vec::new();
/// while let Some(page) = pages.next().await {
///     let page = page?;
///     assert_eq!(page.response.total_count, Some(3));
///     names.extend(page.items);
/// }
/// assert_eq!(names, ["a", "b", "c"]);
/// assert_eq!(pages.items_read(), 3);
/// assert!(pages.request().is_none());
/// # Ok(()) }
/// ```
#[must_use = "a stream does nothing until its next page is requested"]
pub struct Pages<R: Paged> {
    client: Client,
    operation: &'static Operation,
    /// The request of the next page.
    request: Option<R>,
    running: Option<CallFuture<R::Response>>,
    map_call: Option<MapCall<R::Response>>,
    items_read: usize,
    failed: bool,
    cycle_detector: CycleDetector,
}

/// The items of all pages of a list, as a [`Stream`].
///
/// Buffers one page and requests the next one when all of its items have been returned. Otherwise like
/// [`Pages`].
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
/// #         fn next_page(&mut self, response: &ListResponse, items: usize, items_read: usize) -> bool {
/// #             alicloud_core::wire::paging::advance_page_number(&mut self.page_number, response.total_count, items, items_read)
/// #         }
/// #     }
/// # }
/// # use alicloud_core::testing::FakeTransport;
/// # use alicloud_core::{Client, ClientBuilder, Credentials, Operation, Product};
/// # use model::ListRequest;
/// # const CDN: Product = Product::new("Cdn", "2018-05-10").with_endpoint("cdn.aliyuncs.com");
/// # const LIST: Operation = Operation::rpc(&CDN, "List").read_only();
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
/// # let fake = FakeTransport::new()
/// #     .respond_json("List", r#"{"Names": ["a", "b"], "TotalCount": 3}"#)
/// #     .respond_json("List", r#"{"Names": ["c"], "TotalCount": 3}"#);
/// # let client: Client = ClientBuilder::new(&CDN)
/// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
/// // With a generated client: client.list_items(request)
/// let mut items = client.items(&LIST, ListRequest::default());
/// let mut names = Vec::new();
/// while let Some(name) = items.next().await {
///     names.push(name?);
/// }
/// assert_eq!(names, ["a", "b", "c"]);
/// # Ok(()) }
/// ```
#[must_use = "a stream does nothing until its next item is requested"]
pub struct Items<R: Paged> {
    pages: Pages<R>,
    /// The request of the buffered page.
    current_request: Option<R>,
    /// The number of items on the pages before it.
    items_before: usize,
    buffered: vec::IntoIter<R::Item>,
}

impl Client {
    /// Returns the pages of a list, starting with the page of the request.
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
    /// #         fn next_page(&mut self, response: &ListResponse, items: usize, items_read: usize) -> bool {
    /// #             alicloud_core::wire::paging::advance_page_number(&mut self.page_number, response.total_count, items, items_read)
    /// #         }
    /// #     }
    /// # }
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, ClientBuilder, Credentials, Operation, Product};
    /// # use model::ListRequest;
    /// # const CDN: Product = Product::new("Cdn", "2018-05-10").with_endpoint("cdn.aliyuncs.com");
    /// # const LIST: Operation = Operation::rpc(&CDN, "List").read_only();
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # let fake = FakeTransport::new()
    /// #     .respond_json("List", r#"{"Names": ["a", "b"], "TotalCount": 3}"#)
    /// #     .respond_json("List", r#"{"Names": ["c"], "TotalCount": 3}"#);
    /// # let client: Client = ClientBuilder::new(&CDN)
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
    /// let mut pages = client.pages(&LIST, ListRequest::default());
    /// assert_eq!(pages.next().await.unwrap()?.items, ["a", "b"]);
    /// # Ok(()) }
    /// ```
    pub fn pages<R: Paged>(&self, operation: &'static Operation, request: R) -> Pages<R> {
        Pages {
            client: self.clone(),
            operation,
            cycle_detector: CycleDetector::new(&request),
            request: Some(request),
            running: None,
            map_call: None,
            items_read: 0,
            failed: false,
        }
    }

    /// Returns the items of all pages of a list, starting with the page of the request.
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
    /// #         fn next_page(&mut self, response: &ListResponse, items: usize, items_read: usize) -> bool {
    /// #             alicloud_core::wire::paging::advance_page_number(&mut self.page_number, response.total_count, items, items_read)
    /// #         }
    /// #     }
    /// # }
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, ClientBuilder, Credentials, Operation, Product};
    /// # use model::ListRequest;
    /// # const CDN: Product = Product::new("Cdn", "2018-05-10").with_endpoint("cdn.aliyuncs.com");
    /// # const LIST: Operation = Operation::rpc(&CDN, "List").read_only();
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # let fake = FakeTransport::new()
    /// #     .respond_json("List", r#"{"Names": ["a", "b"], "TotalCount": 3}"#)
    /// #     .respond_json("List", r#"{"Names": ["c"], "TotalCount": 3}"#);
    /// # let client: Client = ClientBuilder::new(&CDN)
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
    /// let mut items = client.items(&LIST, ListRequest::default());
    /// assert_eq!(items.next().await.unwrap()?, "a");
    /// # Ok(()) }
    /// ```
    pub fn items<R: Paged>(&self, operation: &'static Operation, request: R) -> Items<R> {
        Items {
            pages: self.pages(operation, request),
            current_request: None,
            items_before: 0,
            buffered: Vec::new().into_iter(),
        }
    }
}

impl<R: Paged> Pages<R> {
    /// Sets options on the call of each page, such as `|call| call.timeout(limit)`.
    pub fn map_call(
        mut self,
        map_call: impl Fn(Call<R::Response>) -> Call<R::Response> + Send + Sync + 'static,
    ) -> Self {
        self.map_call = Some(Box::new(map_call));
        self
    }

    /// Returns the request of the next page, or `None` after the last page. Pass it to [`Client::pages`]
    /// to continue later. After an error it is the request of the failed page.
    pub fn request(&self) -> Option<&R> {
        self.request.as_ref()
    }

    /// Returns the number of items on the pages so far.
    pub fn items_read(&self) -> usize {
        self.items_read
    }

    /// Sets the number of items on the pages before the request, to continue an earlier stream. Without
    /// it, a list whose end is detected by its total count ends only with an empty page.
    pub fn items_before(mut self, items: usize) -> Self {
        self.items_read = items;
        self
    }

    /// Requests the next page. Returns `None` after the last page or an error.
    ///
    /// Dropping the returned future does not cancel the call; the next call of this method continues it.
    ///
    /// # Errors
    ///
    /// Returns the errors of the call. The stream ends after an error.
    pub async fn next(&mut self) -> Option<Result<Page<R>, Error>> {
        poll_fn(|context| self.poll(context)).await
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Page<R>, Error>>> {
        let Some(request) = self.request.as_mut().filter(|_| !self.failed) else {
            return Poll::Ready(None);
        };
        let running = self.running.get_or_insert_with(|| {
            let call = self.client.call(self.operation, request);
            match &self.map_call {
                Some(map_call) => map_call(call).into_future(),
                None => call.into_future(),
            }
        });
        let result = ready!(Pin::new(running).poll(context));
        self.running = None;
        let mut response = match result {
            Ok(response) => response,
            Err(error) => {
                self.failed = true;
                return Poll::Ready(Some(Err(error)));
            }
        };
        let items = R::take_items(&mut response);
        self.items_read = self.items_read.saturating_add(items.len());
        if !request.next_page(&response, items.len(), self.items_read)
            || self.cycle_detector.closes_cycle(request)
        {
            self.request = None;
        }
        Poll::Ready(Some(Ok(Page { items, response })))
    }
}

impl<R: Paged> Items<R> {
    /// Sets options on the call of each page, such as `|call| call.timeout(limit)`.
    pub fn map_call(
        mut self,
        map_call: impl Fn(Call<R::Response>) -> Call<R::Response> + Send + Sync + 'static,
    ) -> Self {
        self.pages = self.pages.map_call(map_call);
        self
    }

    /// Returns the request of the page with the next item, or `None` after the last item. Pass it to
    /// [`Client::items`] to continue later; that returns the page's earlier items again.
    pub fn request(&self) -> Option<&R> {
        match self.buffered.len() {
            0 => self.pages.request(),
            _ => self.current_request.as_ref(),
        }
    }

    /// Returns the number of items on the pages before that of [`request`](Items::request).
    pub fn items_read(&self) -> usize {
        match self.buffered.len() {
            0 => self.pages.items_read,
            _ => self.items_before,
        }
    }

    /// Sets the number of items on the pages before the request, to continue an earlier stream. Without
    /// it, a list whose end is detected by its total count ends only with an empty page.
    pub fn items_before(mut self, items: usize) -> Self {
        self.pages = self.pages.items_before(items);
        self
    }

    /// Returns the next item, requesting a page if necessary. Returns `None` after the last item or an
    /// error.
    ///
    /// # Errors
    ///
    /// Returns the errors of the call. The stream ends after an error.
    pub async fn next(&mut self) -> Option<Result<R::Item, Error>> {
        poll_fn(|context| self.poll(context)).await
    }

    /// Collects the remaining items. The result is unbounded, so use this for lists known to be short.
    ///
    /// # Errors
    ///
    /// Returns the errors of the call. The items of earlier pages are then lost; use
    /// [`next`](Items::next) to keep them.
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
    /// #         fn next_page(&mut self, response: &ListResponse, items: usize, items_read: usize) -> bool {
    /// #             alicloud_core::wire::paging::advance_page_number(&mut self.page_number, response.total_count, items, items_read)
    /// #         }
    /// #     }
    /// # }
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, ClientBuilder, Credentials, Operation, Product};
    /// # use model::ListRequest;
    /// # const CDN: Product = Product::new("Cdn", "2018-05-10").with_endpoint("cdn.aliyuncs.com");
    /// # const LIST: Operation = Operation::rpc(&CDN, "List").read_only();
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # let fake = FakeTransport::new()
    /// #     .respond_json("List", r#"{"Names": ["a", "b"], "TotalCount": 3}"#)
    /// #     .respond_json("List", r#"{"Names": ["c"], "TotalCount": 3}"#);
    /// # let client: Client = ClientBuilder::new(&CDN)
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
    /// let names = client.items(&LIST, ListRequest::default()).collect_all().await?;
    /// assert_eq!(names, ["a", "b", "c"]);
    /// # Ok(()) }
    /// ```
    pub async fn collect_all(mut self) -> Result<Vec<R::Item>, Error> {
        let mut all = Vec::new();
        while let Some(item) = self.next().await {
            all.push(item?);
        }
        Ok(all)
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<R::Item, Error>>> {
        loop {
            if let Some(item) = self.buffered.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            if self.pages.running.is_none() {
                self.current_request = self.pages.request.clone();
                self.items_before = self.pages.items_read;
            }
            match ready!(self.pages.poll(context)) {
                Some(Ok(page)) => self.buffered = page.items.into_iter(),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

/// Nothing is pinned: a running call is boxed.
impl<R: Paged> Unpin for Pages<R> {}
impl<R: Paged> Unpin for Items<R> {}

impl<R: Paged> Stream for Pages<R> {
    type Item = Result<Page<R>, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(context)
    }
}

impl<R: Paged> Stream for Items<R> {
    type Item = Result<R::Item, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(context)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.buffered.len(), None)
    }
}

impl<R: Paged> fmt::Debug for Page<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Page").field("items", &self.items.len()).finish_non_exhaustive()
    }
}

impl<R: Paged> fmt::Debug for Pages<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("operation", &self.operation.name())
            .field("items_read", &self.items_read)
            .field("finished", &(self.failed || self.request.is_none()))
            .finish_non_exhaustive()
    }
}

impl<R: Paged> fmt::Debug for Items<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("pages", &self.pages)
            .field("buffered", &self.buffered.len())
            .finish_non_exhaustive()
    }
}

/// Detects cycles of page requests in constant space with Brent's algorithm.
///
/// It stores one request and replaces it with the current one after 1, 2, 4… pages. Eventually the stored
/// request lies on the cycle, and the cycle is shorter than the number of pages until it is replaced.
struct CycleDetector {
    stored: Option<RequestParts>,
    pages_since_stored: usize,
    replace_after: usize,
}

impl CycleDetector {
    fn new<R: Paged>(request: &R) -> Self {
        CycleDetector { stored: encode(request), pages_since_stored: 0, replace_after: 1 }
    }

    /// Returns whether a request closes a cycle.
    fn closes_cycle<R: Paged>(&mut self, request: &R) -> bool {
        let current = encode(request);
        if current.is_some() && current == self.stored {
            return true;
        }
        self.pages_since_stored += 1;
        if self.pages_since_stored >= self.replace_after {
            self.stored = current;
            self.pages_since_stored = 0;
            self.replace_after = self.replace_after.saturating_mul(2);
        }
        false
    }
}

/// Encodes a request; `None` if it is invalid, which its call reports.
fn encode<R: Paged>(request: &R) -> Option<RequestParts> {
    alicloud_wire::request::encode(request).ok()
}
