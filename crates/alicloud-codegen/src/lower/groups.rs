//! Features for groups of operations, because compiling all of a large product takes long.

use std::collections::BTreeMap;

use heck::ToSnakeCase as _;

use crate::ir::{Group, Product};
use crate::names;
use crate::spec::Spec;

/// Products with this many operations have groups.
const MIN_OPERATIONS: usize = 100;

/// Features that every client has.
const RESERVED: &[&str] = &[
    "default",
    "all-operations",
    "transport",
    "testing",
    "blocking",
    "tracing",
    "metrics",
    "trace-context",
    "other",
    "rustls-ring",
    "rustls-aws-lc",
    "native-tls",
    "chrono",
    "jiff",
];

/// Assigns each operation of a large product to its group in the documentation.
pub(super) fn assign(product: &mut Product, spec: &Spec) {
    if product.operations.len() < MIN_OPERATIONS {
        return;
    }
    let code = product.code.to_ascii_lowercase();
    let mut group_of: BTreeMap<&str, String> = BTreeMap::new();
    for directory in &spec.directories {
        let names: Vec<&str> = directory
            .operations
            .iter()
            .map(String::as_str)
            .filter(|name| product.operations.iter().any(|operation| operation.name == *name))
            .filter(|name| !group_of.contains_key(name))
            .collect();
        if names.is_empty() {
            continue;
        }
        // Groups of the same name share one feature: an appended number would change with the
        // description.
        let noun = feature_name(&directory.title, &names, &code);
        let feature =
            if RESERVED.contains(&noun.as_str()) { format!("{noun}-group") } else { noun };
        for name in &names {
            group_of.insert(name, feature.clone());
        }
        match product.groups.iter_mut().find(|group| group.feature == feature) {
            Some(group) => group.title = format!("{}, {}", group.title, directory.title),
            None => product.groups.push(Group { feature, title: directory.title.clone() }),
        }
    }
    let mut has_ungrouped = false;
    for operation in &mut product.operations {
        let group = group_of.get(operation.name.as_str());
        has_ungrouped |= group.is_none();
        operation.group = Some(group.map_or("other", String::as_str).to_owned());
    }
    if has_ungrouped {
        product.groups.push(Group { feature: "other".to_owned(), title: "Other".to_owned() });
    }
}

/// Returns the title of a group if it is ASCII, or else the noun that most of its operations share:
/// most titles are Chinese, which is hard to type for most users.
fn feature_name(title: &str, operations: &[&str], code: &str) -> String {
    if title.is_ascii() && title.bytes().any(|byte| byte.is_ascii_alphabetic()) {
        return names::plain_snake(title).replace('_', "-");
    }
    const VAGUE: &[&str] = &[
        "info",
        "list",
        "batch",
        "attribute",
        "for",
        "with",
        "and",
        "all",
        "status",
        "config",
        "by",
        "of",
    ];
    let mut nouns: BTreeMap<String, usize> = BTreeMap::new();
    for operation in operations {
        let snake = operation.to_snake_case();
        // The first word is the verb.
        let words: Vec<&str> = snake
            .split('_')
            .skip(1)
            .map(singular_word)
            .filter(|word| *word != code && !VAGUE.contains(word))
            .collect();
        if let [first, rest @ ..] = words.as_slice() {
            *nouns.entry((*first).to_owned()).or_default() += 2;
            if let [second, ..] = rest {
                // Two shared words are more specific than one.
                *nouns.entry(format!("{first}-{second}")).or_default() += 3;
            }
        }
    }
    nouns
        .into_iter()
        .max_by_key(|(noun, count)| (*count, std::cmp::Reverse(noun.clone())))
        .map_or_else(|| "group".to_owned(), |(noun, _)| noun)
}

/// Returns the singular of a lower-case word if it is certain, or else the word.
fn singular_word(word: &str) -> &str {
    let is_singular = ["ss", "us", "is", "ws", "es"].iter().any(|suffix| word.ends_with(suffix));
    word.strip_suffix('s').filter(|stem| !is_singular && stem.len() > 2).unwrap_or(word)
}
