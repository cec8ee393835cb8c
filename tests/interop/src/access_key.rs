//! The access keys that calls are signed with.

use alicloud_core::Credentials;
use alicloud_fake::{Account, DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET};

#[derive(Debug, Clone, Copy)]
pub(crate) enum AccessKey {
    Valid,
    WrongSecret,
    Unknown,
    Temporary,
    WrongToken,
}

const TEMPORARY_ID: &str = "STS.temporary";
const TEMPORARY_SECRET: &str = "temporary-secret";
/// Contains the characters that encodings escape and that headers allow.
const TOKEN: &str = "CAIS/+=&%2F*~'(token)!";

impl AccessKey {
    pub(crate) fn id(self) -> &'static str {
        match self {
            AccessKey::Valid | AccessKey::WrongSecret => DEFAULT_ACCESS_KEY_ID,
            AccessKey::Unknown => "unknown",
            AccessKey::Temporary | AccessKey::WrongToken => TEMPORARY_ID,
        }
    }

    pub(crate) fn secret(self) -> &'static str {
        match self {
            AccessKey::Valid | AccessKey::Unknown => DEFAULT_ACCESS_KEY_SECRET,
            AccessKey::WrongSecret => "another-secret",
            AccessKey::Temporary | AccessKey::WrongToken => TEMPORARY_SECRET,
        }
    }

    pub(crate) fn token(self) -> Option<&'static str> {
        match self {
            AccessKey::Valid | AccessKey::WrongSecret | AccessKey::Unknown => None,
            AccessKey::Temporary => Some(TOKEN),
            AccessKey::WrongToken => Some("another-token"),
        }
    }

    /// Returns the key as credentials of our client.
    pub(crate) fn credentials(self) -> Credentials {
        let credentials = Credentials::new(self.id(), self.secret());
        match self.token() {
            Some(token) => credentials.with_security_token(token),
            None => credentials,
        }
    }

    /// Returns the temporary key as an account of the fake service, which knows its default key too.
    pub(crate) fn temporary_account() -> Account {
        Account::new(TEMPORARY_ID, TEMPORARY_SECRET).security_token(TOKEN)
    }
}
