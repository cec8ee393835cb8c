//! Command-line options.

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use alicloud_fake::{
    Account, DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET, Faults, Simulation,
};
use clap::{Args, Parser};

/// Run a fake Alibaba Cloud API service on loopback, for tests.
///
/// Prints `listening on http://127.0.0.1:PORT` to stdout, then serves requests until interrupted.
#[derive(Parser)]
#[command(version)]
pub(crate) struct Options {
    /// Listen on this port; 0 selects a free port.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) port: u16,

    /// Accept this access key id, in addition to the default one.
    #[arg(long, value_name = "ID", default_value = DEFAULT_ACCESS_KEY_ID)]
    access_key_id: String,

    /// Set the secret of --access-key-id.
    #[arg(long, value_name = "SECRET", default_value = DEFAULT_ACCESS_KEY_SECRET)]
    access_key_secret: String,

    /// Make --access-key-id a temporary access key that requires this token.
    #[arg(long, value_name = "TOKEN", default_value = "", hide_default_value = true)]
    security_token: String,

    /// Stop the service's clock at this time, such as 2026-01-02T03:04:05Z, to replay recorded
    /// requests.
    ///
    /// Rate limits are disabled, and simulated tasks make no progress: a task is only listed with
    /// --listing-delay 0s, and only completes if its other durations are 0s, too.
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    pub(crate) fixed_time: Option<SystemTime>,

    /// Add the operations of this OpenMeta description with their documented responses; can be
    /// repeated.
    #[arg(long, value_name = "FILE")]
    pub(crate) spec: Vec<PathBuf>,

    /// Read responses to the next requests from FILE, a sequence of JSON objects.
    ///
    /// Each object is used for one request, in order, instead of the operation. {} is the regular
    /// response. Keys:
    /// `operation`: only respond to a request of this operation;
    /// `times`: use the response this many times;
    /// `status`, `headers`, `body`: a response; the body is a string, sent unchanged, or JSON;
    /// `status`, `code`, `message`: an error, in the format that the request asks for;
    /// `raw`: the bytes to send instead of HTTP, as a string;
    /// `base64`: true if `body` or `raw` is encoded in base64;
    /// `delivery`: send nothing: `connection_reset`, `response_lost` (executed, then reset),
    /// `connection_closed` or `no_response`;
    /// `truncate_body`: send at most this many bytes of the body;
    /// `slow_body`: {"bytes": 64, "pause": "1s"} to send 64 bytes per second;
    /// `ending`: `close`, `reset` or `hang` the connection afterwards;
    /// `delay`: wait before sending, such as "2s";
    /// `executed`: true to execute the operation, too;
    /// `skip_verification`: true to respond to unsigned or wrongly signed requests, too;
    /// `trigger`: send `before_request_body` or, on the next connection, `on_connect`.
    #[arg(long, value_name = "FILE", verbatim_doc_comment)]
    pub(crate) script: Option<PathBuf>,

    /// Append each request and its response to FILE, one JSON object per line.
    ///
    /// Signatures and bodies other than forms are omitted. Values are redacted if the parameter's
    /// name, or a name in its JSON value, suggests a password, secret, token, credential or key.
    #[arg(long, value_name = "FILE")]
    pub(crate) record: Option<PathBuf>,

    /// Print a line to stderr for each request.
    #[arg(long, short)]
    pub(crate) verbose: bool,

    #[command(flatten)]
    simulation: SimulationOptions,

    #[command(flatten)]
    faults: FaultOptions,
}

#[derive(Args)]
#[command(next_help_heading = "Simulation of refreshes and preloads (Cdn 2018-05-10)")]
struct SimulationOptions {
    /// Simulate refreshes and preloads; implied by the options below. The two example tasks of the
    /// documentation are then absent.
    #[arg(long)]
    simulate: bool,

    /// Make tasks progress this many times faster: divides the four durations below. Defaults to 1.
    #[arg(long, value_name = "FACTOR", allow_negative_numbers = true, value_parser = parse_speed)]
    speed: Option<f64>,

    /// List a task this long after its submission. Defaults to 2s.
    #[arg(long, value_name = "DURATION", value_parser = parse_duration)]
    listing_delay: Option<Duration>,

    /// Keep a listed object pending this long, give or take 10 %. Defaults to 5s.
    #[arg(long, value_name = "DURATION", value_parser = parse_duration)]
    pending_duration: Option<Duration>,

    /// Complete a refresh this long after the pending phase, give or take 10 %. Defaults to 20s.
    #[arg(long, value_name = "DURATION", value_parser = parse_duration)]
    refresh_duration: Option<Duration>,

    /// Complete a preload this long after the pending phase, give or take 10 %. Defaults to 60s.
    #[arg(long, value_name = "DURATION", value_parser = parse_duration)]
    preload_duration: Option<Duration>,

    /// Return the state of a task at its previous read, as the real service may do.
    #[arg(long)]
    stale_reads: bool,

    /// List tasks for this long, independent of --speed. Defaults to 3d.
    #[arg(long, value_name = "DURATION", value_parser = parse_duration)]
    retention: Option<Duration>,

    /// Fail objects whose URL contains TEXT, such as `/broken/=Origin Timeout`; can be repeated.
    #[arg(long, value_name = "TEXT=DESCRIPTION", value_parser = parse_url_rule)]
    fail_matching: Vec<(String, String)>,

    /// Finish objects whose URL contains TEXT with this status; can be repeated.
    #[arg(long, value_name = "TEXT=STATUS", value_parser = parse_url_rule)]
    task_status: Vec<(String, String)>,

    /// Set the domains of the account, separated by commas. Defaults to every domain.
    #[arg(long, value_name = "DOMAINS", value_delimiter = ',')]
    domains: Option<Vec<String>>,

    /// Limit files and cache tags per day. Defaults to 10000.
    #[arg(long, value_name = "N")]
    daily_files: Option<u64>,

    /// Limit directories per day. Defaults to 100.
    #[arg(long, value_name = "N")]
    daily_directories: Option<u64>,

    /// Limit regular expressions per day. Defaults to 20.
    #[arg(long, value_name = "N")]
    daily_regexes: Option<u64>,

    /// Limit refreshes that ignore the URL's parameters per day. Defaults to 100.
    #[arg(long, value_name = "N")]
    daily_ignore_params: Option<u64>,

    /// Limit preloads per day. Defaults to 1000.
    #[arg(long, value_name = "N")]
    daily_preloads: Option<u64>,

    /// Limit files per domain and minute. Defaults to 10000.
    #[arg(long, value_name = "N")]
    files_per_minute: Option<u64>,

    /// Disable the rate limits of operations.
    #[arg(long)]
    no_rate_limits: bool,
}

#[derive(Args)]
#[command(next_help_heading = "Random faults, as shares of valid requests such as 5% or 0.05")]
struct FaultOptions {
    /// Reject requests as throttled.
    #[arg(long, value_name = "SHARE", value_parser = parse_share)]
    throttled: Option<f64>,

    /// Reset the connection before the operation is executed.
    #[arg(long, value_name = "SHARE", value_parser = parse_share)]
    connection_reset: Option<f64>,

    /// Execute the operation, then reset the connection.
    #[arg(long, value_name = "SHARE", value_parser = parse_share)]
    response_lost: Option<f64>,

    /// Execute the operation, then send status 200 with a malformed body.
    #[arg(long, value_name = "SHARE", value_parser = parse_share)]
    malformed_body: Option<f64>,

    /// Restrict the faults to this operation; can be repeated.
    #[arg(long, value_name = "OPERATION")]
    only_operation: Vec<String>,

    /// Seed the random selection of requests.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
}

impl Options {
    pub(crate) fn account(&self) -> Account {
        Account::new(&self.access_key_id, &self.access_key_secret)
            .security_token(&self.security_token)
    }

    pub(crate) fn simulation(&self) -> Option<Simulation> {
        let options = &self.simulation;
        let simulation = options.simulation()?;
        Some(if options.no_rate_limits || self.fixed_time.is_some() {
            simulation.rate_limits(false)
        } else {
            simulation
        })
    }

    pub(crate) fn faults(&self) -> Faults {
        let options = &self.faults;
        options.only_operation.iter().fold(
            Faults::new(options.seed)
                .throttled(options.throttled.unwrap_or_default())
                .connection_reset(options.connection_reset.unwrap_or_default())
                .response_lost(options.response_lost.unwrap_or_default())
                .malformed_body(options.malformed_body.unwrap_or_default()),
            Faults::only_operation,
        )
    }
}

impl SimulationOptions {
    fn simulation(&self) -> Option<Simulation> {
        let mut is_enabled = self.simulate || self.no_rate_limits || self.stale_reads;
        let mut simulation = Simulation::new().stale_reads(self.stale_reads);
        /// Applies the options that were set, so that the library defines the defaults.
        macro_rules! apply {
            ($($name:ident),*) => {$(
                if let Some(value) = self.$name.clone() {
                    simulation = simulation.$name(value);
                    is_enabled = true;
                }
            )*};
        }
        apply!(
            speed,
            listing_delay,
            pending_duration,
            refresh_duration,
            preload_duration,
            retention
        );
        apply!(daily_files, daily_directories, daily_regexes, daily_ignore_params);
        apply!(daily_preloads, files_per_minute, domains);
        for (part_of_url, description) in &self.fail_matching {
            simulation = simulation.fail_matching(part_of_url, description);
            is_enabled = true;
        }
        for (part_of_url, status) in &self.task_status {
            simulation = simulation.task_status(part_of_url, status);
            is_enabled = true;
        }
        is_enabled.then_some(simulation)
    }
}

fn parse_time(text: &str) -> Result<SystemTime, String> {
    humantime::parse_rfc3339(text)
        .map_err(|_| "expected a UTC time such as 2026-01-02T03:04:05Z".to_owned())
}

fn parse_duration(text: &str) -> Result<Duration, String> {
    humantime::parse_duration(text)
        .map_err(|_| "expected a duration with a unit, such as 500ms, 2s or 3d".to_owned())
}

fn parse_speed(text: &str) -> Result<f64, String> {
    text.parse()
        .ok()
        .filter(|speed: &f64| speed.is_finite() && *speed > 0.0)
        .ok_or_else(|| "expected a number above 0, such as 60 or 0.5".to_owned())
}

/// Splits at the last `=`, since a URL can contain others.
fn parse_url_rule(text: &str) -> Result<(String, String), String> {
    text.rsplit_once('=')
        .filter(|(part_of_url, _)| !part_of_url.is_empty())
        .map(|(part_of_url, value)| (part_of_url.to_owned(), value.to_owned()))
        .ok_or_else(|| {
            "expected a part of a URL, `=` and a value, such as `/broken/=Origin Timeout`"
                .to_owned()
        })
}

fn parse_share(text: &str) -> Result<f64, String> {
    let (digits, whole) = match text.strip_suffix('%') {
        Some(percent) => (percent, 100.0),
        None => (text, 1.0),
    };
    digits
        .trim_end()
        .parse::<f64>()
        .ok()
        .map(|number| number / whole)
        .filter(|share| (0.0..=1.0).contains(share))
        .ok_or_else(|| "expected a share from 0 to 1, such as 5% or 0.05".to_owned())
}
