//! A provider that assumes a RAM role with the credentials of another provider.

use std::sync::Arc;

use super::CredentialsFuture;
use super::provider_context::ProviderContext;
use super::role::{Role, role_setters};
use super::source::{CachedSource, Source, provider};
use super::sts::{self, Authentication};
use super::{CredentialsError, ProvideCredentials};
use crate::secret::Secret;

/// A provider of the credentials of a RAM role, assumed at STS with the credentials of another
/// provider (`AssumeRole`).
///
/// Use it to act in another account, or with fewer permissions than those of an access key. Roles
/// can be chained: the other provider can be an `AssumeRole`.
///
/// Requests to STS are POST forms over HTTPS, signed with HMAC-SHA1. They are retried up to 2 times
/// if STS throttles, does not respond, or responds with a server error. Each takes at most 15 s. If the
/// local clock is wrong, a request is signed again, once, with the time of STS, which also decides when the
/// credentials expire.
/// Credentials are cached as described for
/// [`CachingCredentialsProvider`](super::CachingCredentialsProvider).
///
/// # Errors
///
/// * The errors of the other provider.
/// * An error response of STS, with its code and request id. `NoPermission`: the role does not trust
///   the caller, or the caller lacks permission for `sts:AssumeRole`; change the trust policy of the
///   role or the policy of the caller.
/// * An invalid ARN, session name, duration, region or endpoint, before anything is sent.
///
/// # Examples
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), alicloud_core::credentials::CredentialsError> {
/// use alicloud_core::Credentials;
/// use alicloud_core::credentials::{AssumeRole, ProvideCredentials};
/// use alicloud_core::testing::{FakeTransport, ManualClock};
///
/// let sts = FakeTransport::new().respond_json("AssumeRole", r#"{"Credentials": {
///     "AccessKeyId": "STS.Example", "AccessKeySecret": "secret", "SecurityToken": "token",
///     "Expiration": "2026-01-02T04:04:05Z"
/// }}"#);
/// let base = Credentials::new("LTAI5tExample", "secret");
/// let provider = AssumeRole::new(base, "acs:ram::123456789012****:role/deploy")
///     .session_name("nightly-purge")
///     .region("cn-hangzhou")
///     .transport(sts.clone())
///     .clock(ManualClock::from_unix_seconds(1_767_323_045));
/// # let provider = provider.variables(alicloud_core::credentials::Variables::from_pairs([("", "")]));
///
/// let credentials = provider.credentials().await?;
/// assert_eq!(credentials.access_key_id(), "STS.Example");
/// assert_eq!(sts.requests()[0].param("RoleSessionName"), Some("nightly-purge"));
/// # Ok(()) }
/// ```
pub struct AssumeRole(CachedSource<AssumeRoleSource>);

/// The uncached source of [`AssumeRole`].
#[derive(Clone, Debug)]
pub(super) struct AssumeRoleSource {
    pub(super) base: Arc<dyn ProvideCredentials>,
    pub(super) role: Role,
}

impl AssumeRole {
    /// Creates a provider that assumes the role of this ARN with the credentials of `base`.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::credentials::{AssumeRole, DefaultChain, ProvideCredentials};
    ///
    /// let provider = AssumeRole::new(DefaultChain::new(), "acs:ram::123456789012****:role/deploy");
    /// assert_eq!(provider.name(), "ram_role_arn");
    /// ```
    pub fn new(base: impl ProvideCredentials + 'static, role_arn: impl Into<String>) -> Self {
        let role = Role { arn: role_arn.into(), ..Role::default() };
        AssumeRole(CachedSource::new(AssumeRoleSource { base: Arc::new(base), role }))
    }

    /// Sets the external id, which the trust policy of the role can require.
    #[must_use]
    pub fn external_id(self, id: impl Into<Secret>) -> Self {
        AssumeRole(self.0.configure(|source, _| source.role.external_id = Some(id.into())))
    }
}

role_setters!(AssumeRole, role);
provider!(AssumeRole, AssumeRoleSource, variables transport clock nonces);

impl Source for AssumeRoleSource {
    const NAME: &'static str = "ram_role_arn";

    fn fetch<'a>(&'a self, context: &'a ProviderContext) -> CredentialsFuture<'a> {
        Box::pin(async move {
            let base = self.base.credentials().await;
            let base = base.map_err(|error| error.nested_in(Self::NAME))?;
            base.validate().map_err(|error| error.nested_in(Self::NAME))?;
            let name = format!("{}/{}", Self::NAME, base.provider());
            match sts::assume_role(&self.role, Authentication::Signed(&base), context).await {
                Ok(credentials) => Ok(credentials.with_provider(name)),
                Err(reason) => Err(CredentialsError::failed(name, reason)),
            }
        })
    }
}
