//! The error of a credentials provider.

use std::borrow::Cow;
use std::fmt;

use alicloud_wire::printable::printable;

/// The error of a credentials provider. It contains no secrets.
///
/// # Examples
///
/// ```
/// use alicloud_core::credentials::CredentialsError;
///
/// let error = CredentialsError::failed("vault", "it is sealed; run vault operator unseal");
/// assert_eq!(error.to_string(), "vault: it is sealed; run vault operator unseal");
/// assert!(!error.is_absent());
/// ```
#[derive(Debug, Clone)]
pub struct CredentialsError {
    provider: Cow<'static, str>,
    reason: Cow<'static, str>,
    absent: bool,
}

impl CredentialsError {
    /// Creates an error of a provider that is not configured. A chain asks the next provider.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::credentials::CredentialsError;
    ///
    /// let error = CredentialsError::absent("vault", "VAULT_ADDR is not set");
    /// assert!(error.is_absent());
    /// assert_eq!(error.provider(), "vault");
    /// ```
    pub fn absent(
        provider: impl Into<Cow<'static, str>>,
        reason: impl Into<Cow<'static, str>>,
    ) -> Self {
        CredentialsError { provider: provider.into(), reason: reason.into(), absent: true }
    }

    /// Creates an error of a provider that is configured and does not work. A chain stops with it.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::credentials::CredentialsError;
    ///
    /// assert!(!CredentialsError::failed("vault", "HTTP 503").is_absent());
    /// ```
    pub fn failed(
        provider: impl Into<Cow<'static, str>>,
        reason: impl Into<Cow<'static, str>>,
    ) -> Self {
        CredentialsError { absent: false, ..CredentialsError::absent(provider, reason) }
    }

    /// Returns the name of the provider.
    pub fn provider(&self) -> &str {
        &self.provider
    }

    /// Returns whether the provider is not configured, as opposed to not working.
    pub fn is_absent(&self) -> bool {
        self.absent
    }

    /// Prefixes the provider with the one that called it, as in `default/env`.
    pub(crate) fn nested_in(self, outer: &str) -> Self {
        CredentialsError { provider: format!("{outer}/{}", self.provider).into(), ..self }
    }

    /// Prefixes the reason with the profile. Never absent, because the profile is configured.
    pub(crate) fn with_profile(self, profile: &str) -> Self {
        let reason = format!("{profile}: {}", self.reason).into();
        CredentialsError { provider: self.provider, reason, absent: false }
    }

    /// Appends the reasons why earlier providers of a chain were absent.
    pub(crate) fn with_absent_providers(mut self, reasons: &[String]) -> Self {
        if !reasons.is_empty() {
            self.reason = format!("{} (tried before: {})", self.reason, reasons.join("; ")).into();
        }
        self
    }
}

impl fmt::Display for CredentialsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.provider, printable(&self.reason))
    }
}

impl std::error::Error for CredentialsError {}
