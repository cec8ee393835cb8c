//! Compares our client with the official ones; `cargo xtask interop` installs them and runs this.
//!
//! Every client runs the same [`cases`] in the same order, each against its own instance of the fake
//! [`service`], which verifies signatures and whose clock only moves on request. So the results can
//! be compared exactly: what a client decoded from the responses, and what the service decoded from
//! the requests. Our client is one [`client`] among others; the official ones run in separate
//! processes, the [drivers](driver). [`case_differences`] finds the differences, and
//! [`expected_difference`] lists the known ones.

mod access_key;
mod call;
mod call_result;
mod case_differences;
mod cases;
mod client;
mod comparison;
mod difference;
mod driver;
mod expected_difference;
mod invocations;
mod our_client;
mod protocol;
mod report;
mod response_leaves;
mod run;
mod service;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use alicloud_core::{Clock as _, SystemClock};

use client::InteropClient;
use comparison::ClientComparison;
use driver::{Driver, OfficialClient};
use protocol::Protocol;
use run::Run;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run_all().await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Runs and compares all clients. Returns whether they agree.
async fn run_all() -> Result<bool, Box<dyn Error>> {
    let interpreters = Interpreters::from_arguments()?;
    // All runs start at the same time, so that the times in the responses are equal.
    let start = SystemClock.now();

    let mut our_runs = Vec::new();
    for protocol in Protocol::ALL {
        our_runs.push(Run::run(protocol, &mut InteropClient::Ours, start).await?);
    }
    let mut comparisons = Vec::new();
    for official in driver::OFFICIAL_CLIENTS {
        let mut client = InteropClient::Official(Box::new(interpreters.start(&official)?));
        for &protocol in official.protocols {
            let their_run = Run::run(protocol, &mut client, start).await?;
            let our_run = our_runs.iter().find(|run| run.protocol == protocol);
            comparisons.push(ClientComparison::new(&official, our_run, &their_run));
        }
    }
    Ok(report::print(&comparisons))
}

/// What the drivers run on.
struct Interpreters {
    python: PathBuf,
    node: PathBuf,
    node_modules: PathBuf,
}

impl Interpreters {
    fn from_arguments() -> Result<Self, String> {
        let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
        let mut next = |what: &str| {
            arguments
                .next()
                .ok_or_else(|| format!("missing argument: {what}; run `cargo xtask interop`"))
        };
        Ok(Interpreters {
            python: next("Python interpreter")?,
            node: next("Node interpreter")?,
            node_modules: next("folder of Node modules")?,
        })
    }

    fn start(&self, official: &OfficialClient) -> Result<Driver, String> {
        let program = match official.is_python() {
            true => &self.python,
            false => &self.node,
        };
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("interop").join(official.script);
        Driver::start(program, &script, &self.node_modules)
    }
}
