//! The items of a list as a stream.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::vec;

use alicloud_wire::Paged;
use futures_core::Stream;

use super::Pages;
use crate::call::Call;
use crate::client::Client;
use crate::error::Error;
use crate::product::Operation;

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
            0 => self.pages.items_read(),
            _ => self.items_before,
        }
    }

    /// Sets the number of items on the pages before the request, to continue an earlier stream. See
    /// [`Pages::items_before`].
    pub fn items_before(mut self, items: usize) -> Self {
        self.pages = self.pages.items_before(items);
        self
    }

    /// Returns the next item, requesting a page if necessary. Returns `None` after the last item or an
    /// error.
    ///
    /// # Errors
    ///
    /// Returns the errors of the call, and an error if the list is
    /// [incomplete](Pages#incomplete-lists). The stream ends after an error.
    pub async fn next(&mut self) -> Option<Result<R::Item, Error>> {
        poll_fn(|context| self.poll(context)).await
    }

    /// Collects the remaining items. The result is unbounded, so use this for lists known to be short.
    ///
    /// # Errors
    ///
    /// Returns the errors of the call, and an error if the list is
    /// [incomplete](Pages#incomplete-lists). The items of earlier pages are then lost; use
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
                self.items_before = self.pages.items_read();
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
impl<R: Paged> Unpin for Items<R> {}

impl<R: Paged> Stream for Items<R> {
    type Item = Result<R::Item, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(context)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.buffered.len(), None)
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
