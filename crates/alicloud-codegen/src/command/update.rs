//! `alicloud-codegen update`: locks the current descriptions.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::ExitCode;

use alicloud_codegen::diagnostics::{CommandError, Diagnostics};
use alicloud_codegen::files::{self, Transaction};
use alicloud_codegen::lock::Lock;
use alicloud_codegen::names;
use alicloud_codegen::spec::{self, Spec};
use clap::Args;

use crate::cache;
use crate::descriptions::{self, Choice, Description, LOCK, load, locked};
use crate::output::print;
use crate::project::{Entry, FILE, Project, guard};

/// Arguments of `alicloud-codegen update`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Update only the descriptions of PRODUCT
    product: Option<String>,
}

/// Runs `alicloud-codegen update`.
pub(crate) fn run(arguments: &Arguments, folder: Option<&Path>) -> Result<ExitCode, CommandError> {
    let _guard = guard(folder)?;
    let project = Project::read(folder)?;
    let is_selected = |entry: &&Entry| {
        arguments.product.as_ref().is_none_or(|name| name.eq_ignore_ascii_case(&entry.product))
    };
    if let Some(product) = &arguments.product
        && !project.entries.iter().any(|entry| is_selected(&entry))
    {
        let codes = project.entries.iter().map(|entry| entry.product.as_str());
        return Err(CommandError::new(format!(
            "error: {FILE}: has no product {product:?}{}; add it with `alicloud-codegen add`",
            names::suggestion(product, codes)
        )));
    }
    let old_lock = descriptions::read_lock(&project)?;
    let mut lock = Lock { entries: old_lock.entries.clone() };
    let mut transaction = Transaction::default();
    let mut report = String::new();
    for entry in project.entries.iter().filter(is_selected) {
        let description = load(&project, entry, Choice::Current(&old_lock))?;
        report +=
            &format!("{}: {}\n", entry.title(), change(&project, entry, &old_lock, &description));
        if let Some(file) = &entry.description {
            let path = project.path(file);
            if files::read(&path)?.as_deref() != Some(description.bytes.as_slice()) {
                transaction.write(path, description.bytes.as_slice());
            }
        }
        // The next update compares with it.
        cache::put(&description.sha256, &description.bytes);
        lock.add(description.lock_entry());
    }
    transaction.write(project.path(LOCK), descriptions::lock_text(&lock));
    transaction.commit()?;
    report += "run `alicloud-codegen generate` to update the code\n";
    print(&report)?;
    Ok(ExitCode::SUCCESS)
}

/// Returns what has changed since a description was locked, in one line.
fn change(project: &Project, entry: &Entry, lock: &Lock, new: &Description) -> String {
    let Some(locked) = locked(lock, project, entry) else { return "locked".to_owned() };
    if locked.sha256 == new.sha256 {
        return "unchanged".to_owned();
    }
    let in_repository = || files::read(&project.path(entry.description.as_ref()?)).ok()?;
    let old = cache::get(&locked.sha256).or_else(in_repository).and_then(|bytes| {
        let file = Path::new("old");
        spec::parse(&bytes, file, &mut Diagnostics::new(file)).ok()
    });
    let Some(old) = old else { return "changed".to_owned() };
    let names = |spec: &Spec| -> BTreeSet<String> {
        spec.operations.iter().map(|operation| operation.name.clone()).collect()
    };
    let (old, new) = (names(&old), names(&new.spec));
    let mut text = "changed".to_owned();
    for (what, names) in [("added", &new - &old), ("removed", &old - &new)] {
        if !names.is_empty() {
            let names: Vec<String> = names.into_iter().collect();
            text += &format!("; operations {what}: {}", names.join(", "));
        }
    }
    text
}
