//! `specs diff`: compares two descriptions, and determines the required version bump.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use alicloud_codegen::diagnostics::{CommandError, Diagnostics};
use alicloud_codegen::ir::Product;
use alicloud_codegen::lower;
use alicloud_codegen::lower::Choice;
use alicloud_codegen::overlay::Overlay;
use alicloud_codegen::spec::{self, Spec};

use super::change::{Change, Changes, Level, code};
use super::operations::{self, Side};
use super::schemas::SchemaComparison;
use super::surface;

/// The comparison of two descriptions.
#[derive(Debug)]
pub(super) struct Comparison {
    /// Product and version of the old description.
    pub(super) old: String,
    /// Product and version of the new description.
    pub(super) new: String,
    /// Sorted by level, then by location.
    pub(super) changes: Vec<Change>,
    /// Changed Rust items of operations that did not change themselves.
    pub(super) side_effects: Vec<String>,
    /// The number of locations with different documentation.
    pub(super) documentation: usize,
    /// The required version bump; `None` if the files are identical.
    pub(super) level: Option<Level>,
    /// Why the generated Rust items were not compared, if they were not.
    pub(super) generator_error: Option<String>,
}

/// A description and the bytes of its file.
pub(super) struct Document {
    pub(super) spec: Spec,
    pub(super) bytes: Vec<u8>,
}

impl Document {
    pub(super) fn read(path: &Path) -> Result<Document, CommandError> {
        Document::parse(spec::read_bytes(path)?, path)
    }

    /// Reads a description from its bytes. `path` is its name in messages.
    pub(super) fn parse(bytes: Vec<u8>, path: &Path) -> Result<Document, CommandError> {
        let mut diagnostics = Diagnostics::new(path);
        let spec = spec::parse(&bytes, path, &mut diagnostics)?;
        diagnostics.check()?;
        Ok(Document { spec, bytes })
    }

    /// Returns the intermediate representation, without the overlay: `cargo xtask codegen` reports
    /// whether the overlay fits the new description.
    fn product(&self, has_groups: bool) -> Result<Product, CommandError> {
        let mut diagnostics = Diagnostics::new(Path::new(&title(&self.spec)));
        let mut spec = self.spec.clone();
        if !has_groups {
            spec.directories.clear();
        }
        lower::lower(&spec, &Overlay::default(), &Choice::default(), &mut diagnostics)
    }
}

fn title(spec: &Spec) -> String {
    format!("{} {}", spec.product, spec.version)
}

/// Compares two descriptions.
pub(super) fn compare(old: &Document, new: &Document) -> Comparison {
    // Without groups in the old description, they are in the overlay.
    let has_groups = !old.spec.directories.is_empty();
    let products = (old.product(has_groups), new.product(has_groups));
    let (products, generator_error) = match products {
        (Ok(old), Ok(new)) => (Some((old, new)), None),
        (Err(error), _) | (_, Err(error)) => (None, Some(error.to_string())),
    };
    let products = products.as_ref();
    let mut comparison = SchemaComparison::new(&old.spec, &new.spec);
    compare_product(&old.spec, &new.spec, &mut comparison.changes);
    compare_endpoints(&old.spec, &new.spec, &mut comparison.changes);
    let old_side = Side { spec: &old.spec, product: products.map(|(old, _)| old) };
    let new_side = Side { spec: &new.spec, product: products.map(|(_, new)| new) };
    operations::compare(old_side, new_side, &mut comparison);

    let Changes { list: mut changes, documentation } = comparison.changes;
    changes.sort_by(|a, b| (b.level, a).cmp(&(a.level, b)));
    changes.dedup();
    let mut level = changes.iter().map(|change| change.level).max();
    let mut side_effects = Vec::new();
    if let Some((old, new)) = products {
        let differences = surface::compare(old, new, &changes);
        level = level.max(Some(differences.level));
        side_effects = differences.side_effects;
    }
    Comparison {
        old: title(&old.spec),
        new: title(&new.spec),
        changes,
        side_effects,
        documentation,
        // The generated crates contain the hash of their description, so any difference changes them.
        level: (old.bytes != new.bytes).then(|| level.unwrap_or(Level::Patch)),
        generator_error,
    }
}

fn compare_product(old: &Spec, new: &Spec, changes: &mut Changes) {
    for (property, level, old, new) in [
        ("product", Level::Major, &old.product, &new.product),
        ("version", Level::Major, &old.version, &new.version),
        // The effects of the style are reported as changes of the operations.
        ("style", Level::Patch, &old.style, &new.style),
    ] {
        if old != new {
            changes.add(level, property, format!("changed from {} to {}", code(old), code(new)));
        }
    }
}

fn compare_endpoints(old: &Spec, new: &Spec, changes: &mut Changes) {
    let table =
        |spec: &Spec| -> BTreeMap<String, String> { spec.endpoints.iter().cloned().collect() };
    let (old, new) = (table(old), table(new));
    let location = |region: &str| format!("endpoint {region}");
    for (region, host) in old.iter().filter(|(region, _)| !new.contains_key(*region)) {
        // Building a client for that region fails then.
        changes.add(Level::Major, &location(region), format!("removed, was {}", code(host)));
    }
    for (region, host) in &new {
        match old.get(region) {
            None => {
                changes.add(Level::Minor, &location(region), format!("added, {}", code(host)));
            }
            Some(old_host) if old_host != host => {
                let text = format!("changed from {} to {}", code(old_host), code(host));
                changes.add(Level::Patch, &location(region), text);
            }
            Some(_) => {}
        }
    }
    // A client needs no region if all regions have the same host.
    let common_host = |table: &BTreeMap<String, String>| {
        let hosts: BTreeSet<&String> = table.values().collect();
        match hosts.len() {
            1 => hosts.first().map(|host| (*host).clone()),
            _ => None,
        }
    };
    match (common_host(&old), common_host(&new)) {
        (Some(_), None) => {
            changes.add(Level::Major, "endpoint", "clients now need a region or an endpoint");
        }
        (None, Some(host)) => {
            let text = format!("clients no longer need a region, all use {}", code(&host));
            changes.add(Level::Minor, "endpoint", text);
        }
        _ => {}
    }
}
