//! Credentials from environment variables.

use super::{Credentials, CredentialsError, ProvideCredentials, Variables};
use crate::BoxFuture;

const ID: &str = "ALIBABA_CLOUD_ACCESS_KEY_ID";
const SECRET: &str = "ALIBABA_CLOUD_ACCESS_KEY_SECRET";
const TOKEN: &str = "ALIBABA_CLOUD_SECURITY_TOKEN";

/// The environment's credentials: `ALIBABA_CLOUD_ACCESS_KEY_ID`, `ALIBABA_CLOUD_ACCESS_KEY_SECRET`
/// and, for temporary ones, `ALIBABA_CLOUD_SECURITY_TOKEN`.
///
/// The variables are read at each call, so a process that changes its own is understood. An empty
/// variable counts as one that is not set.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// use alicloud_core::credentials::{Environment, ProvideCredentials, Variables};
///
/// let variables = Variables::from_pairs([
///     ("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAI5tExample"),
///     ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "secret"),
/// ]);
/// let credentials = Environment::from_variables(variables).credentials().await?;
/// assert_eq!(credentials.access_key_id(), "LTAI5tExample");
/// # Ok::<(), alicloud_core::credentials::CredentialsError>(()) }).unwrap();
/// ```
#[derive(Debug, Clone, Default)]
pub struct Environment {
    variables: Variables,
}

impl Environment {
    /// The variables of this process.
    pub fn new() -> Self {
        Environment::default()
    }

    /// Other variables, for tests.
    pub fn from_variables(variables: Variables) -> Self {
        Environment { variables }
    }

    pub(super) fn read(&self) -> Result<Credentials, CredentialsError> {
        let [id, secret, token] =
            [ID, SECRET, TOKEN].map(|name| self.variables.text(name).map_err(failed));
        let credentials = match (id?, secret?) {
            (Some(id), Some(secret)) => Credentials::new(id, secret),
            (None, None) => {
                return Err(CredentialsError::absent(
                    NAME,
                    format!("{ID} and {SECRET} are not set"),
                ));
            }
            (Some(_), None) => return Err(failed(format!("{ID} is set, but {SECRET} is not"))),
            (None, Some(_)) => return Err(failed(format!("{SECRET} is set, but {ID} is not"))),
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
        let credentials = read(&[(ID, "id"), (SECRET, "secret"), (TOKEN, "token")]).unwrap();
        assert_eq!(credentials.access_key_id(), "id");
        assert_eq!(credentials.access_key_secret().expose(), "secret");
        assert_eq!(credentials.security_token().unwrap().expose(), "token");
        assert_eq!(credentials.provider(), "env");
    }

    #[test]
    fn says_what_is_missing() {
        assert!(read(&[]).unwrap_err().is_absent());
        assert!(read(&[(ID, ""), (SECRET, "")]).unwrap_err().is_absent());
        let half = read(&[(ID, "id")]).unwrap_err();
        assert!(!half.is_absent());
        assert_eq!(
            half.to_string(),
            "env: ALIBABA_CLOUD_ACCESS_KEY_ID is set, but ALIBABA_CLOUD_ACCESS_KEY_SECRET is not",
        );
        assert!(!read(&[(SECRET, "sesame")]).unwrap_err().to_string().contains("sesame"));
    }

    #[test]
    fn debug_shows_names_alone() {
        let environment = Environment::from_variables(Variables::from_pairs([(SECRET, "sesame")]));
        let text = format!("{environment:?}");
        assert!(text.contains(SECRET) && !text.contains("sesame"), "{text}");
    }
}
