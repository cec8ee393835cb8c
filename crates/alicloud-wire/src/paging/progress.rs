//! The number of items of a list that have been read.

use super::{IncompleteList, IncompleteReason, NextPage};

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
    pub(super) pages: usize,
    pub(super) page_items: usize,
    /// The items of the page before the last one.
    pub(super) previous_items: usize,
    /// Whether the service returned the number or offset of the first page as it was requested.
    pub(super) is_echoed: bool,
    /// Whether only a page that is not full ends a list of numbered pages.
    pub(super) ends_with_short_page: bool,
    items: usize,
    /// The least number of items before the first page.
    pub(super) before_min: usize,
    pub(super) before: Before,
}

/// What is known about the number of items before the first page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Before {
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

    /// Ends a list of numbered pages with the first page that is not full, whatever the responses say.
    pub fn end_with_short_page(&mut self) {
        self.ends_with_short_page = true;
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
    pub(super) fn items_read_at_most(&self) -> usize {
        match self.before {
            Before::AtLeast { max: Some(max) } => max.saturating_add(self.items),
            _ => self.items_read(),
        }
    }

    /// Removes the last page, which is not the requested one.
    pub(super) fn reject_page(&mut self, total: Option<u64>, reason: IncompleteReason) -> NextPage {
        self.items = self.items.saturating_sub(self.page_items);
        NextPage::Unexpected(IncompleteList::new(self.items_read(), total, reason))
    }

    /// Returns whether fewer items than the total were read; `None` if it is not known.
    pub(super) fn compare(&self, total: u64) -> Option<bool> {
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
