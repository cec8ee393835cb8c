//! Loads the descriptions of a project: from a file, from the cache, or from a metadata service.

use std::path::{Path, PathBuf};

use alicloud_codegen::diagnostics::{CommandError, Diagnostics};
use alicloud_codegen::lock::{self, Lock, Origin};
use alicloud_codegen::metadata::{self, Metadata, check_identity};
use alicloud_codegen::spec::{self, Spec};
use alicloud_codegen::{names, sha256};

use crate::cache;
use crate::output::spinner;
use crate::project::{Entry, Project, Source};
use crate::sources;

/// The name of the lock file.
pub(crate) const LOCK: &str = "alicloud.lock";

/// The start of the lock file.
const HEADER: &str = "\
# The descriptions that the code is generated from, and their hashes. `alicloud-codegen add` and
# `alicloud-codegen update` write this file; `alicloud-codegen generate` uses these descriptions and no others.
";

/// A description.
pub(crate) struct Description {
    /// Its file or URL, for messages.
    pub(crate) source: PathBuf,
    pub(crate) bytes: Vec<u8>,
    pub(crate) sha256: String,
    pub(crate) spec: Spec,
    /// What was found while it was read.
    pub(crate) diagnostics: Diagnostics,
    /// Where it comes from, and its path in the lock file.
    origin: Origin,
    path: String,
}

/// Which description to load.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Choice<'a> {
    /// The one in the lock file; if it has none, the current one.
    Locked(&'a Lock),
    /// The current one. The lock file tells which files were downloaded.
    Current(&'a Lock),
}

impl Description {
    /// Returns its entry for the lock file.
    pub(crate) fn lock_entry(&self) -> lock::Entry {
        let Spec { product, version, .. } = &self.spec;
        let url = || metadata::description_path(product, version);
        lock::Entry {
            path: self.path.clone(),
            product: product.clone(),
            version: version.clone(),
            origin: self.origin,
            url: (self.origin == Origin::Fetched).then(url),
            sha256: self.sha256.clone(),
        }
    }

    /// Checks that operations exist.
    pub(crate) fn check_operations<'o>(
        &self,
        operations: impl IntoIterator<Item = (&'o str, &'o str)>,
    ) -> Result<(), CommandError> {
        let all = || self.spec.operations.iter().map(|operation| operation.name.as_str());
        for (operation, place) in operations {
            if !all().any(|known| known == operation) {
                return Err(CommandError::new(format!(
                    "error: {place}{} {} has no operation {operation:?}{}; `alicloud-codegen show {}` prints all",
                    self.spec.product,
                    self.spec.version,
                    names::suggestion(operation, all()),
                    self.spec.product
                )));
            }
        }
        Ok(())
    }
}

/// Reads the lock file of a project.
pub(crate) fn read_lock(project: &Project) -> Result<Lock, CommandError> {
    Lock::read(&project.path(LOCK), is_lock_path)
}

/// Checks that the lock file can contain the path of a description. `place` is what names it.
pub(crate) fn check_lock_path(path: &str, place: &str) -> Result<(), CommandError> {
    match is_lock_path(path) {
        true => Ok(()),
        false => Err(CommandError::new(format!(
            "error: {place}invalid path of a description {path:?}; use a file name without quotes, `\\` and control characters"
        ))),
    }
}

/// Returns the text of a lock file.
pub(crate) fn lock_text(lock: &Lock) -> String {
    lock.text(HEADER)
}

fn is_lock_path(path: &str) -> bool {
    !path.is_empty() && !path.contains(['"', '\\']) && !path.contains(char::is_control)
}

/// Returns the entry of a product in a lock file. A project can have several descriptions of one product.
pub(crate) fn locked<'l>(
    lock: &'l Lock,
    project: &Project,
    entry: &Entry,
) -> Option<&'l lock::Entry> {
    let path = |entry: &Entry| match &entry.description {
        Some(file) => file.clone(),
        None => lock_path(&entry.product, &entry.version),
    };
    let is_same = |locked: &&lock::Entry| {
        locked.product.eq_ignore_ascii_case(&entry.product) && locked.version == entry.version
    };
    // Its path may have changed since.
    let is_free =
        |locked: &&lock::Entry| !project.entries.iter().any(|entry| path(entry) == locked.path);
    let moved = || lock.entries.values().filter(is_same).find(is_free);
    lock.entries.get(&path(entry)).filter(is_same).or_else(moved)
}

/// Loads the description of a product of the project.
pub(crate) fn load(
    project: &Project,
    entry: &Entry,
    choice: Choice<'_>,
) -> Result<Description, CommandError> {
    let (lock, is_locked) = match choice {
        Choice::Locked(lock) => (lock, true),
        Choice::Current(lock) => (lock, false),
    };
    let locked = locked(lock, project, entry);
    let hash = locked.filter(|_| is_locked).map(|locked| locked.sha256.as_str());
    let was_fetched = locked.is_some_and(|locked| locked.origin == Origin::Fetched);
    let (product, version, place) = (&entry.product, &entry.version, format!("{} ", entry.place));
    if let Some(file) = &entry.description {
        check_lock_path(file, &place)?;
    }
    let description = match (&entry.description, &project.source) {
        // A description that was downloaded into the repository.
        (Some(file), Source::Service(service)) if was_fetched && !is_locked => {
            let description = fetch(service, product, version, &place)?;
            Description { path: file.clone(), ..description }
        }
        (Some(file), _) => {
            let origin = if was_fetched { Origin::Fetched } else { Origin::Written };
            read_file(&project.path(file), file.clone(), origin)?
        }
        (None, Source::Service(service)) => match hash.and_then(cache::get) {
            Some(bytes) => {
                let source = PathBuf::from(service.description_url(product, version));
                read(source, bytes, lock_path(product, version), Origin::Fetched)?
            }
            None => fetch(service, product, version, &place)?,
        },
        (None, Source::Files(path)) => find_file(path, product, version, &place)?,
    };
    check_identity(&description.spec, &description.source, product, version)?;
    if let Some(hash) = hash.filter(|hash| *hash != description.sha256) {
        return Err(CommandError::new(format!(
            "error: {LOCK}: {} {version} is locked with the sha256 {hash}, but {} has {}; run `alicloud-codegen update {product}` to accept the change, or restore the description",
            description.spec.product,
            description.source.display(),
            description.sha256
        )));
    }
    Ok(description)
}

/// Loads the current description of a product from a source. `place` is what asked for it.
pub(crate) fn load_current(
    source: &Source,
    product: &str,
    version: &str,
    place: &str,
) -> Result<Description, CommandError> {
    match source {
        Source::Service(service) => fetch(service, product, version, place),
        Source::Files(path) => find_file(path, product, version, place),
    }
}

/// Reads a description from a file.
pub(crate) fn read_file(
    file: &Path,
    path: String,
    origin: Origin,
) -> Result<Description, CommandError> {
    read(file.to_owned(), spec::read_bytes(file)?, path, origin)
}

fn read(
    source: PathBuf,
    bytes: Vec<u8>,
    path: String,
    origin: Origin,
) -> Result<Description, CommandError> {
    let mut diagnostics = Diagnostics::new(&source);
    let spec = spec::parse(&bytes, &source, &mut diagnostics)?;
    diagnostics.check()?;
    let sha256 = sha256(&bytes);
    Ok(Description { source, bytes, sha256, spec, diagnostics, origin, path })
}

fn find_file(
    folder: &Path,
    product: &str,
    version: &str,
    place: &str,
) -> Result<Description, CommandError> {
    let found = sources::description_files(folder)?
        .into_iter()
        .find(|file| file.product.eq_ignore_ascii_case(product) && file.version == version);
    let Some(file) = found else {
        let products = sources::products(&Source::Files(folder.to_owned()))?;
        sources::choose(&products, product, Some(version), place)?;
        return Err(CommandError::new(format!(
            "error: {place}no description of {product} {version} in {}; add the file",
            folder.display()
        )));
    };
    let path = lock_path(&file.product, &file.version);
    let description = read_file(&file.path, path, Origin::Written)?;
    check_identity(&description.spec, &description.source, product, version)?;
    Ok(description)
}

fn lock_path(product: &str, version: &str) -> String {
    format!("{}/{version}/api.json", product.to_ascii_lowercase())
}

/// Downloads a description and stores it in the cache. If the service has none, its list of products tells which
/// name is wrong.
fn fetch(
    service: &Metadata,
    product: &str,
    version: &str,
    place: &str,
) -> Result<Description, CommandError> {
    let error = match download(service, product, version) {
        Ok(description) => return Ok(description),
        // Without a response, the list would not be one either.
        Err(Failure { has_response: false, error }) => return Err(error),
        Err(Failure { error, .. }) => error,
    };
    let Ok(products) = sources::products(&Source::Service(service.clone())) else {
        return Err(error);
    };
    let (code, version) = sources::choose(&products, product, Some(version), place)?;
    match code == product {
        true => Err(error),
        // The service may distinguish upper and lower case.
        false => download(service, &code, &version).map_err(|failure| failure.error),
    }
}

/// Why a description was not downloaded.
struct Failure {
    /// Whether the service responded, but not with the description.
    has_response: bool,
    error: CommandError,
}

fn download(service: &Metadata, product: &str, version: &str) -> Result<Description, Failure> {
    let spinner = spinner(format!("downloading {product} {version}"));
    let bytes = service.description(product, version);
    spinner.finish_and_clear();
    let bytes =
        bytes.map_err(|error| Failure { has_response: error.is_missing, error: error.into() })?;
    let failure = |error| Failure { has_response: true, error };
    let source = PathBuf::from(service.description_url(product, version));
    let path = lock_path(product, version);
    let description = read(source, bytes, path, Origin::Fetched).map_err(failure)?;
    check_identity(&description.spec, &description.source, product, version).map_err(failure)?;
    cache::put(&description.sha256, &description.bytes);
    Ok(description)
}
