//! Responses that come in pages, as streams.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::vec;

use alicloud_wire::{Paged, RequestParts};
use futures_core::Stream;

use crate::call::{Call, CallFuture};
use crate::client::Client;
use crate::concurrent_calls::Tune;
use crate::error::Error;
use crate::operation::Operation;

/// One page of many.
#[non_exhaustive]
pub struct Page<R: Paged> {
    /// What it lists.
    pub items: Vec<R::Item>,
    /// The response around the items, which are no longer in it.
    pub response: R::Response,
}

/// The pages of a list, one call each, as a [`Stream`].
///
/// A call is made when a page is asked for and not before, so that nothing is read ahead or kept. An
/// error is given once and ends the stream; [`request`](Pages::request) then holds the page to continue
/// with. A service that leads back to a page that was already there does not keep it going.
///
/// ```
/// # mod model {
/// #     #[derive(Debug, Clone, Default)]
/// #     pub struct ListRequest { pub page_number: Option<i64> }
/// #     #[derive(Debug, Default)]
/// #     pub struct ListResponse { pub names: Vec<String>, pub total_count: Option<i64> }
/// #     alicloud_core::wire::request! { ListRequest => ListResponse { page_number: "PageNumber" => query } }
/// #     alicloud_core::wire::record! { ListResponse { names: "Names", total_count: "TotalCount" } }
/// #     impl alicloud_core::wire::Paged for ListRequest {
/// #         type Item = String;
/// #         fn take_items(response: &mut ListResponse) -> Vec<String> { std::mem::take(&mut response.names) }
/// #         fn next_page(&mut self, response: &ListResponse, items: usize, seen: usize) -> bool {
/// #             alicloud_core::wire::paging::advance_page_number(&mut self.page_number, response.total_count, items, seen)
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
/// // A generated client has `list_pages(request)` for this.
/// let mut pages = client.pages(&LIST, ListRequest::default());
/// while let Some(page) = pages.next().await {
///     let page = page?;
///     println!("{:?} of {:?}", page.items, page.response.total_count);
/// }
/// # Ok(()) }
/// ```
#[must_use = "a stream does nothing until it is asked for its next page"]
pub struct Pages<R: Paged> {
    client: Client,
    operation: &'static Operation,
    /// The page that is asked for next.
    request: Option<R>,
    running: Option<CallFuture<R::Response>>,
    tune: Option<Tune<R::Response>>,
    seen: usize,
    failed: bool,
    trail: Trail,
}

/// The items of all pages of a list, as a [`Stream`].
///
/// It keeps the rest of one page, and asks for the next page when that is used up. For the rest it is
/// like [`Pages`].
///
/// ```no_run
/// # use alicloud_core::{Error, Items, wire::Paged};
/// # async fn run<R: Paged<Item = String>>(mut items: Items<R>) -> Result<(), Error> {
/// while let Some(item) = items.next().await {
///     println!("{}", item?);
/// }
/// # Ok(()) }
/// ```
#[must_use = "a stream does nothing until it is asked for its next item"]
pub struct Items<R: Paged> {
    pages: Pages<R>,
    /// The page that `rest` is of, and how many items the pages before it had.
    current: Option<R>,
    before: usize,
    rest: vec::IntoIter<R::Item>,
}

impl Client {
    /// The pages of a list, from that of the request on.
    pub fn pages<R: Paged>(&self, operation: &'static Operation, request: R) -> Pages<R> {
        Pages {
            client: self.clone(),
            operation,
            trail: Trail::new(&request),
            request: Some(request),
            running: None,
            tune: None,
            seen: 0,
            failed: false,
        }
    }

    /// The items of all pages of a list, from the page of the request on.
    pub fn items<R: Paged>(&self, operation: &'static Operation, request: R) -> Items<R> {
        Items {
            pages: self.pages(operation, request),
            current: None,
            before: 0,
            rest: Vec::new().into_iter(),
        }
    }
}

impl<R: Paged> Pages<R> {
    /// Options for the call of each page, such as `|call| call.timeout(limit)`.
    pub fn map_call(
        mut self,
        tune: impl Fn(Call<R::Response>) -> Call<R::Response> + Send + Sync + 'static,
    ) -> Self {
        self.tune = Some(Box::new(tune));
        self
    }

    /// The request of the next page: what to pass to [`Client::pages`] in order to continue at another
    /// time. After an error it is the page that failed; nothing when all pages were there.
    pub fn request(&self) -> Option<&R> {
        self.request.as_ref()
    }

    /// How many items the pages so far had.
    pub fn items_read(&self) -> usize {
        self.seen
    }

    /// How many items the pages before that of the request had, when continuing. Without it the end of
    /// a list that is counted shows only when a page is empty.
    pub fn items_before(mut self, items: usize) -> Self {
        self.seen = items;
        self
    }

    /// The next page, or nothing after the last one or an error.
    ///
    /// # Errors
    ///
    /// Those of the call. The stream is over after one.
    pub async fn next(&mut self) -> Option<Result<Page<R>, Error>> {
        poll_fn(|context| self.poll(context)).await
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Page<R>, Error>>> {
        let Some(request) = self.request.as_mut().filter(|_| !self.failed) else {
            return Poll::Ready(None);
        };
        let running = self.running.get_or_insert_with(|| {
            let call = self.client.call(self.operation, request);
            match &self.tune {
                Some(tune) => tune(call).into_future(),
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
        self.seen = self.seen.saturating_add(items.len());
        if !request.next_page(&response, items.len(), self.seen) || self.trail.leads_back(request) {
            self.request = None;
        }
        Poll::Ready(Some(Ok(Page { items, response })))
    }
}

impl<R: Paged> Items<R> {
    /// Options for the call of each page, such as `|call| call.timeout(limit)`.
    pub fn map_call(
        mut self,
        tune: impl Fn(Call<R::Response>) -> Call<R::Response> + Send + Sync + 'static,
    ) -> Self {
        self.pages = self.pages.map_call(tune);
        self
    }

    /// The request of the page that the next item is on: what to pass to [`Client::items`] in order to
    /// continue at another time. The items of that page that were already given come again then.
    pub fn request(&self) -> Option<&R> {
        match self.rest.len() {
            0 => self.pages.request(),
            _ => self.current.as_ref(),
        }
    }

    /// How many items the pages before that of [`request`](Items::request) had.
    pub fn items_read(&self) -> usize {
        match self.rest.len() {
            0 => self.pages.seen,
            _ => self.before,
        }
    }

    /// How many items the pages before that of the request had, when continuing. Without it the end of
    /// a list that is counted shows only when a page is empty.
    pub fn items_before(mut self, items: usize) -> Self {
        self.pages = self.pages.items_before(items);
        self
    }

    /// The next item, or nothing after the last one or an error.
    ///
    /// # Errors
    ///
    /// Those of the call of a page. The stream is over after one.
    pub async fn next(&mut self) -> Option<Result<R::Item, Error>> {
        poll_fn(|context| self.poll(context)).await
    }

    /// All items that are left, in one list. It grows as long as the service has more, so it is for
    /// lists that are known to be short.
    ///
    /// # Errors
    ///
    /// Those of the call of a page. The items of the pages before are lost then; where they matter, use
    /// [`next`](Items::next).
    pub async fn collect_all(mut self) -> Result<Vec<R::Item>, Error> {
        let mut all = Vec::new();
        while let Some(item) = self.next().await {
            all.push(item?);
        }
        Ok(all)
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<R::Item, Error>>> {
        loop {
            if let Some(item) = self.rest.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            if self.pages.running.is_none() {
                self.current = self.pages.request.clone();
                self.before = self.pages.seen;
            }
            match ready!(self.pages.poll(context)) {
                Some(Ok(page)) => self.rest = page.items.into_iter(),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

/// Nothing in them is pinned: a call under way is in a box.
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
        (self.rest.len(), None)
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
            .field("seen", &self.seen)
            .field("over", &(self.failed || self.request.is_none()))
            .finish_non_exhaustive()
    }
}

impl<R: Paged> fmt::Debug for Items<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("pages", &self.pages)
            .field("rest", &self.rest.len())
            .finish_non_exhaustive()
    }
}

/// Notices when tokens lead in a circle, in constant space: one request is remembered, and replaced by
/// the current one after 1, 2, 4… pages (Brent's method), so that at some time it lies on the circle
/// and the circle is shorter than the way until it is replaced.
struct Trail {
    remembered: Option<RequestParts>,
    steps: usize,
    limit: usize,
}

impl Trail {
    fn new<R: Paged>(request: &R) -> Self {
        Trail { remembered: encoded(request), steps: 0, limit: 1 }
    }

    fn leads_back<R: Paged>(&mut self, request: &R) -> bool {
        let current = encoded(request);
        if current.is_some() && current == self.remembered {
            return true;
        }
        self.steps += 1;
        if self.steps >= self.limit {
            self.remembered = current;
            self.steps = 0;
            self.limit = self.limit.saturating_mul(2);
        }
        false
    }
}

/// A request that cannot be encoded is reported by its call.
fn encoded<R: Paged>(request: &R) -> Option<RequestParts> {
    alicloud_wire::request::encode(request).ok()
}
