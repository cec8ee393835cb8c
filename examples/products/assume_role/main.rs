//! Assumes a role and calls as the role.
//!
//! STS is a fake service in this process. Programs that run longer than the session use the provider
//! `alicloud_core::credentials::AssumeRole` instead, which renews the credentials. Programs without an access key, such
//! as jobs of a pipeline, use `assume_role_with_oidc` or `assume_role_with_saml`: these calls are not signed.

use std::error::Error;

use alicloud_core::Credentials;
use alicloud_fake::{
    Account, DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET, FakeService, OperationError,
    ReceivedCall, Spec,
};
use alicloud_sts::Client;
use alicloud_sts::credentials::ToCredentials as _;
use alicloud_sts::model::{AssumeRoleRequest, GetCallerIdentityRequest};
use http::StatusCode;
use serde_json::{Value, json};

const DESCRIPTION: &str = include_str!("../../../specs/sts/2015-04-01/api.json");
const ROLE: &str = "acs:ram::6543210987654321:role/purge";
const POLICY: &str =
    r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"cdn:Refresh*","Resource":"*"}]}"#;
const SESSION: (&str, &str, &str) = ("STS.ExampleKeyId", "ExampleSecret", "ExampleToken");

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let service = start().await?;
    // Clients of the real service need no `endpoint`.
    let client = |credentials: Credentials| -> Result<Client, alicloud_sts::Error> {
        Client::builder().endpoint(service.endpoint()).credentials(credentials).build()
    };

    let user = client(Credentials::new(DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET))?;
    println!("called by {}", arn(&user).await?);

    // The session has the permissions that both the role and the policy grant. If the trust policy of the role demands
    // it, set `external_id` as well.
    let request = AssumeRoleRequest::new()
        .role_arn(ROLE)
        .role_session_name("nightly")
        .duration_seconds(900)
        .policy(POLICY);
    let credentials = user.assume_role(request).await?.to_credentials()?;
    println!("session of account {:?}", credentials.account_id());
    println!("{credentials:?}"); // without the secret and the token

    // Clients of other products take the same credentials.
    let role = client(credentials)?;
    println!("called by {}", arn(&role).await?);

    // A role that does not trust the caller.
    let request = AssumeRoleRequest::new()
        .role_arn("acs:ram::1111111111111111:role/other")
        .role_session_name("nightly");
    let error = user.assume_role(request).await.err().ok_or("the role should not be trusted")?;
    println!("{error}");
    assert_eq!(error.code(), Some(alicloud_sts::error_code::NO_PERMISSION));
    Ok(())
}

async fn arn(client: &Client) -> Result<String, Box<dyn Error>> {
    let identity = client.get_caller_identity(GetCallerIdentityRequest::new()).await?;
    Ok(identity.arn.ok_or("the identity has no ARN")?)
}

async fn start() -> Result<FakeService, Box<dyn Error>> {
    let spec = Spec::try_from(DESCRIPTION)?
        .handle("AssumeRole", assume_role)?
        .handle("GetCallerIdentity", get_caller_identity)?;
    let (id, secret, token) = SESSION;
    let account = Account::new(id, secret).security_token(token);
    Ok(FakeService::builder().spec(spec)?.account(account).start().await?)
}

fn assume_role(call: &ReceivedCall) -> Result<Value, OperationError> {
    if call.param("RoleArn") != Some(ROLE) {
        let message = "The role does not trust the caller.";
        return Err(OperationError::new(StatusCode::FORBIDDEN, "NoPermission", message));
    }
    let (id, secret, token) = SESSION;
    let session = call.param("RoleSessionName").unwrap_or_default();
    Ok(json!({
        "AssumedRoleUser": {
            "AssumedRoleId": format!("345678901234567890:{session}"),
            "Arn": format!("{ROLE}/{session}"),
        },
        "Credentials": {
            "AccessKeyId": id, "AccessKeySecret": secret, "SecurityToken": token,
            "Expiration": "2099-01-02T03:19:05Z",
        },
    }))
}

fn get_caller_identity(call: &ReceivedCall) -> Result<Value, OperationError> {
    Ok(match call.access_key_id.as_deref() == Some(SESSION.0) {
        true => json!({
            "IdentityType": "AssumedRoleUser", "AccountId": "6543210987654321",
            "Arn": "acs:ram::6543210987654321:assumed-role/purge/nightly",
        }),
        false => json!({
            "IdentityType": "RAMUser", "AccountId": "1234567890123456",
            "Arn": "acs:ram::1234567890123456:user/deployer",
        }),
    })
}
