//! `specs check`: compares descriptions with the official Python packages of their products.

mod client;
mod comments;
mod compare;
mod known;
mod models;
mod package;
mod report;
mod source;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use alicloud_codegen::diagnostics::CommandError;
use alicloud_codegen::files::Transaction;

use super::diff::Document;
use super::lock;
use super::output::print;
use super::{sentences, verify};
use known::Known;
use package::Package;
use report::Drift;

/// What `check` does besides comparing.
pub(super) struct Options {
    /// Whether operations that are not part of a description are listed.
    pub(super) list_all: bool,
    /// Whether the folder of packages may lack some.
    pub(super) allow_missing: bool,
    /// Whether the comments of the packages become sentences that must not be copied.
    pub(super) record_comments: bool,
}

/// Compares these descriptions, or all under `specs/`, with a package or with those in a folder of packages.
///
/// # Errors
///
/// If a description or a package cannot be read, if a package is missing, or if none of them belong together. The
/// others are compared first.
pub(super) fn check(
    root: &Path,
    against: &Path,
    files: &[PathBuf],
    options: &Options,
) -> Result<ExitCode, CommandError> {
    let paths = match files {
        [] => lock::descriptions(root)?.into_iter().map(|path| root.join(path)).collect(),
        files => files.to_vec(),
    };
    let only = match against.join(package::CLIENT).is_file() {
        true => Some(package::name(against)?),
        false => None,
    };
    let (mut text, mut errors) = (Vec::new(), Vec::new());
    let (mut compared, mut is_drift) = (0, false);
    for path in &paths {
        let document = Document::read(path)?;
        let expected = package::expected_name(&document.spec);
        let folder = match &only {
            Some(name) if *name == expected => against.to_owned(),
            Some(_) if files.is_empty() => continue,
            Some(name) => {
                return Err(fail(
                    against,
                    &format!(
                        "this is {name}, not {expected}, the package of {}; give that one",
                        path.display()
                    ),
                ));
            }
            None => against.join(&expected),
        };
        if !folder.join(package::CLIENT).is_file() {
            let missing = format!("no package {expected}");
            let title = format!("{} {}", document.spec.product, document.spec.version);
            match (files.is_empty(), options.allow_missing) {
                (true, true) => text.push(format!("{title}: {missing}, not compared\n")),
                (true, false) => errors.push(format!(
                    "error: {}: {missing} for {title}; install it there, or pass --allow-missing",
                    against.display()
                )),
                (false, _) => {
                    let what = format!("{missing}; install it there, or give its own folder");
                    return Err(fail(against, &what));
                }
            }
            continue;
        }
        compared += 1;
        match compare(path, &document, &folder, options) {
            Ok(drift) => {
                is_drift |= drift.is_drift();
                text.push(drift.text(options.list_all));
            }
            Err(error) => errors.push(error.to_string()),
        }
    }
    if compared == 0 {
        return Err(fail(
            against,
            "no package of a description under specs/; give the folder of an installed package such as alibabacloud_cdn20180510, or the site-packages that contains it",
        ));
    }
    if options.record_comments {
        verify::lock(root)?;
    }
    print(&text.join("\n"))?;
    match errors.is_empty() {
        false => Err(CommandError::new(errors.join("\n"))),
        true if is_drift => Ok(ExitCode::FAILURE),
        true => Ok(ExitCode::SUCCESS),
    }
}

fn compare(
    path: &Path,
    document: &Document,
    folder: &Path,
    options: &Options,
) -> Result<Drift, CommandError> {
    let package = Package::read(folder, &document.spec.version)?;
    if options.record_comments {
        let hashes = comments::hashes(&package.comments, &document.spec);
        let (path, text, _) = sentences::extended(path, hashes)?;
        let mut transaction = Transaction::default();
        transaction.write(path, text);
        transaction.commit()?;
    }
    let known = Known::read(&path.with_file_name(known::FILE))?;
    Ok(compare::compare(&document.spec, &package, &known))
}

fn fail(against: &Path, what: &str) -> CommandError {
    CommandError::new(format!("error: {}: {what}", against.display()))
}
