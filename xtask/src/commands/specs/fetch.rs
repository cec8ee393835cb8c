//! `specs fetch`: downloads a published description into `specs/`.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use alicloud_codegen::diagnostics::{CommandError, Diagnostics};
use alicloud_codegen::names;
use alicloud_codegen::sha256;
use alicloud_codegen::spec;
use ureq::http::StatusCode;
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Error};

use super::diff::{self, Document};
use super::files;
use super::lock::{self, Entry, Lock, Origin};

/// The site where Alibaba Cloud publishes its descriptions.
pub(super) const BASE_URL: &str = "https://api.aliyun.com";
/// Maximum size of a response in bytes. The largest published description has 5 MB.
const MAX_BYTES: u64 = 64 << 20;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const TOTAL_TIMEOUT: Duration = Duration::from_secs(120);

/// Downloads a description, writes it and its entry in the lock file, and returns a summary.
///
/// # Errors
///
/// If a name or the base URL is invalid, if the download fails, if the response is not a description
/// of that product and version, or if a file cannot be written. The existing files do not change then.
pub(super) fn fetch(
    root: &Path,
    base_url: &str,
    product: &str,
    version: &str,
) -> Result<String, CommandError> {
    for (what, name) in [("product", product), ("version", version)] {
        // The names become folder names.
        if !names::is_plain(name) {
            return Err(CommandError::new(format!(
                "error: invalid {what} {name:?}; use letters, digits, `-`, `_` and `.`"
            )));
        }
    }
    let url_path = format!("/meta/v1/products/{product}/versions/{version}/api-docs.json");
    let url = format!("{}{url_path}", validate_base_url(base_url)?);
    let mut lock = Lock::read(root)?;

    let document = parse(download(&url)?, &url)?;
    let (actual_product, actual_version) = (&document.spec.product, &document.spec.version);
    if !actual_product.eq_ignore_ascii_case(product) || actual_version != version {
        return Err(CommandError::new(format!(
            "error: {url} at /info: expected {product} {version}, got {actual_product:?} {actual_version:?}; correct the product or version (the existing file was not changed)"
        )));
    }

    let path = format!("specs/{}/{version}/api.json", product.to_ascii_lowercase());
    let target = root.join(&path);
    let old = files::read(&target)?;
    let replaces_hand_written =
        lock.entries.get(&path).is_some_and(|entry| entry.origin == Origin::Written);
    let sha256 = sha256(&document.bytes);
    lock.add(Entry {
        path: path.clone(),
        product: document.spec.product.clone(),
        version: document.spec.version.clone(),
        origin: Origin::Fetched,
        url: Some(url_path),
        sha256: sha256.clone(),
    });
    write(root, &target, &document.bytes, old.as_deref(), &lock)?;

    let mut summary = format!(
        "{path}: {} {}, {} operations, {} bytes, sha256 {sha256}",
        document.spec.product,
        document.spec.version,
        document.spec.operations.len(),
        document.bytes.len()
    );
    if replaces_hand_written {
        summary.push_str("\nreplaced a description that was written by hand");
    }
    // The comparison is optional: an old description can be invalid.
    if let Some(old) = old.and_then(|bytes| parse(bytes, &path).ok()) {
        let comparison = diff::compare(&old, &document);
        summary.push_str(&format!(
            "\n{}, {} changes; `cargo xtask specs diff OLD {path}` prints them",
            comparison.headline(),
            comparison.changes.len()
        ));
    }
    Ok(summary)
}

/// Returns the base URL without trailing slashes.
fn validate_base_url(base_url: &str) -> Result<&str, CommandError> {
    let is_valid = ["http://", "https://"]
        .iter()
        .any(|scheme| base_url.strip_prefix(scheme).is_some_and(|host| !host.is_empty()))
        && base_url.bytes().all(|byte| byte.is_ascii_graphic())
        && !base_url.contains(['?', '#', '@']);
    match is_valid {
        true => Ok(base_url.trim_end_matches('/')),
        false => Err(CommandError::new(
            "error: --base-url: invalid URL; write https://host or http://host:port, without user, query and fragment",
        )),
    }
}

fn download(url: &str) -> Result<Vec<u8>, CommandError> {
    let fail = |why: &dyn std::fmt::Display| {
        CommandError::new(format!("error: {url}: {why}; the existing file was not changed"))
    };
    // The process has no default provider.
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = TlsConfig::builder()
        .root_certs(RootCerts::PlatformVerifier)
        .unversioned_rustls_crypto_provider(provider)
        .build();
    let agent: Agent = Agent::config_builder()
        .tls_config(tls)
        .http_status_as_error(false)
        // A redirect is reported as an error below: its target can be on another host.
        .max_redirects(0)
        .max_redirects_will_error(false)
        .timeout_connect(Some(CONNECT_TIMEOUT))
        .timeout_global(Some(TOTAL_TIMEOUT))
        .build()
        .into();
    let too_large = || fail(&format!("the response is larger than {MAX_BYTES} bytes"));
    let mut response = agent.get(url).call().map_err(|error| fail(&describe(&error)))?;
    if response.status() != StatusCode::OK {
        let why = match response.status() {
            status if status.is_redirection() => {
                format!("HTTP {status}, redirects are not followed")
            }
            status => format!("HTTP {status}"),
        };
        return Err(fail(&why));
    }
    if response.body().content_length().is_some_and(|length| length > MAX_BYTES) {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    response
        .body_mut()
        .as_reader()
        .take(MAX_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| fail(&format!("the response is incomplete: {error}")))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(too_large());
    }
    Ok(bytes)
}

fn describe(error: &Error) -> String {
    match error {
        Error::Timeout(phase) => format!("timed out ({phase})"),
        other => other.to_string(),
    }
}

fn parse(bytes: Vec<u8>, source: &str) -> Result<Document, CommandError> {
    let source = PathBuf::from(source);
    let mut diagnostics = Diagnostics::new(&source);
    let spec = spec::parse(&bytes, &source, &mut diagnostics)?;
    diagnostics.check()?;
    Ok(Document { spec, bytes })
}

/// Writes the description and the lock file: both or neither.
fn write(
    root: &Path,
    target: &Path,
    bytes: &[u8],
    old: Option<&[u8]>,
    lock: &Lock,
) -> Result<(), CommandError> {
    let lock_path = root.join(lock::PATH);
    let staged = files::stage(target, bytes)?;
    let staged_lock = files::stage(&lock_path, lock.text().as_bytes())?;
    staged.commit(target)?;
    let Err(error) = staged_lock.commit(&lock_path) else { return Ok(()) };
    match old {
        Some(old) => files::stage(target, old)?.commit(target)?,
        None => {
            fs::remove_file(target)
                .map_err(|error| files::io_error(target, "cannot be removed", &error))?;
        }
    }
    Err(error)
}
