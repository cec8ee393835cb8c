//! `specs diff`: what changed between two documents, and what that means for the generated crates.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::change::{Change, Found, Level, code};
use super::operations::{self, Side};
use super::schemas::Walk;
use super::surface;
use crate::codegen::Choice;
use crate::codegen::diagnostics::{Diagnostics, Failure};
use crate::codegen::ir::Product;
use crate::codegen::lower;
use crate::codegen::overlay::Overlay;
use crate::codegen::spec::{self, Spec};

/// All that there is to say about two documents.
#[derive(Debug)]
pub(super) struct Comparison {
    /// Product and version of the two.
    pub(super) old: String,
    pub(super) new: String,
    /// In the order of their weight, then of their places.
    pub(super) changes: Vec<Change>,
    /// Rust names that move although their own part of the API did not change.
    pub(super) moves: Vec<String>,
    /// How many places differ in their documentation.
    pub(super) documentation: usize,
    /// `None` when the two files are the same.
    pub(super) verdict: Option<Level>,
    /// Why the verdict is about the descriptions alone, where it is.
    pub(super) not_lowered: Option<String>,
}

/// A document that was read.
pub(super) struct Document {
    pub(super) spec: Spec,
    pub(super) bytes: Vec<u8>,
}

impl Document {
    pub(super) fn read(path: &Path) -> Result<Document, Failure> {
        let mut diagnostics = Diagnostics::new(path);
        let (spec, bytes) = spec::read(path, &mut diagnostics)?;
        diagnostics.check()?;
        Ok(Document { spec, bytes })
    }

    /// What the generator makes of it. The overlay is left out: it decides names, and whether it
    /// still fits the new document is what `cargo xtask codegen` says.
    fn product(&self) -> Result<Product, Failure> {
        let mut diagnostics = Diagnostics::new(Path::new(&title(&self.spec)));
        lower::lower(&self.spec, &Overlay::default(), &Choice::default(), &mut diagnostics)
    }
}

fn title(spec: &Spec) -> String {
    format!("{} {}", spec.product, spec.version)
}

/// Compares two documents.
pub(super) fn compare(old: &Document, new: &Document) -> Comparison {
    let (products, not_lowered) = match (old.product(), new.product()) {
        (Ok(old), Ok(new)) => (Some((old, new)), None),
        (Err(failure), _) | (_, Err(failure)) => (None, Some(failure.to_string())),
    };
    let products = products.as_ref();
    let mut walk = Walk::new(&old.spec, &new.spec);
    whole(&old.spec, &new.spec, &mut walk.found);
    endpoints(&old.spec, &new.spec, &mut walk.found);
    let old_side = Side { spec: &old.spec, product: products.map(|(old, _)| old) };
    let new_side = Side { spec: &new.spec, product: products.map(|(_, new)| new) };
    operations::compare(old_side, new_side, &mut walk);

    let Found { mut changes, documentation } = walk.found;
    changes.sort_by(|one, other| (other.level, one).cmp(&(one.level, other)));
    changes.dedup();
    let mut verdict = changes.iter().map(|change| change.level).max();
    let mut moves = Vec::new();
    if let Some((old, new)) = products {
        let found = surface::compare(old, new, &changes);
        verdict = verdict.max(Some(found.level));
        moves = found.unexplained;
    }
    Comparison {
        old: title(&old.spec),
        new: title(&new.spec),
        changes,
        moves,
        documentation,
        // The generated crates state the hash of their document, so any difference is a release.
        verdict: (old.bytes != new.bytes).then(|| verdict.unwrap_or(Level::Patch)),
        not_lowered,
    }
}

/// What is said of the product as a whole.
fn whole(old: &Spec, new: &Spec, found: &mut Found) {
    for (what, level, old, new) in [
        ("product", Level::Major, &old.product, &new.product),
        ("version", Level::Major, &old.version, &new.version),
        // What a style makes of an operation is a change of the operation.
        ("style", Level::Patch, &old.style, &new.style),
    ] {
        if old != new {
            found.add(level, what, format!("changed from {} to {}", code(old), code(new)));
        }
    }
}

fn endpoints(old: &Spec, new: &Spec, found: &mut Found) {
    let table =
        |spec: &Spec| -> BTreeMap<String, String> { spec.endpoints.iter().cloned().collect() };
    let (old, new) = (table(old), table(new));
    let place = |region: &str| format!("endpoint {region}");
    for (region, host) in old.iter().filter(|(region, _)| !new.contains_key(*region)) {
        // A client of that region can no longer be built.
        found.add(Level::Major, &place(region), format!("removed, was {}", code(host)));
    }
    for (region, host) in &new {
        match old.get(region) {
            None => found.add(Level::Minor, &place(region), format!("added, {}", code(host))),
            Some(before) if before != host => {
                let what = format!("changed from {} to {}", code(before), code(host));
                found.add(Level::Patch, &place(region), what);
            }
            Some(_) => {}
        }
    }
    // A client without a region works as long as all regions share one host.
    let one = |table: &BTreeMap<String, String>| {
        let hosts: BTreeSet<&String> = table.values().collect();
        match hosts.len() {
            1 => hosts.first().map(|host| (*host).clone()),
            _ => None,
        }
    };
    match (one(&old), one(&new)) {
        (Some(_), None) => {
            found.add(Level::Major, "endpoint", "a client needs a region or an endpoint now");
        }
        (None, Some(host)) => {
            let what = format!("a client needs no region any more: {}", code(&host));
            found.add(Level::Minor, "endpoint", what);
        }
        _ => {}
    }
}
