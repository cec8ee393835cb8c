//! Paginated lists as streams.

mod cycle;
mod items;

use std::borrow::Cow;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use alicloud_wire::Paged;
use alicloud_wire::paging::{IncompleteList, IncompleteReason, NextPage, Progress, Step};
use futures_core::Stream;

use self::cycle::CycleDetector;
pub use self::items::Items;
use crate::call::{Call, CallFuture};
use crate::client::Client;
use crate::error::{Error, ErrorData};
use crate::many::concurrent_calls::MapCall;
use crate::product::Operation;

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
///
/// # Incomplete lists
///
/// The stream ends with `None` only if the last response does not say that there is more. If it does, by
/// a total count, a flag or a token, but has no token for the next page, repeats an earlier token, or the
/// page is empty, the stream ends with an error that says how many of how many items were read:
/// [`Error::incomplete_list`]. So it does, without that page, if the service returns another page than the
/// requested one, by its page number or token: the items would be duplicates. Items are counted from the
/// start of the list: from the page number and page size of the first request, its offset, or
/// [`items_before`](Pages::items_before). After a start with a token that count is unknown, and a total
/// count is ignored.
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
    progress: Progress,
    /// Why the list ended early; returned after the last page.
    incomplete: Option<Box<IncompleteList>>,
    failed: bool,
    cycle_detector: CycleDetector,
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
            progress: Progress::new(),
            incomplete: None,
            failed: false,
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
    /// to continue later. After an error it is the request of the failed page; `None` if the list is
    /// [incomplete](Pages#incomplete-lists).
    pub fn request(&self) -> Option<&R> {
        self.request.as_ref()
    }

    /// Returns the number of items on the pages so far, including those before the first request as far
    /// as they are known.
    pub fn items_read(&self) -> usize {
        self.progress.items_read()
    }

    /// Sets the number of items on the pages before the request, to continue an earlier stream.
    ///
    /// Defaults to what the request tells: the pages before its page number, if it has a page size or its
    /// page turns out to be full, or its offset. Do not set it if the earlier stream started with a token
    /// of its own: the number is then too low.
    pub fn items_before(mut self, items: usize) -> Self {
        self.progress.set_items_before(items);
        self
    }

    /// Ends the list with the first page that has fewer items than the page size of the request, whatever
    /// the responses say about the number of items or pages. Without a page size, an empty page ends it.
    ///
    /// Use it if no item may be missed although the service may report a total that is too low, such as
    /// that of a list that grows. An endless list is then not detected, so limit the time or the pages.
    /// It has no effect on a list whose request accepts a token.
    ///
    /// # Examples
    ///
    /// ```
    /// # mod model {
    /// #     alicloud_core::wire::request! {
    /// #         pub struct ListRequest -> ListResponse {
    /// #             pub page_number: Option<i64> = query("PageNumber"),
    /// #             pub page_size: Option<i64> = query("PageSize"),
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
    /// #             step.number(&mut self.page_number, 1).size(&self.page_size).total(&response.total_count).advance()
    /// #         }
    /// #     }
    /// # }
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, ClientBuilder, Credentials, Operation, Product};
    /// # use model::ListRequest;
    /// # static CDN: Product = Product::new("Cdn", "2018-05-10").with_endpoint("cdn.aliyuncs.com");
    /// # static LIST: Operation = Operation::rpc(&CDN, "List").read_only();
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # let fake = FakeTransport::new()
    /// #     .respond_json("List", r#"{"Names": ["a", "b"], "TotalCount": 2}"#)
    /// #     .respond_json("List", r#"{"Names": ["c"], "TotalCount": 2}"#);
    /// # let client: Client = ClientBuilder::new(&CDN)
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
    /// let request = ListRequest { page_size: Some(2), ..ListRequest::default() };
    /// // The service reports a total of 2.
    /// let mut pages = client.pages(&LIST, request).until_short_page();
    /// while let Some(page) = pages.next().await {
    ///     println!("{:?}", page?.items);
    /// }
    /// assert_eq!(pages.items_read(), 3);
    /// # Ok(()) }
    /// ```
    pub fn until_short_page(mut self) -> Self {
        self.progress.end_with_short_page();
        self
    }

    /// Requests the next page. Returns `None` after the last page or an error.
    ///
    /// Dropping the returned future does not cancel the call; the next call of this method continues it.
    ///
    /// # Errors
    ///
    /// Returns the errors of the call, and an error if the list is
    /// [incomplete](Pages#incomplete-lists). The stream ends after an error.
    pub async fn next(&mut self) -> Option<Result<Page<R>, Error>> {
        poll_fn(|context| self.poll(context)).await
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Page<R>, Error>>> {
        if let Some(incomplete) = self.incomplete.take() {
            self.failed = true;
            let error = Error::new(ErrorData::IncompleteList(*incomplete));
            return Poll::Ready(Some(Err(error.with_call(Cow::Borrowed(self.operation), 0))));
        }
        let Some(request) = self.request.as_ref().filter(|_| !self.failed) else {
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
        self.progress.add_page(items.len());
        let mut next = request.clone();
        let next_page = next.next_page(&response, Step::new(&mut self.progress));
        if let NextPage::Unexpected(list) = next_page {
            self.request = None;
            self.incomplete = Some(Box::new(list));
            return self.poll(context);
        }
        let incomplete = match next_page {
            NextPage::Ready if !self.cycle_detector.closes_cycle(&next) => {
                self.request = Some(next);
                return Poll::Ready(Some(Ok(Page { items, response })));
            }
            NextPage::Ready => {
                let reason = IncompleteReason::RepeatedToken;
                Some(IncompleteList::new(self.progress.items_read(), None, reason))
            }
            NextPage::Incomplete(incomplete) => Some(incomplete),
            _ => None,
        };
        self.request = None;
        self.incomplete = incomplete.map(Box::new);
        Poll::Ready(Some(Ok(Page { items, response })))
    }
}

/// Nothing is pinned: a running call is boxed.
impl<R: Paged> Unpin for Pages<R> {}

impl<R: Paged> Stream for Pages<R> {
    type Item = Result<Page<R>, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(context)
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
            .field("items_read", &self.items_read())
            .field("finished", &(self.failed || self.request.is_none()))
            .finish_non_exhaustive()
    }
}
