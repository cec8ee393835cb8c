//! Text for people, as opposed to names, values and ids.

use crate::json::Json;

/// The fewest words of a sentence in a language with blanks.
const MIN_WORDS: usize = 4;

/// Words that join others in a sentence. Two of them tell a sentence from joined names and values.
const JOINING_WORDS: &[&str] =
    &["the", "of", "is", "are", "and", "or", "in", "to", "for", "this", "that"];

/// Tags and entities of HTML.
const MARKUP: &[&str] = &["</", "<br", "<p>", "&nbsp;", "&#"];

/// Returns whether a text ends as a sentence does.
pub(super) fn is_sentence(text: &str) -> bool {
    text.trim_end().ends_with(['.', '!', '?', '\u{3002}', '\u{ff01}', '\u{ff1f}'])
}

/// Returns whether a text is written for people: in a language with other letters, with markup, or of four words and
/// more.
pub(super) fn is_prose(text: &str) -> bool {
    // Latin, Greek and Cyrillic letters are below.
    let is_other_letter = |letter: &char| letter.is_alphabetic() && *letter >= '\u{590}';
    if text.chars().filter(is_other_letter).nth(1).is_some() {
        return true;
    }
    if MARKUP.iter().any(|markup| text.contains(markup)) {
        return true;
    }
    let is_word = |word: &&str| {
        let word = word.trim_matches(|character: char| character.is_ascii_punctuation());
        let is_letter =
            |letter: char| letter.is_alphabetic() || matches!(letter, '\'' | '\u{2019}');
        word.chars().all(is_letter) && !word.is_empty()
    };
    if text.split_whitespace().filter(is_word).count() >= MIN_WORDS {
        return true;
    }
    let words = text.split(|character: char| !character.is_alphanumeric());
    let words: Vec<&str> =
        words.filter(|word| !word.is_empty() && word.chars().all(char::is_alphabetic)).collect();
    let is_joining =
        |word: &&&str| JOINING_WORDS.iter().any(|joining| word.eq_ignore_ascii_case(joining));
    words.len() >= MIN_WORDS && words.iter().filter(is_joining).nth(1).is_some()
}

/// Returns whether a value contains text for people.
pub(super) fn has_prose(json: &Json) -> bool {
    let mut has = false;
    for_each_text(json, &mut |text| has |= is_prose(text));
    has
}

/// Calls a function with all texts and keys of a value.
pub(super) fn for_each_text(json: &Json, function: &mut impl FnMut(&str)) {
    match json {
        Json::Text(text) => function(text),
        Json::List(items) => items.iter().for_each(|item| for_each_text(item, function)),
        Json::Object(entries) => entries.iter().for_each(|(key, value)| {
            function(key);
            for_each_text(value, function);
        }),
        Json::Null | Json::Bool(_) | Json::Number(_) => {}
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
        for prose in [
            "\u{57df}\u{540d}",
            "\u{b3c4}\u{ba54}\u{c778} \u{c774}\u{b984}",
            "\u{30c9}\u{30e1}\u{30a4}\u{30f3}",
            "\u{438}\u{43c}\u{44f} \u{434}\u{43e}\u{43c}\u{435}\u{43d}\u{430} \u{432} \u{437}\u{43e}\u{43d}\u{435}",
            "The name of the domain.",
            "must be set, if used",
            "don't use plants' old names",
            "<p>Plant&nbsp;name</p>",
            "the_name_of_the_plant",
            "Name,height,and,the,place",
            "must-be-in the-given-place",
            "Plant<br>name",
            "Plant&#32;name",
            "The\u{200b}name\u{200b}of\u{200b}the\u{200b}plant",
        ] {
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
            "http,https,tcp,udp,icmp",
            "CAN_NOT_ASSOCIATE_WITH_PUBLIC_IP",
            "number_of_cores_per_thread",
            "^[a-zA-Z_][a-zA-Z0-9_]*$",
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
