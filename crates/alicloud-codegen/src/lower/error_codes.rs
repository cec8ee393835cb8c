//! The documented error codes.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostics::Diagnostics;
use crate::docs;
use crate::ir::ErrorCode;
use crate::names::{self, Scope};
use crate::spec::Spec;

/// Returns the error codes that a program can compare with: literal ones, without duplicates.
pub(super) fn error_codes(
    spec: &Spec,
    selected: &BTreeSet<&str>,
    diagnostics: &mut Diagnostics,
) -> Vec<ErrorCode> {
    let mut codes: BTreeMap<&str, (BTreeSet<&str>, &str)> = BTreeMap::new();
    let mut ignored = 0_usize;
    for operation in
        spec.operations.iter().filter(|operation| selected.contains(operation.name.as_str()))
    {
        for error in &operation.error_codes {
            let literal = !error.code.is_empty()
                && error.code.len() <= 120
                && error
                    .code
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'));
            if !literal {
                ignored += 1;
                continue;
            }
            let (statuses, message) = codes.entry(error.code.as_str()).or_default();
            if error.status.len() == 3 && error.status.bytes().all(|byte| byte.is_ascii_digit()) {
                statuses.insert(error.status.as_str());
            }
            if message.is_empty() {
                *message = &error.message;
            }
        }
    }
    if ignored > 0 {
        diagnostics.note(
            "/apis",
            format!("{ignored} error codes contain placeholders, spaces or special characters"),
            "no constants are generated for them",
        );
    }
    let mut scope = Scope::default();
    codes
        .into_iter()
        .map(|(code, (statuses, message))| {
            let mut docs = docs::rustdoc(message, &|_| None);
            if !statuses.is_empty() {
                if !docs.is_empty() {
                    docs.push(String::new());
                }
                docs.push(format!(
                    "HTTP status: {}.",
                    statuses.into_iter().collect::<Vec<_>>().join(", ")
                ));
            }
            ErrorCode { name: scope.claim(&names::shouty(code)), code: code.to_owned(), docs }
        })
        .collect()
}
