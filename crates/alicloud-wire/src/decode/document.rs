//! What can be around a document.

/// Why a NUL character around a document is an issue.
pub(super) const NUL_AROUND: &str = "NUL characters around the document";

/// Returns a text without a byte order mark and without the NUL characters that some services append, and
/// whether there were any; also for the runtime, which decides about errors by the start of a text.
pub fn document(text: &[u8]) -> (&[u8], bool) {
    let (text, before) = without_nul(text);
    let (text, after) = without_nul(text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text));
    (text, before || after)
}

/// Removes NUL characters, and the whitespace next to them, from both ends of a text.
fn without_nul(text: &[u8]) -> (&[u8], bool) {
    let is_content = |byte: &u8| *byte != 0 && !byte.is_ascii_whitespace();
    let begin = text.iter().position(is_content).unwrap_or(text.len());
    let end = text.iter().rposition(is_content).map_or(begin, |last| last + 1);
    let (before, rest) = text.split_at(begin);
    let (content, after) = rest.split_at(end - begin);
    match before.contains(&0) || after.contains(&0) {
        true => (content, true),
        false => (text, false),
    }
}
