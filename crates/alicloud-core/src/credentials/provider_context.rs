//! The environment of a provider: variables, clock, transports and processes, all replaceable.

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

use super::login_tokens::LoginTokens;
use super::process::{RunProcess, SystemProcesses};
use crate::policy::skew::Skew;
use crate::time::{Clock, SystemClock};
use crate::time::{NonceSource, RandomNonce};
use crate::transport::Transport;
use crate::variables::Variables;

/// Everything that a provider uses of its environment.
#[derive(Clone)]
pub(super) struct ProviderContext {
    pub(super) variables: Variables,
    pub(super) clock: Arc<dyn Clock>,
    /// How far the clock is off, learned from STS and from the services of a client that shares it.
    pub(super) skew: Arc<Skew>,
    pub(super) nonces: Arc<dyn NonceSource>,
    pub(super) processes: Arc<dyn RunProcess>,
    /// What the OAuth service returned at the last renewal of a login.
    pub(super) login_tokens: LoginTokens,
    remote: LazyTransport,
    local: LazyTransport,
}

/// A configured transport or the default one. The default is created at its first use, because it
/// reads the root certificates of the platform, which most programs do not need to wait for.
#[derive(Clone, Default)]
struct LazyTransport {
    configured: Option<Arc<dyn Transport>>,
    default: Arc<OnceLock<TransportResult>>,
}

type TransportResult = Result<Arc<dyn Transport>, String>;

impl LazyTransport {
    fn get(&self, target: Target, variables: &Variables) -> TransportResult {
        match &self.configured {
            Some(transport) => Ok(Arc::clone(transport)),
            None => self.default.get_or_init(|| default_transport(target, variables)).clone(),
        }
    }
}

/// The hosts that a default transport connects to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target {
    /// Other hosts, through the proxy of the environment.
    Remote,
    /// This host or its local link. Never through a proxy: the proxy would return the credentials of
    /// its own role, or see credentials that do not leave this host otherwise.
    Local,
}

impl ProviderContext {
    /// Returns the corrected time, to compare it with an expiration.
    pub(super) fn now(&self) -> SystemTime {
        self.skew.correct_for_any_host(self.clock.now())
    }

    /// Returns the transport for services on other hosts.
    pub(super) fn transport(&self) -> TransportResult {
        self.remote.get(Target::Remote, &self.variables)
    }

    /// Returns the transport for services on this host.
    pub(super) fn direct_transport(&self) -> TransportResult {
        self.local.get(Target::Local, &self.variables)
    }

    pub(super) fn set_transport(&mut self, transport: Arc<dyn Transport>) {
        self.remote.configured = Some(transport);
    }

    pub(super) fn set_direct_transport(&mut self, transport: Arc<dyn Transport>) {
        self.local.configured = Some(transport);
    }
}

impl Default for ProviderContext {
    fn default() -> Self {
        ProviderContext {
            variables: Variables::from_env(),
            clock: Arc::new(SystemClock),
            skew: Arc::default(),
            nonces: Arc::new(RandomNonce),
            processes: Arc::new(SystemProcesses),
            login_tokens: LoginTokens::default(),
            remote: LazyTransport::default(),
            local: LazyTransport::default(),
        }
    }
}

impl fmt::Debug for ProviderContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProviderContext")
            .field("variables", &self.variables)
            .field("clock", &self.clock)
            .field("transport", &self.remote.configured)
            .finish_non_exhaustive()
    }
}

#[cfg(feature = "transport")]
fn default_transport(target: Target, variables: &Variables) -> TransportResult {
    use std::time::Duration;

    use crate::error::{Error, ErrorData};
    use crate::secret::Redactor;
    use crate::transport::{ReqwestTransport, TransportConfig};

    let config = match target {
        Target::Remote => TransportConfig::new().variables(variables.clone()),
        // A little less than the limit of a request, so that the error names the right timeout.
        Target::Local => {
            TransportConfig::new().connect_timeout(Duration::from_millis(900)).no_proxy()
        }
    };
    match ReqwestTransport::with_config(&config) {
        Ok(transport) => Ok(Arc::new(transport)),
        Err(error) => {
            let host = "the default transport".to_owned();
            let data = ErrorData::transport(error, host, &Redactor::default());
            Err(Error::new(data).to_string())
        }
    }
}

#[cfg(not(feature = "transport"))]
fn default_transport(_: Target, _: &Variables) -> TransportResult {
    Err("there is no transport; pass one to the provider, or enable the feature `rustls-ring` of alicloud-core".to_owned())
}
