//! The places where credentials usually are, one after the other.

use std::sync::{Arc, Mutex, PoisonError};

use super::cli::CliSource;
use super::ecs::EcsSource;
use super::environment::Environment;
use super::ini::IniSource;
use super::oidc::OidcSource;
use super::provider_context::Seams;
use super::source::{Fetched, Kept, Source, provider};
use super::uri::UriSource;
use super::{Credentials, CredentialsError};

/// The places where the official SDKs look for credentials, in their order; see the
/// [module](super) for the list.
///
/// What a [`ClientBuilder`](crate::ClientBuilder) takes unless told otherwise: the same program runs
/// on a laptop with a profile of the command line, in a pod with a role, and on an ECS instance with
/// another, without a change.
///
/// Nothing is read or sent until somebody asks. The first provider that is set up is the one, and it
/// stays the one when the credentials are renewed. The result is kept as [`CachingCredentialsProvider`](super::CachingCredentialsProvider)
/// describes.
///
/// | Variable | Effect |
/// |---|---|
/// | `ALIBABA_CLOUD_PROFILE` | which profile of both files is taken |
/// | `ALIBABA_CLOUD_CONFIG_FILE`, `ALIBABA_CLOUD_CREDENTIALS_FILE` | other files |
/// | `ALIBABA_CLOUD_CLI_PROFILE_DISABLED`, `ALIBABA_CLOUD_IGNORE_PROFILE` | the command line's file is left alone |
/// | `ALIBABA_CLOUD_ECS_METADATA` | the role of the instance |
/// | `ALIBABA_CLOUD_ECS_METADATA_DISABLED` | the metadata service is left alone, which saves a second where there is none |
/// | `ALIBABA_CLOUD_IMDSV1_DISABLED` | it is asked with a token, or not at all |
/// | `ALIBABA_CLOUD_STS_REGION`, `ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED`, `ALIBABA_CLOUD_STS_ENDPOINT` | which STS is asked |
/// | `ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS` | no program is run |
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// use alicloud_core::credentials::{DefaultChain, ProvideCredentials, Variables};
///
/// let chain = DefaultChain::new().variables(Variables::from_pairs([
///     ("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAI5tExample"),
///     ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "secret"),
/// ]));
/// let credentials = chain.credentials().await?;
/// assert_eq!(credentials.provider(), "default/env");
/// # Ok::<(), alicloud_core::credentials::CredentialsError>(()) }).unwrap();
/// ```
///
/// # Errors
///
/// When no provider has any, one that names each and why. When one is set up and does not work, its
/// error, and why those before it had nothing; those behind it are not asked.
pub struct DefaultChain(Kept<ChainSource>);

/// The fetching part of [`DefaultChain`].
#[derive(Clone, Debug, Default)]
pub(super) struct ChainSource {
    last: Arc<Mutex<Option<Link>>>,
}

/// The providers, in the order in which they are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Link {
    Environment,
    Oidc,
    Cli,
    Ini,
    Ecs,
    Uri,
}

const ALL: [Link; 6] = [Link::Environment, Link::Oidc, Link::Cli, Link::Ini, Link::Ecs, Link::Uri];

impl DefaultChain {
    /// The chain, with nothing read yet.
    pub fn new() -> Self {
        DefaultChain(Kept::new(ChainSource::default()))
    }
}

impl Default for DefaultChain {
    fn default() -> Self {
        DefaultChain::new()
    }
}

provider!(
    DefaultChain, ChainSource,
    variables transport direct_transport processes clock nonces
);

impl Link {
    async fn ask(self, seams: &Seams) -> Result<Credentials, CredentialsError> {
        match self {
            Link::Environment => Environment::from_variables(seams.variables.clone()).read(),
            Link::Oidc => OidcSource::default().fetch(seams).await,
            Link::Cli => CliSource::default().fetch(seams).await,
            Link::Ini => IniSource::default().fetch(seams).await,
            Link::Ecs => EcsSource::default().fetch(seams).await,
            Link::Uri => UriSource::default().fetch(seams).await,
        }
    }
}

impl ChainSource {
    fn last(&self) -> std::sync::MutexGuard<'_, Option<Link>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The first provider that has something to say, and what the ones before it had to say.
    async fn ask(&self, seams: &Seams) -> Result<Credentials, CredentialsError> {
        // Whoever worked before is asked first: that a new file appears must not change the account
        // under a running program.
        let last = *self.last();
        let rest = ALL.into_iter().filter(|link| Some(*link) != last);
        let mut reasons = Vec::new();
        for link in last.into_iter().chain(rest) {
            match link.ask(seams).await.and_then(|found| found.validate().map(|()| found)) {
                Ok(credentials) => {
                    *self.last() = Some(link);
                    return Ok(credentials.below(Self::NAME));
                }
                Err(error) if error.is_absent() => reasons.push(error.to_string()),
                Err(error) => return Err(error.below(Self::NAME).after(&reasons)),
            }
        }
        let reason = format!("no provider has any: {}", reasons.join("; "));
        Err(CredentialsError::absent(Self::NAME, reason))
    }
}

impl Source for ChainSource {
    const NAME: &'static str = "default";

    fn fetch<'a>(&'a self, seams: &'a Seams) -> Fetched<'a> {
        Box::pin(self.ask(seams))
    }
}
