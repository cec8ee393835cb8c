//! The details of a denied access.

use std::fmt;

use alicloud_wire::Value;
use alicloud_wire::printable::printable;

/// The service's details about a missing permission.
///
/// Returned by [`Error::access_denied`](crate::Error::access_denied). A method returns `None` if the
/// service did not report that detail.
///
/// # Examples
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
/// # use alicloud_core::testing::FakeTransport;
/// # use alicloud_core::{Client, Credentials};
/// # let body = r#"{"Code": "NoPermission", "AccessDeniedDetail": {
/// #     "AuthAction": "cdn:RefreshObjectCaches", "AuthPrincipalDisplayName": "2034",
/// #     "AuthPrincipalType": "SubUser", "AuthPrincipalOwnerId": "1042",
/// #     "NoPermissionType": "ImplicitDeny", "PolicyType": "AccountLevelIdentityBasedPolicy"}}"#;
/// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
/// #     .credentials(Credentials::new("id", "secret"))
/// #     .transport(FakeTransport::new().respond_raw("RefreshObjectCaches", 403, &[], body)).build()?;
/// let error = client.generic_call("RefreshObjectCaches").await.unwrap_err();
/// let denied = error.access_denied().unwrap();
/// assert_eq!(denied.action(), Some("cdn:RefreshObjectCaches"));
/// assert_eq!((denied.principal_type(), denied.principal()), (Some("SubUser"), Some("2034")));
/// assert_eq!(denied.principal_owner(), Some("1042"));
/// assert_eq!(denied.reason(), Some("ImplicitDeny"));
/// assert_eq!(denied.policy_type(), Some("AccountLevelIdentityBasedPolicy"));
/// assert_eq!(denied.encoded_diagnosis(), None);
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, Copy)]
pub struct AccessDenied<'a>(pub(super) &'a Value);

impl<'a> AccessDenied<'a> {
    fn text(&self, name: &str) -> Option<&'a str> {
        let fields = self.0.as_object()?;
        // Products differ in the case of these names.
        let (_, value) = fields.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        value.as_str().filter(|text| !text.is_empty())
    }

    /// Returns the action that a policy must allow, such as `cdn:RefreshObjectCaches`.
    pub fn action(&self) -> Option<&'a str> {
        self.text("AuthAction")
    }

    /// Returns the principal of the call: a user id, or the name and session of a role.
    pub fn principal(&self) -> Option<&'a str> {
        self.text("AuthPrincipalDisplayName")
    }

    /// Returns the type of the principal, such as `SubUser` or `AssumedRoleUser`.
    pub fn principal_type(&self) -> Option<&'a str> {
        self.text("AuthPrincipalType")
    }

    /// Returns the account that the principal belongs to.
    pub fn principal_owner(&self) -> Option<&'a str> {
        self.text("AuthPrincipalOwnerId")
    }

    /// Returns `ExplicitDeny` if a policy denies the action, or `ImplicitDeny` if none allows it.
    pub fn reason(&self) -> Option<&'a str> {
        self.text("NoPermissionType")
    }

    /// Returns the type of policy that decided, such as `AccountLevelIdentityBasedPolicy`.
    pub fn policy_type(&self) -> Option<&'a str> {
        self.text("PolicyType")
    }

    /// Returns a message that an administrator of the account can decode in the RAM console.
    pub fn encoded_diagnosis(&self) -> Option<&'a str> {
        self.text("EncodedDiagnosticMessage")
    }
}

/// Displays as `cdn:RefreshObjectCaches for SubUser 2034 (ImplicitDeny by AccountLevelIdentityBasedPolicy)`.
impl fmt::Display for AccessDenied<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&printable(self.action().unwrap_or("the action")))?;
        if let Some(principal) = self.principal() {
            let kind = self.principal_type().unwrap_or("principal");
            write!(f, " for {} {}", printable(kind), printable(principal))?;
        }
        match (self.reason(), self.policy_type()) {
            (Some(reason), Some(policy)) => {
                write!(f, " ({} by {})", printable(reason), printable(policy))
            }
            (Some(text), None) | (None, Some(text)) => write!(f, " ({})", printable(text)),
            (None, None) => Ok(()),
        }
    }
}
