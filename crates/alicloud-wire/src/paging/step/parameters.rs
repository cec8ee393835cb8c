//! The parameters of a request that select a page.

use super::super::value::{PageParameter, positive};

pub(super) struct Token<'a> {
    pub(super) parameter: &'a mut (dyn PageParameter + 'static),
    pub(super) next: Option<String>,
}

/// The page sizes of a request for page numbers and for tokens.
pub(super) struct Sizes<'a> {
    pub(super) of_numbers: &'a mut (dyn PageParameter + 'static),
    pub(super) of_tokens: &'a mut (dyn PageParameter + 'static),
}

pub(super) struct Counter<'a> {
    pub(super) parameter: &'a mut (dyn PageParameter + 'static),
    /// The value of the first page.
    pub(super) first: i64,
    /// Whether it counts items and not pages.
    pub(super) is_offset: bool,
}

impl Counter<'_> {
    /// Returns the value of the requested page; `None` if it is not a number.
    pub(super) fn current(&self) -> Option<i64> {
        match self.parameter.text().filter(|text| !text.is_empty()) {
            Some(text) => text.trim().parse().ok(),
            None => Some(self.first),
        }
    }

    /// Returns the number of pages or items before the requested page.
    pub(super) fn before(&self) -> Option<usize> {
        usize::try_from(self.current()?.saturating_sub(self.first).max(0)).ok()
    }
}

impl Sizes<'_> {
    /// Makes the page size for page numbers that of a page with this many items, if the request has one
    /// for tokens. Returns whether that is possible.
    pub(super) fn leave_tokens(self, items: usize, response: Option<usize>) -> bool {
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

/// Returns the smaller page size: the service may reduce that of the request.
pub(super) fn page_size(request: Option<usize>, response: Option<usize>) -> Option<usize> {
    match (request, response) {
        (Some(request), Some(response)) => Some(request.min(response)),
        (request, response) => request.or(response),
    }
}
