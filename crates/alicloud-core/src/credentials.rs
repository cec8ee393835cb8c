//! Credentials and credentials providers.
//!
//! A client accepts anything that implements [`ProvideCredentials`]: fixed [`Credentials`], a
//! provider of this module, or your own. Defaults to the [`DefaultChain`], which asks the same
//! providers as the official SDKs, in the same order:
//!
//! | Provider | Source | Name in messages |
//! |---|---|---|
//! | [`Environment`] | `ALIBABA_CLOUD_ACCESS_KEY_ID`, `…_ACCESS_KEY_SECRET`, `…_SECURITY_TOKEN` | `default/env` |
//! | [`OidcRole`] | an OIDC token in a file, exchanged for a role at STS | `default/oidc_role_arn` |
//! | [`CliProfile`] | `~/.aliyun/config.json`, the file of the Alibaba Cloud CLI | `default/cli_profile` |
//! | [`IniProfile`] | `~/.alibabacloud/credentials` or `credentials.ini` | `default/profile` |
//! | [`EcsMetadata`] | the metadata service of an ECS instance with a RAM role | `default/ecs_ram_role` |
//! | [`CredentialsUri`] | an HTTP service at `ALIBABA_CLOUD_CREDENTIALS_URI` | `default/credentials_uri` |
//!
//! [docs/configuration.md](https://github.com/alicloud-rs/alicloud/blob/main/docs/configuration.md) lists
//! all variables and keys that they read, and compares them with the official clients.
//!
//! Not part of the chain are [`AssumeRole`], which assumes a role with the credentials of another
//! provider, and [`ExternalProcess`], which runs a program. Providers cache what they fetch, and
//! refresh it before it expires, once for all tasks. [`CachingCredentialsProvider`] describes this,
//! and adds it to your own provider.
//!
//! If a provider is *absent* (not configured, no file, no metadata service), the chain asks the next
//! one. If a provider is configured and fails, the chain stops with its error: continuing would hide
//! the error, and could select another account.
//!
//! No `Debug` output and no error of this module shows a secret, a token, or the content of a file,
//! an output or a response. They do name paths, profiles, keys and variables.
//!
//! Secrets and security tokens are wiped from memory when they are dropped, and so are the copies that
//! this crate makes: canonical requests, strings to sign, forms, keys of a signature, escaped forms that
//! are searched in responses, files and outputs. The following copies are not wiped, because other
//! libraries or the operating system own them:
//!
//! * The header or URL of a request that contains a security token: owned by `http`, by the transport and
//!   by the TLS library until the request is sent.
//! * The buffer of the JSON parser, into which it copies a text that contains escapes.
//! * Environment variables, and the operating system's buffers of files, pipes and sockets.
//!
//! # Examples
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::credentials::CredentialsError> {
//! use alicloud_core::credentials::{Environment, ProvideCredentials, Variables};
//!
//! let variables = Variables::from_pairs([
//!     ("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAI5tExample"),
//!     ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "secret"),
//! ]);
//! let credentials = Environment::from_variables(variables).credentials().await?;
//! assert_eq!(credentials.access_key_id(), "LTAI5tExample");
//! assert_eq!(credentials.access_key_secret().to_string(), "<redacted>");
//! # Ok(()) }
//! ```

mod account;
mod assume_role;
mod cached;
mod chain;
mod cli;
mod command;
mod document;
mod ecs;
mod environment;
mod external;
mod file;
mod http;
mod ini;
mod login_tokens;
mod oidc;
mod process;
mod provide;
mod provider_context;
mod role;
mod single_flight;
mod source;
mod sts;
mod uri;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

pub use crate::variables::Variables;
pub use assume_role::AssumeRole;
pub use cached::CachingCredentialsProvider;
pub use chain::DefaultChain;
pub use cli::CliProfile;
pub(crate) use cli::ProfileSettings;
pub use ecs::EcsMetadata;
pub use environment::Environment;
pub use external::ExternalProcess;
pub use ini::IniProfile;
pub use oidc::OidcRole;
pub use process::{ProcessLimits, RunProcess, SystemProcesses};
pub(crate) use provide::CredentialsFuture;
pub use provide::ProvideCredentials;
pub use uri::CredentialsUri;

pub use crate::error::CredentialsError;
use crate::secret::Secret;

/// An access key, with a security token if it is temporary.
///
/// Cloning is cheap. `Debug` shows neither the secret nor the token.
///
/// # Examples
///
/// ```
/// use alicloud_core::Credentials;
///
/// let credentials = Credentials::new("LTAI5tExample", "secret").with_security_token("token");
/// let shown = format!("{credentials:?}");
/// assert!(shown.contains("LTAI5tExample"));
/// assert!(!shown.contains("\"secret\"") && !shown.contains("\"token\""));
/// ```
#[derive(Clone)]
pub struct Credentials {
    access_key_id: Arc<str>,
    access_key_secret: Secret,
    security_token: Option<Secret>,
    expiration: Option<SystemTime>,
    account_id: Option<Arc<str>>,
    /// What identifies the account without its id, such as a role.
    limit_scope: Option<Arc<str>>,
    /// `None` for credentials that no provider returned.
    provider: Option<Cow<'static, str>>,
}

impl Credentials {
    /// Creates credentials from the id and the secret of an access key.
    ///
    /// Invalid texts, such as a secret with a trailing line break, are an error when the credentials
    /// are used. Call [`validate`](Credentials::validate) to find them earlier.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::Credentials;
    ///
    /// let credentials = Credentials::new("LTAI5tExample", "secret");
    /// assert_eq!(credentials.access_key_id(), "LTAI5tExample");
    /// assert_eq!(credentials.access_key_secret().expose(), "secret");
    /// assert_eq!(credentials.provider(), "static_ak");
    /// ```
    pub fn new(access_key_id: impl Into<Arc<str>>, access_key_secret: impl Into<Secret>) -> Self {
        Credentials {
            access_key_id: access_key_id.into(),
            access_key_secret: access_key_secret.into(),
            security_token: None,
            expiration: None,
            account_id: None,
            limit_scope: None,
            provider: None,
        }
    }

    /// Sets the security token, which temporary credentials of STS have.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::Credentials;
    ///
    /// let credentials = Credentials::new("STS.Example", "secret").with_security_token("token");
    /// assert_eq!(credentials.security_token().unwrap().expose(), "token");
    /// ```
    #[must_use]
    pub fn with_security_token(mut self, token: impl Into<Secret>) -> Self {
        self.security_token = Some(token.into());
        self
    }

    /// Sets when the credentials expire.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::{Duration, UNIX_EPOCH};
    ///
    /// use alicloud_core::Credentials;
    ///
    /// let expiration = UNIX_EPOCH + Duration::from_secs(1_767_326_645);
    /// let credentials = Credentials::new("STS.Example", "secret").with_expiration(expiration);
    /// assert_eq!(credentials.expiration(), Some(expiration));
    /// ```
    #[must_use]
    pub fn with_expiration(mut self, expiration: SystemTime) -> Self {
        self.expiration = Some(expiration);
        self
    }

    /// Sets the name of the provider, for messages and for the header
    /// `x-acs-credentials-provider`. Defaults to `static_ak`, or `static_sts` with a security token.
    ///
    /// # Examples
    ///
    /// ```
    /// # use alicloud_core::Credentials;
    /// let credentials = Credentials::new("LTAI5tExample", "secret").with_provider("vault");
    /// assert_eq!(credentials.provider(), "vault");
    /// ```
    #[must_use]
    pub fn with_provider(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.provider = Some(name.into());
        self
    }

    /// Returns the id of the access key. It is not secret; every request contains it.
    pub fn access_key_id(&self) -> &str {
        &self.access_key_id
    }

    /// Returns the secret of the access key.
    pub fn access_key_secret(&self) -> &Secret {
        &self.access_key_secret
    }

    /// Returns the security token of temporary credentials.
    pub fn security_token(&self) -> Option<&Secret> {
        self.security_token.as_ref()
    }

    /// Returns when the credentials expire, or `None` if that is not known.
    pub fn expiration(&self) -> Option<SystemTime> {
        self.expiration
    }

    /// Returns the name of the provider that the credentials come from.
    pub fn provider(&self) -> &str {
        match (&self.provider, &self.security_token) {
            (Some(name), _) => name,
            (None, None) => "static_ak",
            (None, Some(_)) => "static_sts",
        }
    }

    /// Prefixes the provider with the one that called it, as in `default/env`.
    fn nested_in(self, outer: &str) -> Self {
        let name = format!("{outer}/{}", self.provider());
        self.with_provider(name)
    }

    /// Checks that id, secret and token are not empty and contain only visible ASCII characters.
    ///
    /// # Errors
    ///
    /// Returns an error that names the part and what is wrong with it, but not its value.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::Credentials;
    ///
    /// let error = Credentials::new("LTAI5tExample", "secret\n").validate().unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "static_ak: the access key secret ends with a space or a line break; copy it again without",
    /// );
    /// ```
    pub fn validate(&self) -> Result<(), CredentialsError> {
        let token = self.security_token.as_ref().map(Secret::expose);
        for (name, text) in [
            ("access key id", Some(&*self.access_key_id)),
            ("access key secret", Some(self.access_key_secret.expose())),
            ("security token", token),
        ] {
            if let Some(reason) = text.and_then(invalid_reason) {
                return Err(CredentialsError::failed(
                    self.provider().to_owned(),
                    format!("the {name} {reason}"),
                ));
            }
        }
        Ok(())
    }
}

/// Returns why a part of an access key is invalid, without quoting it.
fn invalid_reason(text: &str) -> Option<&'static str> {
    let is_invalid = |character: char| !character.is_ascii_graphic();
    if text.is_empty() {
        Some("is empty; set it")
    } else if text.ends_with(is_invalid) {
        Some("ends with a space or a line break; copy it again without")
    } else if text.starts_with(is_invalid) {
        Some("begins with a space, a line break or a byte order mark; copy it again without")
    } else if text.contains(is_invalid) {
        Some(
            "contains a character that no access key has (a space, a line break or a non-ASCII character); copy it again",
        )
    } else {
        None
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Somebody may have pasted the secret into the place of the id.
        let secret = self.access_key_secret.expose();
        let access_key_id: &dyn fmt::Debug = match self.access_key_id.contains(secret) {
            true => &self.access_key_secret,
            false => &self.access_key_id,
        };
        f.debug_struct("Credentials")
            .field("access_key_id", access_key_id)
            .field("access_key_secret", &self.access_key_secret)
            .field("security_token", &self.security_token)
            .field("expiration", &self.expiration)
            .field("account_id", &self.account_id)
            .field("provider", &self.provider())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_in_the_place_of_the_id_is_not_shown() {
        for id in ["aSecretValue", "LTAI5tExample aSecretValue"] {
            let text = format!("{:?}", Credentials::new(id, "aSecretValue"));
            assert!(!text.contains("aSecret"), "{text}");
        }
        let text = format!("{:?}", Credentials::new("LTAI5tExample", "aSecretValue"));
        assert!(text.contains(r#"access_key_id: "LTAI5tExample""#), "{text}");
    }

    #[test]
    fn rejects_invalid_credentials_without_quoting_them() {
        let valid = Credentials::new("LTAI5tExample", "aSecretValue");
        assert!(valid.validate().is_ok());
        for (invalid, expected) in [
            (Credentials::new("", "aSecretValue"), "access key id is empty"),
            (Credentials::new("LTAI5tExample ", "aSecretValue"), "access key id ends"),
            (Credentials::new("LTAI5tExample", "aSecretValue\n"), "access key secret ends"),
            (Credentials::new("LTAI5tExample", "\u{feff}aSecretValue"), "access key secret begins"),
            (Credentials::new("LTAI5tExample", "aSecret Value"), "access key secret contains"),
            (valid.clone().with_security_token(""), "security token is empty"),
            (valid.clone().with_security_token("aSecret\r\nValue"), "security token contains"),
        ] {
            let message = invalid.validate().unwrap_err().to_string();
            assert!(message.contains(expected), "{message}");
            assert!(!message.contains("aSecret"), "{message}");
        }
    }
}
