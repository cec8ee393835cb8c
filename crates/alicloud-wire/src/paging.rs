//! Responses that come in pages.
//!
//! A generated request says with [`Paged`] where the items of a response are and how the request of the
//! next page differs from its own. The runtime makes streams of it.

use crate::request::Request;

/// A request whose response is one page of many.
pub trait Paged: Request + Clone + Send + Sync + 'static {
    /// One item of a page.
    type Item: Send + 'static;

    /// Takes the items out of a response.
    fn take_items(response: &mut Self::Response) -> Vec<Self::Item>;

    /// Turns the request of a page into that of the next one; `false` when there is none.
    ///
    /// `response` is what the page brought, `items` how many items it had, and `seen` how many all pages
    /// so far had, this one included.
    fn next_page(&mut self, response: &Self::Response, items: usize, seen: usize) -> bool;
}

/// A parameter that counts pages: `i64` where it is required, else `Option<i64>`.
pub trait PageNumber {
    /// The page that the request asks for. Without a number services start at 1.
    fn current(&self) -> i64;
    /// Asks for a page.
    fn go_to(&mut self, page: i64);
}

impl PageNumber for i64 {
    fn current(&self) -> i64 {
        *self
    }

    fn go_to(&mut self, page: i64) {
        *self = page;
    }
}

impl PageNumber for Option<i64> {
    fn current(&self) -> i64 {
        self.unwrap_or(1)
    }

    fn go_to(&mut self, page: i64) {
        *self = Some(page);
    }
}

/// Goes to the next page by its number, unless this page had nothing or all items were seen.
pub fn advance_page_number(
    number: &mut impl PageNumber,
    total: Option<i64>,
    items: usize,
    seen: usize,
) -> bool {
    let seen = i64::try_from(seen).unwrap_or(i64::MAX);
    if items == 0 || total.is_some_and(|total| seen >= total) {
        return false;
    }
    let Some(next) = number.current().checked_add(1) else { return false };
    number.go_to(next);
    true
}

/// A parameter that takes a continuation token: `String` where it is required, else `Option<String>`.
pub trait PageToken {
    /// The token of the page that the request asks for.
    fn current(&self) -> Option<&str>;
    /// Asks for the page behind a token.
    fn go_to(&mut self, token: String);
}

impl PageToken for String {
    fn current(&self) -> Option<&str> {
        Some(self)
    }

    fn go_to(&mut self, token: String) {
        *self = token;
    }
}

impl PageToken for Option<String> {
    fn current(&self) -> Option<&str> {
        self.as_deref()
    }

    fn go_to(&mut self, token: String) {
        *self = Some(token);
    }
}

/// Goes to the page behind a token, unless there is none or it is the one that was just used: a
/// service that repeats a token would be asked for ever.
pub fn advance_page_token(token: &mut impl PageToken, next: Option<&str>) -> bool {
    match next {
        Some(next) if !next.is_empty() && token.current() != Some(next) => {
            token.go_to(next.to_owned());
            true
        }
        _ => false,
    }
}
