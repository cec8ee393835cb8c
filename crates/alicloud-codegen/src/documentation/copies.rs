//! Sentences that must not be copied: compared by hashes, so that nobody has to keep them.

/// The fewest words of a sentence that is compared. Shorter ones, such as "The id of the domain.", are written alike
/// by anybody.
const MIN_WORDS: usize = 6;

/// Returns the sentences of a text, without markup, as they are compared: words in lower case.
///
/// A Chinese sentence has no blanks, so each of its characters is a word.
///
/// # Examples
///
/// ```
/// use alicloud_codegen::documentation::sentences;
///
/// assert_eq!(sentences("The *Name*, in e.g. UTF-8. 名称。"), ["the name in e g utf 8", "名 称"]);
/// ```
pub fn sentences(text: &str) -> Vec<String> {
    let mut sentences = vec![String::new()];
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let Some(sentence) = sentences.last_mut() else { break };
        let ends_sentence = match character {
            '。' | '！' | '？' | '；' | '\n' | '|' => true,
            '.' | '!' | '?' | ';' | ':' => {
                characters.peek().is_none_or(|next| next.is_whitespace())
            }
            _ => false,
        };
        // An abbreviation does not end a sentence.
        let is_abbreviation = character == '.' && ends_with_single_letter(sentence);
        if ends_sentence && !is_abbreviation {
            sentences.push(String::new());
        } else if is_ideograph(character) {
            sentence.push(' ');
            sentence.push(character);
            sentence.push(' ');
        } else if character.is_alphanumeric() {
            sentence.extend(character.to_lowercase());
        } else {
            sentence.push(' ');
        }
    }
    let joined = |sentence: String| sentence.split_whitespace().collect::<Vec<_>>().join(" ");
    sentences.into_iter().map(joined).filter(|sentence| !sentence.is_empty()).collect()
}

fn ends_with_single_letter(sentence: &str) -> bool {
    let mut last = sentence.chars().rev();
    last.next().is_some_and(char::is_alphabetic) && last.next().is_none_or(|before| before == ' ')
}

fn is_ideograph(character: char) -> bool {
    matches!(character, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Returns the hashes of the sentences of a text that have at least six words.
///
/// # Examples
///
/// ```
/// use alicloud_codegen::documentation::sentence_hashes;
///
/// let hashes = sentence_hashes("Names of gadgets have up to 64 characters.");
/// assert_eq!(hashes, sentence_hashes("names of `gadgets` have up to 64 characters"));
/// assert!(sentence_hashes("The name of the gadget.").is_empty());
/// ```
pub fn sentence_hashes(text: &str) -> Vec<String> {
    let is_long = |sentence: &String| sentence.split(' ').count() >= MIN_WORDS;
    sentences(text).into_iter().filter(is_long).map(|sentence| hash(&sentence)).collect()
}

/// Returns 64 bits of a hash: few enough to be short, and enough for millions of sentences.
fn hash(sentence: &str) -> String {
    let mut hash = crate::hash::sha256(sentence.as_bytes());
    hash.truncate(16);
    hash
}
