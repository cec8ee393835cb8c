//! A provider that reads credentials from a URL.

use std::net::IpAddr;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, StatusCode, Uri, header};

use super::CredentialsFuture;
use super::document::Document;
use super::external::DISABLED_VARIABLE;
use super::http::{Timeouts, describe_body, send};
use super::provider_context::ProviderContext;
use super::source::{CachedSource, Source, provider};
use super::{Credentials, CredentialsError};
use crate::secret::Redactor;

pub(super) const URI_VARIABLE: &str = "ALIBABA_CLOUD_CREDENTIALS_URI";

const TIMEOUTS: Timeouts =
    Timeouts { read: Duration::from_secs(10), total: Duration::from_secs(15) };

/// A provider that reads temporary credentials from a URL, for example that of a sidecar.
///
/// The URL is [`uri`](CredentialsUri::uri), else `ALIBABA_CLOUD_CREDENTIALS_URI`. The response to a
/// GET request must be `{"Code": "Success", "AccessKeyId": …, "AccessKeySecret": …,
/// "SecurityToken": …, "Expiration": …}`; `Code` is optional.
///
/// A request takes at most 15 s. Redirects are not followed. URLs on this host are requested without
/// a proxy. Credentials are cached as described for
/// [`CachingCredentialsProvider`](super::CachingCredentialsProvider).
///
/// # Errors
///
/// * Absent if no URL is configured.
/// * Failed if `ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS` is set, the URL is invalid, there is no
///   response, or the response has an error status or another format.
///
/// Errors do not show the URL, because it can contain a token.
///
/// # Examples
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), alicloud_core::credentials::CredentialsError> {
/// use alicloud_core::credentials::{CredentialsUri, ProvideCredentials};
/// use alicloud_core::testing::{FakeTransport, ManualClock};
///
/// let sidecar = FakeTransport::new().respond_json("", r#"{
///     "AccessKeyId": "STS.Example", "AccessKeySecret": "secret",
///     "SecurityToken": "token", "Expiration": "2026-01-02T09:04:05Z"
/// }"#);
/// let provider = CredentialsUri::new()
///     .uri("http://127.0.0.1:8086/credentials")
///     .direct_transport(sidecar)
///     .clock(ManualClock::from_unix_seconds(1_767_323_045));
/// assert_eq!(provider.credentials().await?.access_key_id(), "STS.Example");
/// # Ok(()) }
/// ```
pub struct CredentialsUri(CachedSource<UriSource>);

/// The uncached source of [`CredentialsUri`].
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
    /// Creates a provider that reads the URL from the environment.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::credentials::{CredentialsUri, ProvideCredentials};
    ///
    /// assert_eq!(CredentialsUri::new().name(), "credentials_uri");
    /// ```
    pub fn new() -> Self {
        CredentialsUri(CachedSource::new(UriSource::default()))
    }

    /// Sets the URL, which begins with `http://` or `https://`.
    #[must_use]
    pub fn uri(self, uri: impl Into<String>) -> Self {
        CredentialsUri(self.0.configure(|source, _| source.uri = Some(uri.into())))
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

    fn fetch<'a>(&'a self, context: &'a ProviderContext) -> CredentialsFuture<'a> {
        Box::pin(async move {
            let failed = |reason: String| CredentialsError::failed(Self::NAME, reason);
            let (uri, setting) = match &self.uri {
                Some(uri) => (uri.clone(), "the URL"),
                None => match context.variables.text(URI_VARIABLE).map_err(failed)? {
                    Some(uri) => (uri, URI_VARIABLE),
                    None => {
                        let reason = format!("{URI_VARIABLE} is not set");
                        return Err(CredentialsError::absent(Self::NAME, reason));
                    }
                },
            };
            if context.variables.is_on(DISABLED_VARIABLE).map_err(failed)? {
                return Err(failed(format!(
                    "{setting} is not requested, because {DISABLED_VARIABLE} is set; unset it"
                )));
            }
            let credentials = fetch(&uri, context).await;
            credentials.map_err(|reason| failed(format!("{setting}: {reason}")))
        })
    }
}

async fn fetch(uri: &str, context: &ProviderContext) -> Result<Credentials, String> {
    let uri = parse_uri(uri)?;
    let transport =
        if is_local(&uri) { context.direct_transport()? } else { context.transport()? };
    let request = Request::get(uri).header(header::ACCEPT, "application/json");
    let request = request.body(Bytes::new());
    let request = request.map_err(|_| "the request is invalid".to_owned())?;
    let response = send(&*transport, &*context.clock, request, TIMEOUTS).await;
    let response = response.map_err(|error| error.message)?;
    if response.status() != StatusCode::OK {
        let body = describe_body(&response, &Redactor::for_credentials());
        return Err(format!(
            "the service responded with HTTP {} {body}",
            response.status().as_u16()
        ));
    }
    let document = Document::from_body(response.into_body());
    let document = document.map_err(|reason| format!("the response {reason}"))?;
    let fields = document.fields();
    if fields.text("Code").is_some_and(|code| code != "Success") {
        return Err("the response has a `Code` other than Success".to_owned());
    }
    let credentials =
        fields.temporary_credentials().map_err(|reason| format!("the response {reason}"))?;
    Ok(credentials.with_provider(UriSource::NAME))
}

fn parse_uri(uri: &str) -> Result<Uri, String> {
    let parsed: Option<Uri> = uri.trim().parse().ok();
    let parsed = parsed.filter(|uri| matches!(uri.scheme_str(), Some("http" | "https")));
    let uri = parsed.ok_or("must be a URL that begins with http:// or https://")?;
    if uri.authority().is_some_and(|authority| authority.as_str().contains('@')) {
        return Err("has a user name, which would not be sent; remove it".to_owned());
    }
    Ok(uri)
}

/// Returns whether a URL is plain HTTP on this host or its local link, where no proxy must be used.
fn is_local(uri: &Uri) -> bool {
    let host = uri.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    let is_local_host = match host.parse() {
        Ok(IpAddr::V4(address)) => address.is_loopback() || address.is_link_local(),
        Ok(IpAddr::V6(address)) => address.is_loopback() || address.is_unicast_link_local(),
        Err(_) => host.eq_ignore_ascii_case("localhost"),
    };
    is_local_host && uri.scheme_str() == Some("http")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn detects_urls_on_this_host() {
        for (uri, expected) in [
            ("http://localhost:80/x", true),
            ("http://127.0.0.1/x", true),
            ("http://[::1]:8080/x", true),
            ("http://169.254.1.1/x", true),
            ("https://localhost/x", false),
            ("http://localhost.example.com/x", false),
            ("http://10.0.0.1/x", false),
        ] {
            assert_eq!(is_local(&parse_uri(uri).unwrap()), expected, "{uri}");
        }
    }

    #[test]
    fn rejects_invalid_urls_without_quoting_them() {
        for uri in ["", "sesame", "ftp://sesame/x", "http://me:sesame@host/", "http://sesame host/"]
        {
            let error = parse_uri(uri).unwrap_err();
            assert!(!error.contains("sesame"), "{error}");
        }
    }
}
