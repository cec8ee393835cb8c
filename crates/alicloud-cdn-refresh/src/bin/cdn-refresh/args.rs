//! Command-line arguments and their help texts.

mod options;
mod values;

use clap::builder::NonEmptyStringValueParser;
use clap::{Arg, Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

pub(crate) use self::options::{
    InputOptions, PlanArgs, PreloadArgs, PreloadOptions, RefreshArgs, StateOptions, SubmitOptions,
    TaskSelection, WaitArgs, WaitOptions,
};

/// Exit codes of the commands that can return more than two of them.
macro_rules! exit_codes {
    () => {
        "\
Exit codes:
  0  success: every object is live; without --wait, every object is submitted
  1  an object failed, was rejected, is invalid or was not sent, but at least one was submitted;
     Redis lost the job; or stdout cannot be written
  2  not finished: timed out or interrupted; or another machine has the job, or Redis is away
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

const SHARED_LIMITS_HELP: &str = "\
Share the rate limits of the account with other machines through Redis.

The forms of the URL are redis://HOST[:PORT][/DATABASE], rediss:// with TLS, \
redis+sentinel://HOST,HOST/MASTER and redis+cluster://HOST,HOST; the password is read from \
ALICLOUD_REDIS_PASSWORD. If the server is away, each process uses its share of the rates; see \
--processes. Example: --shared-limits redis://cache.example";

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

    /// Use the credentials, the region and the endpoints of this aliyun CLI profile.
    ///
    /// Defaults to those of the environment. Example: --profile staging
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
    /// Defaults to ALIBABA_CLOUD_CDN_ENDPOINT, ALIBABA_CLOUD_ENDPOINT, the endpoint of the profile or of the region,
    /// else cdn.aliyuncs.com. Example: --endpoint cdn.ap-southeast-1.aliyuncs.com
    #[arg(
        long,
        global = true,
        help_heading = "Service",
        value_name = "URL",
        conflicts_with = "demo"
    )]
    pub(crate) endpoint: Option<String>,

    /// Share the rate limits of the account with other machines through Redis.
    #[arg(
        long,
        global = true,
        help_heading = "Service",
        value_name = "URL",
        long_help = SHARED_LIMITS_HELP,
        conflicts_with = "demo"
    )]
    pub(crate) shared_limits: Option<String>,

    /// Use one of N equal shares of the account's rate limits.
    ///
    /// For N processes that run at the same time. With --shared-limits, the share is used only while
    /// the server is away, and defaults to the number of processes that it saw last. Example:
    /// --processes 3
    #[arg(
        long,
        global = true,
        help_heading = "Service",
        value_name = "N",
        value_parser = clap::value_parser!(u32).range(1..=10_000)
    )]
    pub(crate) processes: Option<u32>,

    /// Share limits with the programs that use this name, such as an account id.
    ///
    /// Needed if the programs of an account have several access keys, roles of ECS instances or temporary
    /// credentials. OIDC, assumed roles and CloudSSO tell their account. Example: --limit-scope 1234567890123456
    #[arg(
        long,
        global = true,
        help_heading = "Service",
        value_name = "NAME",
        value_parser = NonEmptyStringValueParser::new()
    )]
    pub(crate) limit_scope: Option<String>,

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

/// Describes `--state` of the commands that submit nothing.
fn stored_tasks(arg: Arg) -> Arg {
    arg.help("Read the tasks from the job that refresh or preload stored in FILE or in Redis")
        .long_help(
            "Read the tasks from the job that refresh or preload stored in FILE or in Redis.\n\nA job in \
             Redis is redis://HOST[:PORT][/DATABASE]/NAME, as for refresh; the password is read from \
             ALICLOUD_REDIS_PASSWORD. Example: --state purge.state",
        )
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
  cdn-refresh refresh --wait --state redis://cache.example/release-42 --file urls.txt
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
    #[command(mut_arg("state", stored_tasks), mut_arg("lease", |arg| arg.hide(true)))]
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
    #[command(mut_arg("state", stored_tasks))]
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
