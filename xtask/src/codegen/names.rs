//! Rust names for the names of a description: the one place for keywords and collisions.

use std::collections::BTreeSet;

use heck::{ToShoutySnakeCase as _, ToSnakeCase as _, ToUpperCamelCase as _};

/// Keywords of edition 2024, in use or reserved, that may be written raw.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let",
    "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return",
    "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];

/// Keywords that cannot be written raw.
const NEVER_RAW: &[&str] = &["crate", "self", "super", "_"];

/// Type names that generated code and its reader need for themselves.
const TAKEN_TYPES: &[&str] = &[
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

/// A field, a function or a module: snake case, a keyword raw, never empty.
pub(crate) fn snake(name: &str) -> String {
    raw(&plain_snake(name))
}

/// [`snake`] without the raw prefix, as a file name wants it.
pub(crate) fn plain_snake(name: &str) -> String {
    let name = ascii(name).to_snake_case();
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

/// A type or a variant: upper camel case, never empty, never a name that Rust itself needs.
pub(crate) fn camel(name: &str) -> String {
    let name = ascii(name).to_upper_camel_case();
    match name.chars().next() {
        None => "Unnamed".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("_{name}"),
        Some(_) if name == "Self" => "Self_".to_owned(),
        Some(_) => name,
    }
}

/// Whether a type may have this name without hiding one that its file needs.
pub(crate) fn is_taken(name: &str) -> bool {
    TAKEN_TYPES.contains(&name)
}

/// The type name of an operation: as the documentation writes it, so that a search finds it.
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

/// A constant.
pub(crate) fn shouty(name: &str) -> String {
    let name = ascii(name).to_shouty_snake_case();
    match name.chars().next() {
        None => "UNNAMED".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("CODE_{name}"),
        Some(_) => name,
    }
}

/// Everything that cannot stand in an identifier becomes a word boundary.
fn ascii(name: &str) -> String {
    name.chars()
        .map(|character| if character.is_ascii_alphanumeric() { character } else { '_' })
        .collect()
}

/// The name of one item of a list with this name: `Tasks` holds a `Task`.
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
    let keeps = ["ss", "us", "is", "ws"].iter().any(|suffix| lower.ends_with(suffix));
    match name.strip_suffix(['s', 'S']).filter(|stem| !keeps && stem.len() > 1) {
        Some(stem) => stem.to_owned(),
        None if lower.ends_with("list") && lower.len() > 4 => {
            name.get(..name.len() - 4).unwrap_or(name).to_owned()
        }
        None => name.to_owned(),
    }
}

/// Whether a product name or version can be a part of crate and folder names.
pub(crate) fn is_plain(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 64
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
        && name.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric())
        && !name.contains("..")
}

/// Names that are already in use, in one scope.
#[derive(Debug, Default, Clone)]
pub(crate) struct Scope {
    taken: BTreeSet<String>,
}

impl Scope {
    /// A scope in which some names are taken from the start.
    pub(crate) fn with(names: &[&str]) -> Self {
        Scope { taken: names.iter().map(|name| (*name).to_owned()).collect() }
    }

    /// The name itself when it is free, else with the first free number behind it.
    pub(crate) fn claim(&mut self, name: &str) -> String {
        let mut candidate = name.to_owned();
        let mut number = 2;
        while !self.taken.insert(candidate.clone()) {
            // A raw name with a number is no keyword any more.
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
    fn types_keep_away_from_names_that_rust_needs() {
        assert_eq!(camel("CDNTask"), "CdnTask");
        assert_eq!(camel("SELF"), "Self_");
        assert_eq!(camel("8Core64GB"), "_8core64Gb");
        assert_eq!(operation("createInstance"), "CreateInstance");
        assert_eq!(operation("DescribeDNSSLBSubDomains"), "DescribeDNSSLBSubDomains");
        assert!(is_taken("Vec"));
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
    fn the_second_of_two_equal_names_gets_a_number() {
        let mut scope = Scope::with(&["new"]);
        assert_eq!(scope.claim("new"), "new_2");
        assert_eq!(scope.claim("key"), "key");
        assert_eq!(scope.claim("key"), "key_2");
        assert_eq!(scope.claim("r#type"), "r#type");
        assert_eq!(scope.claim("r#type"), "type_2");
        assert_eq!(scope.claim("Task"), "Task");
        assert_eq!(scope.claim("Task"), "Task2");
    }

    #[test]
    fn a_product_name_is_never_a_path() {
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
