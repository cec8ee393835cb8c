//! Credentials of a server.

use alicloud_core::Secret;

/// The user name and the password of a connection.
#[derive(Debug, Clone, Default)]
pub(crate) struct Login {
    pub(crate) username: Option<String>,
    pub(crate) password: Option<Secret>,
}

impl Login {
    /// Returns the ACL user, for messages.
    pub(crate) fn user(&self) -> &str {
        self.username.as_deref().unwrap_or("default")
    }

    /// Returns this login, with the user name or the password of another one if it has none.
    pub(crate) fn or(self, other: Login) -> Login {
        Login {
            username: self.username.or(other.username),
            password: self.password.or(other.password),
        }
    }

    /// Returns whether the password ends like a file that was read together with its line break.
    pub(crate) fn has_trailing_space(&self) -> bool {
        let password = self.password.as_ref().map_or("", |password| password.expose());
        password.ends_with(char::is_whitespace)
    }
}
