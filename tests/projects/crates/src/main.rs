//! Assumes a role. The argument is the endpoint.

use alicloud_sts::model::{AssumeRoleRequest, GetCallerIdentityRequest};
use alicloud_sts::{Client, Error};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let endpoint = std::env::args().nth(1).unwrap_or_default();
    let client = Client::builder().endpoint(endpoint).build()?;
    let caller = client.get_caller_identity(GetCallerIdentityRequest::new()).await?;
    println!("{}", caller.arn.unwrap_or_default());
    let request = AssumeRoleRequest::new()
        .role_arn("acs:ram::100000000001:role/deploy")
        .role_session_name("deploy")
        .duration_seconds(900);
    let response = client.assume_role(request).await?;
    println!("{:?}", response.credentials);
    Ok(())
}
