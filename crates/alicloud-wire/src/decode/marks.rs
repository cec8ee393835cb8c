//! Marks for text that is decoded although it is not valid.
//!
//! A parser accepts a text after its invalid parts were replaced by marks. The decoder removes them from
//! each value and reports the value, so an issue has the path of a field. Marks are characters that
//! Unicode reserves for internal use; one that is in the text itself is escaped.

/// A part that is not text, such as a byte that is not UTF-8.
pub(super) const INVALID: char = '\u{FFFE}';

/// Stands before a number out of range, which becomes a string in JSON.
pub(super) const NUMBER: char = '\u{FFFF}';

/// Stands before an unknown entity in XML.
pub(super) const ENTITY: char = '\u{1FFFE}';

/// Stands before a character that is not a mark, but part of the text.
const ESCAPE: char = '\u{2FFFE}';

const INVALID_REASON: &str = "invalid characters, which are replaced by U+FFFD";

/// The mark of the first of the 32 control characters; those of the others follow.
const CONTROL: u32 = 0xFDD0;

/// Returns the mark of a control character, which must be less than 32.
pub(super) fn control(character: u8) -> char {
    char::from_u32(CONTROL + u32::from(character)).unwrap_or(INVALID)
}

/// Returns the code of the control character for which a mark stands.
pub(super) fn control_character(mark: char) -> Option<u32> {
    u32::from(mark).checked_sub(CONTROL).filter(|code| *code < 32)
}

pub(super) fn is_mark(character: char) -> bool {
    matches!(character, INVALID | NUMBER | ENTITY | ESCAPE)
        || control_character(character).is_some()
}

/// Returns a character of the text next to marks.
pub(super) fn escape(character: char) -> impl Iterator<Item = char> {
    is_mark(character).then_some(ESCAPE).into_iter().chain([character])
}

/// Returns a text without marks, if it has some, and why it is not valid.
pub(super) fn remove(text: &str) -> (Option<String>, Option<&'static str>) {
    if !text.contains(is_mark) {
        return (None, None);
    }
    let mut clean = String::with_capacity(text.len());
    let mut reason = None;
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match (character, control_character(character)) {
            (INVALID, _) => {
                reason = Some(INVALID_REASON);
                clean.push(char::REPLACEMENT_CHARACTER);
            }
            (NUMBER, _) => {}
            (ESCAPE, _) => clean.extend(characters.next()),
            (ENTITY, _) => _ = reason.get_or_insert("unknown entities, which are kept"),
            (_, Some(control)) => {
                if reason != Some(INVALID_REASON) {
                    reason = Some("control characters, which are kept");
                }
                clean.extend(char::from_u32(control));
            }
            _ => clean.push(character),
        }
    }
    (Some(clean), reason)
}

/// Returns the character at the start of a text that is expected to be UTF-8. It is not ASCII.
pub(super) fn first_character(text: &[u8]) -> Option<char> {
    let size = match text.first()? {
        ..0xE0 => 2,
        ..0xF0 => 3,
        _ => 4,
    };
    std::str::from_utf8(text.get(..size)?).ok()?.chars().next()
}
