//! The interface of providers.

use std::fmt;
use std::sync::Arc;

use super::{Credentials, CredentialsError};
use crate::future::BoxFuture;

/// The future of a provider.
pub(crate) type CredentialsFuture<'a> = BoxFuture<'a, Result<Credentials, CredentialsError>>;

/// A credentials provider.
///
/// A client calls it for each attempt. Wrap a provider that takes time in a
/// [`CachingCredentialsProvider`](crate::credentials::CachingCredentialsProvider).
///
/// # Examples
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// use alicloud_core::credentials::{CredentialsError, ProvideCredentials};
/// use alicloud_core::{BoxFuture, Credentials};
///
/// #[derive(Debug)]
/// struct Vault;
///
/// impl ProvideCredentials for Vault {
///     fn credentials(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
///         Box::pin(async {
///             Err(CredentialsError::failed("vault", "it is sealed; run vault operator unseal"))
///         })
///     }
///
///     fn name(&self) -> &str {
///         "vault"
///     }
/// }
///
/// let error = Vault.credentials().await.unwrap_err();
/// assert_eq!(error.to_string(), "vault: it is sealed; run vault operator unseal");
/// # }
/// ```
pub trait ProvideCredentials: Send + Sync + fmt::Debug {
    /// Returns credentials that are valid now.
    ///
    /// # Errors
    ///
    /// Returns [`CredentialsError::absent`] if the provider is not configured, and
    /// [`CredentialsError::failed`] if it is configured and does not work.
    fn credentials(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>>;

    /// Returns the name of the provider, for messages.
    fn name(&self) -> &str;
}

impl ProvideCredentials for Credentials {
    fn credentials(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(std::future::ready(Ok(self.clone())))
    }

    fn name(&self) -> &str {
        Credentials::provider(self)
    }
}

impl<P: ProvideCredentials + ?Sized> ProvideCredentials for Arc<P> {
    fn credentials(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        (**self).credentials()
    }

    fn name(&self) -> &str {
        (**self).name()
    }
}
