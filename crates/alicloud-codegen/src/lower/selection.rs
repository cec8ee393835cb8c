//! The operations to generate, and names similar to those that do not exist.

use std::collections::BTreeSet;

use super::Choice;
use crate::diagnostics::Diagnostics;
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

/// Returns the advice to correct the name of an operation, with a similar name if there is one.
pub(super) fn correct_name(name: &str, all: &BTreeSet<&str>) -> String {
    match most_similar(name, all) {
        Some(similar) => format!("correct the name: did you mean {similar:?}?"),
        None => "correct the name".to_owned(),
    }
}

/// Returns the most similar name, if any is similar.
fn most_similar<'a>(name: &str, all: &BTreeSet<&'a str>) -> Option<&'a str> {
    let lower = name.to_ascii_lowercase();
    all.iter()
        .copied()
        .map(|other| {
            let candidate = other.to_ascii_lowercase();
            let shared = lower.bytes().zip(candidate.bytes()).take_while(|(a, b)| a == b).count();
            (shared * 2 + usize::from(candidate.len() == lower.len()), other)
        })
        .filter(|(score, _)| *score >= lower.len())
        .max()
        .map(|(_, other)| other)
}
