//! A role on top of other credentials.

use std::sync::Arc;

use super::provider_context::Seams;
use super::role::{Role, role_setters};
use super::source::{Fetched, Kept, Source, provider};
use super::sts::{self, Proof};
use super::{CredentialsError, ProvideCredentials};
use crate::secret::Secret;

/// The credentials of a role, taken with those of another provider at STS (`AssumeRole`).
///
/// For acting in another account, or with fewer rights than an access key has. Roles can be taken on
/// top of roles: an `AssumeRole` is a provider like any other.
///
/// Its own requests are signed with HMAC-SHA1, travel as a POST form over HTTPS, and are repeated
/// twice when STS throttles or does not answer. Each is limited to 15 seconds. The result is kept as
/// [`CachingCredentialsProvider`](super::CachingCredentialsProvider) describes.
///
/// ```
/// use alicloud_core::credentials::{AssumeRole, DefaultChain};
///
/// let provider = AssumeRole::new(DefaultChain::new(), "acs:ram::123456789012****:role/deploy")
///     .session_name("nightly-purge")
///     .region("cn-hangzhou");
/// ```
///
/// # Errors
///
/// Those of the other provider; STS's refusal with its code and request id (`NoPermission`: the role
/// does not trust whoever asks, or they may not call `sts:AssumeRole`); an ARN, a session name, a
/// duration, a region or an endpoint that cannot be right, before anything is sent.
pub struct AssumeRole(Kept<AssumeRoleSource>);

/// The fetching part of [`AssumeRole`].
#[derive(Clone, Debug)]
pub(super) struct AssumeRoleSource {
    pub(super) base: Arc<dyn ProvideCredentials>,
    pub(super) role: Role,
}

impl AssumeRole {
    /// The role of this ARN, taken with the credentials of `base`.
    pub fn new(base: impl ProvideCredentials + 'static, role_arn: impl Into<String>) -> Self {
        let role = Role { arn: role_arn.into(), ..Role::default() };
        AssumeRole(Kept::new(AssumeRoleSource { base: Arc::new(base), role }))
    }

    /// What the role's owner has agreed with whoever takes it.
    #[must_use]
    pub fn external_id(self, id: impl Into<Secret>) -> Self {
        AssumeRole(self.0.with(|source, _| source.role.external_id = Some(id.into())))
    }
}

role_setters!(AssumeRole, role);
provider!(AssumeRole, AssumeRoleSource, variables transport clock nonces);

impl Source for AssumeRoleSource {
    const NAME: &'static str = "ram_role_arn";

    fn fetch<'a>(&'a self, seams: &'a Seams) -> Fetched<'a> {
        Box::pin(async move {
            let base = self.base.credentials().await;
            let base = base.map_err(|error| error.below(Self::NAME))?;
            base.validate().map_err(|error| error.below(Self::NAME))?;
            let name = format!("{}/{}", Self::NAME, base.provider());
            match sts::take(&self.role, Proof::Signed(&base), seams).await {
                Ok(credentials) => Ok(credentials.with_provider(name)),
                Err(reason) => Err(CredentialsError::failed(name, reason)),
            }
        })
    }
}
