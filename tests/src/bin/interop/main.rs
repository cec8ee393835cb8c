//! The official clients as judges of ours: `cargo xtask interop` installs them and runs this.
//!
//! Every client does the same [`cases`] in the same order, each time against a service
//! [`double`](service) of its own that verifies signatures and whose clock stands still, so what
//! comes out can be compared to the last character: what a client read in the responses, and what the
//! double read in its requests. Ours is a [`contestant`] like the official ones, which run in
//! [processes](driver) of their own; [`compare`] finds the differences, and [`deviation`] holds those
//! that are meant.

mod cases;
mod compare;
mod contestant;
mod deviation;
mod driver;
mod key;
mod ours;
mod report;
mod service;
mod trial;
mod way;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use alicloud_core::{Clock as _, SystemClock};

use contestant::Contestant;
use driver::{Driver, Official};
use trial::{Trial, Verdict};
use way::Way;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run().await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Whether everything is as it should be.
async fn run() -> Result<bool, Box<dyn Error>> {
    let tools = Tools::from_arguments()?;
    // One start for all, so that every time in a response is the same for all.
    let start = SystemClock.now();

    let mut ours = Vec::new();
    for way in Way::ALL {
        ours.push(Trial::run(way, &mut Contestant::Ours, start).await?);
    }
    let mut verdicts = Vec::new();
    for official in driver::OFFICIAL {
        let mut driver = Contestant::Official(Box::new(tools.start(&official)?));
        for &way in official.ways {
            let trial = Trial::run(way, &mut driver, start).await?;
            let own = ours.iter().find(|own| own.way == way);
            verdicts.push(Verdict::of(&official, own, &trial));
        }
    }
    Ok(report::print(&verdicts))
}

/// What the drivers run on.
struct Tools {
    python: PathBuf,
    node: PathBuf,
    node_modules: PathBuf,
}

impl Tools {
    fn from_arguments() -> Result<Self, String> {
        let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
        let mut next = |what: &str| {
            arguments.next().ok_or_else(|| format!("no {what} given: run `cargo xtask interop`"))
        };
        Ok(Tools {
            python: next("Python")?,
            node: next("Node")?,
            node_modules: next("folder of Node modules")?,
        })
    }

    fn start(&self, official: &Official) -> Result<Driver, String> {
        let program = match official.runs_on_python() {
            true => &self.python,
            false => &self.node,
        };
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("interop").join(official.script);
        Driver::start(program, &script, &self.node_modules)
    }
}
