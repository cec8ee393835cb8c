//! What every provider that fetches credentials is made of: a source, and a cache in front of it.

use std::fmt;
use std::sync::{Arc, OnceLock};

use super::cached::CachingCredentialsProvider;
use super::provider_context::Seams;
use super::{Credentials, CredentialsError, ProvideCredentials};
use crate::BoxFuture;

/// Where credentials are fetched from, each time anew.
pub(super) trait Source: Clone + fmt::Debug + Send + Sync + 'static {
    /// What to call it in messages, in the words of the official SDKs.
    const NAME: &'static str;

    fn fetch<'a>(&'a self, seams: &'a Seams) -> Fetched<'a>;
}

pub(super) type Fetched<'a> = BoxFuture<'a, Result<Credentials, CredentialsError>>;

/// A source with its seams.
#[derive(Clone, Debug)]
pub(super) struct Asked<S> {
    pub(super) source: S,
    pub(super) seams: Seams,
}

impl<S: Source> ProvideCredentials for Asked<S> {
    fn credentials(&self) -> Fetched<'_> {
        self.source.fetch(&self.seams)
    }

    fn name(&self) -> &str {
        S::NAME
    }
}

/// A source whose credentials are kept until they should be fetched anew.
pub(super) struct Kept<S> {
    asked: Asked<S>,
    /// Made at the first use, when all is set.
    cache: OnceLock<CachingCredentialsProvider>,
}

impl<S: Source> Kept<S> {
    pub(super) fn new(source: S) -> Self {
        Kept { asked: Asked { source, seams: Seams::default() }, cache: OnceLock::new() }
    }

    /// The same, set otherwise.
    pub(super) fn with(mut self, set: impl FnOnce(&mut S, &mut Seams)) -> Self {
        set(&mut self.asked.source, &mut self.asked.seams);
        self.cache = OnceLock::new();
        self
    }

    pub(super) fn credentials(&self) -> Fetched<'_> {
        let cache = self.cache.get_or_init(|| {
            let Seams { clock, nonces, .. } = &self.asked.seams;
            CachingCredentialsProvider::of(
                Arc::new(self.asked.clone()),
                clock.clone(),
                nonces.clone(),
            )
        });
        cache.credentials()
    }
}

impl<S: Source> fmt::Debug for Kept<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.asked, f)
    }
}

/// Makes a tuple struct around a [`Kept`] source a provider, and gives it the setters of the seams
/// that it uses.
macro_rules! provider {
    ($provider:ident, $source:ty, $($seam:ident)*) => {
        impl $provider {
            $($crate::credentials::source::setter!($seam);)*
        }

        impl $crate::credentials::ProvideCredentials for $provider {
            fn credentials(&self) -> $crate::credentials::source::Fetched<'_> {
                self.0.credentials()
            }

            fn name(&self) -> &str {
                <$source as $crate::credentials::source::Source>::NAME
            }
        }

        impl std::fmt::Debug for $provider {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Debug::fmt(&self.0, f)
            }
        }
    };
}

macro_rules! setter {
    (variables) => {
        /// Which environment variables there are. Those of the process unless told otherwise.
        #[must_use]
        pub fn variables(self, variables: $crate::credentials::Variables) -> Self {
            Self(self.0.with(|_, seams| seams.variables = variables))
        }
    };
    (clock) => {
        /// What time it is. The computer's clock unless told otherwise.
        #[must_use]
        pub fn clock(self, clock: impl $crate::Clock + 'static) -> Self {
            Self(self.0.with(|_, seams| seams.clock = std::sync::Arc::new(clock)))
        }
    };
    (nonces) => {
        /// Where nonces come from, and the jitter of the next refresh. Random bits unless told
        /// otherwise.
        #[must_use]
        pub fn nonce_source(self, nonces: impl $crate::NonceSource + 'static) -> Self {
            Self(self.0.with(|_, seams| seams.nonces = std::sync::Arc::new(nonces)))
        }
    };
    (transport) => {
        /// What carries requests to STS and to a credentials URI elsewhere. The default transport
        /// unless told otherwise; give the one of a client to share its proxy and connections.
        #[must_use]
        pub fn transport(self, transport: impl $crate::Transport + 'static) -> Self {
            Self(self.0.with(|_, seams| seams.set_transport(std::sync::Arc::new(transport))))
        }
    };
    (direct_transport) => {
        /// What carries requests to the metadata service, or to a credentials URI on this machine. The
        /// default transport without any proxy unless told otherwise; give none that has one.
        #[must_use]
        pub fn direct_transport(self, transport: impl $crate::Transport + 'static) -> Self {
            Self(self.0.with(|_, seams| seams.set_direct(std::sync::Arc::new(transport))))
        }
    };
    (processes) => {
        /// What runs the command of an external process. The operating system unless told otherwise.
        #[must_use]
        pub fn process_runner(
            self,
            processes: impl $crate::credentials::RunProcess + 'static,
        ) -> Self {
            Self(self.0.with(|_, seams| seams.processes = std::sync::Arc::new(processes)))
        }
    };
}

pub(super) use {provider, setter};
