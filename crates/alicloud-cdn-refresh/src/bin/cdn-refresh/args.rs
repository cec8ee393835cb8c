//! The command line.

use std::path::PathBuf;
use std::time::Duration;

use alicloud_cdn_refresh::TargetKind;
use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

/// Below the help of the whole, and of each command that has more than two of them.
macro_rules! exit_codes {
    () => {
        "\
Exit codes:
  0  done
  1  an object has failed, or the service did not take it, while it took others; or stdout is full
  2  not finished in time, or interrupted
  3  nothing was submitted, or the command cannot be carried out as it is
  4  it is not known whether a call was carried out, or what became of it"
    };
}

/// Refreshes and preloads on Alibaba Cloud CDN, and waits until it is live everywhere.
#[derive(Parser)]
#[command(name = "cdn-refresh", version, after_help = AFTER, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) global: Global,

    #[command(subcommand)]
    pub(crate) command: Command,
}

const AFTER: &str = concat!(
    exit_codes!(),
    "

Credentials come from where the official tools have them: ALIBABA_CLOUD_ACCESS_KEY_ID and
ALIBABA_CLOUD_ACCESS_KEY_SECRET, OIDC, the profiles of the aliyun command, ECS metadata."
);

/// What every command takes.
#[derive(Args)]
pub(crate) struct Global {
    /// Writes JSON lines for programs to stdout.
    #[arg(long, global = true, help_heading = "Output")]
    pub(crate) json: bool,

    /// Shows neither plan nor progress, only what is wrong.
    #[arg(long, short, global = true, help_heading = "Output")]
    pub(crate) quiet: bool,

    /// Takes the credentials of this profile of the aliyun command.
    #[arg(
        long,
        global = true,
        help_heading = "Service",
        value_name = "NAME",
        conflicts_with = "demo"
    )]
    pub(crate) profile: Option<String>,

    /// Talks to this endpoint instead of cdn.aliyuncs.com.
    #[arg(
        long,
        global = true,
        help_heading = "Service",
        value_name = "URL",
        conflicts_with = "demo"
    )]
    pub(crate) endpoint: Option<String>,

    /// The format of the service's responses.
    #[arg(
        long,
        global = true,
        help_heading = "Service",
        value_name = "FORMAT",
        default_value = "json"
    )]
    pub(crate) format: Format,

    /// Runs against a simulated service inside this program: no account, no network.
    #[arg(long, global = true, help_heading = "Service")]
    pub(crate) demo: bool,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Format {
    Json,
    Xml,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Throws cached objects away, so that the next visitor gets them from the origin.
    #[command(after_help = exit_codes!())]
    Refresh(Refresh),
    /// Brings objects to the caches before the first visitor asks for them.
    #[command(after_help = exit_codes!())]
    Preload(Preload),
    /// Shows what would be sent, and sends nothing.
    Plan(PlanOnly),
    /// Shows how tasks stand, once.
    #[command(after_help = exit_codes!())]
    Status(Tasks),
    /// Waits until tasks are live or have failed.
    #[command(after_help = exit_codes!())]
    Wait(WaitFor),
    /// Shows how much the account may still refresh and preload today.
    Quota,
    /// Writes the completions for a shell to stdout.
    Completions {
        /// Which shell.
        shell: Shell,
    },
    /// Writes the manual page to stdout.
    Man {
        /// The page of this command; without it, that of the whole.
        command: Option<String>,
    },
}

#[derive(Args)]
pub(crate) struct Refresh {
    #[command(flatten)]
    pub(crate) what: Objects,

    /// What the URLs are. Without it, those that end with a slash are directories, the others files.
    #[arg(long, value_parser = one_of(&TargetKind::ALL.map(TargetKind::as_str)).try_map(|name| refresh_kind(&name)), value_name = "KIND")]
    pub(crate) kind: Option<TargetKind>,

    /// Throws away what is the same at the origin, too, in directories, patterns and tags.
    #[arg(long)]
    pub(crate) force: bool,

    #[command(flatten)]
    pub(crate) sending: Sending,

    #[command(flatten)]
    pub(crate) waiting: Waiting,
}

#[derive(Args)]
pub(crate) struct Preload {
    #[command(flatten)]
    pub(crate) what: Objects,

    #[command(flatten)]
    pub(crate) how: PreloadHow,

    #[command(flatten)]
    pub(crate) sending: Sending,

    #[command(flatten)]
    pub(crate) waiting: Waiting,
}

#[derive(Args)]
pub(crate) struct PreloadHow {
    /// Where to. Without it, wherever the domain is accelerated.
    #[arg(long, value_name = "AREA", value_parser = one_of(&["domestic", "overseas"]))]
    pub(crate) area: Option<String>,

    /// Fills the second level of caches in any case.
    #[arg(long)]
    pub(crate) l2: bool,

    /// A header of the requests to the origin, such as 'Accept-Encoding: br'. Can be repeated.
    #[arg(long, value_name = "NAME: VALUE", value_parser = header)]
    pub(crate) header: Vec<(String, String)>,
}

#[derive(Args)]
pub(crate) struct PlanOnly {
    #[command(flatten)]
    pub(crate) what: Objects,

    /// What the URLs are: those of refresh, or preload.
    #[arg(long, value_parser = one_of(&TargetKind::ALL.map(TargetKind::as_str)).try_map(|name| kind(&name)), value_name = "KIND")]
    pub(crate) kind: Option<TargetKind>,

    /// Compares with what the account may still do today, for which it needs credentials.
    #[arg(long)]
    pub(crate) quota: bool,
}

/// What is refreshed or preloaded.
#[derive(Args)]
pub(crate) struct Objects {
    /// URLs, or cache tags with --kind cache-tag; - stands for standard input.
    #[arg(value_name = "URL")]
    pub(crate) urls: Vec<String>,

    /// A file with a URL a line; lines that begin with # say nothing. - stands for standard input.
    #[arg(long, short = 'f', value_name = "FILE")]
    pub(crate) file: Vec<PathBuf>,

    /// Refuses URLs of other domains; with --kind cache-tag, the domain of the tags. Can be repeated.
    #[arg(long, value_name = "DOMAIN", value_parser = domain)]
    pub(crate) domain: Vec<String>,

    /// Puts no more than this into one call, for an account that takes fewer than the service documents:
    /// 1000 files, 100 directories, 1 regular expression, 100 preloads.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) batch_size: Option<u16>,
}

#[derive(Args)]
#[command(next_help_heading = "Sending")]
pub(crate) struct Sending {
    /// Keeps all that happens in this file, and goes on from it when it is there: after a crash or
    /// Ctrl-C nothing is submitted twice.
    #[arg(long, value_name = "FILE", conflicts_with = "demo")]
    pub(crate) state: Option<PathBuf>,

    /// Sends what can be sent, although some URLs are refused or beyond the quota.
    #[arg(long)]
    pub(crate) partial: bool,

    /// Sends again what may have been carried out and is not found in the list of tasks.
    #[arg(long)]
    pub(crate) resend_unknown: bool,

    /// For how long the list of tasks is read again when a call of which the answer was lost is not in it.
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = duration)]
    pub(crate) lookup_timeout: Duration,
}

#[derive(Args)]
#[command(next_help_heading = "Waiting")]
pub(crate) struct Waiting {
    /// Waits until everything is live or has failed.
    #[arg(long)]
    pub(crate) wait: bool,

    /// How long to wait at most, such as 90s or 20m. Without it 15 minutes, or 60 for a preload.
    #[arg(long, value_name = "TIME", value_parser = duration, requires = "wait")]
    timeout: Option<Duration>,

    /// The time between two looks. Without it 2 seconds, growing to 10.
    #[arg(long, value_name = "TIME", value_parser = duration, requires = "wait")]
    poll_interval: Option<Duration>,
}

impl Waiting {
    pub(crate) fn pace(&self) -> Pace {
        Pace { timeout: self.timeout, poll_interval: self.poll_interval }
    }
}

#[derive(Args)]
#[command(next_help_heading = "Waiting")]
pub(crate) struct Pace {
    /// How long to wait at most, such as 90s or 20m. Without it 15 minutes, or 60 for preloads and for
    /// ids, which may be of one.
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(crate) timeout: Option<Duration>,

    /// The time between two looks. Without it 2 seconds, growing to 10.
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(crate) poll_interval: Option<Duration>,
}

#[derive(Args)]
pub(crate) struct Tasks {
    /// Ids of tasks, singly or joined with commas.
    #[arg(value_name = "ID", required_unless_present = "state", conflicts_with = "state")]
    pub(crate) ids: Vec<String>,

    /// Takes the tasks of this state file.
    #[arg(long, value_name = "FILE")]
    pub(crate) state: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct WaitFor {
    #[command(flatten)]
    pub(crate) tasks: Tasks,

    #[command(flatten)]
    pub(crate) pace: Pace,
}

/// A value that the shell can complete.
fn one_of(values: &[&'static str]) -> PossibleValuesParser {
    PossibleValuesParser::new(values.iter().copied())
}

fn kind(text: &str) -> Result<TargetKind, String> {
    text.parse().map_err(|error: alicloud_cdn_refresh::UnknownTargetKind| error.to_string())
}

fn refresh_kind(text: &str) -> Result<TargetKind, String> {
    match kind(text)? {
        TargetKind::Preload => {
            Err("preloading has a command of its own: cdn-refresh preload".to_owned())
        }
        kind => Ok(kind),
    }
}

/// The name of a domain alone: with more around it, no URL would belong to it.
fn domain(text: &str) -> Result<String, String> {
    match text.contains(['/', ':', '@']) || text.trim().is_empty() {
        true => Err("write the name alone, such as example.com".to_owned()),
        false => Ok(text.to_owned()),
    }
}

/// A time such as `90s` or `20m`; a bare number is in seconds.
fn duration(text: &str) -> Result<Duration, String> {
    let parsed = match text.parse() {
        Ok(seconds) => Ok(Duration::from_secs(seconds)),
        Err(_) => humantime::parse_duration(text),
    };
    parsed.map_err(|error| format!("{error}; write it like 90s, 20m or 1h"))
}

fn header(text: &str) -> Result<(String, String), String> {
    if text.contains(char::is_control) {
        return Err("it has a control character inside: take it out".to_owned());
    }
    let (name, value) = text.split_once(':').ok_or("write it like 'Accept-Encoding: br'")?;
    match (name.trim(), value.trim()) {
        ("", _) => Err("the name before the colon is missing".to_owned()),
        (name, value) => Ok((name.to_owned(), value.to_owned())),
    }
}
