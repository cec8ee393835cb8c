//! The service double as a command, for clients that are not written in Rust.

use std::io::{self, Write as _};
use std::net::Ipv4Addr;
use std::process::ExitCode;
use std::time::SystemTime;

use alicloud_fake::{
    Account, DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET, FakeService, RecordedRequest,
};
use clap::Parser;

/// Answers Alibaba Cloud API calls on loopback, for tests.
///
/// The first line on stdout is `listening on http://127.0.0.1:PORT`. It runs until it is
/// interrupted.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Port to listen on; 0 takes a free one.
    #[arg(long, value_name = "N", default_value_t = 0)]
    port: u16,

    /// Access key id to accept, beside the default one.
    #[arg(long, value_name = "ID", default_value = DEFAULT_ACCESS_KEY_ID)]
    access_key_id: String,

    /// Secret of that access key.
    #[arg(long, value_name = "SECRET", default_value = DEFAULT_ACCESS_KEY_SECRET)]
    access_key_secret: String,

    /// Makes that access key a temporary one, which needs this token.
    #[arg(long, value_name = "TOKEN", default_value = "")]
    security_token: String,

    /// Stops the service's clock at this time, such as 2026-01-02T03:04:05Z, to replay recorded
    /// requests.
    #[arg(long, value_name = "TIME", value_parser = humantime::parse_rfc3339)]
    fixed_time: Option<SystemTime>,

    /// Writes a line to stderr for each request.
    #[arg(long, short)]
    verbose: bool,
}

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // If even that fails there is nobody left to tell.
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> io::Result<()> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(serve(arguments))
}

async fn serve(arguments: Arguments) -> io::Result<()> {
    let account = Account::new(arguments.access_key_id, arguments.access_key_secret)
        .security_token(arguments.security_token);
    let mut builder = FakeService::builder()
        .address((Ipv4Addr::LOCALHOST, arguments.port))
        .account(account)
        // Nobody can ask for them here.
        .record_limit(0);
    if let Some(time) = arguments.fixed_time {
        builder = builder.clock(move || time);
    }
    if arguments.verbose {
        builder = builder.on_request(log);
    }
    let service = builder.start().await?;
    let mut out = io::stdout();
    writeln!(out, "listening on {}", service.endpoint())?;
    out.flush()?;
    std::future::pending().await
}

/// Method, operation, scheme and answer: nothing of a request that could be secret.
fn log(request: &RecordedRequest) {
    let scheme = request.scheme.map_or("unsigned", |scheme| scheme.as_str());
    // The operation's name is whatever a client sent, so it is escaped.
    let action = request.action.as_deref().unwrap_or("-").escape_debug();
    let code = request.answer.code.as_deref().unwrap_or("-");
    // A closed stderr is no reason to stop answering.
    let _ = writeln!(
        io::stderr(),
        "{} {action} {scheme} {} {}",
        request.method,
        request.answer.status.as_u16(),
        code.escape_debug()
    );
}
