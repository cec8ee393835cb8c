//! The official clients, each in a process of its own.

use std::io;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use alicloud_core::{Format, SignatureVersion};
use serde_json::json;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::timeout;

use crate::contestant::{Call, Outcome, Said};
use crate::way::Way;

/// An official client.
pub(crate) struct Official {
    pub(crate) name: &'static str,
    pub(crate) script: &'static str,
    /// What it can be made to do.
    pub(crate) ways: &'static [Way],
}

pub(crate) const OFFICIAL: [Official; 4] = [
    Official { name: "alibabacloud-cdn20180510", script: "current.py", ways: &Way::ALL },
    Official {
        name: "aliyun-python-sdk-cdn",
        script: "classic.py",
        ways: &[Way::V1_JSON, Way::V1_XML],
    },
    Official { name: "@alicloud/cdn20180510", script: "current.js", ways: &Way::ALL },
    // Its parser takes JSON only, whatever has been asked for.
    Official { name: "@alicloud/pop-core", script: "classic.js", ways: &[Way::V1_JSON] },
];

impl Official {
    pub(crate) fn runs_on_python(&self) -> bool {
        self.script.ends_with(".py")
    }
}

/// Longer than any client waits for a response by itself.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Driver {
    // Held so that it ends with us.
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
            if name.to_str().is_none_or(leads_elsewhere) {
                command.env_remove(name);
            }
        }
        let mut child = command
            .arg(script)
            .env("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true")
            // The drivers are in the repository, and what they import is not.
            .env("NODE_PATH", node_modules)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| {
                format!(
                    "{} cannot be started: {error}: run `cargo xtask interop`",
                    program.display()
                )
            })?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(format!("{} has no pipes", program.display()));
        };
        Ok(Driver { _child: child, input, output: BufReader::new(output).lines() })
    }

    pub(crate) async fn call(&mut self, call: &Call<'_>) -> Said {
        let said = match timeout(PATIENCE, self.exchange(call)).await {
            Ok(Ok(Some(line))) => serde_json::from_str(&line)
                .map_err(|error| format!("its driver said {line:?}, which is no outcome: {error}")),
            Ok(Ok(None)) => Err("its driver has ended".to_owned()),
            Ok(Err(error)) => Err(format!("its driver cannot be reached: {error}")),
            Err(_) => Err("its driver did not answer in time".to_owned()),
        };
        said.unwrap_or_else(|complaint| Said {
            outcome: Outcome::Broken(complaint),
            by_name: false,
        })
    }

    async fn exchange(&mut self, call: &Call<'_>) -> io::Result<Option<String>> {
        let case = json!({
            "endpoint": call.address,
            "access_key_id": call.key.id(),
            "access_key_secret": call.key.secret(),
            "security_token": call.key.token(),
            "signature": match call.way.signature {
                SignatureVersion::Acs3 => "acs3",
                _ => "hmac1",
            },
            "format": match call.way.format {
                Format::Json => "json",
                _ => "xml",
            },
            "operation": call.ask.operation,
            "parameters": call.ask.parameters,
        });
        self.input.write_all(format!("{case}\n").as_bytes()).await?;
        self.input.flush().await?;
        self.output.next_line().await
    }
}

/// Whether a variable of this name can lead a client, or its language, to anything but what it is
/// given here: proxies, credentials, debug output, other modules.
fn leads_elsewhere(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    name.ends_with("_PROXY")
        || ["ALIBABA", "ALICLOUD", "ALIYUN", "NODE_", "PYTHON"]
            .iter()
            .any(|start| name.starts_with(start))
        || name == "DEBUG"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_see_nothing_that_leads_elsewhere() {
        for name in ["http_proxy", "NO_PROXY", "ALIBABA_CLOUD_ACCESS_KEY_ID", "NODE_OPTIONS"] {
            assert!(leads_elsewhere(name), "{name}");
        }
        for name in ["PATH", "HOME", "LANG"] {
            assert!(!leads_elsewhere(name), "{name}");
        }
    }
}
