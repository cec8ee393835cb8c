//! The detection of lists whose pages repeat.

use alicloud_wire::{Paged, RequestParts};

/// Detects cycles of page requests in constant space with Brent's algorithm.
///
/// It stores one request and replaces it with the current one after 1, 2, 4… pages. Eventually the stored
/// request lies on the cycle, and the cycle is shorter than the number of pages until it is replaced.
pub(super) struct CycleDetector {
    stored: Option<RequestParts>,
    pages_since_stored: usize,
    replace_after: usize,
}

impl CycleDetector {
    pub(super) fn new<R: Paged>(request: &R) -> Self {
        CycleDetector { stored: encode(request), pages_since_stored: 0, replace_after: 1 }
    }

    /// Returns whether a request closes a cycle.
    pub(super) fn closes_cycle<R: Paged>(&mut self, request: &R) -> bool {
        let current = encode(request);
        if current.is_some() && current == self.stored {
            return true;
        }
        self.pages_since_stored += 1;
        if self.pages_since_stored >= self.replace_after {
            self.stored = current;
            self.pages_since_stored = 0;
            self.replace_after = self.replace_after.saturating_mul(2);
        }
        false
    }
}

/// Encodes a request; `None` if it is invalid, which its call reports.
fn encode<R: Paged>(request: &R) -> Option<RequestParts> {
    alicloud_wire::request::encode(request).ok()
}
