//! The account that credentials belong to.

use std::sync::Arc;

use super::Credentials;

impl Credentials {
    /// Sets the id of the Alibaba Cloud account that the credentials belong to.
    ///
    /// The service limits the calls of an account, so the rate limiter counts the calls of all
    /// credentials of one account together. Providers set it where they know it, from the ARN of an
    /// assumed role or from a profile; none makes a call to find it out.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::Credentials;
    ///
    /// let credentials = Credentials::new("STS.Example", "secret")
    ///     .with_security_token("token")
    ///     .with_account_id("1234567890123456");
    /// assert_eq!(credentials.account_id(), Some("1234567890123456"));
    /// ```
    #[must_use]
    pub fn with_account_id(mut self, account_id: impl Into<Arc<str>>) -> Self {
        self.account_id = Some(account_id.into());
        self
    }

    /// Sets the account id from an ARN, such as `acs:ram::1234567890123456:role/deploy`. A text that is
    /// no ARN, or one without an account, changes nothing.
    ///
    /// For credentials of a role this is the account of the role, whose rate limits its calls count
    /// against.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::Credentials;
    ///
    /// let credentials = Credentials::new("STS.Example", "secret")
    ///     .with_security_token("token")
    ///     .with_account_of("acs:ram::1234567890123456:role/deploy/nightly");
    /// assert_eq!(credentials.account_id(), Some("1234567890123456"));
    /// ```
    #[must_use]
    pub fn with_account_of(self, arn: &str) -> Self {
        match account_id_of(arn) {
            Some(account_id) => self.with_account_id(account_id),
            None => self,
        }
    }

    /// Sets what identifies the account if its id is not known.
    pub(super) fn with_limit_scope(mut self, scope: impl Into<Arc<str>>) -> Self {
        self.limit_scope = Some(scope.into());
        self
    }

    /// Returns the id of the account, or `None` if it is not known.
    pub fn account_id(&self) -> Option<&str> {
        self.account_id.as_deref()
    }

    /// Returns what the rate limiter counts the calls by: the account id, else what identifies the
    /// account otherwise, else the id of the access key.
    pub(crate) fn limit_scope(&self) -> &Arc<str> {
        let account = self.account_id.as_ref().or(self.limit_scope.as_ref());
        account.unwrap_or(&self.access_key_id)
    }
}

/// Returns the account id in an ARN, such as `acs:ram::1234567890123456:role/deploy`.
fn account_id_of(arn: &str) -> Option<&str> {
    let mut parts = arn.split(':');
    let account_id = (parts.next()?.trim() == "acs").then(|| parts.nth(2))??;
    let is_id = !account_id.is_empty() && account_id.bytes().all(|byte| byte.is_ascii_digit());
    is_id.then_some(account_id)
}
