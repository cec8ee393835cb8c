//! The default chain of providers.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::CredentialsFuture;
use super::cli::CliSource;
use super::ecs::EcsSource;
use super::environment::{Environment, ID_VARIABLE, SECRET_VARIABLE};
use super::ini::IniSource;
use super::oidc::OidcSource;
use super::provider_context::ProviderContext;
use super::source::{CachedSource, Source, provider};
use super::uri::UriSource;
use super::{Credentials, CredentialsError};

/// The default credentials provider of a client: the providers of the official SDKs, in the same
/// order. The [module](super) lists them.
///
/// The same program runs unchanged on a laptop with a profile of the CLI, in a pod with a role, and
/// on an ECS instance with a role.
///
/// Nothing is read or sent before the first call. The first provider that is configured is used, and
/// refreshes use the same provider. Credentials are cached as described for
/// [`CachingCredentialsProvider`](super::CachingCredentialsProvider).
///
/// | Variable | Effect |
/// |---|---|
/// | `ALIBABA_CLOUD_PROFILE` | name of the profile in both files |
/// | `ALIBABA_CLOUD_CONFIG_FILE`, `ALIBABA_CLOUD_CREDENTIALS_FILE` | paths of the files |
/// | `ALIBABA_CLOUD_CLI_PROFILE_DISABLED`, `ALIBABA_CLOUD_IGNORE_PROFILE` | skips the file of the CLI (switches) |
/// | `ALIBABA_CLOUD_ECS_METADATA` | name of the role of the instance |
/// | `ALIBABA_CLOUD_ECS_METADATA_DISABLED` | skips the metadata service, which saves 1 s on other hosts (switch) |
/// | `ALIBABA_CLOUD_IMDSV1_DISABLED` | requires a token for the metadata service (switch) |
/// | `ALIBABA_CLOUD_STS_REGION`, `ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED`, `ALIBABA_CLOUD_STS_ENDPOINT` | endpoint of STS |
/// | `ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS` | forbids running a program and requesting a credentials URI (switch) |
///
/// A switch is on for `true`, `1`, `yes` and `on`, and off for `false`, `0`, `no`, `off` and an empty
/// value, in upper or lower case. Another value is an error.
///
/// # Errors
///
/// * Absent if no provider is configured. The error names each provider and the reason.
/// * Failed if a provider is configured and does not work: its error, and why the providers before
///   it were absent. The providers after it are not asked.
///
/// # Examples
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), alicloud_core::credentials::CredentialsError> {
/// use alicloud_core::credentials::{DefaultChain, ProvideCredentials, Variables};
///
/// let chain = DefaultChain::new().variables(Variables::from_pairs([
///     ("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAI5tExample"),
///     ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "secret"),
/// ]));
/// let credentials = chain.credentials().await?;
/// assert_eq!(credentials.provider(), "default/env");
/// # Ok(()) }
/// ```
pub struct DefaultChain(CachedSource<ChainSource>);

/// The uncached source of [`DefaultChain`].
#[derive(Clone, Debug, Default)]
pub(super) struct ChainSource {
    last_used: Arc<Mutex<Option<ChainedProvider>>>,
}

/// A provider of the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ChainedProvider {
    Environment,
    Oidc,
    Cli,
    Ini,
    Ecs,
    Uri,
}

/// The providers in the order in which they are asked.
const ORDER: [ChainedProvider; 6] = [
    ChainedProvider::Environment,
    ChainedProvider::Oidc,
    ChainedProvider::Cli,
    ChainedProvider::Ini,
    ChainedProvider::Ecs,
    ChainedProvider::Uri,
];

impl DefaultChain {
    /// Creates the default chain.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::credentials::{DefaultChain, ProvideCredentials};
    ///
    /// assert_eq!(DefaultChain::new().name(), "default");
    /// ```
    pub fn new() -> Self {
        DefaultChain(CachedSource::new(ChainSource::default()))
    }
}

impl Default for DefaultChain {
    fn default() -> Self {
        DefaultChain::new()
    }
}

provider!(
    DefaultChain, ChainSource,
    variables transport direct_transport processes clock nonces skew
);

impl ChainedProvider {
    async fn fetch(self, context: &ProviderContext) -> Result<Credentials, CredentialsError> {
        match self {
            ChainedProvider::Environment => {
                Environment::from_variables(context.variables.clone()).read()
            }
            ChainedProvider::Oidc => OidcSource::default().fetch(context).await,
            ChainedProvider::Cli => CliSource::default().fetch(context).await,
            ChainedProvider::Ini => IniSource::default().fetch(context).await,
            ChainedProvider::Ecs => EcsSource::default().fetch(context).await,
            ChainedProvider::Uri => UriSource::default().fetch(context).await,
        }
    }
}

impl ChainSource {
    fn last_used(&self) -> MutexGuard<'_, Option<ChainedProvider>> {
        self.last_used.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the credentials or the error of the first provider that is not absent.
    async fn fetch_first(
        &self,
        context: &ProviderContext,
    ) -> Result<Credentials, CredentialsError> {
        // The provider that worked last is asked first: a new file must not change the account of a
        // running program.
        let last_used = *self.last_used();
        let others = ORDER.into_iter().filter(|provider| Some(*provider) != last_used);
        let mut reasons = Vec::new();
        for provider in last_used.into_iter().chain(others) {
            let fetched = provider.fetch(context).await;
            match fetched.and_then(|credentials| credentials.validate().map(|()| credentials)) {
                Ok(credentials) => {
                    *self.last_used() = Some(provider);
                    return Ok(credentials.nested_in(Self::NAME));
                }
                Err(error) if error.is_absent() => reasons.push(error.to_string()),
                Err(error) => {
                    return Err(error.nested_in(Self::NAME).with_absent_providers(&reasons));
                }
            }
        }
        let reason = format!(
            "no provider is configured: {}; set {ID_VARIABLE} and {SECRET_VARIABLE}, or run `aliyun configure`",
            reasons.join("; "),
        );
        Err(CredentialsError::absent(Self::NAME, reason))
    }
}

impl Source for ChainSource {
    const NAME: &'static str = "default";

    fn fetch<'a>(&'a self, context: &'a ProviderContext) -> CredentialsFuture<'a> {
        Box::pin(self.fetch_first(context))
    }
}
