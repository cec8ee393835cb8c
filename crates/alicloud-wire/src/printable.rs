//! Text of a service on a terminal or in a log.

use std::borrow::Cow;

/// Returns a text without the characters that can hide, reorder or forge what a person reads: control
/// characters, bidirectional and other format characters, and characters of no width. Line breaks, other
/// whitespace and line separators become blanks.
///
/// # Examples
///
/// ```
/// use alicloud_wire::printable::printable;
///
/// assert_eq!(printable("de\u{200b}ny\r\nall\u{202e}"), "deny  all");
/// assert_eq!(printable("密码 ok"), "密码 ok");
/// ```
pub fn printable(text: &str) -> Cow<'_, str> {
    match text.chars().all(|character| printable_char(character) == Some(character)) {
        true => Cow::Borrowed(text),
        false => text.chars().filter_map(printable_char).collect::<String>().into(),
    }
}

/// Returns how a character is shown: itself, a blank, or `None` if it is omitted.
///
/// # Examples
///
/// ```
/// use alicloud_wire::printable::printable_char;
///
/// assert_eq!(printable_char('名'), Some('名'));
/// assert_eq!(printable_char('\n'), Some(' '));
/// assert_eq!(printable_char('\u{202e}'), None); // would reverse the text after it
/// ```
pub fn printable_char(character: char) -> Option<char> {
    match character {
        ' '..='~' => Some(character),
        _ if character.is_whitespace() => Some(' '),
        _ if character.is_control() || is_invisible(character) => None,
        _ => Some(character),
    }
}

/// Returns whether a character has no glyph: a format character (Cf), one that Unicode defines as ignorable
/// by default, or a filler.
fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{70f}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{13430}'..='\u{1343f}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}
