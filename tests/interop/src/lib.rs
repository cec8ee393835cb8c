//! Compares our clients with the official ones; `cargo xtask interop` installs them and runs the program.
//!
//! Every client makes the same calls, each against its own instance of the fake service, which verifies signatures. So
//! the results can be compared exactly: what a client decoded from the responses, and what the service decoded from the
//! requests. Our client is one among others; the official ones run in separate processes, the drivers (`driver`). The
//! calls are
//!
//! * `written` for the refresh operations of CDN, with errors, tokens and the states of tasks;
//! * `derived` from the descriptions, for every operation of every committed product.
//!
//! `expected_difference` lists the known differences.

mod access_key;
mod call_result;
mod derived;
mod difference;
mod driver;
mod expected_difference;
mod our_result;
mod protocol;
mod report;
mod request_parameters;
mod response_leaves;
mod written;

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use alicloud_core::{Clock as _, SystemClock};

use derived::our_client::OurOperation;
use derived::report::Judgement;
use derived::{case, description};
use driver::{Driver, OFFICIAL_CLIENTS, OfficialClient};
use protocol::Protocol;
use written::client::InteropClient;
use written::comparison::ClientComparison;
use written::run::Run;

/// Compares all clients and prints the result. The arguments of the program are the Python interpreter, the Node
/// interpreter, the folder of Node modules and the file to write the table of the operations to.
pub async fn run() -> ExitCode {
    match run_all().await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Our calls of all operations.
fn our_operations() -> &'static [OurOperation] {
    #[cfg(feature = "operations")]
    return derived::operations::OPERATIONS;
    #[cfg(not(feature = "operations"))]
    return &[];
}

/// Runs and compares all clients. Returns whether they agree.
async fn run_all() -> Result<bool, Box<dyn Error>> {
    let arguments = Arguments::read()?;
    let comparisons = compare_written(&arguments).await?;
    let derived = compare_derived(&arguments).await?;
    fs::write(&arguments.table, derived.table())?;
    Ok(report::print(&comparisons, &derived, &arguments.table))
}

async fn compare_written(arguments: &Arguments) -> Result<Vec<ClientComparison>, Box<dyn Error>> {
    // All runs start at the same time, so that the times in the responses are equal.
    let start = SystemClock.now();
    let mut our_runs = Vec::new();
    for protocol in Protocol::ALL {
        our_runs.push(Run::run(protocol, &mut InteropClient::Ours, start).await?);
    }
    let mut comparisons = Vec::new();
    for official in OFFICIAL_CLIENTS {
        let mut client = InteropClient::Official(Box::new(arguments.start(&official)?));
        for &protocol in official.protocols {
            let their_run = Run::run(protocol, &mut client, start).await?;
            let our_run = our_runs.iter().find(|run| run.protocol == protocol);
            comparisons.push(ClientComparison::new(&official, our_run, &their_run));
        }
    }
    Ok(comparisons)
}

async fn compare_derived(arguments: &Arguments) -> Result<Judgement, Box<dyn Error>> {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let cases = case::derive(&description::read_all(&repository)?)?;
    let cases = cases.as_slice();
    let mut judgement = Judgement::default();
    let mut our_runs = Vec::new();
    for protocol in Protocol::ALL {
        let ours = derived::run::run_ours(protocol, cases, our_operations()).await?;
        judgement.add_ours(protocol, cases, &ours);
        our_runs.push((protocol, ours));
    }
    // Each client has its own process and service, so they can run at the same time.
    let [a, b, c, d] = OFFICIAL_CLIENTS
        .each_ref()
        .map(|official| Box::pin(run_official(arguments, official, cases)));
    let (a, b, c, d) = tokio::try_join!(a, b, c, d)?;
    for (official, their_runs) in OFFICIAL_CLIENTS.iter().zip([a, b, c, d]) {
        for (protocol, theirs) in their_runs {
            let ours = our_runs.iter().find(|(other, _)| *other == protocol);
            let ours = ours.map_or(&[][..], |(_, ours)| ours);
            judgement.add_official(official, protocol, cases, ours, &theirs);
        }
    }
    Ok(judgement)
}

async fn run_official(
    arguments: &Arguments,
    official: &OfficialClient,
    cases: &[case::Case],
) -> Result<Vec<(Protocol, Vec<derived::run::Outcome>)>, Box<dyn Error>> {
    let mut driver = arguments.start(official)?;
    let mut runs = Vec::new();
    for &protocol in official.protocols {
        runs.push((protocol, derived::run::run_official(protocol, cases, &mut driver).await?));
    }
    Ok(runs)
}

/// The arguments of the program: what the drivers run on, and where the table is written.
struct Arguments {
    python: PathBuf,
    node: PathBuf,
    node_modules: PathBuf,
    table: PathBuf,
}

impl Arguments {
    fn read() -> Result<Self, String> {
        let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
        let mut next = |what: &str| {
            arguments
                .next()
                .ok_or_else(|| format!("missing argument: {what}; run `cargo xtask interop`"))
        };
        Ok(Arguments {
            python: next("Python interpreter")?,
            node: next("Node interpreter")?,
            node_modules: next("folder of Node modules")?,
            table: next("file of the table")?,
        })
    }

    fn start(&self, official: &OfficialClient) -> Result<Driver, String> {
        let program = match official.is_python() {
            true => &self.python,
            false => &self.node,
        };
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join(official.script);
        Driver::start(program, &script, &self.node_modules)
    }
}
