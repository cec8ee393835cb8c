//! Counts the operations that page, and those for which a pager was generated.
//!
//! A *candidate* has, by its description alone and independently of the generator's recognition:
//!
//! 1. a parameter that selects a page, of type integer or string: its name without case and punctuation
//!    is that of a page number, a token, a marker or an offset below; it may be inside of up to two
//!    objects, but is not part of the path or the host;
//! 2. exactly one list in the response, inside of up to three objects, lists and maps not entered;
//! 3. a total (an integer, number or text with one of the names below) or a token for the next page (a
//!    text or integer whose name ends with `token`, `marker` or `cursor`) in the response, inside of up to
//!    three objects.
//!
//! Its kind is that of the first parameter in the order page, token, marker, offset.

use std::collections::{BTreeMap, BTreeSet};

use alicloud_codegen::ir::Product;
use alicloud_codegen::spec::{Operation, Schema, Spec};
use serde::{Deserialize, Serialize};

const PAGES: &[&str] = &[
    "page",
    "pageno",
    "pagenum",
    "pagenumber",
    "pagenumbers",
    "pageindex",
    "currentpage",
    "curpage",
    "currpage",
];
const TOKENS: &[&str] = &[
    "token",
    "nexttoken",
    "pagetoken",
    "nextpagetoken",
    "continuationtoken",
    "scrolltoken",
    "cursor",
    "nextcursor",
];
const MARKERS: &[&str] = &["marker", "nextmarker"];
const OFFSETS: &[&str] = &["offset", "start", "startindex", "skip"];
const TOTALS: &[&str] = &[
    "total",
    "count",
    "totalcount",
    "totalcounts",
    "totalnum",
    "totalnumber",
    "totalitems",
    "totalitemnum",
    "totalitemcount",
    "totalrecord",
    "totalrecords",
    "totalrecordcount",
    "totalresult",
    "totalresults",
    "totalrows",
    "totalsize",
    "totalelements",
    "xtotalcount",
];

/// Candidates of one kind.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct KindCount {
    pub(super) candidates: usize,
    pub(super) recognized: usize,
}

/// The candidates of a document.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct PagerCount {
    pub(super) by_kind: BTreeMap<String, KindCount>,
    /// The candidates without a pager.
    pub(super) missing: Vec<String>,
    /// All operations with a pager, candidates or not.
    pub(super) pagers: usize,
}

impl PagerCount {
    pub(super) fn add(&mut self, other: &PagerCount) {
        for (kind, count) in &other.by_kind {
            let sum = self.by_kind.entry(kind.clone()).or_default();
            sum.candidates += count.candidates;
            sum.recognized += count.recognized;
        }
        self.missing.extend(other.missing.iter().cloned());
        self.pagers += other.pagers;
    }
}

/// Counts the candidates of a description, and those that have a pager in the product.
pub(super) fn count(spec: &Spec, product: &Product, stem: &str) -> PagerCount {
    let with_pager: BTreeSet<&str> = product
        .operations
        .iter()
        .filter(|operation| operation.pager.is_some())
        .map(|operation| operation.name.as_str())
        .collect();
    let mut result = PagerCount { pagers: with_pager.len(), ..PagerCount::default() };
    for operation in &spec.operations {
        let Some(kind) = kind(operation, spec) else { continue };
        let count = result.by_kind.entry(kind.to_owned()).or_default();
        count.candidates += 1;
        if with_pager.contains(operation.name.as_str()) {
            count.recognized += 1;
        } else {
            result.missing.push(format!("{stem} {} ({kind})", operation.name));
        }
    }
    result
}

/// Returns the kind of a candidate; `None` for other operations.
fn kind(operation: &Operation, spec: &Spec) -> Option<&'static str> {
    let mut response = Vec::new();
    properties(spec, operation.success.as_ref()?, 4, &mut response);
    let lists = response.iter().filter(|(_, schema)| schema.kind == "array").count();
    let tells_more = response.iter().any(|(name, schema)| {
        let is_total = TOTALS.contains(&name.as_str())
            && matches!(schema.kind.as_str(), "integer" | "number" | "string");
        let is_next = ["token", "marker", "cursor"].iter().any(|end| name.ends_with(end))
            && matches!(schema.kind.as_str(), "integer" | "string");
        is_total || is_next
    });
    if lists != 1 || !tells_more {
        return None;
    }
    let mut parameters = Vec::new();
    for parameter in &operation.parameters {
        if matches!(parameter.location.as_str(), "path" | "host") {
            continue;
        }
        let schema = resolve(spec, &parameter.schema);
        properties(spec, schema, 2, &mut parameters);
        parameters.push((plain(&parameter.name), schema));
    }
    let kinds = [("page", PAGES), ("token", TOKENS), ("marker", MARKERS), ("offset", OFFSETS)];
    kinds.into_iter().find_map(|(kind, names)| {
        let is_of_kind = |(name, schema): &(String, &Schema)| {
            names.contains(&name.as_str()) && matches!(schema.kind.as_str(), "integer" | "string")
        };
        parameters.iter().any(is_of_kind).then_some(kind)
    })
}

/// Collects the properties of an object, and of objects in it up to a depth.
fn properties<'s>(
    spec: &'s Spec,
    schema: &'s Schema,
    depth: usize,
    found: &mut Vec<(String, &'s Schema)>,
) {
    if depth == 0 {
        return;
    }
    for (name, property) in &resolve(spec, schema).properties {
        let property = resolve(spec, property);
        found.push((plain(name), property));
        if property.kind == "object" {
            properties(spec, property, depth - 1, found);
        }
    }
}

fn resolve<'s>(spec: &'s Spec, schema: &'s Schema) -> &'s Schema {
    let name = schema.reference.as_deref().and_then(|reference| reference.rsplit('/').next());
    let component = spec.components.iter().find(|(key, _)| Some(key.as_str()) == name);
    component.map_or(schema, |(_, component)| component)
}

fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
}
