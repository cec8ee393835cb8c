//! `specs fetch`: a description from the service's own site into `specs/`.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use ureq::http::StatusCode;
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Error};

use super::diff::{self, Document};
use super::files;
use super::lock::{self, Entry, Lock, Origin};
use crate::codegen;
use crate::codegen::diagnostics::{Diagnostics, Failure};
use crate::codegen::names;
use crate::codegen::spec;

/// Where Alibaba Cloud publishes its descriptions.
pub(super) const BASE: &str = "https://api.aliyun.com";
/// The largest response that is taken. The largest published description has 5 MB.
const MAX_BYTES: u64 = 64 << 20;
const CONNECT: Duration = Duration::from_secs(5);
const WHOLE: Duration = Duration::from_secs(120);

/// Fetches a description, puts it into its place and its hash into the lock. Gives what to say.
pub(super) fn fetch(
    root: &Path,
    base: &str,
    product: &str,
    version: &str,
) -> Result<String, Failure> {
    for (what, name) in [("product", product), ("version", version)] {
        // They become folders.
        if !names::is_plain(name) {
            return Err(Failure::new(format!(
                "error: {name:?} is no {what}: use letters, digits, `-`, `_` and `.`"
            )));
        }
    }
    let url_path = format!("/meta/v1/products/{product}/versions/{version}/api-docs.json");
    let url = format!("{}{url_path}", address(base)?);
    let mut lock = Lock::read(root)?;

    let document = parse(download(&url)?, &url)?;
    let found = (&document.spec.product, &document.spec.version);
    if !found.0.eq_ignore_ascii_case(product) || found.1 != version {
        return Err(Failure::new(format!(
            "error: {url} at /info: it describes {:?} {:?}, and {product} {version} was asked for: correct the name, the old file is as it was",
            found.0, found.1
        )));
    }

    let path = format!("specs/{}/{version}/api.json", product.to_ascii_lowercase());
    let target = root.join(&path);
    let old = files::read(&target)?;
    let written = lock.entries.get(&path).is_some_and(|entry| entry.origin == Origin::Written);
    let sha256 = codegen::sha256(&document.bytes);
    lock.add(Entry {
        path: path.clone(),
        product: document.spec.product.clone(),
        version: document.spec.version.clone(),
        origin: Origin::Fetched,
        url: Some(url_path),
        sha256: sha256.clone(),
    });
    put(root, &target, &document.bytes, old.as_deref(), &lock)?;

    let mut said = format!(
        "{path}: {} {}, {} operations, {} bytes, sha256 {sha256}",
        document.spec.product,
        document.spec.version,
        document.spec.operations.len(),
        document.bytes.len()
    );
    if written {
        said.push_str("\nit took the place of a description that was written by hand");
    }
    // The comparison is a help, so an old file that cannot be read is no reason to complain now.
    if let Some(old) = old.and_then(|bytes| parse(bytes, &path).ok()) {
        let comparison = diff::compare(&old, &document);
        said.push_str(&format!(
            "\n{}, {} changes; `cargo xtask specs diff OLD {path}` lists them",
            comparison.headline(),
            comparison.changes.len()
        ));
    }
    Ok(said)
}

/// The base of the address, without a slash at its end.
fn address(base: &str) -> Result<&str, Failure> {
    let valid = ["http://", "https://"]
        .iter()
        .any(|scheme| base.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty()))
        && base.bytes().all(|byte| byte.is_ascii_graphic())
        && !base.contains(['?', '#', '@']);
    match valid {
        true => Ok(base.trim_end_matches('/')),
        false => Err(Failure::new(
            "error: --base-url: no address to fetch from: write it as https://host or http://host:port, without a user, a query or a fragment",
        )),
    }
}

fn download(url: &str) -> Result<Vec<u8>, Failure> {
    let fail = |why: &dyn std::fmt::Display| {
        Failure::new(format!("error: {url}: {why}: the old file is as it was"))
    };
    // A provider of our own choice: the process may have another default, or none.
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = TlsConfig::builder()
        .root_certs(RootCerts::PlatformVerifier)
        .unversioned_rustls_crypto_provider(provider)
        .build();
    let agent: Agent = Agent::config_builder()
        .tls_config(tls)
        .http_status_as_error(false)
        // Where a redirect leads is not what was asked for; it is a response like any other.
        .max_redirects(0)
        .max_redirects_will_error(false)
        .timeout_connect(Some(CONNECT))
        .timeout_global(Some(WHOLE))
        .build()
        .into();
    let too_large = || fail(&format!("more than {MAX_BYTES} bytes, as no description has"));
    let mut response = agent.get(url).call().map_err(|error| fail(&explained(&error)))?;
    if response.status() != StatusCode::OK {
        let why = match response.status() {
            status if status.is_redirection() => format!("HTTP {status}, which is not followed"),
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
        .map_err(|error| fail(&format!("the response broke off: {error}")))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(too_large());
    }
    Ok(bytes)
}

fn explained(error: &Error) -> String {
    match error {
        Error::Timeout(what) => format!("took too long ({what})"),
        other => other.to_string(),
    }
}

fn parse(bytes: Vec<u8>, place: &str) -> Result<Document, Failure> {
    let place = PathBuf::from(place);
    let mut diagnostics = Diagnostics::new(&place);
    let spec = spec::parse(&bytes, &place, &mut diagnostics)?;
    diagnostics.check()?;
    Ok(Document { spec, bytes })
}

/// Puts the description and the lock into their places: both, or neither.
fn put(
    root: &Path,
    target: &Path,
    bytes: &[u8],
    old: Option<&[u8]>,
    lock: &Lock,
) -> Result<(), Failure> {
    let lock_file = root.join(lock::FILE);
    let (ready, ready_lock) =
        (files::prepare(target, bytes)?, files::prepare(&lock_file, lock.text().as_bytes())?);
    ready.put(target)?;
    let Err(failure) = ready_lock.put(&lock_file) else { return Ok(()) };
    match old {
        Some(old) => files::prepare(target, old)?.put(target)?,
        None => {
            fs::remove_file(target)
                .map_err(|error| files::at(target, "cannot be removed", &error))?;
        }
    }
    Err(failure)
}
