//! What providers reach the outside with, each part of it replaceable.

use std::fmt;
use std::sync::{Arc, OnceLock};

use super::process::{RunProcess, SystemProcesses};
use super::variables::Variables;
use crate::clock::{Clock, SystemClock};
use crate::nonce::{NonceSource, RandomNonce};
use crate::transport::Transport;

/// What a provider reaches the outside with.
#[derive(Clone)]
pub(super) struct Seams {
    pub(super) variables: Variables,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) nonces: Arc<dyn NonceSource>,
    pub(super) processes: Arc<dyn RunProcess>,
    elsewhere: Carrier,
    nearby: Carrier,
}

/// A transport: one that was given, or a default one, made once it is needed, because it reads the
/// machine's trusted roots, which most programs need not wait for.
#[derive(Clone, Default)]
struct Carrier {
    given: Option<Arc<dyn Transport>>,
    made: Arc<OnceLock<Made>>,
}

type Made = Result<Arc<dyn Transport>, String>;

impl Carrier {
    fn get(&self, way: Way) -> Made {
        match &self.given {
            Some(transport) => Ok(Arc::clone(transport)),
            None => self.made.get_or_init(|| default_transport(way)).clone(),
        }
    }
}

/// Where a default transport goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// To services elsewhere, by whatever proxy the environment names.
    Elsewhere,
    /// To this machine or its link. Never through a proxy: it would hand out its own role, or see what
    /// never leaves the machine otherwise.
    Nearby,
}

impl Seams {
    /// What carries requests to services elsewhere.
    pub(super) fn transport(&self) -> Made {
        self.elsewhere.get(Way::Elsewhere)
    }

    /// What carries requests to services beside this program.
    pub(super) fn direct(&self) -> Made {
        self.nearby.get(Way::Nearby)
    }

    pub(super) fn set_transport(&mut self, transport: Arc<dyn Transport>) {
        self.elsewhere.given = Some(transport);
    }

    pub(super) fn set_direct(&mut self, transport: Arc<dyn Transport>) {
        self.nearby.given = Some(transport);
    }
}

impl Default for Seams {
    fn default() -> Self {
        Seams {
            variables: Variables::from_env(),
            clock: Arc::new(SystemClock),
            nonces: Arc::new(RandomNonce),
            processes: Arc::new(SystemProcesses),
            elsewhere: Carrier::default(),
            nearby: Carrier::default(),
        }
    }
}

impl fmt::Debug for Seams {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Seams")
            .field("variables", &self.variables)
            .field("clock", &self.clock)
            .field("transport", &self.elsewhere.given)
            .finish_non_exhaustive()
    }
}

#[cfg(feature = "transport")]
fn default_transport(way: Way) -> Made {
    use std::time::Duration;

    use crate::error::{Error, ErrorKind};
    use crate::transport::{ReqwestTransport, TransportConfig};

    // Without one it would panic.
    if tokio::runtime::Handle::try_current().is_err() {
        let reason =
            "the default transport needs a tokio runtime: pass another one to the provider";
        return Err(reason.to_owned());
    }
    let config = match way {
        Way::Elsewhere => TransportConfig::new(),
        // A little less than the limit of an exchange, so that it is clear which of both it was.
        Way::Nearby => {
            TransportConfig::new().connect_timeout(Duration::from_millis(900)).no_proxy()
        }
    };
    match ReqwestTransport::with_config(&config) {
        Ok(transport) => Ok(Arc::new(transport)),
        Err(error) => {
            let host = "the default transport".to_owned();
            Err(Error::new(ErrorKind::Transport { error, host }).to_string())
        }
    }
}

#[cfg(not(feature = "transport"))]
fn default_transport(_: Way) -> Made {
    Err("there is no transport: pass one to the provider, or switch on the feature `rustls-ring` of alicloud-core".to_owned())
}
