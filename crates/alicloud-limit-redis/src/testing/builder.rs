//! The settings of a server.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::{RedisProcess, fail};

/// The settings of a [`RedisProcess`].
///
/// # Examples
///
/// ```
/// use alicloud_limit_redis::testing::RedisProcess;
///
/// let builder = RedisProcess::builder().setting("requirepass", "s3cr3t");
/// if let Some(server) = builder.start() {
///     assert!(server.url().starts_with("redis://127.0.0.1:"));
/// }
/// ```
#[derive(Debug, Clone, Default)]
pub struct RedisProcessBuilder {
    settings: Vec<(String, Vec<String>)>,
    /// The certificate and its key in PEM.
    tls: Option<(String, String)>,
    /// The settings file of a Sentinel.
    sentinel: Option<String>,
}

impl RedisProcessBuilder {
    /// Adds a setting of `redis.conf`; the words of the value are separated by spaces.
    #[must_use]
    pub fn setting(mut self, name: &str, value: &str) -> Self {
        let words = value.split(' ').map(str::to_owned).collect();
        self.settings.push((format!("--{name}"), words));
        self
    }

    /// Accepts only TLS, with this certificate and its key in PEM.
    #[must_use]
    pub fn tls(mut self, certificate: &str, key: &str) -> Self {
        self.tls = Some((certificate.to_owned(), key.to_owned()));
        self
    }

    /// Starts the server. See [`RedisProcess::start`].
    ///
    /// # Panics
    ///
    /// As [`RedisProcess::start`].
    pub fn start(self) -> Option<RedisProcess> {
        RedisProcess::start_from(self)
    }

    /// Starts a Sentinel with this settings file.
    pub(super) fn sentinel(mut self, settings: String) -> Self {
        self.sentinel = Some(settings);
        self
    }

    pub(super) fn uses_tls(&self) -> bool {
        self.tls.is_some()
    }

    pub(super) fn add_arguments(&self, command: &mut Command, port: u16, folder: &Path) {
        let write = |name: &str, text: &str| {
            let path = folder.join(name);
            fs::write(&path, text).unwrap_or_else(|error| fail(name, &error));
            path
        };
        if let Some(settings) = &self.sentinel {
            command.arg(write("sentinel.conf", settings)).arg("--sentinel");
        }
        let port = port.to_string();
        match &self.tls {
            None => command.args(["--port", &port]),
            Some((certificate, key)) => {
                let certificate = write("certificate.pem", certificate);
                command.args(["--port", "0", "--tls-port", &port, "--tls-auth-clients", "no"]);
                command.arg("--tls-cert-file").arg(&certificate);
                command.arg("--tls-ca-cert-file").arg(&certificate);
                command.arg("--tls-key-file").arg(write("key.pem", key))
            }
        };
        command.args(["--bind", "127.0.0.1", "--daemonize", "no"]).arg("--dir").arg(folder);
        if self.sentinel.is_none() {
            command.args(["--save", "", "--appendonly", "no"]);
        }
        for (name, words) in &self.settings {
            command.arg(name).args(words);
        }
    }
}
