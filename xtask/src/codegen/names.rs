//! Converts names of a description to Rust names, and resolves keywords and collisions.

use std::collections::BTreeSet;

use heck::{ToShoutySnakeCase as _, ToSnakeCase as _, ToUpperCamelCase as _};

/// Keywords of edition 2024, used or reserved, that can be raw identifiers.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let",
    "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return",
    "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];

/// Keywords that cannot be raw identifiers.
const NEVER_RAW: &[&str] = &["crate", "self", "super", "_"];

/// Type names that generated code itself uses.
const RESERVED_TYPES: &[&str] = &[
    "Self",
    "String",
    "Vec",
    "Option",
    "Some",
    "None",
    "Ok",
    "Err",
    "Result",
    "Box",
    "Value",
    "Bytes",
    "BTreeMap",
    "Default",
    "Debug",
    "Clone",
    "Into",
    "IntoIterator",
    "Iterator",
    "From",
    "SystemTime",
    "Unknown",
    "Client",
    "Call",
    "Operation",
    "PartialEq",
    "Eq",
    "Hash",
    "Copy",
    "Drop",
    "Fn",
    "FnMut",
    "FnOnce",
    "Send",
    "Sync",
    "Sized",
    "ToString",
    "AsRef",
];

/// Returns the name of a field, function or module: snake case, with `r#` for a keyword, never empty.
pub(crate) fn snake(name: &str) -> String {
    raw(&plain_snake(name))
}

/// Returns [`snake`] without the `r#`, for file names.
pub(crate) fn plain_snake(name: &str) -> String {
    let name = ascii_identifier(name).to_snake_case();
    match name.chars().next() {
        None => "unnamed".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("_{name}"),
        Some(_) => name,
    }
}

fn raw(name: &str) -> String {
    if KEYWORDS.contains(&name) {
        format!("r#{name}")
    } else if NEVER_RAW.contains(&name) {
        format!("{name}_")
    } else {
        name.to_owned()
    }
}

/// Returns the name of a type or variant: upper camel case, never empty, never `Self`.
pub(crate) fn camel(name: &str) -> String {
    let name = ascii_identifier(name).to_upper_camel_case();
    match name.chars().next() {
        None => "Unnamed".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("_{name}"),
        Some(_) if name == "Self" => "Self_".to_owned(),
        Some(_) => name,
    }
}

/// Returns whether generated code itself uses a type of this name.
pub(crate) fn is_reserved(name: &str) -> bool {
    RESERVED_TYPES.contains(&name)
}

/// Returns the type name of an operation, spelled like in the documentation so that a search finds it.
pub(crate) fn operation(name: &str) -> String {
    let mut characters = name.chars();
    match characters.next() {
        Some(first)
            if name.bytes().all(|byte| byte.is_ascii_alphanumeric())
                && first.is_ascii_alphabetic() =>
        {
            first.to_ascii_uppercase().to_string() + characters.as_str()
        }
        _ => camel(name),
    }
}

/// Returns the name of a constant.
pub(crate) fn shouty(name: &str) -> String {
    let name = ascii_identifier(name).to_shouty_snake_case();
    match name.chars().next() {
        None => "UNNAMED".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("CODE_{name}"),
        Some(_) => name,
    }
}

/// Replaces every character that identifiers cannot contain with an underscore, a word boundary.
fn ascii_identifier(name: &str) -> String {
    name.chars()
        .map(|character| if character.is_ascii_alphanumeric() { character } else { '_' })
        .collect()
}

/// Returns the name of an item of a list: `Task` for `Tasks`.
pub(crate) fn singular(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    if let Some(stem) = name.strip_suffix("ies").filter(|stem| stem.len() > 2) {
        return format!("{stem}y");
    }
    for suffix in ["sses", "xes", "ches", "shes"] {
        if lower.ends_with(suffix) {
            return name.get(..name.len() - 2).unwrap_or(name).to_owned();
        }
    }
    let is_singular = ["ss", "us", "is", "ws"].iter().any(|suffix| lower.ends_with(suffix));
    match name.strip_suffix(['s', 'S']).filter(|stem| !is_singular && stem.len() > 1) {
        Some(stem) => stem.to_owned(),
        None if lower.ends_with("list") && lower.len() > 4 => {
            name.get(..name.len() - 4).unwrap_or(name).to_owned()
        }
        None => name.to_owned(),
    }
}

/// Returns whether a product name or version can be part of crate and folder names.
pub(crate) fn is_plain(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 64
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
        && name.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric())
        && !name.contains("..")
}

/// The names in use in one scope.
#[derive(Debug, Default, Clone)]
pub(crate) struct Scope {
    used: BTreeSet<String>,
}

impl Scope {
    /// Creates a scope that already has these names.
    pub(crate) fn with_names(names: &[&str]) -> Self {
        Scope { used: names.iter().map(|name| (*name).to_owned()).collect() }
    }

    /// Returns whether a name is in use.
    pub(crate) fn contains(&self, name: &str) -> bool {
        self.used.contains(name)
    }

    /// Adds a name and returns it, with a number appended if it is already in use.
    pub(crate) fn claim(&mut self, name: &str) -> String {
        let mut candidate = name.to_owned();
        let mut number = 2;
        while !self.used.insert(candidate.clone()) {
            // With a number it is no longer a keyword.
            let stem = name.strip_prefix("r#").unwrap_or(name);
            candidate = match stem.ends_with('_') {
                true => format!("{stem}{number}"),
                false
                    if stem.bytes().next().is_some_and(|byte| byte.is_ascii_uppercase())
                        && !stem.contains('_') =>
                {
                    format!("{stem}{number}")
                }
                false => format!("{stem}_{number}"),
            };
            number += 1;
        }
        candidate
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_snake_case_and_keywords_are_raw() {
        for (wire, rust) in [
            ("TaskId", "task_id"),
            ("URLDetails", "url_details"),
            ("type", "r#type"),
            ("Match", "r#match"),
            ("self", "self_"),
            ("crate", "crate_"),
            ("X-Total-Count", "x_total_count"),
            ("405Pv", "_405pv"),
            ("NameDesc.En", "name_desc_en"),
            ("__topic__", "topic"),
            ("_", "unnamed"),
            ("例子", "unnamed"),
            ("*", "unnamed"),
        ] {
            assert_eq!(snake(wire), rust, "{wire}");
        }
    }

    #[test]
    fn types_are_camel_case_and_reserved_names_are_known() {
        assert_eq!(camel("CDNTask"), "CdnTask");
        assert_eq!(camel("SELF"), "Self_");
        assert_eq!(camel("8Core64GB"), "_8core64Gb");
        assert_eq!(operation("createInstance"), "CreateInstance");
        assert_eq!(operation("DescribeDNSSLBSubDomains"), "DescribeDNSSLBSubDomains");
        assert!(is_reserved("Vec"));
    }

    #[test]
    fn an_item_is_named_after_its_list() {
        for (list, item) in [
            ("Tasks", "Task"),
            ("Policies", "Policy"),
            ("Addresses", "Address"),
            ("Status", "Status"),
            ("TagList", "Tag"),
            ("Boxes", "Box"),
            ("Ips", "Ip"),
            ("s", "s"),
            ("List", "List"),
            ("Data", "Data"),
        ] {
            assert_eq!(singular(list), item, "{list}");
        }
    }

    #[test]
    fn a_duplicate_name_gets_a_number() {
        let mut scope = Scope::with_names(&["new"]);
        assert_eq!(scope.claim("new"), "new_2");
        assert_eq!(scope.claim("key"), "key");
        assert_eq!(scope.claim("key"), "key_2");
        assert_eq!(scope.claim("r#type"), "r#type");
        assert_eq!(scope.claim("r#type"), "type_2");
        assert_eq!(scope.claim("Task"), "Task");
        assert_eq!(scope.claim("Task"), "Task2");
    }

    #[test]
    fn a_path_is_not_a_plain_name() {
        assert!(is_plain("R-kvstore") && is_plain("iap_1.0"));
        assert!(
            !is_plain("../../x")
                && !is_plain("")
                && !is_plain("/x")
                && !is_plain(".x")
                && !is_plain("a b")
        );
    }
}
