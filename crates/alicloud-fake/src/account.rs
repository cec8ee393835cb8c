//! Access keys that the service accepts.

use std::fmt;
use std::time::SystemTime;

/// The id of the access key that every [`FakeService`](crate::FakeService) accepts.
pub const DEFAULT_ACCESS_KEY_ID: &str = "fake-access-key-id";

/// The secret of the access key that every [`FakeService`](crate::FakeService) accepts.
pub const DEFAULT_ACCESS_KEY_SECRET: &str = "fake-access-key-secret";

/// An access key whose signatures the service accepts.
///
/// Defaults to [`DEFAULT_ACCESS_KEY_ID`] with [`DEFAULT_ACCESS_KEY_SECRET`] and no security token.
/// The `Debug` output contains neither the secret nor the token.
///
/// ```
/// use alicloud_fake::Account;
///
/// let account = Account::new("id", "opensesame").security_token("letmein");
/// assert_eq!(
///     format!("{account:?}"),
///     r#"Account { access_key_id: "id", temporary: true, .. }"#
/// );
/// ```
#[derive(Clone)]
pub struct Account {
    access_key_id: String,
    access_key_secret: String,
    security_token: Option<String>,
    expires_at: Option<SystemTime>,
}

impl Account {
    /// Creates a long-lived access key.
    ///
    /// ```
    /// use alicloud_fake::{Account, FakeService};
    ///
    /// let builder = FakeService::builder().account(Account::new("id", "opensesame"));
    /// assert!(!format!("{builder:?}").contains("opensesame"));
    /// ```
    pub fn new(access_key_id: impl Into<String>, access_key_secret: impl Into<String>) -> Self {
        Self {
            access_key_id: access_key_id.into(),
            access_key_secret: access_key_secret.into(),
            security_token: None,
            expires_at: None,
        }
    }

    /// Makes the key temporary, as if STS had issued it: requests must carry this token, signed.
    ///
    /// An empty token counts as no token.
    ///
    /// ```
    /// use alicloud_fake::Account;
    ///
    /// let account = Account::new("id", "opensesame").security_token("");
    /// assert!(format!("{account:?}").contains("temporary: false"));
    /// ```
    #[must_use]
    pub fn security_token(mut self, token: impl Into<String>) -> Self {
        self.security_token = Some(token.into()).filter(|token| !token.is_empty());
        self
    }

    /// Sets when the token expires, by the service's clock. By default it never expires.
    ///
    /// From then on, requests with the token are rejected with `InvalidSecurityToken.Expired`. The
    /// setting has no effect on a key without a token.
    #[must_use]
    pub fn expires_at(mut self, time: SystemTime) -> Self {
        self.expires_at = Some(time);
        self
    }

    pub(crate) fn id(&self) -> &str {
        &self.access_key_id
    }

    pub(crate) fn secret(&self) -> &str {
        &self.access_key_secret
    }

    pub(crate) fn token(&self) -> Option<&str> {
        self.security_token.as_deref()
    }

    pub(crate) fn has_expired(&self, now: SystemTime) -> bool {
        self.expires_at.is_some_and(|expiration| expiration <= now)
    }
}

impl Default for Account {
    fn default() -> Self {
        Self::new(DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET)
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("access_key_id", &self.access_key_id)
            .field("temporary", &self.security_token.is_some())
            .finish_non_exhaustive()
    }
}
