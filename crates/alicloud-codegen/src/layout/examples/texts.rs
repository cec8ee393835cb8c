//! Texts of examples.

use crate::ir::Field;
use crate::layout::literal;
use crate::lower::examples::items;

/// Maximum length in characters of an example value that is printed.
pub(super) const MAX_LENGTH: usize = 80;

/// Returns a text literal of an example, or else of the name of the field: `"instance-id"`.
pub(super) fn text(field: &Field, example: &str) -> String {
    match example.is_empty() || example.chars().count() > MAX_LENGTH {
        true => literal(&field.name.trim_start_matches("r#").trim_matches('_').replace('_', "-")),
        false => literal(example),
    }
}

/// Returns an array literal of a list of texts.
pub(super) fn text_list(field: &Field) -> String {
    let examples = field.example.as_deref().map(|example| items(field, example));
    let texts: Vec<String> =
        examples.unwrap_or_default().iter().take(2).map(|item| text(field, item)).collect();
    match texts.is_empty() {
        true => format!("[{}]", text(field, "")),
        false => format!("[{}]", texts.join(", ")),
    }
}
