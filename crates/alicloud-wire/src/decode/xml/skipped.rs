//! The elements that were skipped while looking ahead.

/// The elements that were skipped while looking ahead: the positions where their contents begin and end,
/// in the order of the text. With them, no part of the text is skipped twice, at any depth.
#[derive(Default)]
pub(super) struct Skipped(pub(super) Vec<(usize, usize)>);

impl Skipped {
    /// Returns the end of an element whose content begins at this position.
    pub(super) fn end(&self, begin: usize) -> Option<usize> {
        let index = self.0.binary_search_by_key(&begin, |element| element.0).ok()?;
        self.0.get(index).map(|element| element.1)
    }
}
