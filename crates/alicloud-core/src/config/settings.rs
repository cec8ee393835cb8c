//! The settings of both builders, and their defaults.

use std::fmt;
use std::sync::Arc;

use http::HeaderValue;

use super::options::CallOptions;
use crate::credentials::{CliProfile, DefaultChain, ProvideCredentials, Variables};
use crate::error::{Error, ErrorData};
use crate::extension::Extensions;
use crate::policy::limit::{RateLimiter, RateLimits};
use crate::policy::skew::Skew;
use crate::product::check_region;
use crate::time::{Clock, NonceSource, RandomNonce, SystemClock};
use crate::transport::{Transport, TransportConfig};

/// What was set on a builder. `None` stands for the default.
#[derive(Clone, Default)]
pub(crate) struct Settings {
    /// Where the default chain and the default transport read the environment.
    pub(crate) variables: Variables,
    pub(crate) region: Option<String>,
    pub(crate) vpc_endpoints: Option<bool>,
    pub(crate) credentials: Option<Arc<dyn ProvideCredentials>>,
    /// The profile of the CLI that has the credentials, instead of the default chain.
    pub(crate) profile: Option<String>,
    pub(crate) transport: Option<Arc<dyn Transport>>,
    transport_config: TransportConfig,
    /// The transport of a [`Config`](super::Config), unless the client has another configuration of it.
    default_transport: Option<Arc<dyn Transport>>,
    pub(crate) clock: Option<Arc<dyn Clock>>,
    pub(crate) nonce_source: Option<Arc<dyn NonceSource>>,
    pub(crate) user_agent: Option<String>,
    /// That of the environment, which a client with another `user_agent` keeps.
    pub(super) environment_user_agent: Option<String>,
    pub(crate) rate_limiter: Option<Arc<dyn RateLimiter>>,
    pub(crate) limit_scope: Option<Arc<str>>,
    pub(crate) skew: Arc<Skew>,
    pub(crate) extensions: Extensions,
    pub(crate) options: CallOptions,
}

/// [`Settings`] with their defaults.
pub(crate) struct Parts {
    pub(crate) credentials: Arc<dyn ProvideCredentials>,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) nonce_source: Arc<dyn NonceSource>,
    pub(crate) user_agent: HeaderValue,
    pub(crate) rate_limiter: Arc<dyn RateLimiter>,
}

impl Settings {
    pub(crate) fn configure_transport(
        &mut self,
        configure: impl FnOnce(TransportConfig) -> TransportConfig,
    ) {
        self.transport_config = configure(std::mem::take(&mut self.transport_config));
        self.default_transport = None;
    }

    /// Returns the parts of a client.
    ///
    /// # Errors
    ///
    /// The default transport cannot be set up, or the region or the user agent is invalid.
    pub(crate) fn parts(&self) -> Result<Parts, Error> {
        if let Some(region) = &self.region {
            check_region(region).map_err(|reason| Error::new(ErrorData::Configuration(reason)))?;
        }
        let user_agent = user_agent(&self.user_agents())?;
        let transport = match (&self.transport, &self.default_transport) {
            (Some(transport), _) | (None, Some(transport)) => Arc::clone(transport),
            (None, None) => {
                let config = self.transport_config.clone();
                default_transport(&config.variables(self.variables.clone()))?
            }
        };
        let clock = self.clock.clone().unwrap_or_else(|| Arc::new(SystemClock));
        let credentials = self.credentials.clone().unwrap_or_else(|| {
            let (variables, transport, clock) =
                (self.variables.clone(), Arc::clone(&transport), Arc::clone(&clock));
            match &self.profile {
                Some(profile) => {
                    let provider = CliProfile::new().profile(profile).variables(variables);
                    Arc::new(
                        provider.transport(transport).clock(clock).skew(Arc::clone(&self.skew)),
                    )
                }
                None => {
                    let chain = DefaultChain::new().variables(variables);
                    Arc::new(chain.transport(transport).clock(clock).skew(Arc::clone(&self.skew)))
                }
            }
        });
        Ok(Parts {
            credentials,
            transport,
            clock,
            nonce_source: self.nonce_source.clone().unwrap_or_else(|| Arc::new(RandomNonce)),
            user_agent,
            rate_limiter: self.rate_limiter.clone().unwrap_or_else(|| Arc::new(RateLimits::new())),
        })
    }

    /// Returns what is appended to the user agent.
    fn user_agents(&self) -> String {
        let texts = [&self.environment_user_agent, &self.user_agent].into_iter().flatten();
        texts.map(String::as_str).collect::<Vec<_>>().join(" ")
    }

    /// Keeps the parts, so that all clients of these settings share them.
    pub(super) fn keep(&mut self, parts: Parts) {
        if self.transport.is_none() {
            self.default_transport = Some(parts.transport);
        }
        self.credentials = Some(parts.credentials);
        self.clock = Some(parts.clock);
        self.nonce_source = Some(parts.nonce_source);
        self.rate_limiter = Some(parts.rate_limiter);
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("region", &self.region)
            .field("vpc_endpoints", &self.vpc_endpoints)
            .field("credentials", &self.credentials.as_ref().map(|provider| provider.name()))
            .field("user_agent", &self.user_agents())
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

/// Returns the user agent in the format of the platform's official clients, so that its statistics
/// recognize it.
fn user_agent(suffix: &str) -> Result<HeaderValue, Error> {
    // The compiler that builds the program is unknown without a build script; no version is better than a wrong one.
    const NAMES: &str =
        concat!("Rust Core/", env!("CARGO_PKG_VERSION"), " alicloud/", env!("CARGO_PKG_VERSION"),);
    let (os, arch) = (std::env::consts::OS, std::env::consts::ARCH);
    let separator = if suffix.is_empty() { "" } else { " " };
    let text = format!("AlibabaCloud ({os}; {arch}) {NAMES}{separator}{suffix}");
    HeaderValue::from_str(&text).ok().filter(|_| is_printable(suffix)).ok_or_else(|| {
        let reason =
            format!("the user agent {suffix:?} is not printable ASCII; write it like my-tool/1.2");
        Error::new(ErrorData::Configuration(reason))
    })
}

/// Returns whether a text for the user agent is printable ASCII.
pub(super) fn is_printable(text: &str) -> bool {
    text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic())
}

#[cfg(feature = "transport")]
fn default_transport(config: &TransportConfig) -> Result<Arc<dyn Transport>, Error> {
    use std::error::Error as _;

    match crate::transport::ReqwestTransport::with_config(config) {
        Ok(transport) => Ok(Arc::new(transport)),
        Err(error) => {
            let cause = error.source().map_or_else(|| error.to_string(), ToString::to_string);
            let reason = format!("the default transport cannot be set up: {cause}");
            Err(Error::new(ErrorData::Configuration(reason)))
        }
    }
}

#[cfg(not(feature = "transport"))]
fn default_transport(_: &TransportConfig) -> Result<Arc<dyn Transport>, Error> {
    let reason = "no transport; enable the feature `rustls-ring` of alicloud-core, or set one with ClientBuilder::transport or ConfigBuilder::transport";
    Err(Error::new(ErrorData::Configuration(reason.to_owned())))
}
