//! Texts at one level of decoding, with the places that each byte comes from.

use std::ops::Range;

use alicloud_wire::printable::printable_char;
use zeroize::Zeroizing;

/// Maximum number of encodings on top of each other, for example JSON in a JSON string that is
/// percent-encoded twice.
pub(super) const MAX_LEVELS: usize = 8;

/// A text in which a number of levels of escapes are decoded.
///
/// What differs between the forms of one secret is unified: invisible characters are omitted, and `+`,
/// which is a blank in a form, is a blank like all whitespace.
pub(super) struct DecodedText {
    bytes: Zeroizing<Vec<u8>>,
    /// The range of the original text that each byte stands for.
    sources: Vec<Range<usize>>,
}

impl DecodedText {
    /// Creates a text without decoding.
    pub(super) fn new(original: &[u8]) -> DecodedText {
        let mut text = DecodedText::with_capacity(original.len());
        text.append_all(original, |_| None, |range| range);
        text
    }

    /// Decodes one more level. `None` if there is no escape.
    pub(super) fn decode(&self) -> Option<DecodedText> {
        let mut text = DecodedText::with_capacity(self.bytes.len());
        text.append_all(&self.bytes, unescape, |range| self.source(range));
        (*text.bytes != *self.bytes).then_some(text)
    }

    fn with_capacity(capacity: usize) -> DecodedText {
        DecodedText {
            bytes: Zeroizing::new(Vec::with_capacity(capacity)),
            sources: Vec::with_capacity(capacity),
        }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(super) fn into_bytes(self) -> Zeroizing<Vec<u8>> {
        self.bytes
    }

    /// Returns the range of the original text that a range of this text stands for.
    pub(super) fn source(&self, range: Range<usize>) -> Range<usize> {
        let sources = self.sources.get(range).unwrap_or_default();
        match (sources.first(), sources.last()) {
            (Some(first), Some(last)) => first.start..last.end,
            _ => 0..0,
        }
    }

    fn append_all(
        &mut self,
        text: &[u8],
        unescape: impl Fn(&[u8]) -> Option<(Unit, usize)>,
        source: impl Fn(Range<usize>) -> Range<usize>,
    ) {
        let mut position = 0;
        while let Some(rest) = text.get(position..).filter(|rest| !rest.is_empty()) {
            let (unit, length) = unescape(rest).unwrap_or_else(|| first_unit(rest));
            let source = source(position..position + length);
            match unit {
                Unit::Byte(byte) => self.append(&[byte], &source),
                // A line break can have two characters, of which one is enough.
                Unit::Character('\r') => {}
                Unit::Character('+') => self.append(b" ", &source),
                Unit::Character(character) => {
                    if let Some(character) = printable_char(character) {
                        self.append(character.encode_utf8(&mut [0; 4]).as_bytes(), &source);
                    }
                }
            }
            position += length;
        }
    }

    fn append(&mut self, bytes: &[u8], source: &Range<usize>) {
        self.bytes.extend_from_slice(bytes);
        self.sources.extend(bytes.iter().map(|_| source.clone()));
    }
}

/// A text without what a service adds to a long secret: blanks, which also stand for line breaks, `U+FFFD`, and
/// bytes that are no text.
pub(super) struct CompactText {
    bytes: Zeroizing<Vec<u8>>,
    /// The position of each byte in the original.
    positions: Vec<usize>,
}

impl CompactText {
    /// Creates the compact form of a text in which whitespace is unified.
    pub(super) fn new(original: &[u8]) -> CompactText {
        let mut bytes = Zeroizing::new(Vec::with_capacity(original.len()));
        let mut positions = Vec::with_capacity(original.len());
        let mut chunk_start = 0;
        for chunk in original.utf8_chunks() {
            for (position, character) in chunk.valid().char_indices() {
                if !matches!(character, ' ' | char::REPLACEMENT_CHARACTER) {
                    bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                    let start = chunk_start + position;
                    positions.extend(start..start + character.len_utf8());
                }
            }
            chunk_start += chunk.valid().len() + chunk.invalid().len();
        }
        CompactText { bytes, positions }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(super) fn into_bytes(self) -> Zeroizing<Vec<u8>> {
        self.bytes
    }

    /// Returns the range of the original that a range of this text stands for.
    pub(super) fn original(&self, range: Range<usize>) -> Range<usize> {
        let positions = self.positions.get(range).unwrap_or_default();
        match (positions.first(), positions.last()) {
            (Some(first), Some(last)) => *first..*last + 1,
            _ => 0..0,
        }
    }
}

enum Unit {
    /// A byte that is not ASCII, of a character in several pieces.
    Byte(u8),
    Character(char),
}

impl From<u8> for Unit {
    fn from(byte: u8) -> Self {
        if byte.is_ascii() { Unit::Character(byte.into()) } else { Unit::Byte(byte) }
    }
}

/// Returns the first character of a text that is not empty, and its length.
fn first_unit(text: &[u8]) -> (Unit, usize) {
    let first = text.first().copied().unwrap_or_default();
    if first.is_ascii() {
        return (Unit::from(first), 1);
    }
    let head = text.get(..text.len().min(4)).unwrap_or_default();
    let valid = match std::str::from_utf8(head) {
        Ok(valid) => valid,
        Err(error) => {
            let valid = head.get(..error.valid_up_to()).unwrap_or_default();
            std::str::from_utf8(valid).unwrap_or_default()
        }
    };
    match valid.chars().next() {
        Some(character) => (Unit::Character(character), character.len_utf8()),
        None => (Unit::Byte(first), 1),
    }
}

/// Decodes the escape sequence with which a text starts, and returns its length.
fn unescape(text: &[u8]) -> Option<(Unit, usize)> {
    match text.first()? {
        b'%' => match text.get(1)? {
            b'u' => Some((Unit::Character(char::from_u32(hex(text.get(2..6)?)?)?), 6)),
            _ => Some((Unit::from(u8::try_from(hex(text.get(1..3)?)?).ok()?), 3)),
        },
        b'\\' => unescape_backslash(text),
        b'&' => unescape_entity(text),
        _ => None,
    }
}

fn unescape_backslash(text: &[u8]) -> Option<(Unit, usize)> {
    let character = match text.get(1)? {
        b'u' => return unescape_utf16(text),
        b'x' => return Some((Unit::from(u8::try_from(hex(text.get(2..4)?)?).ok()?), 4)),
        b'n' => '\n',
        b't' => '\t',
        b'r' => '\r',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        literal @ (b'"' | b'\'' | b'\\' | b'/') => char::from(*literal),
        _ => return None,
    };
    Some((Unit::Character(character), 2))
}

/// Decodes `\u003d`, and a pair of these for a character beyond U+FFFF.
fn unescape_utf16(text: &[u8]) -> Option<(Unit, usize)> {
    let unit = |text: &[u8]| u16::try_from(hex(text.get(2..6)?)?).ok();
    let first = unit(text)?;
    if let Some(character) = char::from_u32(first.into()) {
        return Some((Unit::Character(character), 6));
    }
    let second = text.get(6..).filter(|rest| rest.starts_with(b"\\u")).and_then(unit)?;
    let character = char::decode_utf16([first, second]).next()?.ok()?;
    Some((Unit::Character(character), 12))
}

/// Decodes an entity of XML or HTML. Readers of HTML accept numbers without a semicolon.
fn unescape_entity(text: &[u8]) -> Option<(Unit, usize)> {
    const MAX_DIGITS: usize = 10;
    const NAMED: [(&[u8], char); 10] = [
        (b"&amp;", '&'),
        (b"&lt;", '<'),
        (b"&gt;", '>'),
        (b"&quot;", '"'),
        (b"&apos;", '\''),
        (b"&nbsp;", ' '),
        (b"&equals;", '='),
        (b"&plus;", '+'),
        (b"&sol;", '/'),
        (b"&percnt;", '%'),
    ];
    let Some(number) = text.strip_prefix(b"&#") else {
        let (name, character) = NAMED.into_iter().find(|(name, _)| text.starts_with(name))?;
        return Some((Unit::Character(character), name.len()));
    };
    let (digits, radix) = match number.first()? {
        b'x' | b'X' => (number.get(1..)?, 16),
        _ => (number, 10),
    };
    let is_digit = |byte: &&u8| char::from(**byte).is_digit(radix);
    let count = digits.iter().take(MAX_DIGITS).take_while(is_digit).count();
    let value = std::str::from_utf8(digits.get(..count)?).ok()?;
    let character = char::from_u32(u32::from_str_radix(value, radix).ok()?)?;
    let length = text.len() - digits.len() + count;
    Some((Unit::Character(character), length + usize::from(text.get(length) == Some(&b';'))))
}

fn hex(digits: &[u8]) -> Option<u32> {
    let digits = std::str::from_utf8(digits).ok()?;
    digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then_some(())?;
    u32::from_str_radix(digits, 16).ok()
}
