//! Credentials: what they are, and where they come from.
//!
//! A client takes anything that implements [`ProvideCredentials`]: fixed [`Credentials`], one of the
//! providers of this module, or one of your own. Unless told otherwise it takes the [`DefaultChain`],
//! which looks in the places where the official SDKs look, in their order:
//!
//! | Provider | Where | Its name in messages |
//! |---|---|---|
//! | [`Environment`] | `ALIBABA_CLOUD_ACCESS_KEY_ID`, `…_ACCESS_KEY_SECRET`, `…_SECURITY_TOKEN` | `default/env` |
//! | [`OidcRole`] | a token in a file, exchanged at STS for a role | `default/oidc_role_arn` |
//! | [`CliProfile`] | `~/.aliyun/config.json`, the file of the official command line | `default/cli_profile` |
//! | [`IniProfile`] | `~/.alibabacloud/credentials` or `credentials.ini` | `default/profile` |
//! | [`EcsMetadata`] | the metadata service of an ECS instance with a RAM role | `default/ecs_ram_role` |
//! | [`CredentialsUri`] | a service of your own, at `ALIBABA_CLOUD_CREDENTIALS_URI` | `default/credentials_uri` |
//!
//! Beside them, [`AssumeRole`] takes a role on top of any other provider, and [`ExternalProcess`] asks
//! a program. What is fetched is kept and renewed ahead of its end, once for all tasks; [`CachingCredentialsProvider`] says
//! how, and does the same for a provider of your own.
//!
//! A provider that is *absent* (nothing set, no file, no metadata service) lets the next one be asked.
//! One that is set up and does not work ends the search with its error: to go on would hide it, and
//! could mean to act in another account.
//!
//! No text, `Debug` or error of this module shows a secret, a token or what a file, a process or a
//! service said; paths, profiles, keys and variables are named. Secrets are wiped from memory when
//! their last owner drops them. What the operating system, a TLS library or a JSON parser copied on
//! the way is beyond that.

mod assume_role;
mod blocking_task;
mod cached;
mod chain;
mod cli;
mod document;
mod ecs;
mod environment;
mod external;
mod file;
mod http;
mod ini;
mod oidc;
mod process;
mod provider_context;
mod role;
mod single_flight;
mod source;
mod sts;
mod uri;
mod variables;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

pub use assume_role::AssumeRole;
pub use cached::CachingCredentialsProvider;
pub use chain::DefaultChain;
pub use cli::CliProfile;
pub use ecs::EcsMetadata;
pub use environment::Environment;
pub use external::ExternalProcess;
pub use ini::IniProfile;
pub use oidc::OidcRole;
pub use process::{ProcessLimits, RunProcess, SystemProcesses};
pub use uri::CredentialsUri;
pub use variables::Variables;

use crate::BoxFuture;
use crate::secret::Secret;

/// An access key, and a security token where it is a temporary one.
///
/// Cloning is cheap. `Debug` shows the id and hides the rest.
///
/// ```
/// use alicloud_core::Credentials;
///
/// let credentials = Credentials::new("LTAI5tExample", "secret").with_security_token("token");
/// assert!(!format!("{credentials:?}").contains("token\""));
/// assert!(!format!("{credentials:?}").contains("secret\""));
/// ```
#[derive(Clone)]
pub struct Credentials {
    access_key_id: Arc<str>,
    access_key_secret: Secret,
    security_token: Option<Secret>,
    expiration: Option<SystemTime>,
    provider: Cow<'static, str>,
}

impl Credentials {
    /// The two halves of an access key.
    ///
    /// What cannot be right, such as a secret with a line break from a copied file, is refused when
    /// the credentials are used; [`check`](Credentials::validate) says it at once.
    pub fn new(access_key_id: impl Into<Arc<str>>, access_key_secret: impl Into<Secret>) -> Self {
        Credentials {
            access_key_id: access_key_id.into(),
            access_key_secret: access_key_secret.into(),
            security_token: None,
            expiration: None,
            provider: Cow::Borrowed("static"),
        }
    }

    /// Makes them temporary credentials, as STS hands them out.
    #[must_use]
    pub fn with_security_token(mut self, token: impl Into<Secret>) -> Self {
        self.security_token = Some(token.into());
        self
    }

    /// Until when they are valid.
    #[must_use]
    pub fn with_expiration(mut self, expiration: SystemTime) -> Self {
        self.expiration = Some(expiration);
        self
    }

    /// Which provider they come from, for messages.
    #[must_use]
    pub fn with_provider(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.provider = name.into();
        self
    }

    /// The id of the access key. It is no secret: it travels with every request.
    pub fn access_key_id(&self) -> &str {
        &self.access_key_id
    }

    /// The secret of the access key.
    pub fn access_key_secret(&self) -> &Secret {
        &self.access_key_secret
    }

    /// The token of temporary credentials.
    pub fn security_token(&self) -> Option<&Secret> {
        self.security_token.as_ref()
    }

    /// Until when they are valid, where they end.
    pub fn expiration(&self) -> Option<SystemTime> {
        self.expiration
    }

    /// Which provider they come from.
    pub fn provider(&self) -> &str {
        &self.provider
    }

    /// The same from the view of a provider that asked this one: `default/env`.
    fn below(self, outer: &str) -> Self {
        let name = format!("{outer}/{}", self.provider);
        self.with_provider(name)
    }

    /// Whether they can be right at all: nothing empty, no blanks, no line breaks.
    ///
    /// # Errors
    ///
    /// Names what is wrong and where, never the value.
    pub fn validate(&self) -> Result<(), CredentialsError> {
        let token = self.security_token.as_ref().map(Secret::expose);
        for (name, text) in [
            ("access key id", Some(&*self.access_key_id)),
            ("access key secret", Some(self.access_key_secret.expose())),
            ("security token", token),
        ] {
            if let Some(problem) = text.and_then(problem_of) {
                return Err(CredentialsError::failed(
                    self.provider.clone(),
                    format!("the {name} {problem}"),
                ));
            }
        }
        Ok(())
    }
}

/// What is wrong with a part of an access key, in words that do not quote it.
fn problem_of(text: &str) -> Option<&'static str> {
    let odd = |character: char| !character.is_ascii_graphic();
    if text.is_empty() {
        Some("is empty")
    } else if text.ends_with(odd) {
        Some("ends with a blank or a line break: was it pasted, or read from a file with one?")
    } else if text.starts_with(odd) {
        Some("begins with a blank or a line break: was it pasted?")
    } else if text.contains(odd) {
        Some(
            "holds a character that no access key has (a blank, a line break, not ASCII): was it cut or pasted?",
        )
    } else {
        None
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("access_key_id", &self.access_key_id)
            .field("access_key_secret", &self.access_key_secret)
            .field("security_token", &self.security_token)
            .field("expiration", &self.expiration)
            .field("provider", &self.provider)
            .finish()
    }
}

/// A source of credentials.
///
/// ```
/// use alicloud_core::{BoxFuture, Credentials};
/// use alicloud_core::credentials::{CredentialsError, ProvideCredentials};
///
/// #[derive(Debug)]
/// struct Vault;
///
/// impl ProvideCredentials for Vault {
///     fn credentials(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
///         Box::pin(async { Err(CredentialsError::absent("vault", "it is sealed")) })
///     }
///
///     fn name(&self) -> &str {
///         "vault"
///     }
/// }
/// ```
pub trait ProvideCredentials: Send + Sync + fmt::Debug {
    /// Credentials that are valid now.
    fn credentials(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>>;

    /// What to call this provider in messages.
    fn name(&self) -> &str;
}

impl ProvideCredentials for Credentials {
    fn credentials(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(std::future::ready(Ok(self.clone())))
    }

    fn name(&self) -> &str {
        &self.provider
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

/// Why a provider has no credentials. It never holds a value of one.
#[derive(Debug, Clone)]
pub struct CredentialsError {
    provider: Cow<'static, str>,
    reason: Cow<'static, str>,
    absent: bool,
}

impl CredentialsError {
    /// The provider is not set up here: the next one may be asked.
    pub fn absent(
        provider: impl Into<Cow<'static, str>>,
        reason: impl Into<Cow<'static, str>>,
    ) -> Self {
        CredentialsError { provider: provider.into(), reason: reason.into(), absent: true }
    }

    /// The provider is set up and does not work: asking another one would hide that.
    pub fn failed(
        provider: impl Into<Cow<'static, str>>,
        reason: impl Into<Cow<'static, str>>,
    ) -> Self {
        CredentialsError { absent: false, ..CredentialsError::absent(provider, reason) }
    }

    /// Which provider this is about.
    pub fn provider(&self) -> &str {
        &self.provider
    }

    /// Whether the provider is merely not set up here.
    pub fn is_absent(&self) -> bool {
        self.absent
    }

    /// The same from the view of a provider that asked this one: `default/env`.
    fn below(self, outer: &str) -> Self {
        CredentialsError { provider: format!("{outer}/{}", self.provider).into(), ..self }
    }

    /// The same, told of a part of something that was set up: nobody else is to be asked.
    fn in_profile(self, profile: &str) -> Self {
        let reason = format!("{profile}: {}", self.reason).into();
        CredentialsError { provider: self.provider, reason, absent: false }
    }

    /// The same with the reasons of those who were asked before.
    fn after(mut self, reasons: &[String]) -> Self {
        if !reasons.is_empty() {
            self.reason = format!("{} (asked before: {})", self.reason, reasons.join("; ")).into();
        }
        self
    }
}

impl fmt::Display for CredentialsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.provider, self.reason)
    }
}

impl std::error::Error for CredentialsError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_cannot_be_right_without_quoting_it() {
        let right = Credentials::new("LTAI5tExample", "aSecretValue");
        assert!(right.validate().is_ok());
        for (wrong, says) in [
            (Credentials::new("", "aSecretValue"), "access key id is empty"),
            (Credentials::new("LTAI5tExample ", "aSecretValue"), "access key id ends"),
            (Credentials::new("LTAI5tExample", "aSecretValue\n"), "access key secret ends"),
            (Credentials::new("LTAI5tExample", "\u{feff}aSecretValue"), "access key secret begins"),
            (Credentials::new("LTAI5tExample", "aSecret Value"), "access key secret holds"),
            (right.clone().with_security_token(""), "security token is empty"),
            (right.clone().with_security_token("aSecret\r\nValue"), "security token holds"),
        ] {
            let message = wrong.validate().unwrap_err().to_string();
            assert!(message.contains(says), "{message}");
            assert!(!message.contains("aSecret"), "{message}");
        }
    }
}
