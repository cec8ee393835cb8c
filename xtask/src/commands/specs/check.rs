//! `specs check`: compares descriptions with the official Python packages of their products.

mod client;
mod compare;
mod known;
mod models;
mod package;
mod report;
mod source;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use alicloud_codegen::diagnostics::CommandError;

use super::diff::Document;
use super::{lock, print};
use known::Known;
use package::Package;

/// Compares these descriptions, or all under `specs/`, with a package or with those in a folder of packages.
///
/// # Errors
///
/// If a description or a package cannot be read, or if none of them belong together.
pub(super) fn check(
    root: &Path,
    against: &Path,
    files: &[PathBuf],
    list_all: bool,
) -> Result<ExitCode, CommandError> {
    let fail = |what: String| CommandError::new(format!("error: {}: {what}", against.display()));
    let paths = match files {
        [] => lock::descriptions(root)?.into_iter().map(|path| root.join(path)).collect(),
        files => files.to_vec(),
    };
    let only = match against.join(package::CLIENT).is_file() {
        true => Some(package::name(against)?),
        false => None,
    };
    let (mut text, mut is_drift, mut compared) = (String::new(), false, 0_usize);
    for path in &paths {
        let document = Document::read(path)?;
        let expected = package::expected_name(&document.spec);
        let title = format!("{} {}", document.spec.product, document.spec.version);
        let folder = match &only {
            Some(name) if *name == expected => against.to_owned(),
            Some(name) if !files.is_empty() => {
                return Err(fail(format!(
                    "this is {name}, and {title} has the package {expected}: give that one"
                )));
            }
            Some(_) => continue,
            None => against.join(&expected),
        };
        if !folder.join(package::CLIENT).is_file() {
            let missing = format!("no package {expected}");
            if !files.is_empty() {
                return Err(fail(format!("{missing}: install it there, or give its own folder")));
            }
            text.push_str(&format!("{title}: {missing}, not compared\n"));
            continue;
        }
        let package = Package::read(&folder, &document.spec.version)?;
        let known = Known::read(&path.with_file_name(known::FILE))?;
        let drift = compare::compare(&document.spec, &package, &known);
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&drift.text(list_all));
        is_drift |= drift.is_drift();
        compared += 1;
    }
    if compared == 0 {
        return Err(fail(
            "no package of a description under specs/: give the folder of an installed package such as alibabacloud_cdn20180510, or the site-packages that contains it".to_owned(),
        ));
    }
    print(&text)?;
    Ok(if is_drift { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
