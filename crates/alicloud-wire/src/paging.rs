//! Paged responses.
//!
//! A generated request implements [`Paged`]: where the items of a response are, and how the request of the
//! next page differs. The runtime turns that into streams.

use crate::request::Request;

/// A request with paged responses.
///
/// # Examples
///
/// ```
/// use alicloud_wire::{Paged, paging};
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
///     fn next_page(&mut self, response: &ListResponse, items: usize, items_read: usize) -> bool {
///         let total = response.total_count;
///         paging::advance_page_number(&mut self.page_number, total, items, items_read)
///     }
/// }
///
/// let mut request = ListRequest::default();
/// let response = ListResponse { names: vec!["a".into()], total_count: Some(2) };
/// assert!(request.next_page(&response, 1, 1));
/// assert_eq!(request.page_number, Some(2));
/// assert!(!request.next_page(&response, 1, 2));
/// ```
pub trait Paged: Request + Clone + Send + Sync + 'static {
    /// An item of a page.
    type Item: Send + 'static;

    /// Takes the items out of a response.
    fn take_items(response: &mut Self::Response) -> Vec<Self::Item>;

    /// Changes the request of a page to that of the next page; returns `false` if there is none.
    ///
    /// `response` is the response of this page, `items` the number of its items, and `items_read` the
    /// number of items of all pages so far, including this one.
    fn next_page(&mut self, response: &Self::Response, items: usize, items_read: usize) -> bool;
}

/// A page number parameter: `i64` if it is required, or else `Option<i64>`.
///
/// # Examples
///
/// ```
/// use alicloud_wire::paging::PageNumber;
///
/// let mut page = None;
/// assert_eq!(page.current(), 1);
/// page.set(2);
/// assert_eq!(page, Some(2));
/// ```
pub trait PageNumber {
    /// Returns the number of the requested page. Defaults to 1.
    fn current(&self) -> i64;
    /// Sets the number of the requested page.
    fn set(&mut self, page: i64);
}

impl PageNumber for i64 {
    fn current(&self) -> i64 {
        *self
    }

    fn set(&mut self, page: i64) {
        *self = page;
    }
}

impl PageNumber for Option<i64> {
    fn current(&self) -> i64 {
        self.unwrap_or(1)
    }

    fn set(&mut self, page: i64) {
        *self = Some(page);
    }
}

/// Increments a page number, unless this page was empty or all items were read; returns whether there is
/// a next page.
///
/// # Examples
///
/// ```
/// use alicloud_wire::paging::advance_page_number;
///
/// let mut page = Some(1);
/// assert!(advance_page_number(&mut page, Some(30), 20, 20));
/// assert_eq!(page, Some(2));
/// assert!(!advance_page_number(&mut page, Some(30), 10, 30));
/// ```
pub fn advance_page_number(
    number: &mut impl PageNumber,
    total: Option<i64>,
    items: usize,
    items_read: usize,
) -> bool {
    let items_read = i64::try_from(items_read).unwrap_or(i64::MAX);
    if items == 0 || total.is_some_and(|total| items_read >= total) {
        return false;
    }
    let Some(next) = number.current().checked_add(1) else { return false };
    number.set(next);
    true
}

/// A page token parameter: `String` if it is required, or else `Option<String>`.
///
/// # Examples
///
/// ```
/// use alicloud_wire::paging::PageToken;
///
/// let mut token = None;
/// token.set("abc".to_owned());
/// assert_eq!(token.current(), Some("abc"));
/// ```
pub trait PageToken {
    /// Returns the token of the requested page.
    fn current(&self) -> Option<&str>;
    /// Sets the token of the requested page.
    fn set(&mut self, token: String);
}

impl PageToken for String {
    fn current(&self) -> Option<&str> {
        Some(self)
    }

    fn set(&mut self, token: String) {
        *self = token;
    }
}

impl PageToken for Option<String> {
    fn current(&self) -> Option<&str> {
        self.as_deref()
    }

    fn set(&mut self, token: String) {
        *self = Some(token);
    }
}

/// Sets the token of the next page; returns `false` if there is none, or if it is the current one, which
/// would be an endless loop.
///
/// # Examples
///
/// ```
/// use alicloud_wire::paging::advance_page_token;
///
/// let mut token = None;
/// assert!(advance_page_token(&mut token, Some("abc")));
/// assert_eq!(token.as_deref(), Some("abc"));
/// assert!(!advance_page_token(&mut token, Some("abc")));
/// assert!(!advance_page_token(&mut token, None));
/// ```
pub fn advance_page_token(token: &mut impl PageToken, next: Option<&str>) -> bool {
    match next {
        Some(next) if !next.is_empty() && token.current() != Some(next) => {
            token.set(next.to_owned());
            true
        }
        _ => false,
    }
}
