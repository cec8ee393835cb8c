//! The operations to generate, and names similar to those that do not exist.

use std::collections::BTreeSet;

use super::choice::Choice;
use crate::diagnostics::Diagnostics;
use crate::names;
use crate::overlay::Overlay;
use crate::spec::Spec;

/// Returns the names of the operations to generate.
pub(super) fn select<'a>(
    spec: &'a Spec,
    overlay: &'a Overlay,
    choice: &'a Choice,
    diagnostics: &mut Diagnostics,
) -> BTreeSet<&'a str> {
    let all: BTreeSet<&str> =
        spec.operations.iter().map(|operation| operation.name.as_str()).collect();
    let (requested, requested_by) = match (choice.operations.as_slice(), overlay.only()) {
        ([], None) => return all,
        ([], Some(only)) => (only, "the overlay"),
        (requested, _) => (requested, "--operations"),
    };
    for name in requested.iter().filter(|name| !all.contains(name.as_str())) {
        diagnostics.error(
            "/apis",
            format!("the operation {name:?}, requested by {requested_by}, does not exist"),
            correct_name(name, &all),
        );
    }
    requested.iter().map(String::as_str).filter(|name| all.contains(name)).collect()
}

/// Returns the advice to correct the name of an operation, with similar names if there are any.
pub(super) fn correct_name(name: &str, all: &BTreeSet<&str>) -> String {
    let suggestion = names::suggestion(name, all.iter().copied());
    format!("correct the name{}", suggestion.replacen(';', ":", 1))
}
