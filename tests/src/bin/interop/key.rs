//! The access keys that calls are signed with.

use alicloud_core::Credentials;
use alicloud_fake::{Account, DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET};

#[derive(Debug, Clone, Copy)]
pub(crate) enum Key {
    Right,
    WrongSecret,
    Unknown,
    Temporary,
    WrongToken,
}

const TEMPORARY: (&str, &str) = ("STS.temporary", "temporary-secret");
/// With everything that an encoding can change and a header can carry.
const TOKEN: &str = "CAIS/+=&%2F*~'(token)!";

impl Key {
    pub(crate) fn id(self) -> &'static str {
        match self {
            Key::Right | Key::WrongSecret => DEFAULT_ACCESS_KEY_ID,
            Key::Unknown => "nobody",
            Key::Temporary | Key::WrongToken => TEMPORARY.0,
        }
    }

    pub(crate) fn secret(self) -> &'static str {
        match self {
            Key::Right | Key::Unknown => DEFAULT_ACCESS_KEY_SECRET,
            Key::WrongSecret => "another-secret",
            Key::Temporary | Key::WrongToken => TEMPORARY.1,
        }
    }

    pub(crate) fn token(self) -> Option<&'static str> {
        match self {
            Key::Right | Key::WrongSecret | Key::Unknown => None,
            Key::Temporary => Some(TOKEN),
            Key::WrongToken => Some("another-token"),
        }
    }

    /// As our client takes it.
    pub(crate) fn credentials(self) -> Credentials {
        let credentials = Credentials::new(self.id(), self.secret());
        match self.token() {
            Some(token) => credentials.with_security_token(token),
            None => credentials,
        }
    }

    /// What the service knows beside its default key.
    pub(crate) fn account() -> Account {
        Account::new(TEMPORARY.0, TEMPORARY.1).security_token(TOKEN)
    }
}
