//! Texts in command lines.

/// Quotes a text for a shell if it needs that.
pub(crate) fn shell_quoted(text: &str) -> String {
    // Quoting only fails for NUL, which a command line cannot contain.
    shlex::try_quote(text).map_or_else(|_| text.to_owned(), |quoted| quoted.into_owned())
}
