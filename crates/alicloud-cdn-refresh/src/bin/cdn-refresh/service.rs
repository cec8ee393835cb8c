//! The service that the command talks to.

use std::time::Duration;

use alicloud_cdn::Client;
use alicloud_core::credentials::CliProfile;
use alicloud_core::{ClientBuilder, Credentials, Format};
use alicloud_fake::{DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET, FakeService, Simulation};

use crate::args::{self, Global};
use crate::failure::Failure;

/// A client, and what it talks to when that is inside of this program.
pub(crate) struct Service {
    pub(crate) client: Client,
    _demo: Option<FakeService>,
}

impl Service {
    pub(crate) async fn of(global: &Global) -> Result<Self, Failure> {
        let mut builder: ClientBuilder<Client> =
            Client::builder().user_agent(concat!("cdn-refresh/", env!("CARGO_PKG_VERSION")));
        builder = builder.format(match global.format {
            args::Format::Json => Format::Json,
            args::Format::Xml => Format::Xml,
        });
        if let Some(profile) = &global.profile {
            builder = builder.credentials(CliProfile::new().profile(profile));
        }
        if let Some(endpoint) = &global.endpoint {
            builder = builder.endpoint(endpoint);
        }
        let demo = match global.demo {
            true => Some(demo().await?),
            false => None,
        };
        if let Some(demo) = &demo {
            builder = builder
                .endpoint(demo.endpoint())
                .credentials(Credentials::new(DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET))
                .no_proxy();
        }
        let client = builder.build().map_err(|error| Failure::call(&error))?;
        Ok(Service { client, _demo: demo })
    }
}

/// A service in which a refresh takes seconds.
async fn demo() -> Result<FakeService, Failure> {
    let simulation = Simulation::new()
        .listing_delay(Duration::from_millis(500))
        .pending_duration(Duration::from_millis(500))
        .refresh_duration(Duration::from_secs(3))
        .preload_duration(Duration::from_secs(6));
    let started = FakeService::builder().simulation(simulation).start().await;
    started.map_err(|error| {
        Failure::usage(format!(
            "the simulated service cannot start: {error}; it needs a port of 127.0.0.1"
        ))
    })
}
