//! The words of a text, without markup and punctuation.

/// Elements inside of a word or a sentence. Any other tag ends a paragraph.
const INLINE_ELEMENTS: &[&str] = &[
    "a", "abbr", "b", "code", "del", "em", "font", "i", "ins", "kbd", "mark", "s", "small", "span",
    "strong", "sub", "sup", "tt", "u", "var", "wbr",
];

/// The longest tag, entity or link target that is recognized, in characters.
const MAX_MARKUP: usize = 500;

/// Returns the words of each sentence, in lower case. Each Chinese or Japanese character is a word.
pub(super) fn sentences(text: &str) -> Vec<Vec<String>> {
    let text = without_markup(text);
    let mut sentences = vec![String::new()];
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        let Some(sentence) = sentences.last_mut() else { break };
        let after = rest.as_str();
        let ends_sentence = match character {
            '。' | '！' | '？' | '；' | '|' => true,
            '\n' => starts_paragraph(after),
            '.' | '!' | '?' | ';' | ':' => after.chars().next().is_none_or(char::is_whitespace),
            _ => false,
        };
        // An abbreviation does not end a sentence.
        let is_abbreviation = character == '.' && ends_with_single_letter(sentence);
        if ends_sentence && !is_abbreviation {
            sentences.push(String::new());
        } else if is_word(character) {
            sentence.extend([' ', character, ' ']);
        } else if character.is_alphanumeric() {
            sentence.extend(character.to_lowercase());
        } else {
            sentence.push(' ');
        }
    }
    let words = sentences.iter().map(|sentence| words(sentence));
    words.filter(|words| !words.is_empty()).collect()
}

/// Returns the words of a sentence. Letters with blanks between them are one word.
fn words(sentence: &str) -> Vec<String> {
    let is_letter =
        |word: &str| word.len() == 1 && word.bytes().all(|byte| byte.is_ascii_lowercase());
    let mut words: Vec<String> = Vec::new();
    let mut is_after_letter = false;
    for word in sentence.split_whitespace() {
        match words.last_mut() {
            Some(last) if is_after_letter && is_letter(word) => last.push_str(word),
            _ => words.push(word.to_owned()),
        }
        is_after_letter = is_letter(word);
    }
    words
}

/// Returns whether the text after a line break belongs to another paragraph, item, quote or heading.
fn starts_paragraph(after: &str) -> bool {
    let line = after.split('\n').next().unwrap_or_default().trim_start();
    let marker = line.split(' ').next().unwrap_or_default();
    let number = marker.strip_suffix(['.', ')']).unwrap_or_default();
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let is_heading = marker.bytes().all(|byte| byte == b'#');
    line.is_empty() || matches!(marker, "-" | "*" | "+" | ">") || is_heading || is_number
}

fn ends_with_single_letter(sentence: &str) -> bool {
    let mut last = sentence.chars().rev();
    last.next().is_some_and(char::is_alphabetic) && last.next().is_none_or(|before| before == ' ')
}

/// Returns whether a character is a word: those of languages without blanks.
fn is_word(character: char) -> bool {
    matches!(character, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Returns a text without HTML tags and entities, targets of links, and characters without a width.
fn without_markup(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let after = rest.get(character.len_utf8()..).unwrap_or_default();
        rest = match character {
            '<' => match tag(after) {
                Some((name, after)) => {
                    let is_inline = INLINE_ELEMENTS.contains(&name.to_ascii_lowercase().as_str());
                    plain.push_str(if is_inline { "" } else { "\n\n" });
                    after
                }
                None => {
                    plain.push(character);
                    after
                }
            },
            ']' => {
                plain.push(character);
                let is_target = |open: char| after.starts_with(open);
                let end = match (is_target('('), is_target('[')) {
                    (true, _) => until(after, ')'),
                    (_, true) => until(after, ']'),
                    _ => None,
                };
                end.map_or(after, |(_, after)| after)
            }
            '&' => {
                plain.push(' ');
                let is_name = |name: &str| {
                    name.chars().all(|c| c.is_ascii_alphanumeric() || c == '#') && !name.is_empty()
                };
                until(after, ';')
                    .filter(|(name, _)| is_name(name))
                    .map_or(after, |(_, after)| after)
            }
            _ if is_invisible(character) => after,
            // Letters and digits as wide as Chinese characters.
            '\u{ff10}'..='\u{ff5a}' => {
                let ascii = u32::from(character).checked_sub(0xfee0).and_then(char::from_u32);
                plain.push(ascii.unwrap_or(character));
                after
            }
            _ => {
                plain.push(character);
                after
            }
        };
    }
    plain
}

/// Returns the name of the tag after its `<`, and the text after it.
fn tag(text: &str) -> Option<(&str, &str)> {
    text.starts_with(|first: char| first.is_ascii_alphabetic() || "/!".contains(first))
        .then_some(())?;
    let (tag, after) = until(text, '>')?;
    let name = tag.trim_start_matches('/');
    let end = name.find(|character: char| !character.is_ascii_alphanumeric()).unwrap_or(name.len());
    Some((name.get(..end)?, after))
}

/// Returns the text up to a mark nearby, and the text after the mark.
fn until(text: &str, mark: char) -> Option<(&str, &str)> {
    let (end, _) = text.char_indices().take(MAX_MARKUP).find(|(_, one)| *one == mark)?;
    Some((text.get(..end)?, text.get(end + mark.len_utf8()..)?))
}

/// Returns whether a character has no width, as soft hyphens, or belongs to the letter before, as accents.
pub(super) fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}'
            | '\u{300}'..='\u{36f}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
    )
}
