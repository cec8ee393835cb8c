//! The service and the account that a job belongs to.

use std::fmt::Write as _;

use alicloud_cdn::Client;
use alicloud_core::Credentials;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::error::{StateError, StateErrorKind};
use super::location::Location;
use crate::url_key::url_key;

/// Identity of the service and the account that a job is submitted to: the endpoint of a client, and
/// hashes of its account id and its access key id.
///
/// Task ids mean something else at another endpoint or in another account, so a
/// [`StateFile`](crate::StateFile) records it. Account ids are compared if both are known, see
/// [`Credentials::account_id`](alicloud_core::Credentials::account_id); otherwise long-term access keys.
/// The key ids of roles change with each run and are not compared.
///
/// ```
/// use alicloud_cdn_refresh::ServiceId;
/// # use alicloud_core::{Credentials, testing::FakeTransport};
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let client: alicloud_cdn::Client = alicloud_cdn::Client::builder()
/// #     .credentials(Credentials::new("id", "secret")).transport(FakeTransport::new()).build()?;
/// let service = ServiceId::from_client(&client).await;
/// assert_eq!(service.endpoint(), "https://cdn.aliyuncs.com");
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceId {
    endpoint: String,
    /// Hash of the access key id; `None` for temporary credentials.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    account: Option<String>,
    /// Hash of the account id; `None` if it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    account_id: Option<String>,
}

impl ServiceId {
    /// Returns the identity of the service and the account that a client calls.
    ///
    /// Loads the credentials of the client, but sends nothing to the service. If they cannot be loaded,
    /// the account is unknown.
    pub async fn from_client(client: &Client) -> Self {
        let credentials = client.core().credentials_provider().credentials().await.ok();
        let long_term = credentials.as_ref().filter(|credentials| {
            credentials.security_token().is_none() && !credentials.access_key_id().is_empty()
        });
        let account_id = credentials.as_ref().and_then(Credentials::account_id);
        ServiceId {
            endpoint: client.core().endpoint(),
            account: long_term.map(|credentials| account_hash(credentials.access_key_id())),
            account_id: account_id.map(account_hash),
        }
    }

    /// Returns the endpoint, such as `https://cdn.aliyuncs.com`.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Fails if a job of a stored service cannot be continued with another one.
    pub(super) fn check_stored(
        stored: Option<&ServiceId>,
        current: &ServiceId,
        location: &Location,
    ) -> Result<(), StateError> {
        let check = stored.map_or(Ok(()), |stored| stored.check(current));
        check.map_err(|kind| StateError::new(location.clone(), kind))
    }

    /// Fails if a job of this service cannot be continued with another one.
    fn check(&self, current: &ServiceId) -> Result<(), StateErrorKind> {
        if url_key(&self.endpoint, None) != url_key(&current.endpoint, None) {
            return Err(StateErrorKind::OtherEndpoint {
                endpoint: self.endpoint.clone(),
                current: current.endpoint.clone(),
            });
        }
        let by_id = self.account_id.as_ref().zip(current.account_id.as_ref());
        let by_key = self.account.as_ref().zip(current.account.as_ref());
        match by_id.or(by_key) {
            Some((account, current)) if account != current => Err(StateErrorKind::OtherAccount),
            _ => Ok(()),
        }
    }
}

/// Returns 128 bits of a hash: enough to compare, and useless to anyone who reads the file.
fn account_hash(id: &str) -> String {
    let hash = Sha256::digest(format!("alicloud-cdn-refresh account {id}"));
    hash.iter().take(16).fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
