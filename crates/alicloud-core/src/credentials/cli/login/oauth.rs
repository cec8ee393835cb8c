//! The mode `OAuth`.

use std::time::Duration;

use zeroize::Zeroizing;

use super::keys::{login_again, time};
use super::request::{TokenError, TokenRequest};
use crate::credentials::document::Fields;
use crate::credentials::login_tokens::{
    ProfileChange, Tokens, credential_values, seconds_since_1970,
};
use crate::credentials::provider_context::ProviderContext;
use crate::credentials::source::Source;
use crate::credentials::{Credentials, CredentialsError, CredentialsFuture};
use crate::secret::Secret;
use crate::sign::{canonical_query, timestamp};

/// The remaining time of an access token from which on it is renewed, as in the official SDKs.
const RENEWAL_WINDOW: Duration = Duration::from_secs(20 * 60);

/// The lifetime of an access token whose response does not tell it, as in the official SDKs.
const DEFAULT_LIFETIME_SECONDS: u64 = 3_600;

/// A site with accounts of its own, and the id that the CLI has there.
#[derive(Debug)]
struct Site {
    host: &'static str,
    client_id: &'static str,
}

const CHINA: Site = Site { host: "oauth.aliyun.com", client_id: "4038181954557748008" };
const INTERNATIONAL: Site =
    Site { host: "oauth.alibabacloud.com", client_id: "4103531455503354461" };

/// The login of a profile whose stored credentials have expired.
#[derive(Clone, Debug)]
pub(super) struct OAuthSource {
    profile: String,
    site: &'static Site,
    stored: Tokens,
    remedy: String,
}

impl OAuthSource {
    pub(super) fn read(fields: Fields<'_>) -> Result<Self, String> {
        let remedy = login_again(fields, "OAuth");
        let site = match fields.text("oauth_site_type").unwrap_or("CN") {
            site if site.eq_ignore_ascii_case("CN") => &CHINA,
            site if site.eq_ignore_ascii_case("INTL") => &INTERNATIONAL,
            _ => return Err(format!("`oauth_site_type` is neither CN nor INTL; {remedy}")),
        };
        let stored = Tokens {
            access: fields.text("oauth_access_token").map(Secret::new),
            expiration: time(fields, "oauth_access_token_expire"),
            refresh: fields.text("oauth_refresh_token").map(Secret::new),
        };
        if stored.access.is_none() && stored.refresh.is_none() {
            return Err(format!(
                "`oauth_access_token` and `oauth_refresh_token` are missing; {remedy}"
            ));
        }
        let profile = fields.text("name").unwrap_or_default().to_owned();
        Ok(OAuthSource { profile, site, stored, remedy })
    }

    /// Exchanges the access token. Renews it before if it expires soon, and after the service rejected it.
    async fn credentials(&self, context: &ProviderContext) -> Result<Credentials, String> {
        let now = context.now();
        let mut tokens = context.login_tokens.newest(&self.profile, &self.stored);
        let mut can_renew = tokens.refresh.is_some();
        let expires_soon =
            now.checked_add(RENEWAL_WINDOW).is_none_or(|time| !tokens.is_valid_at(time));
        if can_renew && expires_soon {
            can_renew = false;
            match self.renew(&tokens, context).await {
                Ok(renewed) => tokens = renewed,
                // The service still accepts the old one.
                Err(_) if tokens.is_valid_at(now) => {}
                Err(error) => return Err(error.describe(&self.remedy)),
            }
        }
        if let Some(expiration) = tokens.expiration.filter(|expiration| *expiration <= now) {
            return Err(format!(
                "the login expired at {} (`oauth_access_token_expire`), and `oauth_refresh_token` is missing; {}",
                timestamp(expiration),
                self.remedy,
            ));
        }
        let exchanged = match self.exchange(&tokens, context).await {
            Err(error) if error.needs_new_token && can_renew => {
                match self.renew(&tokens, context).await {
                    Ok(renewed) => self.exchange(&renewed, context).await,
                    Err(error) => Err(error),
                }
            }
            result => result,
        };
        exchanged.map_err(|error| error.describe(&self.remedy))
    }

    /// Requests a new access token, and remembers it.
    async fn renew(
        &self,
        tokens: &Tokens,
        context: &ProviderContext,
    ) -> Result<Tokens, TokenError> {
        let refresh = tokens.refresh.as_ref().map_or("", Secret::expose);
        let now = context.now();
        let time = timestamp(now);
        let form = canonical_query(&[
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh),
            ("client_id", self.site.client_id),
            ("Timestamp", &time),
        ]);
        let request = TokenRequest {
            url: format!("https://{}/v1/token", self.site.host),
            content_type: "application/x-www-form-urlencoded",
            bearer_token: None,
            body: Zeroizing::new(form),
        };
        let document = request.send(context, &tokens.redactor()).await?;
        let fields = document.fields();
        let text = |name| fields.text(fields.written_name(name)?).map(Secret::new);
        let missing = || format!("the response of {} has no `access_token`", self.site.host);
        let access = text("AccessToken").ok_or_else(missing)?;
        let lifetime = fields.written_name("ExpiresIn").and_then(|name| fields.number(name));
        let lifetime = lifetime.filter(|seconds| *seconds > 0);
        let lifetime = Duration::from_secs(lifetime.unwrap_or(DEFAULT_LIFETIME_SECONDS));
        let renewed = Tokens {
            access: Some(access),
            expiration: now.checked_add(lifetime),
            refresh: text("RefreshToken").or_else(|| tokens.refresh.clone()),
        };
        context.login_tokens.remember(&self.profile, &self.stored, &renewed);
        let text = |token: &Option<Secret>| token.as_ref().map(Secret::expose).into();
        let change = ProfileChange {
            profile: &self.profile,
            token_key: "oauth_refresh_token",
            known_tokens: self.stored.refresh.iter().collect(),
            values: vec![
                ("oauth_access_token", text(&renewed.access)),
                ("oauth_access_token_expire", seconds_since_1970(renewed.expiration)),
                ("oauth_refresh_token", text(&renewed.refresh)),
            ],
        };
        context.login_tokens.save(&change, &*context.nonces);
        Ok(renewed)
    }

    async fn exchange(
        &self,
        tokens: &Tokens,
        context: &ProviderContext,
    ) -> Result<Credentials, TokenError> {
        let request = TokenRequest {
            url: format!("https://{}/v1/exchange", self.site.host),
            content_type: "application/json",
            bearer_token: tokens.access.as_ref(),
            body: Zeroizing::default(),
        };
        let document = request.send(context, &tokens.redactor()).await?;
        let credentials = document.fields().temporary_credentials_in_any_case();
        let credentials =
            credentials.map_err(|reason| format!("the response of {} {reason}", self.site.host))?;
        let change = ProfileChange {
            profile: &self.profile,
            token_key: "oauth_access_token",
            known_tokens: [&self.stored.access, &tokens.access].into_iter().flatten().collect(),
            values: credential_values(&credentials),
        };
        context.login_tokens.save(&change, &*context.nonces);
        Ok(credentials.with_provider(Self::NAME))
    }
}

impl Source for OAuthSource {
    const NAME: &'static str = "oauth";

    fn fetch<'a>(&'a self, context: &'a ProviderContext) -> CredentialsFuture<'a> {
        Box::pin(async move {
            let credentials = self.credentials(context).await;
            credentials.map_err(|reason| CredentialsError::failed(Self::NAME, reason))
        })
    }
}
