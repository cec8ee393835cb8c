//! Checks of regular expressions that hold for every syntax.

use crate::invalid_reason::InvalidReason;

/// Rejects a pattern that no syntax accepts: with unbalanced brackets or a trailing backslash.
pub(super) fn check_pattern(pattern: &str) -> Result<(), InvalidReason> {
    let unbalanced = |character| Err(InvalidReason::UnbalancedPattern { character });
    let mut open = Vec::new();
    let mut characters = pattern.char_indices();
    while let Some((position, character)) = characters.next() {
        match character {
            '\\' => {
                characters.next().ok_or(InvalidReason::TrailingBackslash)?;
            }
            '[' => {
                let class = pattern.get(position..).unwrap_or_default();
                let Some(length) = class_length(class) else { return unbalanced('[') };
                // The rest of the class, without its first bracket.
                let rest = class.get(1..length).unwrap_or_default().chars().count();
                characters.nth(rest.saturating_sub(1));
            }
            '(' | '{' => open.push(character),
            ')' if open.pop() != Some('(') => return unbalanced(')'),
            '}' if open.pop() != Some('{') => return unbalanced('}'),
            ']' => return unbalanced(']'),
            _ => {}
        }
    }
    open.pop().map_or(Ok(()), unbalanced)
}

/// Returns the length of the character class at the start of a text, in bytes. Brackets in it are
/// literal, also a `]` that comes first.
fn class_length(text: &str) -> Option<usize> {
    let start = if text.starts_with("[^") { 2 } else { 1 };
    let mut characters = text.char_indices().skip(start);
    let mut is_first = true;
    while let Some((position, character)) = characters.next() {
        match character {
            '\\' => {
                characters.next()?;
            }
            ']' if !is_first => return Some(position + 1),
            // A named class such as `[:alpha:]`.
            '[' if text.get(position..).is_some_and(|rest| rest.starts_with("[:")) => {
                if let Some(length) = text.get(position + 2..)?.find(":]") {
                    characters.nth(text.get(position + 2..)?.get(..length)?.chars().count() + 2);
                }
            }
            _ => {}
        }
        is_first = false;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_unbalanced_patterns_are_rejected() {
        for pattern in [
            r"/.*\.js",
            r"/(a|b)/[0-9]{2,}\d",
            r"/\(\[\{\)\]\}",
            r"/[(){}]+[]x][^]x]",
            r"/[[:alpha:]]/[\]]/[[:]",
            r"/\\",
            r"/图[图]{2}",
        ] {
            assert_eq!(check_pattern(pattern), Ok(()), "{pattern}");
        }
        for (pattern, character) in [
            ("/a[0-9", '['),
            ("/a[]", '['),
            (r"/a[0-9\]", '['),
            ("/a(b", '('),
            ("/a(b[)]", '('),
            ("/a{2", '{'),
            ("/a)b(", ')'),
            ("/a]", ']'),
            ("/a}", '}'),
            ("/(a{2)}", ')'),
        ] {
            let expected = Err(InvalidReason::UnbalancedPattern { character });
            assert_eq!(check_pattern(pattern), expected, "{pattern}");
        }
        assert_eq!(check_pattern(r"/a\"), Err(InvalidReason::TrailingBackslash));
        assert_eq!(check_pattern(r"/a\\\"), Err(InvalidReason::TrailingBackslash));
    }
}
