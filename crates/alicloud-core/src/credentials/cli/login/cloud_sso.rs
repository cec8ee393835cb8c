//! The mode `CloudSSO`.

use std::time::SystemTime;

use http::Uri;
use serde_json::json;
use zeroize::Zeroizing;

use super::keys::{login_again, time};
use super::request::TokenRequest;
use crate::credentials::document::Fields;
use crate::credentials::login_tokens::{ProfileChange, credential_values};
use crate::credentials::provider_context::ProviderContext;
use crate::credentials::source::Source;
use crate::credentials::{Credentials, CredentialsError, CredentialsFuture};
use crate::secret::{Redactor, Secret};
use crate::sign::timestamp;

/// The login of a profile whose stored credentials have expired.
#[derive(Clone, Debug)]
pub(super) struct CloudSsoSource {
    profile: String,
    url: String,
    account: String,
    access_configuration: String,
    access_token: Secret,
    expiration: Option<SystemTime>,
    remedy: String,
}

impl CloudSsoSource {
    pub(super) fn read(fields: Fields<'_>) -> Result<Self, String> {
        let remedy = login_again(fields, "CloudSSO");
        let text = |key| fields.text(key).ok_or_else(|| format!("`{key}` is missing; {remedy}"));
        let url = exchange_url(text("cloud_sso_sign_in_url")?).ok_or_else(|| {
            format!("`cloud_sso_sign_in_url` must be a URL that begins with https://; {remedy}")
        })?;
        Ok(CloudSsoSource {
            profile: fields.text("name").unwrap_or_default().to_owned(),
            url,
            account: text("cloud_sso_account_id")?.to_owned(),
            access_configuration: text("cloud_sso_access_config")?.to_owned(),
            access_token: Secret::new(text("access_token")?),
            expiration: time(fields, "cloud_sso_access_token_expire"),
            remedy,
        })
    }

    async fn exchange(&self, context: &ProviderContext) -> Result<Credentials, String> {
        let remedy = &self.remedy;
        let Some(expiration) = self.expiration else {
            return Err(format!("`cloud_sso_access_token_expire` is missing; {remedy}"));
        };
        if expiration <= context.now() {
            let time = timestamp(expiration);
            return Err(format!(
                "the login expired at {time} (`cloud_sso_access_token_expire`); {remedy}"
            ));
        }
        let mut redactor = Redactor::for_credentials();
        redactor.add(self.access_token.expose());
        let body = json!({
            "AccountId": self.account,
            "AccessConfigurationId": self.access_configuration,
        });
        let request = TokenRequest {
            url: self.url.clone(),
            content_type: "application/json",
            bearer_token: Some(&self.access_token),
            body: Zeroizing::new(body.to_string()),
        };
        let document = request.send(context, &redactor).await;
        let document = document.map_err(|error| error.describe(remedy))?;
        let fields = document.fields();
        let credentials =
            fields.written_name("CloudCredential").and_then(|name| fields.object(name));
        let credentials = credentials.unwrap_or(fields).temporary_credentials_in_any_case();
        let credentials =
            credentials.map_err(|reason| format!("the response of CloudSSO {reason}"))?;
        let change = ProfileChange {
            profile: &self.profile,
            token_key: "access_token",
            known_tokens: vec![&self.access_token],
            values: credential_values(&credentials),
        };
        context.login_tokens.save(&change, &*context.nonces);
        Ok(credentials.with_account_id(self.account.as_str()).with_provider(Self::NAME))
    }
}

impl Source for CloudSsoSource {
    const NAME: &'static str = "cloud_sso";

    fn fetch<'a>(&'a self, context: &'a ProviderContext) -> CredentialsFuture<'a> {
        Box::pin(async move {
            let credentials = self.exchange(context).await;
            credentials.map_err(|reason| CredentialsError::failed(Self::NAME, reason))
        })
    }
}

/// Returns the URL on the host of the sign-in page that exchanges the token.
fn exchange_url(sign_in_url: &str) -> Option<String> {
    let url: Uri = sign_in_url.trim().parse().ok()?;
    let authority = url.authority()?.as_str();
    let is_safe = url.scheme_str() == Some("https") && !authority.contains('@');
    is_safe.then(|| format!("https://{authority}/cloud-credentials"))
}
