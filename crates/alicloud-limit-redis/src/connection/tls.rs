//! TLS with rustls. The crypto provider is set for each connection; the process-wide one is not used.

use std::io;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{CertificateError, ClientConfig};
use rustls_platform_verifier::Verifier;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::config::RedisConfig;
use crate::error::{RedisError, RedisErrorKind};

/// Performs the TLS handshake.
pub(super) async fn connect(
    config: &RedisConfig,
    url: &str,
    host: &str,
    stream: TcpStream,
) -> Result<TlsStream<TcpStream>, RedisError> {
    let name = ServerName::try_from(host.to_owned()).map_err(|_| {
        tls_error(url, format!("{host:?} is no name of a TLS server"), "correct the host")
    })?;
    let client = match config.tls_client.get() {
        Some(client) => client.clone(),
        None => {
            let client = Arc::new(client_config(config, url)?);
            config.tls_client.get_or_init(|| client).clone()
        }
    };
    let connector = TlsConnector::from(client);
    connector.connect(name, stream).await.map_err(|error| handshake_error(url, error))
}

fn client_config(config: &RedisConfig, url: &str) -> Result<ClientConfig, RedisError> {
    let unusable = |error: rustls::Error| {
        tls_error(url, error.to_string(), "correct the certificates of the configuration")
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let roots = parse_certificates(&config.root_certificates.0, url, "root certificates")?;
    let verifier = match roots.is_empty() {
        true => Verifier::new(provider.clone()),
        #[cfg(target_os = "android")]
        false => {
            return Err(tls_error(
                url,
                "root certificates cannot be added on Android",
                "install them in its settings",
            ));
        }
        #[cfg(not(target_os = "android"))]
        false => Verifier::new_with_extra_roots(roots, provider.clone()),
    };
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(unusable)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier.map_err(unusable)?));
    let Some(pem) = &config.client_certificate else { return Ok(builder.with_no_client_auth()) };
    let pem = pem.expose().as_bytes();
    let chain = parse_certificates(pem, url, "client certificate")?;
    let key = PrivateKeyDer::from_pem_slice(pem).map_err(|_| {
        tls_error(url, "the client certificate has no private key", "append it in PEM")
    })?;
    builder.with_client_auth_cert(chain, key).map_err(unusable)
}

fn parse_certificates(
    pem: &[u8],
    url: &str,
    setting: &str,
) -> Result<Vec<CertificateDer<'static>>, RedisError> {
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    match certificates {
        Ok(certificates) if pem.is_empty() || !certificates.is_empty() => Ok(certificates),
        _ => Err(tls_error(
            url,
            format!("the {setting} are not PEM"),
            "pass the content of a .pem file",
        )),
    }
}

fn handshake_error(url: &str, error: io::Error) -> RedisError {
    let tls = error.get_ref().and_then(|source| source.downcast_ref::<rustls::Error>());
    let remedy = match tls {
        Some(rustls::Error::InvalidCertificate(
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
        )) => "use the host name that the certificate contains",
        Some(rustls::Error::InvalidCertificate(
            CertificateError::Expired | CertificateError::ExpiredContext { .. },
        )) => "renew the certificate, or correct the clock of this machine",
        Some(rustls::Error::InvalidCertificate(_)) => {
            "add the certificate of its issuer, in SSL_CERT_FILE or with root_certificates"
        }
        Some(rustls::Error::AlertReceived(_)) => {
            "check the certificates; the server may require a client certificate"
        }
        Some(rustls::Error::InvalidMessage(_)) | None => {
            "write redis:// instead of rediss:// if the server has no TLS"
        }
        Some(_) => "check the TLS settings of the server",
    };
    let cause = match tls {
        Some(rustls::Error::InvalidMessage(_)) => "the server does not speak TLS".to_owned(),
        Some(tls) => format!("TLS failed: {tls}"),
        None => "the server closed the connection during the TLS handshake".to_owned(),
    };
    tls_error(url, cause, remedy).with_source(error)
}

fn tls_error(url: &str, cause: impl Into<String>, remedy: &str) -> RedisError {
    RedisError::new(RedisErrorKind::Tls, url, cause, remedy)
}
