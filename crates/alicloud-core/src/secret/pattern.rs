//! The forms of a secret that are searched.

use std::ops::Range;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

use super::decoded::{DecodedText, MAX_LEVELS};

/// Length in bytes from which a secret is removed wherever it occurs. A shorter one is only removed as a
/// whole word: `a` does not occur in `name`.
const MIN_LENGTH_ANYWHERE: usize = 6;

/// Length in bytes from which the start of a secret is removed where a text is cut off.
const MIN_CUT_LENGTH: usize = 8;

/// Maximum length in bytes of such a start. A longer one is found as a piece of the secret.
const MAX_CUT_LENGTH: usize = 64;

/// Length in bytes up to which letters can be a word, such as one of an error code, and not only a secret.
const MAX_WORD_LENGTH: usize = 12;

/// A form of a secret, decoded like the texts in which it is searched.
pub(super) struct Pattern {
    bytes: Zeroizing<Vec<u8>>,
    /// Whether it must not follow a letter or digit.
    starts_word: bool,
    /// Whether no letter or digit must follow it.
    ends_word: bool,
    is_word_of_letters: bool,
    is_base64: bool,
    /// Whether the base64 character before it, and the one after it, have bits of the secret.
    has_bits_around: (bool, bool),
}

impl Pattern {
    /// Returns the forms of a secret; without those in base64 and hexadecimal, unless they are asked for.
    pub(super) fn all_of(secret: &str, with_encodings: bool) -> Vec<Pattern> {
        let mut patterns = Vec::new();
        let is_short = secret.len() < MIN_LENGTH_ANYWHERE;
        let is_word_of_letters = secret.len() <= MAX_WORD_LENGTH
            && secret.bytes().all(|byte| byte.is_ascii_alphabetic());
        let mut decoded = DecodedText::new(secret.as_bytes());
        for _ in 0..=MAX_LEVELS {
            let bytes = Zeroizing::new(decoded.bytes().to_vec());
            let is_at_edge =
                |edge: Option<&u8>| is_short && edge.is_some_and(u8::is_ascii_alphanumeric);
            patterns.push(Pattern {
                starts_word: is_at_edge(bytes.first()),
                ends_word: is_at_edge(bytes.last()),
                bytes,
                is_word_of_letters,
                is_base64: false,
                has_bits_around: (false, false),
            });
            match decoded.decode() {
                Some(next) => decoded = next,
                None => break,
            }
        }
        if with_encodings && secret.len() > 1 {
            patterns.extend(Pattern::hex(secret));
            for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
                let offsets = if is_short { 0..1 } else { 0..3 };
                patterns.extend(offsets.map(|offset| Pattern::base64(secret, offset, &engine)));
            }
        }
        // Decoded, a secret can be a blank or a single character.
        patterns.retain(|pattern| {
            let bytes = pattern.bytes.trim_ascii();
            bytes.len() > 1 || bytes.iter().any(u8::is_ascii_alphanumeric)
        });
        patterns
    }

    /// Returns the secret in hexadecimal, with digits in lower case and in upper case.
    fn hex(secret: &str) -> [Pattern; 2] {
        ["0123456789abcdef", "0123456789ABCDEF"].map(|digits| {
            let digit = |nibble: u8| digits.as_bytes().get(usize::from(nibble)).copied();
            let mut bytes = Zeroizing::new(Vec::with_capacity(2 * secret.len()));
            for byte in secret.bytes() {
                bytes.extend([byte >> 4, byte & 15].into_iter().filter_map(digit));
            }
            Pattern {
                bytes,
                starts_word: false,
                ends_word: false,
                is_word_of_letters: false,
                is_base64: false,
                has_bits_around: (false, false),
            }
        })
    }

    /// Returns what base64 contains if the secret follows `offset` other bytes (modulo 3).
    fn base64(secret: &str, offset: usize, engine: &impl Engine) -> Pattern {
        let is_short = secret.len() < MIN_LENGTH_ANYWHERE;
        let mut bytes = Zeroizing::new(vec![0; offset]);
        bytes.extend_from_slice(secret.as_bytes());
        let encoded = Zeroizing::new(engine.encode(&bytes));
        // These characters depend on the bytes before and after the secret.
        let shared_start = [0, 2, 3].get(offset).copied().unwrap_or_default();
        let shared_end = usize::from(!is_short && !bytes.len().is_multiple_of(3));
        let inner = encoded.get(shared_start..encoded.len() - shared_end).unwrap_or_default();
        Pattern {
            bytes: DecodedText::new(inner.as_bytes()).into_bytes(),
            starts_word: is_short,
            ends_word: is_short,
            is_word_of_letters: false,
            is_base64: true,
            has_bits_around: (offset > 0, shared_end > 0),
        }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns whether the secret can be a word of an error code.
    pub(super) fn is_word_of_letters(&self) -> bool {
        self.is_word_of_letters
    }

    /// Returns the range of the pattern in a text, or of its start if the rest is cut off, if it is at this
    /// position.
    pub(super) fn find_at(&self, text: &[u8], position: usize) -> Option<Range<usize>> {
        let (before, rest) = text.split_at_checked(position)?;
        let Some(after) = rest.strip_prefix(self.bytes.as_slice()) else {
            let length = self.cut_length(rest)?;
            return Some(position..position + length);
        };
        let is_alphanumeric = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
        if self.starts_word && is_alphanumeric(before.last())
            || self.ends_word && is_alphanumeric(after.first())
        {
            return None;
        }
        let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || b" /-_".contains(byte);
        let (has_start, has_end) = self.has_bits_around;
        let start = position - usize::from(has_start && before.last().is_some_and(is_base64));
        let mut end = position + self.bytes.len();
        end += usize::from(has_end && after.first().is_some_and(is_base64));
        if self.is_base64 {
            let rest = text.get(end..).unwrap_or_default();
            end += rest.iter().take(2).take_while(|byte| **byte == b'=').count();
        }
        Some(start..end)
    }

    /// Returns the length of the start of the pattern with which a text starts, if the service can have cut
    /// off the rest: another word or path does not continue after it.
    fn cut_length(&self, text: &[u8]) -> Option<usize> {
        let pairs = self.bytes.iter().zip(text).take(MAX_CUT_LENGTH + 1);
        let length = pairs.take_while(|(ours, theirs)| ours == theirs).count();
        if !(MIN_CUT_LENGTH..=MAX_CUT_LENGTH).contains(&length) {
            return None;
        }
        let (start, after) = text.split_at_checked(length)?;
        let continues = |byte: &u8| byte.is_ascii_alphanumeric() || b"/=-_".contains(byte);
        // A short word such as "password" is not the start of a secret.
        let is_word = length <= MAX_WORD_LENGTH && start.iter().all(u8::is_ascii_alphabetic);
        (!is_word && !after.first().is_some_and(continues)).then_some(length)
    }
}
