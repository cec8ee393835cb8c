//! Credentials from a service of one's own.

use std::net::IpAddr;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Uri, header};

use super::document::Document;
use super::http::{Limits, send};
use super::provider_context::Seams;
use super::source::{Fetched, Kept, Source, provider};
use super::{Credentials, CredentialsError};

const URI: &str = "ALIBABA_CLOUD_CREDENTIALS_URI";

const LIMITS: Limits =
    Limits { read_timeout: Duration::from_secs(10), total: Duration::from_secs(15) };

/// Temporary credentials from a URL, such as that of a sidecar.
///
/// The URL is [`uri`](CredentialsUri::uri), else `ALIBABA_CLOUD_CREDENTIALS_URI`. It is fetched with GET
/// and answers `{"Code": "Success", "AccessKeyId": …, "AccessKeySecret": …, "SecurityToken": …,
/// "Expiration": …}`; `Code` may be missing. A URL of this machine is fetched without a proxy. Redirects
/// are not followed. 15 seconds at most, and the result is kept as [`CachingCredentialsProvider`](super::CachingCredentialsProvider) describes.
///
/// ```
/// use alicloud_core::credentials::CredentialsUri;
///
/// let provider = CredentialsUri::new().uri("http://127.0.0.1:8086/credentials");
/// ```
///
/// # Errors
///
/// Absent without a URL. Failed when that is none, when nothing answers or with another status than
/// success, and when the answer is not as above. The URL is not shown: it may hold a token.
pub struct CredentialsUri(Kept<UriSource>);

/// The fetching part of [`CredentialsUri`].
#[derive(Clone, Default)]
pub(super) struct UriSource {
    pub(super) uri: Option<String>,
}

impl std::fmt::Debug for UriSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UriSource").field("is_set", &self.uri.is_some()).finish()
    }
}

impl CredentialsUri {
    /// The URL that the environment names.
    pub fn new() -> Self {
        CredentialsUri(Kept::new(UriSource::default()))
    }

    /// The URL, with `http://` or `https://` in front.
    #[must_use]
    pub fn uri(self, uri: impl Into<String>) -> Self {
        CredentialsUri(self.0.with(|source, _| source.uri = Some(uri.into())))
    }
}

impl Default for CredentialsUri {
    fn default() -> Self {
        CredentialsUri::new()
    }
}

provider!(CredentialsUri, UriSource, variables transport direct_transport clock nonces);

impl Source for UriSource {
    const NAME: &'static str = "credentials_uri";

    fn fetch<'a>(&'a self, seams: &'a Seams) -> Fetched<'a> {
        Box::pin(async move {
            let failed = |reason: String| CredentialsError::failed(Self::NAME, reason);
            let (uri, whose) = match &self.uri {
                Some(uri) => (uri.clone(), "the URL"),
                None => match seams.variables.text(URI).map_err(failed)? {
                    Some(uri) => (uri, URI),
                    None => {
                        let reason = format!("{URI} is not set");
                        return Err(CredentialsError::absent(Self::NAME, reason));
                    }
                },
            };
            let fetched = fetch(&uri, seams).await;
            fetched.map_err(|reason| failed(format!("{whose}: {reason}")))
        })
    }
}

async fn fetch(uri: &str, seams: &Seams) -> Result<Credentials, String> {
    let uri = parse(uri)?;
    let transport = if is_here(&uri) { seams.direct()? } else { seams.transport()? };
    let request = Request::get(uri).header(header::ACCEPT, "application/json");
    let request = request.body(Bytes::new());
    let request = request.map_err(|_| "it cannot be written down".to_owned())?;
    let response = send(&*transport, &*seams.clock, request, LIMITS).await;
    let response = response.map_err(|failure| failure.text)?;
    if !response.status().is_success() {
        return Err(format!("it answers HTTP {}", response.status().as_u16()));
    }
    let document = Document::of_body(response.into_body());
    let document = document.map_err(|reason| format!("its answer {reason}"))?;
    let fields = document.fields();
    if fields.text("Code").is_some_and(|code| code != "Success") {
        return Err("its answer has another `Code` than Success".to_owned());
    }
    let credentials = fields.temporary().map_err(|reason| format!("its answer {reason}"))?;
    Ok(credentials.with_provider(UriSource::NAME))
}

fn parse(uri: &str) -> Result<Uri, String> {
    let known: Option<Uri> = uri.trim().parse().ok();
    let known = known.filter(|uri| matches!(uri.scheme_str(), Some("http" | "https")));
    let uri = known.ok_or("it is not a URL that begins with http:// or https://")?;
    if uri.authority().is_some_and(|authority| authority.as_str().contains('@')) {
        return Err("it has a user name in front of its host, which is not sent".to_owned());
    }
    Ok(uri)
}

/// Whether a URL in plain HTTP is one of this machine or of its link, where no proxy belongs.
fn is_here(uri: &Uri) -> bool {
    let host = uri.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    let here = match host.parse() {
        Ok(IpAddr::V4(address)) => address.is_loopback() || address.is_link_local(),
        Ok(IpAddr::V6(address)) => address.is_loopback() || address.is_unicast_link_local(),
        Err(_) => host.eq_ignore_ascii_case("localhost"),
    };
    here && uri.scheme_str() == Some("http")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_this_machine() {
        for (uri, here) in [
            ("http://localhost:80/x", true),
            ("http://127.0.0.1/x", true),
            ("http://[::1]:8080/x", true),
            ("http://169.254.1.1/x", true),
            ("https://localhost/x", false),
            ("http://localhost.example.com/x", false),
            ("http://10.0.0.1/x", false),
        ] {
            assert_eq!(is_here(&parse(uri).unwrap()), here, "{uri}");
        }
    }

    #[test]
    fn refuses_what_is_no_url_and_quotes_nothing() {
        for uri in ["", "sesame", "ftp://sesame/x", "http://me:sesame@host/", "http://sesame host/"]
        {
            let error = parse(uri).unwrap_err();
            assert!(!error.contains("sesame"), "{error}");
        }
    }
}
