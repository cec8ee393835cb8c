//! The parts of a provider that fetches credentials: a source and a cache.

use std::fmt;
use std::sync::{Arc, OnceLock};

use super::cached::CachingCredentialsProvider;
use super::provider_context::ProviderContext;
use super::{CredentialsFuture, ProvideCredentials};

/// A source of credentials, without a cache.
pub(super) trait Source: Clone + fmt::Debug + Send + Sync + 'static {
    /// Name in messages, as in the official SDKs.
    const NAME: &'static str;

    fn fetch<'a>(&'a self, context: &'a ProviderContext) -> CredentialsFuture<'a>;
}

/// A source with the context that it fetches with.
#[derive(Clone, Debug)]
pub(super) struct SourceProvider<S> {
    pub(super) source: S,
    pub(super) context: ProviderContext,
}

impl<S: Source> ProvideCredentials for SourceProvider<S> {
    fn credentials(&self) -> CredentialsFuture<'_> {
        self.source.fetch(&self.context)
    }

    fn name(&self) -> &str {
        S::NAME
    }
}

/// A source with a cache.
pub(super) struct CachedSource<S> {
    provider: SourceProvider<S>,
    /// Created at the first use, when the provider is fully configured.
    cache: OnceLock<CachingCredentialsProvider>,
}

impl<S: Source> CachedSource<S> {
    pub(super) fn new(source: S) -> Self {
        let provider = SourceProvider { source, context: ProviderContext::default() };
        CachedSource { provider, cache: OnceLock::new() }
    }

    /// Changes the configuration, and clears the cache.
    pub(super) fn configure(mut self, change: impl FnOnce(&mut S, &mut ProviderContext)) -> Self {
        change(&mut self.provider.source, &mut self.provider.context);
        self.cache = OnceLock::new();
        self
    }

    pub(super) fn credentials(&self) -> CredentialsFuture<'_> {
        let cache = self.cache.get_or_init(|| {
            let ProviderContext { clock, nonces, skew, .. } = &self.provider.context;
            CachingCredentialsProvider::from_parts(
                Arc::new(self.provider.clone()),
                clock.clone(),
                nonces.clone(),
                skew.clone(),
            )
        });
        cache.credentials()
    }
}

impl<S: Source> fmt::Debug for CachedSource<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.provider, f)
    }
}

/// Implements `ProvideCredentials` for a tuple struct around a [`CachedSource`], with setters for the
/// listed parts of its context.
macro_rules! provider {
    ($provider:ident, $source:ty, $($setting:ident)*) => {
        impl $provider {
            $($crate::credentials::source::context_setter!($setting);)*
        }

        impl $crate::credentials::ProvideCredentials for $provider {
            fn credentials(&self) -> $crate::credentials::CredentialsFuture<'_> {
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

macro_rules! context_setter {
    (variables) => {
        /// Sets the environment variables. Defaults to those of the process.
        #[must_use]
        pub fn variables(self, variables: $crate::credentials::Variables) -> Self {
            Self(self.0.configure(|_, context| context.variables = variables))
        }
    };
    (clock) => {
        /// Sets the clock. Defaults to [`SystemClock`](crate::SystemClock).
        #[must_use]
        pub fn clock(self, clock: impl $crate::Clock + 'static) -> Self {
            Self(self.0.configure(|_, context| context.clock = std::sync::Arc::new(clock)))
        }
    };
    (nonces) => {
        /// Sets the source of nonces and of the refresh jitter. Defaults to
        /// [`RandomNonce`](crate::RandomNonce).
        #[must_use]
        pub fn nonce_source(self, nonces: impl $crate::NonceSource + 'static) -> Self {
            Self(self.0.configure(|_, context| context.nonces = std::sync::Arc::new(nonces)))
        }
    };
    (skew) => {
        /// Shares the clock offsets that a client learns, so that requests to STS are signed with the
        /// corrected time, and the other way round.
        pub(crate) fn skew(self, skew: std::sync::Arc<$crate::policy::skew::Skew>) -> Self {
            Self(self.0.configure(|_, context| context.skew = skew))
        }
    };
    (transport) => {
        /// Sets the transport for STS, for the services of a login and for a credentials URI on another
        /// host. Defaults to the default transport. Pass the transport of a client to share its proxy and connections.
        #[must_use]
        pub fn transport(self, transport: impl $crate::Transport + 'static) -> Self {
            Self(
                self.0
                    .configure(|_, context| context.set_transport(std::sync::Arc::new(transport))),
            )
        }
    };
    (direct_transport) => {
        /// Sets the transport for the metadata service and for a credentials URI on this host. It
        /// must not use a proxy. Defaults to the default transport without a proxy.
        #[must_use]
        pub fn direct_transport(self, transport: impl $crate::Transport + 'static) -> Self {
            Self(self.0.configure(|_, context| {
                context.set_direct_transport(std::sync::Arc::new(transport))
            }))
        }
    };
    (processes) => {
        /// Sets what runs the command of an external process. Defaults to
        /// [`SystemProcesses`](crate::credentials::SystemProcesses).
        #[must_use]
        pub fn process_runner(
            self,
            processes: impl $crate::credentials::RunProcess + 'static,
        ) -> Self {
            Self(self.0.configure(|_, context| context.processes = std::sync::Arc::new(processes)))
        }
    };
}

pub(super) use {context_setter, provider};
