//! Credentials for clients, from the responses that have them.

use alicloud_core::Credentials;
use alicloud_core::credentials::CredentialsError;

use crate::model::{
    AssumeRoleResponse, AssumeRoleWithOIDCResponse, AssumeRoleWithSAMLResponse, AssumedRoleUser,
    RoleCredentials,
};

/// A response with temporary credentials of a role.
///
/// `AssumeRole` is called with the credentials of a user or of another role. `policy` limits the session to a part of
/// the role's permissions, and the trust policy of the role can demand an `external_id`. `AssumeRoleWithOIDC` and
/// `AssumeRoleWithSAML` are not signed, because their token or assertion proves who calls: a client without credentials
/// can call them.
///
/// # Examples
///
/// ```no_run
/// use alicloud_sts::credentials::ToCredentials as _;
/// use alicloud_sts::model::AssumeRoleRequest;
///
/// # async fn example(client: alicloud_sts::Client) -> Result<(), Box<dyn std::error::Error>> {
/// let request = AssumeRoleRequest::new()
///     .role_arn("acs:ram::1234567890123456:role/deploy")
///     .role_session_name("nightly");
/// let credentials = client.assume_role(request).await?.to_credentials()?;
///
/// // A client of any product that calls as the role.
/// let client = alicloud_sts::Client::builder().credentials(credentials).build()?;
/// # Ok(()) }
/// ```
pub trait ToCredentials {
    /// Returns the credentials, with their expiration and the account of the role.
    ///
    /// They are not renewed. A program that runs longer than the session uses the provider
    /// [`AssumeRole`](alicloud_core::credentials::AssumeRole), which renews them.
    ///
    /// The expiration is not compared with the time of this machine, whose clock can be wrong. Of a response that was
    /// kept for too long, the first call fails with `InvalidSecurityToken.Expired`.
    ///
    /// # Errors
    ///
    /// Returns an error that names the field if the access key, the security token or the expiration is
    /// absent or invalid. It has no value of a field.
    fn to_credentials(&self) -> Result<Credentials, CredentialsError>;
}

impl ToCredentials for AssumeRoleResponse {
    fn to_credentials(&self) -> Result<Credentials, CredentialsError> {
        credentials("AssumeRole", &self.credentials, &self.assumed_role_user)
    }
}

impl ToCredentials for AssumeRoleWithOIDCResponse {
    fn to_credentials(&self) -> Result<Credentials, CredentialsError> {
        credentials("AssumeRoleWithOIDC", &self.credentials, &self.assumed_role_user)
    }
}

impl ToCredentials for AssumeRoleWithSAMLResponse {
    fn to_credentials(&self) -> Result<Credentials, CredentialsError> {
        credentials("AssumeRoleWithSAML", &self.credentials, &self.assumed_role_user)
    }
}

fn credentials(
    operation: &'static str,
    credentials: &Option<RoleCredentials>,
    user: &Option<AssumedRoleUser>,
) -> Result<Credentials, CredentialsError> {
    let absent = |field: &'static str| {
        let reason = format!("the response has no valid `{field}`; call {operation} again");
        CredentialsError::failed(operation, reason)
    };
    let given = credentials.as_ref().ok_or_else(|| absent("Credentials"))?;
    // The rules for all three parts are those of an access key.
    let is_valid = |text: &str| Credentials::new(text, text).validate().is_ok();
    let id = given.access_key_id.as_deref().filter(|id| is_valid(id));
    let secret = given.access_key_secret.clone().filter(|secret| is_valid(secret.expose()));
    // Without the token the key is unknown to the service, and without an expiration it would never be renewed.
    let token = given.security_token.clone().filter(|token| is_valid(token.expose()));
    let expiration = given.expiration.as_ref().and_then(|time| time.value());
    let made = Credentials::new(
        id.ok_or_else(|| absent("Credentials.AccessKeyId"))?,
        secret.ok_or_else(|| absent("Credentials.AccessKeySecret"))?,
    )
    .with_security_token(token.ok_or_else(|| absent("Credentials.SecurityToken"))?)
    .with_expiration(expiration.ok_or_else(|| absent("Credentials.Expiration"))?);
    let arn = user.as_ref().and_then(|user| user.arn.as_deref());
    Ok(made.with_account_of(arn.unwrap_or_default()))
}
