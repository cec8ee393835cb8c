//! The `alicloud-fake` command: the fake service for clients in any language.

mod options;
mod request_log;
mod script;

use std::error::Error;
use std::io::{self, Write as _};
use std::net::Ipv4Addr;
use std::process::ExitCode;

use alicloud_fake::{FakeService, FakeServiceBuilder, Spec};
use clap::Parser as _;
use options::Options;
use request_log::RequestLog;

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // If stderr is closed, only the exit code is left.
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<(), Box<dyn Error>> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(serve(options))
}

async fn serve(options: &Options) -> Result<(), Box<dyn Error>> {
    let log = RequestLog::open(options.verbose, options.record.as_deref())?;
    let mut builder = FakeService::builder()
        .address((Ipv4Addr::LOCALHOST, options.port))
        .account(options.account())
        .faults(options.faults())
        .on_request(move |request| log.add(request))
        // Nothing reads the recorded requests.
        .record_limit(0);
    if let Some(time) = options.fixed_time {
        builder = builder.clock(move || time);
    }
    if let Some(simulation) = options.simulation() {
        builder = builder.simulation(simulation);
    }
    for path in &options.spec {
        builder = builder.spec(Spec::open(path)?)?;
    }
    if let Some(path) = &options.script {
        builder = script::read(path)?.into_iter().fold(builder, FakeServiceBuilder::response);
    }
    let service = builder.start().await?;
    let mut out = io::stdout();
    writeln!(out, "listening on {}", service.endpoint())?;
    out.flush()?;
    std::future::pending().await
}
