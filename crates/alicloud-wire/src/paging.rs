//! Paged responses.
//!
//! A generated request implements [`Paged`]: where the items of a response are, and which parameters
//! select a page. [`Step`] changes the request of a page to that of the next page, and [`NextPage`] says
//! whether the list goes on, is complete or ended early. The runtime turns that into streams.

mod progress;
mod step;
mod value;

use std::fmt;

pub use self::progress::Progress;
pub use self::step::Step;
pub use self::value::{PageParameter, PageValue};
use crate::request::Request;

/// A request with paged responses.
///
/// # Examples
///
/// ```
/// use alicloud_wire::Paged;
/// use alicloud_wire::paging::{NextPage, Progress, Step};
///
/// alicloud_wire::request! {
///     struct ListRequest -> ListResponse {
///         page_number: Option<i64> = query("PageNumber"),
///     }
/// }
/// alicloud_wire::record! {
///     struct ListResponse {
///         names: Vec<String> = "Names",
///         total_count: Option<i64> = "TotalCount",
///     }
/// }
///
/// impl Paged for ListRequest {
///     type Item = String;
///
///     fn take_items(response: &mut ListResponse) -> Vec<String> {
///         std::mem::take(&mut response.names)
///     }
///
///     fn next_page(&mut self, response: &ListResponse, step: Step<'_>) -> NextPage {
///         step.number(&mut self.page_number, 1).total(&response.total_count).advance()
///     }
/// }
///
/// let mut request = ListRequest::default();
/// let mut progress = Progress::new();
/// let response = ListResponse { names: vec!["a".into()], total_count: Some(2) };
/// progress.add_page(1);
/// assert_eq!(request.next_page(&response, Step::new(&mut progress)), NextPage::Ready);
/// assert_eq!(request.page_number, Some(2));
/// progress.add_page(1);
/// assert_eq!(request.next_page(&response, Step::new(&mut progress)), NextPage::Done);
/// ```
pub trait Paged: Request + Clone + Send + Sync + 'static {
    /// An item of a page.
    type Item: Send + 'static;

    /// Takes the items out of a response.
    fn take_items(response: &mut Self::Response) -> Vec<Self::Item>;

    /// Changes the request of a page to that of the next page, if there is one.
    ///
    /// `response` is the response of this page, and `step` starts from it: give it the parameters and
    /// values of both. The request may be changed even if there is no next page.
    fn next_page(&mut self, response: &Self::Response, step: Step<'_>) -> NextPage;
}

/// What follows a page.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum NextPage {
    /// The request is now that of the next page.
    Ready,
    /// The page was the last one.
    Done,
    /// The response says that there are more items, but there is no way to request them.
    Incomplete(IncompleteList),
    /// The page is not the requested one, so its items are not part of the list.
    Unexpected(IncompleteList),
}

/// A list that ended although the service reported more items.
///
/// # Examples
///
/// ```
/// use alicloud_wire::paging::{IncompleteList, IncompleteReason};
///
/// let list = IncompleteList::new(10, Some(25), IncompleteReason::NoToken);
/// assert!(list.to_string().starts_with("the list ended early: 10 of 25 items were read"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct IncompleteList {
    /// The number of items from the start of the list to the last page.
    pub items_read: usize,
    /// The number of items that the service reported. `None` if it only reported that there are more.
    pub total: Option<u64>,
    /// Why the next page cannot be requested.
    pub reason: IncompleteReason,
}

/// Why the next page of a list cannot be requested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum IncompleteReason {
    /// The response has no token for the next page.
    NoToken,
    /// The token for the next page is that of an earlier page.
    RepeatedToken,
    /// The page is empty.
    EmptyPage,
    /// The service returned another page than the requested one, such as the first one again.
    UnexpectedPage,
    /// The parameter of the page cannot have the next value: it is not a number, or too large.
    InvalidParameter,
}

impl IncompleteList {
    /// Creates the description of a list that ended early.
    pub fn new(items_read: usize, total: Option<u64>, reason: IncompleteReason) -> Self {
        IncompleteList { items_read, total, reason }
    }
}

impl fmt::Display for IncompleteList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let read = self.items_read;
        f.write_str("the list ended early: ")?;
        match self.total {
            Some(total) => write!(f, "{read} of {total} items were read, and ")?,
            None => write!(f, "{read} items were read, the service reports more, and ")?,
        }
        f.write_str(match self.reason {
            IncompleteReason::NoToken => {
                "the response has no token for the next page: narrow the request, or increase the page size so that one page has all items"
            }
            IncompleteReason::RepeatedToken => {
                "the token for the next page is that of an earlier page: read the list again from its start"
            }
            IncompleteReason::EmptyPage => {
                "the last page is empty: items may have been deleted meanwhile; read the list again from its start"
            }
            IncompleteReason::UnexpectedPage => {
                "the service returned another page than the requested one: request a single page of the list, as large as necessary"
            }
            IncompleteReason::InvalidParameter => {
                "the page number or offset of the request has no next value: set it to a number"
            }
        })
    }
}
