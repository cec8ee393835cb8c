//! The arguments of each command.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use alicloud_cdn_refresh::TargetKind;
use clap::Args;
use clap::builder::TypedValueParser as _;

use super::values::{
    all_kinds, areas, parse_domain, parse_duration, parse_header, parse_kind, parse_lease,
    parse_refresh_kind, refresh_kinds,
};

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
    #[command(flatten)]
    pub(crate) state: StateOptions,

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

const STATE_HELP: &str = "\
Record the job in FILE or in Redis, and resume it if it exists.

After a crash or Ctrl-C, run the same command again: nothing is submitted twice. Use a new file or name \
for each job. A job in Redis continues on any machine: redis://HOST[:PORT][/DATABASE]/NAME, rediss:// \
with TLS, redis+sentinel://HOST,HOST/MASTER/NAME or redis+cluster://HOST,HOST/NAME. The password is read \
from ALICLOUD_REDIS_PASSWORD, the user name from ALICLOUD_REDIS_USERNAME; the server needs appendonly \
yes. Example: --state purge.state";

/// Where the job is recorded. Parsed later, so that no message of the parser shows a password.
#[derive(Args)]
pub(crate) struct StateOptions {
    /// Record the job in FILE or in Redis, and resume it if it exists.
    #[arg(
        long,
        value_name = "FILE|URL",
        value_hint = clap::ValueHint::AnyPath,
        long_help = STATE_HELP,
        conflicts_with = "demo"
    )]
    pub(crate) state: Option<OsString>,

    /// Keep a job in Redis for this duration without a sign of life.
    ///
    /// Then another machine can continue it. Defaults to 15 seconds; at least 0.3 seconds, at most 1 hour. A
    /// number without a unit is in seconds. Example: --lease 1m
    #[arg(long, value_name = "DURATION", value_parser = parse_lease, requires = "state")]
    pub(crate) lease: Option<Duration>,
}

/// How long a run takes: `--wait`, and the options that limit it.
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
    #[arg(long, value_name = "DURATION", value_parser = parse_duration)]
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

    #[command(flatten)]
    pub(crate) state: StateOptions,
}

#[derive(Args)]
pub(crate) struct WaitArgs {
    #[command(flatten)]
    pub(crate) tasks: TaskSelection,

    #[command(flatten)]
    pub(crate) poll: PollOptions,
}
