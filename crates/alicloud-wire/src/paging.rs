//! Paged responses.
//!
//! A generated request implements [`Paged`]: where the items of a response are, and which parameters
//! select a page. [`Step`] changes the request of a page to that of the next page, and [`NextPage`] says
//! whether the list goes on, is complete or ended early. The runtime turns that into streams.

use std::fmt;

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

/// How many items of a list have been read.
///
/// Counts from the start of the list, as far as it is known where the first request starts: from its page
/// number and page size, or its offset. A token does not tell.
///
/// # Examples
///
/// ```
/// use alicloud_wire::paging::Progress;
///
/// let mut progress = Progress::new();
/// progress.add_page(20);
/// assert_eq!(progress.items_read(), 20);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    pages: usize,
    page_items: usize,
    /// The items of the page before the last one.
    previous_items: usize,
    /// Whether the service returned the number or offset of the first page as it was requested.
    is_echoed: bool,
    items: usize,
    /// The least number of items before the first page.
    before_min: usize,
    before: Before,
}

/// What is known about the number of items before the first page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Before {
    /// Not determined yet.
    #[default]
    Undetermined,
    /// It is `before_min`.
    Exact,
    /// It is `before_min`, unless the first page was the last one: then it is at most this number.
    AtLeast { max: Option<usize> },
    /// The list starts with a token.
    Unknown,
}

impl Progress {
    /// Creates the progress of a list that has not been read yet.
    pub fn new() -> Self {
        Progress::default()
    }

    /// Sets the number of items before the first request; 0 means that it is determined from the request.
    pub fn set_items_before(&mut self, items: usize) {
        self.before_min = items;
        self.before = if items == 0 { Before::Undetermined } else { Before::Exact };
    }

    /// Adds a page with this number of items.
    pub fn add_page(&mut self, items: usize) {
        self.pages = self.pages.saturating_add(1);
        self.previous_items = std::mem::replace(&mut self.page_items, items);
        self.items = self.items.saturating_add(items);
    }

    /// Returns the number of items from the start of the list to the last page.
    pub fn items_read(&self) -> usize {
        self.before_min.saturating_add(self.items)
    }

    /// Like [`items_read`](Progress::items_read), with the most items before the first page.
    fn items_read_at_most(&self) -> usize {
        match self.before {
            Before::AtLeast { max: Some(max) } => max.saturating_add(self.items),
            _ => self.items_read(),
        }
    }

    /// Removes the last page, which is not the requested one.
    fn reject_page(&mut self, total: Option<u64>, reason: IncompleteReason) -> NextPage {
        self.items = self.items.saturating_sub(self.page_items);
        NextPage::Unexpected(IncompleteList::new(self.items_read(), total, reason))
    }

    /// Returns whether fewer items than the total were read; `None` if it is not known.
    fn compare(&self, total: u64) -> Option<bool> {
        let is_less = |before: usize| (before.saturating_add(self.items) as u64) < total;
        if self.before != Before::Unknown && !is_less(self.before_min) {
            return Some(false);
        }
        match self.before {
            Before::Exact => Some(true),
            Before::AtLeast { max: Some(max) } if is_less(max) => Some(true),
            _ => None,
        }
    }
}

/// A value of a response that tells about the next page: a total, a token, a page size or a flag.
///
/// Services send numbers and flags as text as well.
pub trait PageValue {
    /// Returns the value as text; `None` if it is absent.
    fn text(&self) -> Option<String>;
}

/// A parameter of a request that selects a page: a page number, an offset or a token.
///
/// # Examples
///
/// ```
/// use alicloud_wire::paging::{PageParameter, PageValue};
///
/// let mut page: Option<i64> = None;
/// assert!(page.set_text("2"));
/// assert_eq!((page, page.text().as_deref()), (Some(2), Some("2")));
/// assert!(!page.set_text("two"));
/// ```
pub trait PageParameter: PageValue {
    /// Sets the value; returns `false` if the type of the parameter does not allow it.
    fn set_text(&mut self, text: &str) -> bool;

    /// Removes the value, if the type of the parameter allows that.
    fn clear(&mut self) {}
}

macro_rules! page_value {
    ($($ty:ty),*) => {$(
        impl PageValue for $ty {
            fn text(&self) -> Option<String> {
                Some(self.to_string())
            }
        }

        impl PageParameter for $ty {
            fn set_text(&mut self, text: &str) -> bool {
                text.parse().map(|value| *self = value).is_ok()
            }
        }
    )*};
}

page_value!(String, i64, f64, bool);

impl<T: PageValue> PageValue for Option<T> {
    fn text(&self) -> Option<String> {
        self.as_ref().and_then(PageValue::text)
    }
}

impl<T: PageValue> PageValue for &T {
    fn text(&self) -> Option<String> {
        (**self).text()
    }
}

impl<T: PageParameter + Default> PageParameter for Option<T> {
    fn set_text(&mut self, text: &str) -> bool {
        let mut value = T::default();
        let is_set = value.set_text(text);
        if is_set {
            *self = Some(value);
        }
        is_set
    }

    fn clear(&mut self) {
        *self = None;
    }
}

fn integer(value: &(impl PageValue + ?Sized)) -> Option<i64> {
    value.text()?.trim().parse().ok()
}

/// Changes the request of a page to that of the next page.
///
/// Give it the parameters of the request that select a page, and the values of the response that tell
/// about the rest of the list; then call [`advance`](Step::advance). The rules:
///
/// * A token of the response is followed, unless the response says that there is no more.
/// * Without one, the page number or the offset is followed, unless the request itself has a token. If the
///   request has a page size for tokens only, the page size for page numbers becomes that of the page.
/// * The list is complete if the total is reached, if the response says that there is no more, or, where
///   the response does not tell, if the page is empty.
/// * If the response says that there is more, and the next page cannot be requested or is empty, the list
///   is incomplete.
/// * If the response has another page number or offset than the request, or its token for the next page is
///   that of this page, which is as full as the one before, the page is unexpected: a service that ignores a
///   parameter returns the same items again.
///
/// # Examples
///
/// ```
/// use alicloud_wire::paging::{IncompleteReason, NextPage, Progress, Step};
///
/// // The request accepts both a page number and a token; the response has no token.
/// let (mut page, mut token) = (None::<i64>, None::<String>);
/// let (next_token, total) = (None::<String>, Some(25));
/// let mut progress = Progress::new();
/// progress.add_page(10);
/// let step = Step::new(&mut progress).number(&mut page, 1).token(&mut token, &next_token);
/// assert_eq!(step.total(&total).advance(), NextPage::Ready);
/// assert_eq!((page, token.as_deref()), (Some(2), None));
///
/// // A request that accepts only a token cannot continue.
/// let step = Step::new(&mut progress).token(&mut token, &next_token).total(&total);
/// let NextPage::Incomplete(list) = step.advance() else { panic!("10 of 25 items were read") };
/// assert_eq!((list.items_read, list.total), (10, Some(25)));
/// assert_eq!(list.reason, IncompleteReason::NoToken);
/// ```
#[must_use = "call `advance`"]
pub struct Step<'a> {
    progress: &'a mut Progress,
    token: Option<Token<'a>>,
    counter: Option<Counter<'a>>,
    echo: Option<i64>,
    size: Option<usize>,
    sizes: Option<Sizes<'a>>,
    response_size: Option<usize>,
    total: Option<u64>,
    count: Option<u64>,
    page_count: Option<i64>,
    has_more: Option<bool>,
}

struct Token<'a> {
    parameter: &'a mut (dyn PageParameter + 'static),
    next: Option<String>,
}

/// The page sizes of a request for page numbers and for tokens.
struct Sizes<'a> {
    of_numbers: &'a mut (dyn PageParameter + 'static),
    of_tokens: &'a mut (dyn PageParameter + 'static),
}

struct Counter<'a> {
    parameter: &'a mut (dyn PageParameter + 'static),
    /// The value of the first page.
    first: i64,
    /// Whether it counts items and not pages.
    is_offset: bool,
}

impl Counter<'_> {
    /// Returns the value of the requested page; `None` if it is not a number.
    fn current(&self) -> Option<i64> {
        match self.parameter.text().filter(|text| !text.is_empty()) {
            Some(text) => text.trim().parse().ok(),
            None => Some(self.first),
        }
    }

    /// Returns the number of pages or items before the requested page.
    fn before(&self) -> Option<usize> {
        usize::try_from(self.current()?.saturating_sub(self.first).max(0)).ok()
    }
}

impl<'a> Step<'a> {
    /// Creates a step after the last page of `progress`.
    pub fn new(progress: &'a mut Progress) -> Self {
        Step {
            progress,
            token: None,
            counter: None,
            echo: None,
            size: None,
            sizes: None,
            response_size: None,
            total: None,
            count: None,
            page_count: None,
            has_more: None,
        }
    }

    /// Sets the page number of the request, and the number of the first page.
    pub fn number(mut self, parameter: &'a mut (dyn PageParameter + 'static), first: i64) -> Self {
        self.counter = Some(Counter { parameter, first, is_offset: false });
        self
    }

    /// Sets the offset of the request, and the offset of the first item.
    pub fn offset(mut self, parameter: &'a mut (dyn PageParameter + 'static), first: i64) -> Self {
        self.counter = Some(Counter { parameter, first, is_offset: true });
        self
    }

    /// Like [`number`](Step::number), with the page number of the response.
    pub fn echoed_number(
        mut self,
        parameter: &'a mut (dyn PageParameter + 'static),
        first: i64,
        response: &dyn PageValue,
    ) -> Self {
        self.echo = integer(response);
        self.number(parameter, first)
    }

    /// Like [`offset`](Step::offset), with the offset of the response.
    pub fn echoed_offset(
        mut self,
        parameter: &'a mut (dyn PageParameter + 'static),
        first: i64,
        response: &dyn PageValue,
    ) -> Self {
        self.echo = integer(response);
        self.offset(parameter, first)
    }

    /// Sets the token of the request, and the token for the next page of the response.
    pub fn token(
        mut self,
        parameter: &'a mut (dyn PageParameter + 'static),
        next: &dyn PageValue,
    ) -> Self {
        // A cursor that counts is zero after the last page.
        let next = next.text().filter(|next| !matches!(next.trim(), "" | "0"));
        self.token = Some(Token { parameter, next });
        self
    }

    /// Sets the page size of the request.
    pub fn size(mut self, size: &dyn PageValue) -> Self {
        self.size = positive(size);
        self
    }

    /// Sets the page sizes of a request that has one for page numbers and one for tokens.
    pub fn sizes(
        mut self,
        of_numbers: &'a mut (dyn PageParameter + 'static),
        of_tokens: &'a mut (dyn PageParameter + 'static),
    ) -> Self {
        self.size = positive(of_numbers);
        self.sizes = Some(Sizes { of_numbers, of_tokens });
        self
    }

    /// Sets the page size of the response, which can be smaller than that of the request.
    pub fn response_size(mut self, size: &dyn PageValue) -> Self {
        self.response_size = positive(size);
        self
    }

    /// Sets the number of items of all pages.
    pub fn total(mut self, total: &dyn PageValue) -> Self {
        self.total = integer(total).and_then(|total| u64::try_from(total).ok());
        self
    }

    /// Sets a number of items that can be that of all pages or of this page.
    ///
    /// It counts as the total if it is larger than the page, or if the first page is not full.
    pub fn count(mut self, count: &dyn PageValue) -> Self {
        self.count = integer(count).and_then(|count| u64::try_from(count).ok());
        self
    }

    /// Sets the number of pages.
    pub fn page_count(mut self, pages: &dyn PageValue) -> Self {
        self.page_count = integer(pages).filter(|pages| *pages >= 0);
        self
    }

    /// Sets whether the response says that there is more.
    pub fn has_more(mut self, has_more: &dyn PageValue) -> Self {
        self.has_more =
            has_more.text().and_then(|text| match text.trim().to_ascii_lowercase().as_str() {
                "true" | "1" => Some(true),
                "false" | "0" => Some(false),
                _ => None,
            });
        self
    }

    /// Changes the parameters to those of the next page, if there is one.
    pub fn advance(mut self) -> NextPage {
        let total = self.total.or_else(|| self.total_from_count());
        self.locate_start(total);
        let items = self.progress.page_items;
        let is_less = total.and_then(|total| self.progress.compare(total));
        let pages_remain = match (total, self.page_count, &self.counter) {
            (None, Some(pages), Some(counter)) if !counter.is_offset => {
                counter.before().map(|before| (before as i64).saturating_add(1) < pages)
            }
            _ => None,
        };
        let announces_more =
            is_less == Some(true) || self.has_more == Some(true) || pages_remain == Some(true);
        let items_read = match is_less {
            Some(true) => self.progress.items_read_at_most(),
            _ => self.progress.items_read(),
        };
        let incomplete =
            |reason| NextPage::Incomplete(IncompleteList::new(items_read, total, reason));
        if self.is_other_page() {
            return self.progress.reject_page(total, IncompleteReason::UnexpectedPage);
        }

        let accepts_token = self.token.is_some();
        let mut has_token = false;
        if let Some(Token { parameter, next }) = self.token {
            let current = parameter.text().filter(|current| !current.is_empty());
            if let Some(next) = next {
                if self.has_more == Some(false) && is_less != Some(true) {
                    return NextPage::Done;
                }
                if current.as_ref() != Some(&next) {
                    return match parameter.set_text(&next) {
                        true => NextPage::Ready,
                        false => incomplete(IncompleteReason::InvalidParameter),
                    };
                }
                // A shorter page is another one, and an empty one the last, unless more is announced.
                let is_first = self.progress.pages <= 1;
                let is_other = is_first || items < self.progress.previous_items;
                let is_complete = is_less == Some(false) || items == 0;
                return match is_other {
                    true if is_complete && !announces_more => NextPage::Done,
                    true => incomplete(IncompleteReason::RepeatedToken),
                    false => self.progress.reject_page(total, IncompleteReason::RepeatedToken),
                };
            }
            has_token = current.is_some();
        }
        let Some(counter) = self.counter.filter(|_| !has_token) else {
            return match announces_more {
                true => incomplete(IncompleteReason::NoToken),
                false => NextPage::Done,
            };
        };
        if items == 0 {
            return match announces_more {
                true => incomplete(IncompleteReason::EmptyPage),
                false => NextPage::Done,
            };
        }
        let is_over =
            is_less == Some(false) || self.has_more == Some(false) || pages_remain == Some(false);
        // A missing token also means the end, so only a full page is a reason to go on.
        let is_full = page_size(self.size, self.response_size).is_some_and(|size| items >= size);
        let may_continue = !is_over && (!accepts_token || total.is_some() || is_full);
        if !announces_more && !may_continue {
            return NextPage::Done;
        }
        if let Some(sizes) = self.sizes
            && !sizes.leave_tokens(items, self.response_size)
        {
            return incomplete(IncompleteReason::InvalidParameter);
        }
        let step = if counter.is_offset { i64::try_from(items).unwrap_or(i64::MAX) } else { 1 };
        let is_set = counter
            .current()
            .and_then(|current| current.checked_add(step))
            .is_some_and(|next| counter.parameter.set_text(&next.to_string()));
        if is_set { NextPage::Ready } else { incomplete(IncompleteReason::InvalidParameter) }
    }

    /// Returns whether the page is not the requested one, by the number or offset in the response.
    ///
    /// That is compared only if it is equal on the first page: the field can also mean something else.
    fn is_other_page(&mut self) -> bool {
        let has_token =
            |token: &Token<'_>| token.parameter.text().is_some_and(|current| !current.is_empty());
        let (Some(counter), Some(echo)) = (&self.counter, self.echo) else { return false };
        if self.token.as_ref().is_some_and(has_token) {
            return false;
        }
        let is_equal = counter.current() == Some(echo);
        if self.progress.pages <= 1 {
            self.progress.is_echoed = is_equal;
        }
        // After the last page, a service may return anything.
        self.progress.is_echoed && !is_equal && self.progress.page_items > 0
    }

    /// Returns the total if the ambiguous count is one.
    fn total_from_count(&self) -> Option<u64> {
        let count = self.count?;
        let items = self.progress.page_items;
        if count > items as u64 {
            return Some(count);
        }
        let is_full = page_size(self.size, self.response_size).is_some_and(|size| items >= size);
        let is_first = self.progress.pages <= 1
            && self.counter.as_ref().is_none_or(|counter| counter.before() == Some(0));
        (is_first && !is_full).then_some(count)
    }

    /// Determines the number of items before the first page.
    fn locate_start(&mut self, total: Option<u64>) {
        let Step { progress, token, counter, .. } = self;
        let has_token = token
            .as_ref()
            .is_some_and(|token| token.parameter.text().is_some_and(|current| !current.is_empty()));
        match progress.before {
            Before::Undetermined => {}
            // A page after the first one proves that the first one was full.
            Before::AtLeast { .. } if progress.pages > 1 && progress.page_items > 0 => {
                progress.before = Before::Exact;
                return;
            }
            _ => return,
        }
        let items = progress.page_items;
        let before = counter.as_ref().map(|counter| (counter.before(), counter.is_offset));
        (progress.before_min, progress.before) = match before {
            _ if has_token => (0, Before::Unknown),
            None | Some((Some(0), _)) => (0, Before::Exact),
            Some((Some(offset), true)) => (offset, Before::Exact),
            Some((None, _)) => (0, Before::Unknown),
            Some((Some(pages), false)) => {
                let reaches_total = |size: &usize| {
                    let read = pages.saturating_mul(*size).saturating_add(items);
                    items > 0 && total == Some(read as u64)
                };
                let exact =
                    [self.size, self.response_size].into_iter().flatten().find(reaches_total);
                match (exact, self.size) {
                    (Some(size), _) => (pages.saturating_mul(size), Before::Exact),
                    (None, Some(size)) if items == size => {
                        (pages.saturating_mul(size), Before::Exact)
                    }
                    // The service may have reduced the page size, or this is the last page.
                    (None, size) => {
                        let full = size.map_or(items, |size| items.min(size));
                        let max = size.map(|size| pages.saturating_mul(size));
                        (pages.saturating_mul(full), Before::AtLeast { max })
                    }
                }
            }
        };
    }
}

impl Sizes<'_> {
    /// Makes the page size for page numbers that of a page with this many items, if the request has one
    /// for tokens. Returns whether that is possible.
    fn leave_tokens(self, items: usize, response: Option<usize>) -> bool {
        let Some(requested) = positive(self.of_tokens) else { return true };
        let known = [positive(self.of_numbers), response].into_iter().flatten();
        let size = match items == requested {
            true => items,
            // A page can have fewer items than its size, because some are filtered out, but not more.
            false => known.filter(|size| items <= *size).min().unwrap_or(items),
        };
        self.of_tokens.clear();
        self.of_numbers.set_text(&size.to_string())
    }
}

fn positive(value: &dyn PageValue) -> Option<usize> {
    integer(value).and_then(|size| usize::try_from(size).ok()).filter(|size| *size > 0)
}

/// Returns the smaller page size: the service may reduce that of the request.
fn page_size(request: Option<usize>, response: Option<usize>) -> Option<usize> {
    match (request, response) {
        (Some(request), Some(response)) => Some(request.min(response)),
        (request, response) => request.or(response),
    }
}
