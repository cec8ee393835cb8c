//! What the command line says.

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use alicloud_fake::{
    Account, DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET, Faults, Simulation,
};
use clap::{Args, Parser};

/// Answers Alibaba Cloud API calls on loopback, for tests.
///
/// The first line on stdout is `listening on http://127.0.0.1:PORT`. It runs until it is
/// interrupted.
#[derive(Parser)]
#[command(version)]
pub(crate) struct Options {
    /// Port to listen on; 0 takes a free one.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) port: u16,

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
    /// requests. Rates are not kept then, and a simulation stands still with it: an id is listed only
    /// with --listing-delay 0s, and an object ends only if its times are 0s too.
    #[arg(long, value_name = "TIME", value_parser = humantime::parse_rfc3339)]
    pub(crate) fixed_time: Option<SystemTime>,

    /// Answers the operations of this OpenMeta description with their documented responses; may be
    /// given several times.
    #[arg(long, value_name = "FILE")]
    pub(crate) spec: Vec<PathBuf>,

    /// Answers requests to come as this file says: JSON objects, such as one a line.
    ///
    /// Each answers one request, in order, in place of the operation. {} is the usual answer. Its keys:
    /// `action`: keeps it for a request of this operation;
    /// `times`: gives it so often;
    /// `status`, `headers`, `body`: an answer, the body as text that is sent as it is or as JSON;
    /// `status`, `code`, `message`: an error, in the format that the request asks for;
    /// `raw`: bytes in place of HTTP;
    /// `base64`: true if `body` or `raw` is written so;
    /// `delivery`: `reset`, `lost` (reset, but carried out), `closed` or `silent`: nothing is sent;
    /// `cut_after`: sends so many bytes of the body;
    /// `drip`: {"bytes": 64, "pause": "1s"} sends so many at a time;
    /// `then`: `close`, `reset` or `silence` after what is sent;
    /// `delay`: waits first, such as "2s";
    /// `executed`: true carries out the operation too;
    /// `unverified`: true answers wrongly signed requests too;
    /// `moment`: `before_body` or, for the next connection, `at_once`.
    #[arg(long, value_name = "FILE", verbatim_doc_comment)]
    pub(crate) script: Option<PathBuf>,

    /// Appends a line of JSON to this file for each request: what was asked, when, and what was
    /// answered. Of signatures nothing is written; of a parameter whose name speaks of a password, a
    /// secret, a token, a credential or a key, or that is JSON with such a name in it, no value.
    /// Bodies that are no form are not written either.
    #[arg(long, value_name = "FILE")]
    pub(crate) record: Option<PathBuf>,

    /// Writes a line to stderr for each request.
    #[arg(long, short)]
    pub(crate) verbose: bool,

    #[command(flatten)]
    simulation: SimulationOptions,

    #[command(flatten)]
    faults: FaultOptions,
}

#[derive(Args)]
#[command(next_help_heading = "Refreshes and preloads of Cdn 2018-05-10")]
struct SimulationOptions {
    /// Takes refreshes and preloads and carries them out as time passes. Any of the options below
    /// does so too. The two documented tasks, which are there otherwise, are not then.
    #[arg(long)]
    simulate: bool,

    /// How many times faster objects fare, 1 by default: it divides the four times below, and nothing
    /// else.
    #[arg(long, value_name = "FACTOR", allow_negative_numbers = true, value_parser = speed)]
    speed: Option<f64>,

    /// How long an id is not listed, 2s by default.
    #[arg(long, value_name = "TIME", value_parser = humantime::parse_duration)]
    listing_delay: Option<Duration>,

    /// How long an object is pending, about 5s by default.
    #[arg(long, value_name = "TIME", value_parser = humantime::parse_duration)]
    pending_duration: Option<Duration>,

    /// How long a refresh takes from then on, about 20s by default.
    #[arg(long, value_name = "TIME", value_parser = humantime::parse_duration)]
    refresh_duration: Option<Duration>,

    /// How long a preload takes, about 60s by default.
    #[arg(long, value_name = "TIME", value_parser = humantime::parse_duration)]
    preload_duration: Option<Duration>,

    /// Answers the state that tasks had when they were last asked about, as the service may.
    #[arg(long)]
    stale_reads: bool,

    /// How long tasks are listed, at any speed, 3days by default.
    #[arg(long, value_name = "TIME", value_parser = humantime::parse_duration)]
    retention: Option<Duration>,

    /// Lets objects fail whose URL contains the text, such as `/broken/=Origin Timeout`; may be
    /// given several times.
    #[arg(long, value_name = "TEXT=DESCRIPTION", value_parser = pair)]
    fail: Vec<(String, String)>,

    /// Lets objects whose URL contains the text end with this status.
    #[arg(long, value_name = "TEXT=STATUS", value_parser = pair)]
    task_status: Vec<(String, String)>,

    /// The domains of the account, joined with commas; every domain without it.
    #[arg(long, value_name = "DOMAINS", value_delimiter = ',')]
    domains: Option<Vec<String>>,

    /// Files that may be refreshed a day, 10000 by default.
    #[arg(long, value_name = "N")]
    daily_files: Option<u64>,

    /// Directories that may be refreshed a day, 100 by default.
    #[arg(long, value_name = "N")]
    daily_directories: Option<u64>,

    /// Regular expressions that may be refreshed a day, 20 by default.
    #[arg(long, value_name = "N")]
    daily_regexes: Option<u64>,

    /// URLs that may be refreshed without their parameters a day, 100 by default.
    #[arg(long, value_name = "N")]
    daily_ignore_params: Option<u64>,

    /// URLs that may be preloaded a day, 1000 by default.
    #[arg(long, value_name = "N")]
    daily_preloads: Option<u64>,

    /// Files of one domain that may be refreshed a minute, 10000 by default.
    #[arg(long, value_name = "N")]
    files_per_minute: Option<u64>,

    /// Never refuses a call as one too many in its second.
    #[arg(long)]
    no_rates: bool,
}

#[derive(Args)]
#[command(next_help_heading = "Faults, in shares such as 5% or 0.05 of otherwise good requests")]
struct FaultOptions {
    /// Requests that are refused as one too many.
    #[arg(long, value_name = "SHARE", value_parser = share)]
    throttled: Option<f64>,

    /// Requests whose connection is reset before they are carried out.
    #[arg(long, value_name = "SHARE", value_parser = share)]
    reset: Option<f64>,

    /// Requests that are carried out and whose connection is then reset.
    #[arg(long, value_name = "SHARE", value_parser = share)]
    lost: Option<f64>,

    /// Requests that are carried out and answered with something that is no document.
    #[arg(long, value_name = "SHARE", value_parser = share)]
    garbage: Option<f64>,

    /// Lets only this operation go wrong; may be given several times.
    #[arg(long, value_name = "OPERATION")]
    only: Vec<String>,

    /// Lets other requests go wrong.
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
        Some(if options.no_rates || self.fixed_time.is_some() {
            simulation.rates(false)
        } else {
            simulation
        })
    }

    pub(crate) fn faults(&self) -> Faults {
        let options = &self.faults;
        let share = |share: Option<f64>| share.unwrap_or_default();
        options.only.iter().fold(
            Faults::seeded(options.seed)
                .throttled(share(options.throttled))
                .reset(share(options.reset))
                .lost(share(options.lost))
                .garbage(share(options.garbage)),
            Faults::only,
        )
    }
}

impl SimulationOptions {
    fn simulation(&self) -> Option<Simulation> {
        let mut asked_for = self.simulate || self.no_rates || self.stale_reads;
        let mut simulation = Simulation::new().stale_reads(self.stale_reads);
        /// Passes on what was given, and nothing else, so that the defaults stand in one place.
        macro_rules! pass_on {
            ($($name:ident),*) => {$(
                if let Some(value) = self.$name.clone() {
                    simulation = simulation.$name(value);
                    asked_for = true;
                }
            )*};
        }
        pass_on!(
            speed,
            listing_delay,
            pending_duration,
            refresh_duration,
            preload_duration,
            retention
        );
        pass_on!(daily_files, daily_directories, daily_regexes, daily_ignore_params);
        pass_on!(daily_preloads, files_per_minute, domains);
        for (part, description) in &self.fail {
            simulation = simulation.fail(part, description);
            asked_for = true;
        }
        for (part, status) in &self.task_status {
            simulation = simulation.task_status(part, status);
            asked_for = true;
        }
        asked_for.then_some(simulation)
    }
}

fn speed(text: &str) -> Result<f64, String> {
    text.parse()
        .ok()
        .filter(|speed: &f64| speed.is_finite() && *speed > 0.0)
        .ok_or_else(|| "expected a number above zero, such as 60 or 0.5".to_owned())
}

/// The last `=` divides, since a URL may well have some of its own.
fn pair(text: &str) -> Result<(String, String), String> {
    text.rsplit_once('=')
        .filter(|(part, _)| !part.is_empty())
        .map(|(part, what)| (part.to_owned(), what.to_owned()))
        .ok_or_else(|| "expected a part of a URL, `=` and what becomes of it".to_owned())
}

fn share(text: &str) -> Result<f64, String> {
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
        .ok_or_else(|| "expected a share such as 5% or 0.05".to_owned())
}
