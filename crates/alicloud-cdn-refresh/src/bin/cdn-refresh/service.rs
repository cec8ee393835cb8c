//! The client of the service, or of the simulated service of `--demo`.

use std::time::Duration;

use alicloud_cdn::Client;
use alicloud_cdn_refresh::{RedisConfig, ServiceId};
use alicloud_core::{ClientBuilder, Config, Credentials, Format, RateLimits};
use alicloud_fake::{DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET, FakeService, Simulation};
use alicloud_limit_redis::RedisRateLimits;

use crate::args::{GlobalOptions, ResponseFormat};
use crate::deadline::Deadline;
use crate::error::CommandError;
use crate::output::{Output, Phase};

/// A client, together with the simulated service it may talk to.
pub(crate) struct Service {
    pub(crate) client: Client,
    /// Held so that it runs as long as the client is used.
    _demo: Option<FakeService>,
}

impl Service {
    /// Builds the client, and starts the simulated service if `--demo` is set.
    pub(crate) async fn from_options(
        options: &GlobalOptions,
        output: &Output,
    ) -> Result<Self, CommandError> {
        const USER_AGENT: &str = concat!("cdn-refresh/", env!("CARGO_PKG_VERSION"));
        let builder: ClientBuilder<Client> = Client::builder().user_agent(USER_AGENT);
        let mut builder = match options.demo {
            true => builder,
            false => builder.config(&config(options, USER_AGENT)?),
        };
        builder = builder.format(match options.response_format {
            ResponseFormat::Json => Format::Json,
            ResponseFormat::Xml => Format::Xml,
        });
        if let Some(endpoint) = &options.endpoint {
            builder = builder.endpoint(endpoint);
        }
        builder = match &options.shared_limits {
            Some(url) => builder.rate_limiter(shared_limits(url, options.processes, output).await?),
            None => {
                builder.rate_limiter(RateLimits::new().shared_by(options.processes.unwrap_or(1)))
            }
        };
        if let Some(scope) = &options.limit_scope {
            builder = builder.limit_scope(scope.as_str());
        }
        let demo = match options.demo {
            true => Some(start_demo().await?),
            false => None,
        };
        if let Some(demo) = &demo {
            builder = builder
                .endpoint(demo.endpoint())
                .credentials(Credentials::new(DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET))
                .no_proxy();
        }
        let client = builder.build().map_err(|error| CommandError::from(&error))?;
        Ok(Service { client, _demo: demo })
    }

    /// Returns what the state file of a job records of the service and the account. Loads the credentials.
    pub(crate) async fn id(
        &self,
        output: &Output,
        deadline: Deadline,
    ) -> Result<ServiceId, CommandError> {
        let loading = output.show_phase(Phase::Credentials, ServiceId::from_client(&self.client));
        tokio::select! {
            id = loading => Ok(id),
            () = deadline.passed() => Err(deadline.error(Phase::Credentials)),
        }
    }
}

/// Loads the configuration of the environment, or of a profile.
fn config(options: &GlobalOptions, user_agent: &str) -> Result<Config, CommandError> {
    let mut builder = Config::builder().user_agent(user_agent);
    if let Some(profile) = &options.profile {
        builder = builder.profile(profile);
    }
    builder.build().map_err(|error| CommandError::from(&error))
}

/// The size limit of a response about rate limits, in bytes.
const MAX_LIMIT_RESPONSE: usize = 1 << 20;

/// Connects to the server of the shared limits. While it is away, this process uses its share of the rates, and
/// says so once.
async fn shared_limits(
    url: &str,
    processes: Option<u32>,
    output: &Output,
) -> Result<RedisRateLimits, CommandError> {
    let invalid =
        |error| CommandError::nothing_submitted(format!("invalid --shared-limits: {error}"));
    let config = RedisConfig::from_url(url).map_err(invalid)?;
    let connection = config.max_response(MAX_LIMIT_RESPONSE).connect_lazily();
    // If the server is only away, the first call says so.
    if let Err(error) = Box::pin(connection.ping()).await
        && !error.is_temporary()
    {
        return Err(invalid(error));
    }
    let output = output.clone();
    let limits = RedisRateLimits::with_connection(connection).on_change(move |error| match error {
        Some(error) => output.warning(&format!("the rate limits are not shared: {error}")),
        None => output.warning("the rate limits are shared again"),
    });
    Ok(processes.into_iter().fold(limits, RedisRateLimits::processes))
}

/// Starts a simulated service whose tasks take seconds instead of minutes.
async fn start_demo() -> Result<FakeService, CommandError> {
    let simulation = Simulation::new()
        .listing_delay(Duration::from_millis(500))
        .pending_duration(Duration::from_millis(500))
        .refresh_duration(Duration::from_secs(3))
        .preload_duration(Duration::from_secs(6));
    FakeService::builder().simulation(simulation).start().await.map_err(|error| {
        CommandError::nothing_submitted(format!(
            "cannot start the simulated service: {error}; allow it to listen on a port of 127.0.0.1"
        ))
    })
}
