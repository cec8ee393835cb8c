//! Text for people, as opposed to names, values and ids.

use crate::json::Json;

/// The fewest words of a sentence in a language with blanks.
const MIN_WORDS: usize = 4;

/// Returns whether a text is written for people: in Chinese, or four words and more.
pub(super) fn is_prose(text: &str) -> bool {
    let is_ideograph = |character: &char| matches!(character, '\u{3400}'..='\u{9fff}');
    if text.chars().filter(is_ideograph).nth(1).is_some() {
        return true;
    }
    let is_word = |word: &&str| {
        let word = word.trim_matches(|character: char| character.is_ascii_punctuation());
        word.chars().all(char::is_alphabetic) && !word.is_empty()
    };
    text.split_whitespace().filter(is_word).count() >= MIN_WORDS
}

/// Returns whether a value contains text for people.
pub(super) fn has_prose(json: &Json) -> bool {
    match json {
        Json::Text(text) => is_prose(text),
        Json::List(items) => items.iter().any(has_prose),
        Json::Object(entries) => {
            entries.iter().any(|(key, value)| is_prose(key) || has_prose(value))
        }
        Json::Null | Json::Bool(_) | Json::Number(_) => false,
    }
}

/// Returns whether a text is an id, a time or a similar value: one word with a digit.
pub(super) fn is_id(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:%+".contains(&byte);
    (1..=64).contains(&text.len())
        && text.bytes().all(is_part)
        && text.bytes().any(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_prose_and_values_are_not() {
        for prose in ["\u{57df}\u{540d}", "The name of the domain.", "must be set, if used"] {
            assert!(is_prose(prose), "{prose}");
        }
        for value in [
            "",
            "cn-hangzhou",
            "repeatList",
            "text/html; charset=utf-8",
            "GET",
            "a b c",
            "\u{540d}",
            "^[a-z]{1,4} [0-9]+$",
            "2026-01-02 03:04:05 10 20 30",
        ] {
            assert!(!is_prose(value), "{value}");
        }
    }

    #[test]
    fn ids_have_digits_and_no_blanks() {
        for id in ["12345", "2020-08-03T08:54:23Z", "E0C2EF95-B1EC-4C93-855E-2059A7DA2B7B", "50%"] {
            assert!(is_id(id), "{id}");
        }
        for other in ["", "example.com", "a 1", "https://example.com/1", &"1".repeat(65)] {
            assert!(!is_id(other), "{other}");
        }
    }
}
