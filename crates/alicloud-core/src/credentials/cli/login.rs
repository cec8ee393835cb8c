//! Profiles of a login in a browser. The CLI stores the tokens of the login, and the last credentials.

mod cloud_sso;
mod keys;
mod oauth;
mod request;

use std::sync::Arc;
use std::time::SystemTime;

use self::keys::time;
use crate::credentials::document::Fields;
use crate::credentials::provider_context::ProviderContext;
use crate::credentials::source::{Source, SourceProvider};
use crate::credentials::{Credentials, ProvideCredentials};

/// Returns the provider of a profile in the mode `CloudSSO`. Errors name the key.
pub(super) fn cloud_sso(
    fields: Fields<'_>,
    context: &ProviderContext,
) -> Result<Arc<dyn ProvideCredentials>, String> {
    provider(fields, context, cloud_sso::CloudSsoSource::read)
}

/// Returns the provider of a profile in the mode `OAuth`. Errors name the key.
pub(super) fn oauth(
    fields: Fields<'_>,
    context: &ProviderContext,
) -> Result<Arc<dyn ProvideCredentials>, String> {
    provider(fields, context, oauth::OAuthSource::read)
}

/// Returns the stored credentials while they are valid, else a provider that exchanges the tokens.
fn provider<S: Source>(
    fields: Fields<'_>,
    context: &ProviderContext,
    read: impl FnOnce(Fields<'_>) -> Result<S, String>,
) -> Result<Arc<dyn ProvideCredentials>, String> {
    Ok(match stored_credentials(fields, context.now()) {
        Some(credentials) => Arc::new(credentials.with_provider(S::NAME)),
        None => Arc::new(SourceProvider { source: read(fields)?, context: context.clone() }),
    })
}

fn stored_credentials(fields: Fields<'_>, now: SystemTime) -> Option<Credentials> {
    let expiration = time(fields, "sts_expiration").filter(|expiration| *expiration > now)?;
    let credentials =
        Credentials::new(fields.text("access_key_id")?, fields.text("access_key_secret")?)
            .with_security_token(fields.text("sts_token")?)
            .with_expiration(expiration);
    Some(match fields.text("cloud_sso_account_id") {
        Some(account_id) => credentials.with_account_id(account_id),
        None => credentials,
    })
}
