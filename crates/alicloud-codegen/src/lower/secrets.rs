//! Texts that are secrets although only what is around them tells: the object or the operation that
//! they are in, or the fields beside them.
//!
//! A wrong secret is inconvenient, so there are only three rules:
//!
//! 1. `Key` beside a certificate or a private key is a private key.
//! 2. In an object with the name of a secret, such as `Password`, a field called `Value` or the like is that
//!    secret; so is the `Id` of a `Token` that has no such field.
//! 3. The same in the response of an operation that returns a secret, such as `GetToken`; also `Config` of a
//!    kubeconfig.

use alicloud_wire::sensitive::is_secret_field;

use super::paging::plain;
use crate::names::singular;

/// Names of fields that say only that they contain something, in lower case.
const VALUES: &[&str] = &["body", "content", "data", "plaintext", "string", "text", "value"];

/// Names of objects that say nothing about their fields, in lower case.
const WRAPPERS: &[&str] = &["body", "data", "model", "module", "response", "result"];

/// First words of operations that return what the rest of their name says, in lower case.
const RETURNING: &[&str] = &[
    "acquire", "apply", "create", "describe", "fetch", "generate", "get", "issue", "obtain",
    "query", "refresh",
];

/// Names of certificates, in lower case.
const CERTIFICATES: &[&str] = &["cert", "certificate", "crt", "pem"];

/// Returns whether a text field is a secret. `owner` is the selector of the object that it is in, or of the
/// operation and the `?` or `!` after it; `siblings` are the names of all fields there.
pub(super) fn is_secret(owner: &str, name: &str, siblings: &[&str]) -> bool {
    let name = plain(name);
    if name == "key" {
        return siblings.iter().any(|sibling| is_certificate(sibling));
    }
    let is_value = VALUES.contains(&name.as_str());
    let (operation, path) = owner.split_once(['!', '?']).unwrap_or(("", owner));
    let object = path
        .split('.')
        .rfind(|object| !object.is_empty() && !WRAPPERS.contains(&plain(object).as_str()));
    match object {
        Some(object) => {
            let (object, is_item) = match object.strip_suffix("[]") {
                Some(list) => (singular(list), true),
                None => (object.trim_start_matches('#').to_owned(), false),
            };
            let is_token_id = || {
                let is_value = |sibling: &&str| {
                    VALUES.contains(&plain(sibling).as_str()) || is_secret_field(sibling)
                };
                name == "id"
                    && !is_item
                    && plain(&object).ends_with("token")
                    && !siblings.iter().any(is_value)
            };
            is_secret_field(&object) && (is_value || is_token_id())
        }
        None if owner.contains('!') => {
            let is_config = name == "config" && plain(operation).contains("kubeconfig");
            is_config || (is_value && returns_secret(operation))
        }
        None => false,
    }
}

/// Returns whether an operation returns a secret, by its name.
pub(super) fn returns_secret(operation: &str) -> bool {
    RETURNING.iter().any(|verb| {
        let rest = operation.get(verb.len()..).unwrap_or_default();
        let has_verb =
            operation.get(..verb.len()).is_some_and(|first| first.eq_ignore_ascii_case(verb));
        has_verb
            && rest.starts_with(|next: char| !next.is_ascii_lowercase())
            && is_secret_field(rest)
    })
}

/// Returns whether a field contains a certificate or a private key, and does not only name one.
fn is_certificate(name: &str) -> bool {
    let name = plain(name);
    let stem = VALUES.iter().find_map(|form| name.strip_suffix(form)).unwrap_or(&name);
    let is_certificate = CERTIFICATES.iter().any(|certificate| stem.ends_with(certificate));
    is_certificate || stem.ends_with("privatekey")
}
