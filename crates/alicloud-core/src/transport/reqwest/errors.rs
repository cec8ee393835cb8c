//! Errors of reqwest and the layers below it.

use std::error::Error as StdError;
use std::{fmt, io};

use crate::error::{TransportError, TransportErrorKind};
use crate::transport::proxy::Proxies;

/// Converts an error of reqwest. `default` is the kind if the error does not name a phase.
pub(super) fn convert(
    error: reqwest::Error,
    default: TransportErrorKind,
    proxies: &Proxies,
) -> TransportError {
    if let Some(reason) = causes(&error).find_map(proxy_rejection) {
        return rejected_by_proxy(reason, proxies.setting_for(error.url()));
    }
    let kind = if error.is_connect() {
        connect_error_kind(&error)
    } else if error.is_timeout() {
        TransportErrorKind::ReadTimeout
    } else if error.is_builder() {
        TransportErrorKind::Request
    } else if is_certificate_rejected(&error) {
        TransportErrorKind::Tls
    } else {
        default
    };
    let proxy = error.url().filter(|_| error.is_connect()).and_then(|url| proxies.find(url));
    let setting = proxy.map(|proxy| proxy.setting);
    let source = error.without_url();
    let error = TransportError::new(kind);
    match setting {
        Some(setting) => error.with_source(ProxiedError { setting, source }),
        None => error.with_source(source),
    }
}

/// An error of a connection through a proxy, which can be the one that refuses it instead of the service.
#[derive(Debug)]
struct ProxiedError {
    /// The name of the setting with the proxy.
    setting: &'static str,
    source: reqwest::Error,
}

impl fmt::Display for ProxiedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "through a proxy ({})", self.setting)
    }
}

impl StdError for ProxiedError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&self.source)
    }
}

/// Returns the error for a proxy that rejects the credentials in `setting`.
pub(super) fn rejected_by_proxy(reason: &str, setting: &str) -> TransportError {
    TransportError::new(TransportErrorKind::ProxyCredentials).with_source(format!(
        "{reason}; set the user and the password in {setting}, for example \
         http://user:password@proxy.example:3128, with special characters percent-encoded"
    ))
}

/// Returns how a proxy rejected the credentials, if that is the cause. The types of hyper's errors are private,
/// so only their texts identify them.
fn proxy_rejection(cause: &(dyn StdError + 'static)) -> Option<&'static str> {
    match cause.to_string().as_str() {
        "tunnel error: proxy authorization required" => Some("HTTP 407"),
        "SOCKS error: credentials not accepted"
        | "SOCKS error: server does not support user/pass authentication" => {
            Some("SOCKS authentication failed")
        }
        _ => None,
    }
}

/// Returns whether a connection failed in DNS, TCP or TLS.
fn connect_error_kind(error: &reqwest::Error) -> TransportErrorKind {
    for cause in causes(error) {
        if is_tls_error(cause) {
            return TransportErrorKind::Tls;
        }
        // The resolver's error type is private, so only its text identifies it.
        if cause.to_string().starts_with("dns error") {
            return TransportErrorKind::Dns;
        }
    }
    TransportErrorKind::Connect
}

/// Returns all causes of an error, including the inner error of an `io::Error`, which `source` skips.
fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn StdError + 'static)> {
    std::iter::successors(error.source(), |error| {
        let error: &(dyn StdError + 'static) = *error;
        let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        inner.map(|inner| inner as &(dyn StdError + 'static)).or_else(|| error.source())
    })
}

/// Returns whether the server rejected the client certificate, which can happen after the request
/// was sent.
fn is_certificate_rejected(error: &reqwest::Error) -> bool {
    #[cfg(feature = "__rustls")]
    return causes(error).any(crate::transport::tls::is_certificate_rejected);
    #[cfg(not(feature = "__rustls"))]
    {
        let _ = error;
        false
    }
}

/// Returns whether an error is one of TLS.
fn is_tls_error(error: &(dyn StdError + 'static)) -> bool {
    #[cfg(feature = "__rustls")]
    if crate::transport::tls::is_tls_error(error) {
        return true;
    }
    #[cfg(feature = "native-tls")]
    if error.is::<native_tls::Error>() {
        return true;
    }
    let _ = error;
    false
}
