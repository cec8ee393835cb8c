//! Command-line arguments and their help texts.

use std::path::PathBuf;
use std::time::Duration;

use alicloud_cdn_refresh::TargetKind;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser as _};
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

/// Exit codes of the commands that can return more than two of them.
macro_rules! exit_codes {
    () => {
        "\
Exit codes:
  0  success: every object is live; without --wait, every object is submitted
  1  an object failed, was rejected, is invalid or was not sent, but at least one was submitted;
     or stdout cannot be written
  2  not finished: timed out or interrupted
  3  nothing was submitted: invalid arguments or inputs, no quota, or a failed call
  4  unknown: a response was lost, or the service no longer lists a task"
    };
}

/// Refresh and preload objects on Alibaba Cloud CDN, and wait until they are live everywhere.
///
/// A successful API call only means that the service accepted a task. This command splits any number
/// of URLs into calls within the service's limits, submits each URL once, and polls the tasks until
/// every object is live on all edge nodes or has failed.
#[derive(Parser)]
#[command(
    name = "cdn-refresh",
    version,
    after_help = exit_codes!(),
    after_long_help = AFTER_LONG_HELP,
    max_term_width = 100
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) global: GlobalOptions,

    #[command(subcommand)]
    pub(crate) command: Command,
}

const AFTER_LONG_HELP: &str = concat!(
    "\
Examples:
  cdn-refresh refresh --wait https://example.com/index.html https://example.com/static/
  cdn-refresh preload --wait --file videos.txt
  cdn-refresh --demo refresh --wait https://example.com/a.jpg

",
    exit_codes!(),
    "

Credentials are read from the same sources as the official tools use:
  ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, OIDC, the profiles of the
  aliyun CLI, and ECS instance metadata"
);

/// Options of every command.
#[derive(Args)]
pub(crate) struct GlobalOptions {
    /// Write JSON Lines to stdout.
    ///
    /// Every line is a JSON object with a `type`. Fields may be added; their meaning does not change.
    #[arg(long, global = true, help_heading = "Output")]
    pub(crate) json: bool,

    /// Print errors and warnings only.
    ///
    /// With --json, print only invalid inputs, objects that are not live, warnings, errors and the
    /// result. The output of plan, status and quota is always printed.
    #[arg(long, short, global = true, help_heading = "Output")]
    pub(crate) quiet: bool,

    /// Use the credentials of this aliyun CLI profile.
    ///
    /// Defaults to the credentials of the environment. Example: --profile staging
    #[arg(
        long,
        global = true,
        help_heading = "Service",
        value_name = "NAME",
        conflicts_with = "demo"
    )]
    pub(crate) profile: Option<String>,

    /// Send calls to this endpoint: a host or a URL.
    ///
    /// Defaults to cdn.aliyuncs.com. Example: --endpoint cdn.ap-southeast-1.aliyuncs.com
    #[arg(
        long,
        global = true,
        help_heading = "Service",
        value_name = "URL",
        conflicts_with = "demo"
    )]
    pub(crate) endpoint: Option<String>,

    /// Request the service's responses in this format.
    ///
    /// It does not change what this command prints; see --json.
    #[arg(
        long,
        global = true,
        help_heading = "Service",
        value_name = "FORMAT",
        default_value = "json"
    )]
    pub(crate) response_format: ResponseFormat,

    /// Run against a simulated service inside this process, without an account or a network.
    ///
    /// A refresh takes about 4 seconds there, a preload about 7.
    #[arg(long, global = true, help_heading = "Service")]
    pub(crate) demo: bool,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum ResponseFormat {
    Json,
    Xml,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Purge cached objects, so that the next request is served from the origin.
    ///
    /// A refresh takes 5 to 6 minutes. Nothing is sent if an input is invalid or the daily quota is
    /// too small, unless --partial is set.
    #[command(after_help = exit_codes!(), after_long_help = concat!(
        r"Examples:
  cdn-refresh refresh --wait https://example.com/index.html https://example.com/static/
  cdn-refresh refresh --wait --timeout 20m --state purge.state --file urls.txt
  cdn-refresh refresh --kind regex 'https://example.com/img/.*\.webp'
  cdn-refresh refresh --kind cache-tag --domain example.com spring sale
  list-changed-urls | cdn-refresh refresh --wait -

", exit_codes!()))]
    Refresh(RefreshArgs),
    /// Load objects into the caches before the first request for them.
    ///
    /// A preload takes 5 to 30 minutes. Nothing is sent if an input is invalid or the daily quota is
    /// too small, unless --partial is set.
    #[command(
        mut_arg("urls", |arg| arg.help("URLs; use - to read standard input")),
        mut_arg("domain", |arg| {
            arg.help("Accept only URLs of this domain").long_help(
                "Accept only URLs of this domain.\n\nRepeat the option to accept several domains. \
                 Without it, URLs of every domain are accepted. Example: --domain example.com",
            )
        }),
        mut_arg("batch_size", |arg| arg.long_help(
            "Send at most N objects per call, for accounts with lower limits than documented.\n\n\
             Defaults to 100; larger values have no effect. Example: --batch-size 50",
        )),
        after_help = exit_codes!(),
        after_long_help = concat!(
        "Examples:
  cdn-refresh preload --wait https://example.com/video.mp4
  cdn-refresh preload --wait --timeout 90m --state preload.state --file videos.txt
  cdn-refresh preload --area overseas --header 'Accept-Encoding: br' https://example.com/app.js

", exit_codes!()))]
    Preload(PreloadArgs),
    /// Print the calls that refresh or preload would send, without sending them.
    #[command(after_long_help = "\
Examples:
  cdn-refresh plan --file urls.txt
  cdn-refresh plan --kind preload --quota --file videos.txt

Exit codes:
  0  every input is valid and, with --quota, fits into the daily quota
  3  an input is invalid, the quota is too small, or the quota cannot be read")]
    Plan(PlanArgs),
    /// Print the current status of tasks.
    ///
    /// The service keeps tasks for 3 days.
    #[command(after_help = exit_codes!(), after_long_help = concat!(
        "Examples:
  cdn-refresh status 704225667
  cdn-refresh status --state purge.state

", exit_codes!()))]
    Status(TaskSelection),
    /// Wait until tasks are live or have failed.
    ///
    /// Submits nothing: calls of a state file that are not sent yet stay unsent. The service keeps tasks
    /// for 3 days.
    #[command(after_help = exit_codes!(), after_long_help = concat!(
        "Examples:
  cdn-refresh wait 704225667,704222904
  cdn-refresh wait --timeout 20m --state purge.state

", exit_codes!()))]
    Wait(WaitArgs),
    /// Print the account's remaining refresh and preload quota of the day.
    ///
    /// The quota resets at 00:00 UTC+8.
    #[command(after_long_help = "\
Examples:
  cdn-refresh quota
  cdn-refresh --json quota

Exit codes:
  0  success
  3  the quota cannot be read")]
    Quota,
    /// Print a completion script for a shell.
    #[command(after_long_help = "\
Examples:
  cdn-refresh completions bash >~/.local/share/bash-completion/completions/cdn-refresh
  cdn-refresh completions fish >~/.config/fish/completions/cdn-refresh.fish")]
    Completions {
        /// Generate the script for this shell.
        shell: Shell,
    },
    /// Print the manual page.
    #[command(after_long_help = "\
Examples:
  cdn-refresh man >cdn-refresh.1
  cdn-refresh man refresh | man -l -")]
    Man {
        /// Print the page of this command instead of the main page.
        command: Option<String>,
    },
}

#[derive(Args)]
pub(crate) struct RefreshArgs {
    #[command(flatten)]
    pub(crate) inputs: InputOptions,

    /// Treat every input as this kind.
    ///
    /// Defaults to directory for URLs that end with a slash, and to file for all others.
    #[arg(
        long,
        value_parser = refresh_kinds().try_map(|name| parse_refresh_kind(&name)),
        value_name = "KIND"
    )]
    pub(crate) kind: Option<TargetKind>,

    /// Purge objects even if they are unchanged at the origin.
    ///
    /// Applies to directories, regular expressions and cache tags. Without it, the service purges
    /// only objects that have changed at the origin.
    #[arg(long)]
    pub(crate) force: bool,

    #[command(flatten)]
    pub(crate) submit: SubmitOptions,

    #[command(flatten)]
    pub(crate) wait: WaitOptions,
}

#[derive(Args)]
pub(crate) struct PreloadArgs {
    #[command(flatten)]
    pub(crate) inputs: InputOptions,

    #[command(flatten)]
    pub(crate) preload: PreloadOptions,

    #[command(flatten)]
    pub(crate) submit: SubmitOptions,

    #[command(flatten)]
    pub(crate) wait: WaitOptions,
}

#[derive(Args)]
pub(crate) struct PreloadOptions {
    /// Preload into this area only.
    ///
    /// Defaults to every area in which the domain is accelerated.
    #[arg(long, value_name = "AREA", value_parser = areas())]
    pub(crate) area: Option<String>,

    /// Always preload the second cache level (L2), too.
    ///
    /// Without it, the service preloads only the cache level closest to the origin.
    #[arg(long)]
    pub(crate) l2: bool,

    /// Send this header with the requests to the origin.
    ///
    /// Repeat the option to send several headers. Without it, the service sends
    /// 'Accept-Encoding: gzip'. Example: --header 'Accept-Encoding: br'
    #[arg(long, value_name = "NAME: VALUE", value_parser = parse_header)]
    pub(crate) header: Vec<(String, String)>,
}

#[derive(Args)]
pub(crate) struct PlanArgs {
    #[command(flatten)]
    pub(crate) inputs: InputOptions,

    /// Treat every input as this kind.
    ///
    /// Defaults to directory for URLs that end with a slash, and to file for all others.
    #[arg(
        long,
        value_parser = all_kinds().try_map(|name| parse_kind(&name)),
        value_name = "KIND"
    )]
    pub(crate) kind: Option<TargetKind>,

    /// Compare the plan with the account's remaining quota of the day; requires credentials.
    #[arg(long)]
    pub(crate) quota: bool,
}

/// The inputs, and how they are validated and grouped into calls.
#[derive(Args, Clone)]
pub(crate) struct InputOptions {
    /// URLs, or cache tags with --kind cache-tag; use - to read standard input.
    #[arg(value_name = "URL")]
    pub(crate) urls: Vec<String>,

    /// Read URLs from FILE, one per line; lines starting with # are ignored.
    ///
    /// Use - to read standard input. Repeat the option to read several files. Files must be UTF-8.
    /// Limits: 100000 inputs, 32 MiB of all files together, 64 KiB per line. If a limit is exceeded,
    /// reading stops and nothing is sent.
    #[arg(long, short = 'f', value_name = "FILE")]
    pub(crate) file: Vec<PathBuf>,

    /// Succeed if there is no input, such as an empty file.
    ///
    /// Without it, an empty list is an error, because the program that writes it may have failed.
    #[arg(long)]
    pub(crate) allow_empty: bool,

    /// Accept only URLs of this domain; with --kind cache-tag, set the domain of the tags.
    ///
    /// Repeat the option to accept several domains. Without it, URLs of every domain are accepted.
    /// Example: --domain example.com
    #[arg(long, value_name = "DOMAIN", value_parser = parse_domain)]
    pub(crate) domain: Vec<String>,

    /// Send at most N objects per call, for accounts with lower limits than documented.
    ///
    /// Defaults to 1000 files, 100 directories, 1 regular expression, 100 parameterless URLs, 1000
    /// cache tags and 100 preloads; larger values have no effect. Example: --batch-size 500
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) batch_size: Option<u16>,
}

#[derive(Args)]
#[command(next_help_heading = "Submit")]
pub(crate) struct SubmitOptions {
    /// Record the job in FILE, and resume from FILE if it exists.
    ///
    /// After a crash or Ctrl-C, run the same command again: nothing is submitted twice. Use a new
    /// file for each job. Example: --state purge.state
    #[arg(long, value_name = "FILE", conflicts_with = "demo")]
    pub(crate) state: Option<PathBuf>,

    /// Submit the valid inputs that fit into the quota, even if others cannot be sent.
    ///
    /// Without it, nothing is sent if an input is invalid or the daily quota is too small.
    #[arg(long)]
    pub(crate) partial: bool,

    /// Resend calls whose response was lost and that are not in the task list.
    ///
    /// Such a call may have been executed: resending it may use the daily quota twice. Without it,
    /// their objects stay unknown (exit code 4).
    #[arg(long)]
    pub(crate) resend_unknown: bool,

    /// Set how long to search the task list for a call whose response was lost.
    ///
    /// The service lists a task some seconds after it accepted the call. The first search always
    /// reads the whole list. A number without a unit is in seconds. Example: --lookup-timeout 2m
    #[arg(long, value_name = "DURATION", default_value = "30s", value_parser = parse_duration)]
    pub(crate) lookup_timeout: Duration,
}

/// `--wait` and the options that require it.
#[derive(Args)]
#[command(next_help_heading = "Wait")]
pub(crate) struct WaitOptions {
    /// Wait until every object is live or has failed.
    #[arg(long)]
    pub(crate) wait: bool,

    /// Stop after this duration.
    ///
    /// Limits the whole run: reading the inputs, the credentials and the quota, submitting, lookups
    /// and waiting. In its last tenth, at most 5 seconds, no further call is sent. Without the option,
    /// only the wait is limited, to 15 minutes, or 60 minutes for a preload. A number without a unit
    /// is in seconds. Examples: --timeout 90s, --timeout 20m
    #[arg(long, value_name = "DURATION", value_parser = parse_duration, requires = "wait")]
    pub(crate) timeout: Option<Duration>,

    /// Poll at this interval.
    ///
    /// Defaults to 2 seconds, growing to 10 seconds. A number without a unit is in seconds.
    /// Example: --poll-interval 5s
    #[arg(long, value_name = "DURATION", value_parser = parse_duration, requires = "wait")]
    pub(crate) poll_interval: Option<Duration>,
}

#[derive(Args)]
#[command(next_help_heading = "Wait")]
pub(crate) struct PollOptions {
    /// Stop after this duration.
    ///
    /// Limits the whole run. Without the option, only the wait is limited, to 15 minutes, or 60
    /// minutes for preloads and for task ids, which may belong to a preload. A number without a unit is in seconds. Examples: --timeout 90s, --timeout 20m
    #[arg(long, value_name = "DURATION", value_parser = parse_duration)]
    pub(crate) timeout: Option<Duration>,

    /// Poll at this interval.
    ///
    /// Defaults to 2 seconds, growing to 10 seconds. A number without a unit is in seconds.
    /// Example: --poll-interval 5s
    #[arg(long, value_name = "DURATION", value_parser = parse_duration)]
    pub(crate) poll_interval: Option<Duration>,
}

/// The tasks of `status` and `wait`.
#[derive(Args)]
pub(crate) struct TaskSelection {
    /// Task ids, as separate arguments or joined with commas.
    #[arg(value_name = "ID", required_unless_present = "state", conflicts_with = "state")]
    pub(crate) ids: Vec<String>,

    /// Read the tasks from this state file of refresh or preload.
    #[arg(long, value_name = "FILE")]
    pub(crate) state: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct WaitArgs {
    #[command(flatten)]
    pub(crate) tasks: TaskSelection,

    #[command(flatten)]
    pub(crate) poll: PollOptions,
}

// Possible values instead of free text, so that shells can complete them.

fn areas() -> PossibleValuesParser {
    PossibleValuesParser::new([
        PossibleValue::new("domestic").help("Mainland China"),
        PossibleValue::new("overseas").help("Regions outside mainland China"),
    ])
}

fn all_kinds() -> PossibleValuesParser {
    PossibleValuesParser::new(TargetKind::ALL.map(possible_kind))
}

/// The kinds of `refresh`. `preload` is accepted but hidden, so that its error can name the command.
fn refresh_kinds() -> PossibleValuesParser {
    let possible_values =
        TargetKind::ALL.map(|kind| possible_kind(kind).hide(kind == TargetKind::Preload));
    PossibleValuesParser::new(possible_values)
}

fn possible_kind(kind: TargetKind) -> PossibleValue {
    let value = PossibleValue::new(kind.as_str());
    match kind {
        TargetKind::File => value.help("One object"),
        TargetKind::Directory => value.help("Every object below a URL that ends with a slash"),
        TargetKind::Regex => value.help("Every object of a host that matches a regular expression"),
        TargetKind::IgnoreParams => {
            value.help("Every object that differs from the URL only in its query")
        }
        TargetKind::CacheTag => {
            value.help("Every object of a domain with a cache tag; requires --domain")
        }
        TargetKind::Preload => value.help("One object to preload"),
        _ => value,
    }
}

fn parse_kind(text: &str) -> Result<TargetKind, String> {
    text.parse().map_err(|error: alicloud_cdn_refresh::UnknownTargetKind| error.to_string())
}

fn parse_refresh_kind(text: &str) -> Result<TargetKind, String> {
    match parse_kind(text)? {
        TargetKind::Preload => Err("to preload, run cdn-refresh preload".to_owned()),
        kind => Ok(kind),
    }
}

/// Parses a bare domain name. With a scheme or a path around it, it would match no URL.
fn parse_domain(text: &str) -> Result<String, String> {
    match text.contains(['/', ':', '@']) || text.trim().is_empty() {
        true => Err("expected a domain name only, such as example.com".to_owned()),
        false => Ok(text.to_owned()),
    }
}

/// Parses a duration such as `90s` or `20m`; a bare number is in seconds.
fn parse_duration(text: &str) -> Result<Duration, String> {
    let duration = match text.parse() {
        Ok(seconds) => Ok(Duration::from_secs(seconds)),
        Err(_) => humantime::parse_duration(text),
    };
    duration.map_err(|_| "expected a duration such as 90s, 20m or 1h".to_owned())
}

fn parse_header(text: &str) -> Result<(String, String), String> {
    if text.contains(char::is_control) {
        return Err("contains a control character; remove it".to_owned());
    }
    let (name, value) =
        text.split_once(':').ok_or("expected NAME: VALUE, such as 'Accept-Encoding: br'")?;
    match (name.trim(), value.trim()) {
        ("", _) => Err("has no name before the colon".to_owned()),
        (name, value) => Ok((name.to_owned(), value.to_owned())),
    }
}
