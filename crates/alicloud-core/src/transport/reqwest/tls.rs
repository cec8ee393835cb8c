//! The TLS of a reqwest client.

use crate::error::TransportError;
#[cfg(not(feature = "__rustls"))]
use crate::error::TransportErrorKind;
use crate::transport::config::TransportConfig;

#[cfg(feature = "__rustls")]
pub(super) fn with_tls(
    builder: reqwest::ClientBuilder,
    config: &TransportConfig,
) -> Result<reqwest::ClientBuilder, TransportError> {
    Ok(builder.tls_backend_preconfigured(crate::transport::tls::client_config(config)?))
}

#[cfg(all(feature = "native-tls", not(feature = "__rustls")))]
pub(super) fn with_tls(
    mut builder: reqwest::ClientBuilder,
    config: &TransportConfig,
) -> Result<reqwest::ClientBuilder, TransportError> {
    let tls_error = |error: reqwest::Error| {
        TransportError::new(TransportErrorKind::Tls).with_source(error.without_url())
    };
    let not_pem = |what: &str| {
        TransportError::new(TransportErrorKind::Tls).with_source(format!("the {what} is not PEM"))
    };
    builder = builder.tls_backend_native().tls_version_min(reqwest::tls::Version::TLS_1_2);
    for pem in &config.root_certificates {
        let certificates = reqwest::Certificate::from_pem_bundle(pem).map_err(tls_error)?;
        if certificates.is_empty() {
            return Err(not_pem("root certificate"));
        }
        builder = builder.tls_certs_merge(certificates);
    }
    if let Some(pem) = &config.client_certificate {
        let pem = pem.expose();
        let start = pem.find("-----BEGIN PRIVATE KEY").ok_or_else(|| not_pem("private key"))?;
        let end = pem.get(start..).and_then(|rest| rest.find("-----END PRIVATE KEY-----"));
        let end = end.ok_or_else(|| not_pem("private key"))?;
        let key = pem.get(start..start + end + "-----END PRIVATE KEY-----".len());
        let chain = zeroize::Zeroizing::new(
            [pem.get(..start), pem.get(start + end + "-----END PRIVATE KEY-----".len()..)]
                .map(Option::unwrap_or_default)
                .concat(),
        );
        let key = key.unwrap_or_default().as_bytes();
        let identity = reqwest::Identity::from_pkcs8_pem(chain.as_bytes(), key);
        builder = builder.identity(identity.map_err(tls_error)?);
    }
    Ok(builder)
}

#[cfg(not(any(feature = "__rustls", feature = "native-tls")))]
pub(super) fn with_tls(
    builder: reqwest::ClientBuilder,
    config: &TransportConfig,
) -> Result<reqwest::ClientBuilder, TransportError> {
    if config.root_certificates.is_empty() && config.client_certificate.is_none() {
        return Ok(builder);
    }
    Err(TransportError::new(TransportErrorKind::Tls).with_source(
        "certificates need TLS, but alicloud-core was built without; enable its feature `rustls-ring`",
    ))
}
