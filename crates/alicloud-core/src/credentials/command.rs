//! Splitting a command into a program and its arguments, as the official tools do.

/// Splits a command into words, without a shell.
///
/// Whitespace separates words. Quotes group, also in the middle of a word, and `""` is an empty word.
/// Outside single quotes, a backslash makes the next character literal, and a backslash before a line
/// break joins the lines; inside double quotes it does so only before `"`, `\`, `$`, a backtick and a
/// line break. On Windows, a backslash is a path separator, and `\"` inside double quotes is a quote.
/// `#` is an ordinary character.
///
/// # Errors
///
/// The reason why the command is invalid. It does not quote the command, which can contain secrets.
pub(super) fn split(command: &str, windows: bool) -> Result<Vec<String>, &'static str> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut characters = command.chars().peekable();
    while let Some(character) = characters.next() {
        let is_escape = character == '\\' && quote != Some('\'');
        if is_escape && !windows {
            match characters.next() {
                Some('\n') => {}
                Some(next) => {
                    let word = word.get_or_insert_default();
                    if quote.is_some() && !matches!(next, '"' | '\\' | '$' | '`') {
                        word.push('\\');
                    }
                    word.push(next);
                }
                None => return Err("the command ends with a backslash; remove it"),
            }
        } else if is_escape && quote.is_some() && characters.next_if_eq(&'"').is_some() {
            word.get_or_insert_default().push('"');
        } else if quote == Some(character) {
            quote = None;
        } else if quote.is_none() && matches!(character, '"' | '\'') {
            quote = Some(character);
            // Even if nothing follows: "" is an empty word.
            word.get_or_insert_default();
        } else if quote.is_none() && character.is_whitespace() {
            words.extend(word.take());
        } else {
            word.get_or_insert_default().push(character);
        }
    }
    words.extend(word);
    match quote {
        Some(_) => Err("the command ends inside quotes; close them"),
        None => Ok(words),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_like_the_official_tools() {
        for (command, expected) in [
            ("vault  login\t-x\n", &["vault", "login", "-x"][..]),
            ("vault --channel #ops --json", &["vault", "--channel", "#ops", "--json"]),
            ("# vault", &["#", "vault"]),
            ("vault \\\n login", &["vault", "login"]),
            ("vault lo\\\ngin", &["vault", "login"]),
            ("vault \"lo\\\ngin\" \\\n", &["vault", "login"]),
            ("vault 'a\\\nb'", &["vault", "a\\\nb"]),
            ("vault a\\ b \\\"c\\'", &["vault", "a b", "\"c'"]),
            (
                r#"vault "a \"b\" \\ \$c \`d \e" 'x\y"z'"#,
                &["vault", r#"a "b" \ $c `d \e"#, r#"x\y"z"#],
            ),
            (r#"vault -u"my name"='o k'"#, &["vault", "-umy name=o k"]),
            ("vault '' \"\" x", &["vault", "", "", "x"]),
            (" \t\\\n", &[]),
            ("~/vault $HOME | x > y; *", &["~/vault", "$HOME", "|", "x", ">", "y;", "*"]),
            ("vault\u{3000}ü", &["vault", "ü"]),
        ] {
            assert_eq!(split(command, false).unwrap(), expected, "{command:?}");
        }
    }

    #[test]
    fn keeps_the_backslashes_of_windows_paths() {
        for (command, expected) in [
            (r"C:\tools\vault.exe login", &[r"C:\tools\vault.exe", "login"][..]),
            (r#""C:\Program Files\vault.exe" 'a b'"#, &[r"C:\Program Files\vault.exe", "a b"]),
            (r#"vault "say \"hi\" \\ c:\x" d:\"#, &["vault", r#"say "hi" \\ c:\x"#, r"d:\"]),
        ] {
            assert_eq!(split(command, true).unwrap(), expected, "{command:?}");
        }
    }

    #[test]
    fn explains_what_is_invalid_without_quoting_it() {
        for (command, part) in [
            ("sesame \\", "ends with a backslash"),
            ("sesame \"x", "ends inside quotes"),
            ("sesame 'x", "ends inside quotes"),
            ("sesame \"x\\\"", "ends inside quotes"),
        ] {
            let error = split(command, false).unwrap_err();
            assert!(error.contains(part) && !error.contains("sesame"), "{command:?}: {error}");
        }
    }
}
