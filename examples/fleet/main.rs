//! Twenty processes call one account through shared limits, on loopback.
//!
//! The service is a fake one that accepts 50 calls in any second and lets 5 % of the requests fail. The processes run
//! once with a Redis server that works, and once with one that is killed, restarted and suspended. Prints what the
//! service counted. `examples/fleet/run.sh` starts it.

mod arrivals;
mod scenario;
mod worker;

use std::error::Error;
use std::process::ExitCode;

use crate::scenario::{Outage, Scenario};

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["worker", endpoint, redis, number, calls] => {
            worker::run(endpoint, redis, number.parse()?, calls.parse()?).await?;
            return Ok(ExitCode::SUCCESS);
        }
        [] => {}
        _ => {
            eprintln!("usage: fleet");
            return Ok(ExitCode::FAILURE);
        }
    }
    let steady = Scenario { title: "Redis works", outages: vec![], max_starts_per_second: 50 };
    let disturbed = Scenario {
        title: "Redis is killed and restarted twice, and suspended for 5 s",
        outages: vec![
            Outage::Kill { after_seconds: 30, seconds: 3 },
            Outage::Suspend { after_seconds: 40, seconds: 5 },
            Outage::Kill { after_seconds: 40, seconds: 3 },
        ],
        max_starts_per_second: 100,
    };
    let mut failures = Vec::new();
    for scenario in [steady, disturbed] {
        failures.extend(scenario.run().await?);
    }
    for failure in &failures {
        eprintln!("failed: {failure}");
    }
    Ok(if failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
