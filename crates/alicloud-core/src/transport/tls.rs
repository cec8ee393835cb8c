//! TLS with rustls. The crypto provider is set per configuration, so that the process-wide default
//! is left to the program.

use std::error::Error as StdError;
use std::sync::Arc;

use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{AlertDescription, ClientConfig};
use rustls_platform_verifier::Verifier;

use super::{TransportConfig, TransportError, TransportErrorKind};

/// Returns the crypto provider: ring if both features are enabled.
fn crypto_provider() -> CryptoProvider {
    #[cfg(feature = "rustls-ring")]
    return rustls::crypto::ring::default_provider();
    #[cfg(not(feature = "rustls-ring"))]
    return rustls::crypto::aws_lc_rs::default_provider();
}

/// Returns the TLS configuration of a client.
pub(super) fn client_config(config: &TransportConfig) -> Result<ClientConfig, TransportError> {
    let provider = Arc::new(crypto_provider());
    let verifier = certificate_verifier(config, &provider)?;
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(tls_error)?
        .dangerous()
        .with_custom_certificate_verifier(verifier);
    let mut tls = match &config.client_certificate {
        None => builder.with_no_client_auth(),
        Some(pem) => {
            let pem = pem.expose().as_bytes();
            let chain = parse_certificates(pem, "client certificate")?;
            let key = PrivateKeyDer::from_pem_slice(pem).map_err(|_| {
                tls_error("the client certificate has no private key; append it in PEM")
            })?;
            builder.with_client_auth_cert(chain, key).map_err(tls_error)?
        }
    };
    tls.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(tls)
}

/// Returns a verifier that trusts the root certificates of the platform and the configured ones.
fn certificate_verifier(
    config: &TransportConfig,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, TransportError> {
    let mut roots = Vec::new();
    for pem in &config.root_certificates {
        roots.extend(parse_certificates(pem, "root certificate")?);
    }
    if roots.is_empty() {
        return Ok(Arc::new(Verifier::new(provider.clone()).map_err(tls_error)?));
    }
    #[cfg(target_os = "android")]
    return Err(tls_error(
        "root certificates cannot be added on Android; install them in its settings",
    ));
    #[cfg(not(target_os = "android"))]
    Ok(Arc::new(Verifier::new_with_extra_roots(roots, provider.clone()).map_err(tls_error)?))
}

fn parse_certificates(
    pem: &[u8],
    setting: &str,
) -> Result<Vec<CertificateDer<'static>>, TransportError> {
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    match certificates {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        _ => Err(tls_error(format!("the {setting} is not PEM"))),
    }
}

fn tls_error(source: impl Into<Box<dyn StdError + Send + Sync>>) -> TransportError {
    TransportError::new(TransportErrorKind::Tls).with_source(source)
}

/// Returns whether an error is one of rustls.
pub(super) fn is_tls_error(error: &(dyn StdError + 'static)) -> bool {
    error.is::<rustls::Error>()
}

/// Returns whether the server rejected the client certificate. In TLS 1.3 this arrives after the
/// client's part of the handshake, when the request may have been sent; the server did not process it.
pub(super) fn is_certificate_rejected(error: &(dyn StdError + 'static)) -> bool {
    use AlertDescription as Alert;

    matches!(
        error.downcast_ref::<rustls::Error>(),
        Some(rustls::Error::AlertReceived(
            Alert::CertificateRequired
                | Alert::BadCertificate
                | Alert::UnsupportedCertificate
                | Alert::CertificateRevoked
                | Alert::CertificateExpired
                | Alert::CertificateUnknown
                | Alert::UnknownCA
                | Alert::AccessDenied
                | Alert::DecryptError
                | Alert::HandshakeFailure
        ))
    )
}
