//! The words of names.

/// Returns whether a last word for the form can follow a name: only after unmistakable ones.
pub(super) fn has_forms(stem: &str) -> bool {
    ["password", "privatekey", "secret", "userdata"].iter().any(|ending| stem.ends_with(ending))
}

/// Returns the first word of a name in camel case or with separators, in lower case.
pub(super) fn first_word(name: &str) -> String {
    let mut word = String::new();
    for character in name.chars() {
        let is_lower = character.is_ascii_lowercase();
        if !is_lower && (!word.is_empty() || !character.is_ascii_uppercase()) {
            break;
        }
        word.push(character.to_ascii_lowercase());
    }
    word
}

/// Returns the last word of a name in camel case or with separators, in lower case.
pub(super) fn last_word(name: &str) -> String {
    let is_word = |is_part: fn(&char) -> bool| {
        let start = name.len() - name.chars().rev().take_while(is_part).count();
        name.get(start..).unwrap_or_default()
    };
    match is_word(char::is_ascii_lowercase) {
        "" => is_word(char::is_ascii_uppercase).to_ascii_lowercase(),
        word => {
            let before = name.get(..name.len() - word.len()).unwrap_or_default();
            let capital = before.chars().next_back().filter(char::is_ascii_uppercase);
            capital.into_iter().chain(word.chars()).collect::<String>().to_ascii_lowercase()
        }
    }
}

/// Returns the letters and digits of a name in lower case.
pub(super) fn lower_case(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
