//! `alicloud-codegen generate`: writes the code of a project, or compares it.

use std::path::Path;
use std::process::ExitCode;

use alicloud_codegen::diagnostics::{CommandError, Severity};
use alicloud_codegen::documentation::Documentation;
use alicloud_codegen::files::{self, Transaction};
use alicloud_codegen::ir::Layout;
use alicloud_codegen::lock::Lock;
use alicloud_codegen::overlay::Overlay;
use alicloud_codegen::render::PathOwners;
use alicloud_codegen::render::{External, Runtime, RuntimeSource};
use alicloud_codegen::{Generated, Settings, generate_spec, lower, paths};
use clap::Args;
use indicatif::ProgressBar;

use crate::descriptions::{self, Choice, Description, LOCK, load};
use crate::output::{print, print_error};
use crate::project::{Entry, FILE, Project, guard};

/// Arguments of `alicloud-codegen generate`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Compare with the existing files and write nothing; exit with 1 if anything differs
    #[arg(long)]
    check: bool,
    /// Print every warning, and what else the generator ignored or changed
    #[arg(long)]
    notes: bool,
}

/// The requirement of the examples in generated crates.
const SERDE_JSON: &str = "1";

/// Runs `alicloud-codegen generate`.
pub(crate) fn run(arguments: &Arguments, folder: Option<&Path>) -> Result<ExitCode, CommandError> {
    let _guard = guard(folder)?;
    let project = Project::read(folder)?;
    if project.entries.is_empty() {
        return Err(CommandError::new(format!(
            "error: {FILE}: no products; run `alicloud-codegen add PRODUCT VERSION`, or `alicloud-codegen list` for their names"
        )));
    }
    let old_lock = descriptions::read_lock(&project)?;
    let mut lock = Lock::default();
    let mut transaction = Transaction::default();
    let mut owners = PathOwners::default();
    let mut differences = String::new();
    let mut summaries = String::new();
    if !arguments.check {
        remove_temporary_files(&project);
    }
    let bar = ProgressBar::new(project.entries.len() as u64);
    for entry in &project.entries {
        let description = load(&project, entry, Choice::Locked(&old_lock))?;
        lock.add(description.lock_entry());
        let generated = generate(&project, entry, description)?;
        let root = project.root.join(&entry.folder);
        owners.claim_all(&root, &generated.tree, &entry.title())?;
        bar.suspend(|| print_diagnostics(&generated, arguments.notes));
        let difference = match arguments.check {
            true => generated.compare(&root)?,
            false => generated.stage(&root, &mut transaction)?,
        };
        let mut add = |kind: &str, paths: &[std::path::PathBuf]| {
            for path in paths {
                differences += &format!("{kind}: {}\n", root.join(path).display());
            }
        };
        add("stale", &difference.stale);
        add("missing", &difference.missing);
        add("stray", &difference.stray);
        add("not generated", &difference.foreign);
        summaries += &format!("{}\n", generated.summary());
        bar.inc(1);
    }
    bar.finish_and_clear();
    let lock_text = descriptions::lock_text(&lock);
    let is_new_lock = files::read(&project.path(LOCK))?.as_deref() != Some(lock_text.as_bytes());
    if is_new_lock {
        differences += &format!("stale: {LOCK}\n");
        transaction.write(project.path(LOCK), lock_text);
    }
    if arguments.check {
        if !differences.is_empty() {
            print_error(&format!(
                "{differences}to update the files, run `alicloud-codegen generate`; move those that are not generated"
            ));
            return Ok(ExitCode::FAILURE);
        }
    } else {
        transaction.commit()?;
    }
    print(&summaries)?;
    Ok(ExitCode::SUCCESS)
}

fn generate(
    project: &Project,
    entry: &Entry,
    description: Description,
) -> Result<Generated, CommandError> {
    let operations =
        entry.operations.iter().map(|(name, place)| (name.as_str(), format!("{place} ")));
    for (name, place) in operations {
        description.check_operations([(name, place.as_str())])?;
    }
    let overlay = entry.overlay.as_ref().map(|file| project.path(file));
    let overlay = Overlay::read(overlay.as_deref())?;
    let documentation = entry.docs.as_ref().map(|file| Documentation::read(&project.path(file)));
    let settings = Settings {
        documentation: documentation.transpose()?,
        description: format!("{} {}", description.spec.product, description.spec.version),
        generator: "alicloud-codegen".to_owned(),
        runtime: Runtime::External(External {
            runtime: runtime(project, entry)?,
            version: "0.1.0".to_owned(),
            edition: "2024".to_owned(),
            rust_version: env!("CARGO_PKG_RUST_VERSION").to_owned(),
            license: None,
            serde_json: SERDE_JSON.to_owned(),
            has_workspace: false,
        }),
        choice: lower::Choice {
            name: entry.name.clone(),
            operations: entry.operations.iter().map(|(name, _)| name.clone()).collect(),
            layout: entry.layout.clone(),
        },
    };
    let Description { spec, sha256, diagnostics, .. } = description;
    generate_spec(&spec, &sha256, &overlay, &settings, diagnostics)
}

/// Removes what a killed command has left in the folders of generated files, and where it was creating them.
fn remove_temporary_files(project: &Project) {
    for entry in &project.entries {
        for output in &entry.outputs {
            let output = Path::new(output);
            files::remove_all_temporary_files(&project.root.join(output));
            for folder in output.ancestors().skip(1) {
                files::remove_temporary_files(&project.root.join(folder));
            }
        }
    }
}

/// Returns where the manifests of a product find the runtime.
fn runtime(project: &Project, entry: &Entry) -> Result<RuntimeSource, CommandError> {
    match &project.runtime {
        RuntimeSource::Path(path) if !matches!(entry.layout, Layout::Module { .. }) => {
            let generated_crate = project.root.join(&entry.folder).join("crate");
            paths::relative(&generated_crate, &project.root.join(path)).map(RuntimeSource::Path)
        }
        other => Ok(other.clone()),
    }
}

/// Prints the first warnings to standard error, or all warnings and notes.
fn print_diagnostics(generated: &Generated, prints_all: bool) {
    const MAX_PRINTED: usize = 10;
    let all = generated.diagnostics.list();
    if prints_all {
        all.iter().for_each(|diagnostic| print_error(&diagnostic.to_string()));
        return;
    }
    let warnings = || all.iter().filter(|diagnostic| diagnostic.severity >= Severity::Warning);
    warnings().take(MAX_PRINTED).for_each(|diagnostic| print_error(&diagnostic.to_string()));
    let more = warnings().count().saturating_sub(MAX_PRINTED);
    if more > 0 {
        print_error(&format!(
            "{more} more warnings; --notes prints all of them, and what else was changed"
        ));
    }
}
