//! The official clients, each in its own process.

use std::io;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use alicloud_core::{Format, SignatureVersion};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::timeout;

use crate::access_key::AccessKey;
use crate::call_result::{CallResult, ClientOutput};
use crate::protocol::Protocol;

/// An official client.
pub(crate) struct OfficialClient {
    /// The name of its packages, one of each product except for the last.
    pub(crate) name: &'static str,
    pub(crate) script: &'static str,
    /// The protocols that it supports.
    pub(crate) protocols: &'static [Protocol],
}

pub(crate) const CURRENT_PYTHON: &str = "alibabacloud-*";
pub(crate) const CLASSIC_PYTHON: &str = "aliyun-python-sdk-*";
pub(crate) const CURRENT_NODE: &str = "@alicloud/*";
pub(crate) const CLASSIC_NODE: &str = "@alicloud/pop-core";

pub(crate) const OFFICIAL_CLIENTS: [OfficialClient; 4] = [
    OfficialClient { name: CURRENT_PYTHON, script: "current.py", protocols: &Protocol::ALL },
    OfficialClient {
        name: CLASSIC_PYTHON,
        script: "classic.py",
        protocols: &[Protocol::V1_JSON, Protocol::V1_XML],
    },
    OfficialClient { name: CURRENT_NODE, script: "current.js", protocols: &Protocol::ALL },
    // It parses JSON only, also if XML was requested.
    OfficialClient { name: CLASSIC_NODE, script: "classic.js", protocols: &[Protocol::V1_JSON] },
];

impl OfficialClient {
    pub(crate) fn is_python(&self) -> bool {
        self.script.ends_with(".py")
    }
}

/// A call that an official client has to make.
pub(crate) struct DriverCall<'a> {
    /// The product code and the version of the API.
    pub(crate) product: &'a str,
    pub(crate) version: &'a str,
    /// Host and port of the service.
    pub(crate) endpoint: &'a str,
    pub(crate) key: AccessKey,
    pub(crate) protocol: Protocol,
    pub(crate) operation: &'a str,
    /// The values of the parameters.
    pub(crate) parameters: &'a Value,
    /// The texts of those parameters that are one text on the wire, for clients that take the text instead of the value.
    pub(crate) texts: &'a Value,
}

/// Longer than the read timeout of any client.
const DRIVER_TIMEOUT: Duration = Duration::from_secs(60);

/// A process that makes calls with an official client. It reads a call per line and writes a result
/// per line.
pub(crate) struct Driver {
    // Kills the process when dropped.
    _child: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
}

impl Driver {
    pub(crate) fn start(
        program: &Path,
        script: &Path,
        node_modules: &Path,
    ) -> Result<Self, String> {
        let mut command = Command::new(program);
        for (name, _) in std::env::vars_os() {
            if name.to_str().is_none_or(affects_clients) {
                command.env_remove(name);
            }
        }
        let mut child = command
            .arg(script)
            .env("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true")
            // The modules are not installed next to the scripts.
            .env("NODE_PATH", node_modules)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| {
                format!(
                    "{}: cannot be started: {error}; run `cargo xtask interop`",
                    program.display()
                )
            })?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(format!("{} has no pipes", program.display()));
        };
        Ok(Driver { _child: child, input, output: BufReader::new(output).lines() })
    }

    pub(crate) async fn call(&mut self, call: &DriverCall<'_>) -> ClientOutput {
        let output = match timeout(DRIVER_TIMEOUT, self.exchange(call)).await {
            Ok(Ok(Some(line))) => serde_json::from_str(&line)
                .map_err(|error| format!("invalid output {line:?} of the driver: {error}")),
            Ok(Ok(None)) => Err("the driver has exited".to_owned()),
            Ok(Err(error)) => Err(format!("cannot communicate with the driver: {error}")),
            Err(_) => Err("the driver timed out".to_owned()),
        };
        output.unwrap_or_else(|error| CallResult::ClientError(error).into())
    }

    /// Sends a call to the process and reads its result.
    async fn exchange(&mut self, call: &DriverCall<'_>) -> io::Result<Option<String>> {
        let input = json!({
            "product": call.product,
            "version": call.version,
            "endpoint": call.endpoint,
            "access_key_id": call.key.id(),
            "access_key_secret": call.key.secret(),
            "security_token": call.key.token(),
            "signature": match call.protocol.signature {
                SignatureVersion::Acs3 => "acs3",
                _ => "hmac1",
            },
            "format": match call.protocol.format {
                Format::Json => "json",
                _ => "xml",
            },
            "operation": call.operation,
            "parameters": call.parameters,
            "texts": call.texts,
        });
        self.input.write_all(format!("{input}\n").as_bytes()).await?;
        self.input.flush().await?;
        self.output.next_line().await
    }
}

/// Returns whether an environment variable can change how a client or its interpreter behaves: proxies,
/// credentials, debug output, module paths.
fn affects_clients(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    name.ends_with("_PROXY")
        || ["ALIBABA", "ALICLOUD", "ALIYUN", "NODE_", "PYTHON"]
            .iter()
            .any(|prefix| name.starts_with(prefix))
        || name == "DEBUG"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_that_affect_clients_are_detected() {
        for name in ["http_proxy", "NO_PROXY", "ALIBABA_CLOUD_ACCESS_KEY_ID", "NODE_OPTIONS"] {
            assert!(affects_clients(name), "{name}");
        }
        for name in ["PATH", "HOME", "LANG"] {
            assert!(!affects_clients(name), "{name}");
        }
    }
}
