//! The document in a body, whatever its encoding is and whatever is around it.

use alicloud_wire::document;

/// Returns a body in UTF-16 as UTF-8, or `None` if it is in another encoding.
///
/// Without a byte order mark, it is recognized by its first two characters, which are ASCII in JSON and XML.
pub(super) fn utf16_as_utf8(body: &[u8]) -> Option<Vec<u8>> {
    let read = match body {
        [0xFF, 0xFE, ..] | [1..=0x7F, 0, 1..=0x7F, 0, ..] => u16::from_le_bytes,
        [0xFE, 0xFF, ..] | [0, 1..=0x7F, 0, 1..=0x7F, ..] => u16::from_be_bytes,
        _ => return None,
    };
    let units = body.chunks_exact(2).filter_map(|unit| Some(read(unit.try_into().ok()?)));
    let characters = char::decode_utf16(units);
    let text: String =
        characters.map(|character| character.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    Some(text.into_bytes())
}

/// Returns the first byte after what can be around a document, and whitespace.
pub(crate) fn first_character(body: &[u8]) -> Option<u8> {
    let (document, _) = document(body);
    document.iter().copied().find(|byte| !byte.is_ascii_whitespace())
}
