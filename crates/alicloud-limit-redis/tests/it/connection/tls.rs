//! TLS with certificates that are made for the test.

use alicloud_limit_redis::testing::RedisProcess;
use alicloud_limit_redis::{RedisConfig, RedisErrorKind};

fn certificate(name: &str) -> (String, String) {
    let certified = rcgen::generate_simple_self_signed(vec![name.to_owned()]).unwrap();
    (certified.cert.pem(), certified.signing_key.serialize_pem())
}

#[tokio::test]
async fn a_trusted_certificate() {
    let (certificate, key) = certificate("localhost");
    let Some(server) = RedisProcess::builder().tls(&certificate, &key).start() else { return };
    let config = server.config().root_certificates(certificate);
    config.connect().await.unwrap().ping().await.unwrap();

    let error = server.config().connect().await.unwrap_err();
    assert_eq!(error.kind(), RedisErrorKind::Tls);
    assert!(error.to_string().contains("SSL_CERT_FILE"), "{error}");

    // Without TLS, the server closes the connection.
    let plain = format!("redis://127.0.0.1:{}", server.port());
    let error = RedisConfig::from_url(&plain).unwrap().connect().await.unwrap_err();
    assert!(error.to_string().contains("rediss://"), "{error}");
}

#[tokio::test]
async fn a_certificate_for_another_name() {
    let (certificate, key) = certificate("cache.example");
    let Some(server) = RedisProcess::builder().tls(&certificate, &key).start() else { return };
    let error = server.config().root_certificates(certificate).connect().await.unwrap_err();
    assert_eq!(error.kind(), RedisErrorKind::Tls);
    assert!(
        error.to_string().contains("use the host name that the certificate contains"),
        "{error}"
    );
}

#[tokio::test]
async fn a_server_without_tls() {
    let Some(server) = RedisProcess::start() else { return };
    let config = RedisConfig::from_url(&format!("rediss://localhost:{}", server.port())).unwrap();
    let limit = std::time::Duration::from_millis(300);
    let error = config.connect_timeout(limit).connect().await.unwrap_err();
    assert!(error.to_string().contains("write redis:// instead of rediss://"), "{error}");
}

#[test]
fn certificates_that_are_not_pem() {
    let Some(server) = RedisProcess::start() else { return };
    let config = RedisConfig::from_url(&format!("rediss://localhost:{}", server.port())).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let error = runtime.block_on(config.root_certificates("no PEM").connect()).unwrap_err();
    assert!(error.to_string().contains("not PEM"), "{error}");
}

#[test]
fn debug_shows_the_size_of_certificates() {
    let config = RedisConfig::from_url("rediss://h").unwrap().root_certificates("PEM");
    let text = format!("{config:?}");
    assert!(text.contains("root_certificates: 3 bytes"), "{text}");
}
