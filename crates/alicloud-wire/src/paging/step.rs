//! The step from one page to the next.

mod parameters;

use self::parameters::{Counter, Sizes, Token, page_size};
use super::progress::{Before, Progress};
use super::value::{PageParameter, PageValue, integer, positive};
use super::{IncompleteList, IncompleteReason, NextPage};

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
        let accepts_token = self.token.is_some();
        let needs_full_page = accepts_token || self.progress.ends_with_short_page;
        if self.progress.ends_with_short_page && !accepts_token {
            (self.total, self.count, self.page_count) = (None, None, None);
            (self.has_more, self.echo) = (None, None);
        }
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
        let size = page_size(self.size, self.response_size);
        let is_full = size.map_or(!accepts_token, |size| items >= size);
        let may_continue = !is_over && (!needs_full_page || total.is_some() || is_full);
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
