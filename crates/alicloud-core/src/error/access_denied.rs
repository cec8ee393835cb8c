//! Why access was denied, field by field.

use std::fmt;

use alicloud_wire::Value;

/// What the service says about a permission that is missing; see
/// [`Error::access_denied`](crate::Error::access_denied).
///
/// Each part is there only where the service named it.
#[derive(Debug, Clone, Copy)]
pub struct AccessDenied<'a>(pub(super) &'a Value);

impl<'a> AccessDenied<'a> {
    fn text(&self, name: &str) -> Option<&'a str> {
        let fields = self.0.as_object()?;
        // The names are spelled with either case, depending on the product.
        let (_, value) = fields.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        value.as_str().filter(|text| !text.is_empty())
    }

    /// The action that a policy would have to allow, such as `cdn:RefreshObjectCaches`.
    pub fn action(&self) -> Option<&'a str> {
        self.text("AuthAction")
    }

    /// Who asked: the id of a user, or the name and session of a role.
    pub fn principal(&self) -> Option<&'a str> {
        self.text("AuthPrincipalDisplayName")
    }

    /// What it is that asked, such as `SubUser` or `AssumedRoleUser`.
    pub fn principal_type(&self) -> Option<&'a str> {
        self.text("AuthPrincipalType")
    }

    /// The account that the principal belongs to.
    pub fn principal_owner(&self) -> Option<&'a str> {
        self.text("AuthPrincipalOwnerId")
    }

    /// Whether a policy denies it (`ExplicitDeny`) or none allows it (`ImplicitDeny`).
    pub fn reason(&self) -> Option<&'a str> {
        self.text("NoPermissionType")
    }

    /// The kind of policy that decided, such as `AccountLevelIdentityBasedPolicy`.
    pub fn policy_type(&self) -> Option<&'a str> {
        self.text("PolicyType")
    }

    /// A text that the account's administrator can have decoded in the RAM console.
    pub fn encoded_diagnosis(&self) -> Option<&'a str> {
        self.text("EncodedDiagnosticMessage")
    }
}

/// `cdn:RefreshObjectCaches for SubUser 2034 (ImplicitDeny by AccountLevelIdentityBasedPolicy)`.
impl fmt::Display for AccessDenied<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.action().unwrap_or("the action"))?;
        if let Some(principal) = self.principal() {
            let kind = self.principal_type().unwrap_or("principal");
            write!(f, " for {kind} {principal}")?;
        }
        match (self.reason(), self.policy_type()) {
            (Some(reason), Some(policy)) => write!(f, " ({reason} by {policy})"),
            (Some(text), None) | (None, Some(text)) => write!(f, " ({text})"),
            (None, None) => Ok(()),
        }
    }
}
