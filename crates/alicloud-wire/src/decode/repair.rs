//! Repairs the text inside JSON that a parser rejects: invalid UTF-8, lone surrogates, invalid escapes,
//! control characters in strings, and numbers out of range. The structure stays as it is.

use std::fmt::Write as _;

use super::marks;

/// How a text in another encoding than UTF-8 is read.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Encoding {
    /// Each byte that is not UTF-8 is one invalid character.
    SingleByte,
    /// Two bytes are one invalid character, as in GBK. The second byte can be that of a backslash.
    DoubleByte,
}

/// Returns JSON with marks instead of invalid text, or `None` if there is nothing to repair. Takes linear time, and at
/// most three bytes per byte.
pub(super) fn repair(text: &[u8], encoding: Encoding) -> Option<Vec<u8>> {
    let output = Vec::with_capacity(text.len() + 16);
    let mut repair = Repair { rest: text, output, encoding, is_changed: false };
    repair.run();
    repair.is_changed.then_some(repair.output)
}

/// Returns JSON with its text repaired, in each way that it may have been meant; for the runtime, which
/// also reads the errors in bodies that are cut off. Numbers out of range are strings, and
/// characters that Unicode reserves are left out.
pub fn readable_json(text: &[u8]) -> impl Iterator<Item = String> {
    let encodings = [Encoding::SingleByte, Encoding::DoubleByte].into_iter();
    encodings.filter_map(|encoding| {
        let marked = String::from_utf8_lossy(&repair(text, encoding)?).into_owned();
        let mut readable = String::with_capacity(marked.len());
        for character in marked.chars() {
            match marks::control_character(character) {
                Some(control) => _ = write!(readable, "\\u{control:04x}"),
                None if character == marks::INVALID => readable.push(char::REPLACEMENT_CHARACTER),
                None if marks::is_mark(character) => {}
                None => readable.push(character),
            }
        }
        Some(readable)
    })
}

struct Repair<'t> {
    rest: &'t [u8],
    output: Vec<u8>,
    encoding: Encoding,
    is_changed: bool,
}

impl<'t> Repair<'t> {
    fn run(&mut self) {
        while let Some(&byte) = self.rest.first() {
            match byte {
                b'"' => {
                    self.copy(1);
                    self.string();
                }
                b'-' | b'0'..=b'9' | b'N' | b'I' => self.number(),
                _ => self.copy(1),
            }
        }
    }

    /// Repairs the rest of a string.
    fn string(&mut self) {
        while let Some(&byte) = self.rest.first() {
            match byte {
                b'"' => return self.copy(1),
                b'\\' => self.escape(),
                ..0x20 => self.replace(1, marks::control(byte)),
                0x20..0x80 => self.copy(1),
                _ => match marks::first_character(self.rest) {
                    Some(character) => self.escape_mark(character.len_utf8(), character),
                    None => self.replace(self.invalid_size(), marks::INVALID),
                },
            }
        }
    }

    /// Returns the number of bytes of an invalid character.
    fn invalid_size(&self) -> usize {
        match (self.encoding, self.rest) {
            (Encoding::DoubleByte, [0x81..=0xFE, 0x40..=0x7E | 0x80..=0xFE, ..]) => 2,
            _ => 1,
        }
    }

    fn escape(&mut self) {
        match self.rest.get(1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.copy(2),
            Some(b'u') => match escaped_character(self.rest) {
                Ok((character, size)) if marks::is_mark(character) => {
                    self.escape_mark(size, character);
                }
                Ok((_, size)) => self.copy(size),
                Err(size) => self.replace(size, marks::INVALID),
            },
            Some(_) => self.replace(1, marks::INVALID),
            None => self.copy(1),
        }
    }

    /// Makes a number out of range a string.
    fn number(&mut self) {
        let is_part =
            |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
        let end = self.rest.iter().position(|byte| !is_part(byte)).unwrap_or(self.rest.len());
        let number = self.rest.get(..end).unwrap_or_default();
        if is_out_of_range(number) {
            self.output.push(b'"');
            self.push(marks::NUMBER);
            self.copy(end);
            self.output.push(b'"');
            self.is_changed = true;
        } else {
            self.copy(end);
        }
    }

    fn copy(&mut self, size: usize) {
        let (copied, rest) = self.rest.split_at(size.min(self.rest.len()));
        self.output.extend_from_slice(copied);
        self.rest = rest;
    }

    fn skip(&mut self, size: usize) {
        self.rest = self.rest.get(size..).unwrap_or_default();
    }

    fn replace(&mut self, size: usize, mark: char) {
        self.push(mark);
        self.skip(size);
        self.is_changed = true;
    }

    /// Keeps a character of the text, also if it is a mark.
    fn escape_mark(&mut self, size: usize, character: char) {
        marks::escape(character).for_each(|character| self.push(character));
        self.skip(size);
    }

    fn push(&mut self, mark: char) {
        self.output.extend_from_slice(mark.encode_utf8(&mut [0; 4]).as_bytes());
    }
}

/// Returns the character of the escape sequence `\u` at the start of a text, and the number of bytes that
/// it has; the error is the number of bytes that are not a character.
fn escaped_character(text: &[u8]) -> Result<(char, usize), usize> {
    let first = code_unit(text).ok_or(2_usize)?;
    let second = text.get(6..).and_then(code_unit);
    match char::decode_utf16(std::iter::once(first).chain(second)).next() {
        Some(Ok(character)) => Ok((character, 6 * character.len_utf16())),
        _ => Err(6),
    }
}

/// Returns the UTF-16 code unit of an escape sequence at the start of a text.
fn code_unit(text: &[u8]) -> Option<u16> {
    let digits = text.strip_prefix(br"\u")?.get(..4)?;
    let is_hex = digits.iter().all(u8::is_ascii_hexdigit);
    is_hex.then(|| u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok())?
}

/// Returns whether a number is above the range of an `f64`, or one that JSON does not have.
fn is_out_of_range(number: &[u8]) -> bool {
    let may_be = number.len() > 300 || number.iter().any(u8::is_ascii_alphabetic);
    let Some(number) = std::str::from_utf8(number).ok().filter(|_| may_be) else { return false };
    match number {
        "NaN" | "Infinity" | "-Infinity" => true,
        _ => {
            number.ends_with(|last: char| last.is_ascii_digit())
                && number.parse().is_ok_and(f64::is_infinite)
        }
    }
}
