//! Features for groups of operations, because compiling all of a large product takes long.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use heck::ToSnakeCase as _;

use super::selection::correct_name;
use crate::diagnostics::Diagnostics;
use crate::ir::{Group, Product};
use crate::names;
use crate::overlay::{GroupSettings, Overlay};
use crate::spec::Spec;

/// Products with this many operations have groups.
pub(crate) const MIN_OPERATIONS: usize = 100;

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

/// Assigns each operation to its group: those of the overlay, or else, in a large product, those of the
/// documentation.
pub(super) fn assign(
    product: &mut Product,
    spec: &Spec,
    overlay: &Overlay,
    diagnostics: &mut Diagnostics,
) {
    match overlay.groups() {
        Some(groups) => assign_decided(product, spec, groups, overlay.file(), diagnostics),
        None if product.operations.len() >= MIN_OPERATIONS => assign_directories(product, spec),
        None => {}
    }
}

/// Assigns the groups of the overlay. Each operation belongs to exactly one.
fn assign_decided(
    product: &mut Product,
    spec: &Spec,
    groups: &BTreeMap<String, GroupSettings>,
    file: &Path,
    diagnostics: &mut Diagnostics,
) {
    let mut report = |place: String, what: String, treatment: String| {
        diagnostics.error_in(file, place, what, treatment);
    };
    let known: BTreeSet<&str> =
        spec.operations.iter().map(|operation| operation.name.as_str()).collect();
    let mut group_of: BTreeMap<&str, &str> = BTreeMap::new();
    for (feature, settings) in groups {
        let place = format!("[groups.{feature}]");
        if RESERVED.contains(&feature.as_str()) || !is_feature_name(feature) {
            report(
                place.clone(),
                format!("{feature:?} cannot be the name of a group"),
                "use lower-case words and digits with a hyphen between them, and no feature that every client has"
                    .to_owned(),
            );
        }
        if settings.operations.is_empty() {
            report(
                place.clone(),
                "the group has no operations".to_owned(),
                "name some, or remove the group".to_owned(),
            );
        }
        for name in &settings.operations {
            if !known.contains(name.as_str()) {
                let what = format!("the operation {name:?} does not exist");
                report(place.clone(), what, correct_name(name, &known));
            }
            match group_of.insert(name, feature) {
                Some(other) if other == feature => {
                    let what = format!("the operation {name:?} is listed twice");
                    report(place.clone(), what, "remove one of them".to_owned());
                }
                Some(other) => {
                    let what = format!("the operation {name:?} is also in [groups.{other}]");
                    report(place.clone(), what, "keep it in one of them".to_owned());
                }
                None => {}
            }
        }
    }
    for operation in &mut product.operations {
        operation.group =
            group_of.get(operation.name.as_str()).map(|feature| (*feature).to_owned());
        if operation.group.is_none() {
            let what = format!("the operation {:?} is in no group", operation.name);
            report("[groups]".to_owned(), what, "add it to one of them".to_owned());
        }
    }
    // A selection of operations needs fewer groups.
    product.groups = groups
        .iter()
        .filter(|(feature, _)| {
            product.operations.iter().any(|operation| operation.group.as_ref() == Some(feature))
        })
        .map(|(feature, group)| Group { feature: feature.clone(), title: group.title.clone() })
        .collect();
}

/// Returns whether a text can be the name of a feature, and is written like the others.
fn is_feature_name(text: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty() && part.bytes().all(|one| one.is_ascii_lowercase() || one.is_ascii_digit())
    };
    text.starts_with(|first: char| first.is_ascii_lowercase()) && text.split('-').all(is_part)
}

/// Assigns each operation of a large product to its group in the documentation.
fn assign_directories(product: &mut Product, spec: &Spec) {
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
            if RESERVED.contains(&noun.as_str()) { format!("{noun}-group") } else { noun.clone() };
        for name in &names {
            group_of.insert(name, feature.clone());
        }
        // Facts have no titles that are sentences.
        let title = if directory.title.is_empty() { &noun } else { &directory.title };
        match product.groups.iter_mut().find(|group| group.feature == feature) {
            Some(group) => group.title = format!("{}, {title}", group.title),
            None => product.groups.push(Group { feature, title: title.to_owned() }),
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
