//! TLS with rustls: our own provider in our own configuration, so that the process-wide default stays
//! with the program.

use std::error::Error as StdError;
use std::sync::Arc;

use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{AlertDescription, ClientConfig};
use rustls_platform_verifier::Verifier;

use super::{TransportConfig, TransportError, TransportErrorKind};

/// With both on, ring: it was chosen to need no cmake, and somebody chose it.
fn provider() -> CryptoProvider {
    #[cfg(feature = "rustls-ring")]
    return rustls::crypto::ring::default_provider();
    #[cfg(not(feature = "rustls-ring"))]
    return rustls::crypto::aws_lc_rs::default_provider();
}

/// The configuration of a client.
pub(super) fn client_config(config: &TransportConfig) -> Result<ClientConfig, TransportError> {
    let provider = Arc::new(provider());
    let verifier = verifier(config, &provider)?;
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(failed)?
        .dangerous()
        .with_custom_certificate_verifier(verifier);
    let mut tls = match &config.identity {
        None => builder.with_no_client_auth(),
        Some(pem) => {
            let pem = pem.expose().as_bytes();
            let chain = certificates(pem, "client certificate")?;
            let key = PrivateKeyDer::from_pem_slice(pem).map_err(|_| {
                failed("the client certificate has no private key in PEM beside it")
            })?;
            builder.with_client_auth_cert(chain, key).map_err(failed)?
        }
    };
    tls.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(tls)
}

/// Trusts what the platform trusts, and the certificates that were added.
fn verifier(
    config: &TransportConfig,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, TransportError> {
    let mut roots = Vec::new();
    for pem in &config.roots {
        roots.extend(certificates(pem, "root certificate")?);
    }
    if roots.is_empty() {
        return Ok(Arc::new(Verifier::new(provider.clone()).map_err(failed)?));
    }
    #[cfg(target_os = "android")]
    return Err(failed("Android takes root certificates from its own settings alone"));
    #[cfg(not(target_os = "android"))]
    Ok(Arc::new(Verifier::new_with_extra_roots(roots, provider.clone()).map_err(failed)?))
}

fn certificates(pem: &[u8], what: &str) -> Result<Vec<CertificateDer<'static>>, TransportError> {
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    match found {
        Ok(found) if !found.is_empty() => Ok(found),
        _ => Err(failed(format!("the {what} is not PEM"))),
    }
}

fn failed(source: impl Into<Box<dyn StdError + Send + Sync>>) -> TransportError {
    TransportError::new(TransportErrorKind::Tls).with_source(source)
}

/// Whether an error says that there is no TLS on a connection.
pub(super) fn is_handshake(error: &(dyn StdError + 'static)) -> bool {
    error.is::<rustls::Error>()
}

/// Whether an error says that the server refused our certificate. In TLS 1.3 that comes behind our
/// side of the handshake, when the request is on its way already; the server has not looked at it.
pub(super) fn is_refused(error: &(dyn StdError + 'static)) -> bool {
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
