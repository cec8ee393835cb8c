//! Credentials from environment variables.

use super::{Credentials, CredentialsError, ProvideCredentials, Variables};
use crate::future::BoxFuture;

pub(super) const ID_VARIABLE: &str = "ALIBABA_CLOUD_ACCESS_KEY_ID";
pub(super) const SECRET_VARIABLE: &str = "ALIBABA_CLOUD_ACCESS_KEY_SECRET";
pub(super) const TOKEN_VARIABLE: &str = "ALIBABA_CLOUD_SECURITY_TOKEN";

/// A provider that reads `ALIBABA_CLOUD_ACCESS_KEY_ID`, `ALIBABA_CLOUD_ACCESS_KEY_SECRET` and, for
/// temporary credentials, `ALIBABA_CLOUD_SECURITY_TOKEN`.
///
/// The variables are read at each call. An empty variable counts as not set.
///
/// # Errors
///
/// * Absent if neither id nor secret is set.
/// * Failed if only one of them is set, or a variable is not Unicode.
///
/// # Examples
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), alicloud_core::credentials::CredentialsError> {
/// use alicloud_core::credentials::{Environment, ProvideCredentials, Variables};
///
/// let variables = Variables::from_pairs([
///     ("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAI5tExample"),
///     ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "secret"),
/// ]);
/// let credentials = Environment::from_variables(variables).credentials().await?;
/// assert_eq!(credentials.access_key_id(), "LTAI5tExample");
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, Default)]
pub struct Environment {
    variables: Variables,
}

impl Environment {
    /// Creates a provider that reads the variables of this process.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::credentials::{Environment, ProvideCredentials};
    ///
    /// assert_eq!(Environment::new().name(), "env");
    /// ```
    pub fn new() -> Self {
        Environment::default()
    }

    /// Creates a provider that reads these variables, for tests.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// use alicloud_core::credentials::{Environment, ProvideCredentials, Variables};
    ///
    /// let incomplete = Variables::from_pairs([("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAI5tExample")]);
    /// let error = Environment::from_variables(incomplete).credentials().await.unwrap_err();
    /// assert!(error.to_string().contains("ALIBABA_CLOUD_ACCESS_KEY_SECRET is not"));
    /// # }
    /// ```
    pub fn from_variables(variables: Variables) -> Self {
        Environment { variables }
    }

    pub(super) fn read(&self) -> Result<Credentials, CredentialsError> {
        let [id, secret, token] = [ID_VARIABLE, SECRET_VARIABLE, TOKEN_VARIABLE]
            .map(|name| self.variables.text(name).map_err(failed));
        let credentials = match (id?, secret?) {
            (Some(id), Some(secret)) => Credentials::new(id, secret),
            (None, None) => {
                return Err(CredentialsError::absent(
                    NAME,
                    format!("{ID_VARIABLE} and {SECRET_VARIABLE} are not set"),
                ));
            }
            (Some(_), None) => return Err(incomplete(ID_VARIABLE, SECRET_VARIABLE)),
            (None, Some(_)) => return Err(incomplete(SECRET_VARIABLE, ID_VARIABLE)),
        };
        let credentials = credentials.with_provider(NAME);
        Ok(match token? {
            Some(token) => credentials.with_security_token(token),
            None => credentials,
        })
    }
}

const NAME: &str = "env";

fn failed(reason: String) -> CredentialsError {
    CredentialsError::failed(NAME, reason)
}

fn incomplete(set: &str, missing: &str) -> CredentialsError {
    failed(format!("{set} is set, but {missing} is not; set both or neither"))
}

impl ProvideCredentials for Environment {
    fn credentials(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(std::future::ready(self.read()))
    }

    fn name(&self) -> &str {
        NAME
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Credentials, CredentialsError> {
        Environment::from_variables(Variables::from_pairs(variables.iter().copied())).read()
    }

    #[test]
    fn reads_a_key_and_a_token() {
        let credentials =
            read(&[(ID_VARIABLE, "id"), (SECRET_VARIABLE, "secret"), (TOKEN_VARIABLE, "token")])
                .unwrap();
        assert_eq!(credentials.access_key_id(), "id");
        assert_eq!(credentials.access_key_secret().expose(), "secret");
        assert_eq!(credentials.security_token().unwrap().expose(), "token");
        assert_eq!(credentials.provider(), "env");
    }

    #[test]
    fn names_the_missing_variable() {
        assert!(read(&[]).unwrap_err().is_absent());
        assert!(read(&[(ID_VARIABLE, ""), (SECRET_VARIABLE, "")]).unwrap_err().is_absent());
        let error = read(&[(ID_VARIABLE, "id")]).unwrap_err();
        assert!(!error.is_absent());
        assert_eq!(
            error.to_string(),
            "env: ALIBABA_CLOUD_ACCESS_KEY_ID is set, but ALIBABA_CLOUD_ACCESS_KEY_SECRET is not; \
             set both or neither",
        );
        assert!(!read(&[(SECRET_VARIABLE, "sesame")]).unwrap_err().to_string().contains("sesame"));
    }

    #[test]
    fn debug_shows_names_but_no_values() {
        let variables = Variables::from_pairs([(SECRET_VARIABLE, "sesame")]);
        let text = format!("{:?}", Environment::from_variables(variables));
        assert!(text.contains(SECRET_VARIABLE) && !text.contains("sesame"), "{text}");
    }
}
